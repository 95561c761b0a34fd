import { number, object, objects, type JsonObject } from './json.ts';

/**
 * How many decimal places a Quantity's value was recorded with: `valueInteger` on `Quantity.value`. JSON's own number is
 * read as the same whether `4.0` or `4` was written, and a laboratory means something by the nought.
 * Source: http://hl7.org/fhir/R4/extension-quantity-precision.html
 */
export const quantityPrecision = 'http://hl7.org/fhir/StructureDefinition/quantity-precision';

/** A hundred is the most that a number can be written with; a source that says more says nothing. */
const mostPlaces = 100;

/** The decimal places of a Quantity as it was recorded; undefined where its number says them itself. */
export function decimalPlacesOf(quantity: JsonObject): number | undefined {
  const told = objects(object(quantity['_value'])?.['extension']).find(({ url }) => url === quantityPrecision);
  const places = number(told?.['valueInteger']);
  return places !== undefined && Number.isInteger(places) && places > 0 && places <= mostPlaces ? places : undefined;
}
