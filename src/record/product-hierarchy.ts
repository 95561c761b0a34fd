import { isObject, texts } from '../fhir/json.ts';
import { system } from '../fhir/systems.ts';

/**
 * Which product each brand is, of the dictionary of medicines and devices: the id of an actual product (AMP), and of the
 * virtual product (VMP) itself, to that of the virtual product.
 */
export type ProductHierarchy = ReadonlyMap<string, string>;

/** What there is to compare brand and generic by: a hierarchy, one that is on its way, or none. */
export type Products = ProductHierarchy | 'coming' | undefined;

/** Reads `/app/medicines.json`: virtual products with their actual ones. @throws where it is something else */
export function productHierarchyOf(value: unknown): ProductHierarchy {
  const products = isObject(value) ? value['products'] : undefined;
  if (!isObject(products)) throw new Error('no hierarchy of products');
  const hierarchy = new Map<string, string>();
  for (const [vmp, amps] of Object.entries(products)) {
    hierarchy.set(vmp, vmp);
    for (const amp of texts(amps)) hierarchy.set(amp, vmp);
  }
  return hierarchy;
}

/** Ids of the dictionary are ids of SNOMED CT, and stand under either. */
const systems = [system.dmd, system.snomed].map((one) => `${one}|`);

/** What a medicine is matched by as a product, beside its own codes; nothing where the hierarchy does not know it. */
export function productKeys(concept: readonly string[], products: Products): readonly string[] {
  if (products === undefined || products === 'coming') return [];
  return concept.flatMap((key) => {
    const space = systems.find((one) => key.startsWith(one));
    const product = space === undefined ? undefined : products.get(key.slice(space.length));
    return product === undefined ? [] : [`vmp|${product}`];
  });
}
