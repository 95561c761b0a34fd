import { object, objects, text } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { idOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { differences, type DifferingField, type KnownPerson } from './identity.ts';
import { baseOf } from './resolver.ts';

/** Where `Patient.link` of this type leads: the ids of Patients at the same source. Other servers' are not followed. */
function linked(patient: Resource, base: string, isWanted: (type: string | undefined) => boolean): readonly string[] {
  return objects(patient['link'])
    .filter((link) => isWanted(text(link['type'])))
    .map((link) => parseReference(text(object(link['other'])?.['reference']) ?? ''))
    .flatMap((target) => {
      const here = target?.kind === 'local' || (target?.kind === 'absolute' && baseOf(target.base) === baseOf(base));
      return here && target.type === 'Patient' ? [target.id] : [];
    });
}

/** A record that was merged into another one says so itself. */
export function isReplaced(patient: Resource): boolean {
  return objects(patient['link']).some((link) => text(link['type']) === 'replaced-by');
}

/**
 * True where every one of these Patients is linked with the others, whichever of them says so, and by however many
 * steps: then the source itself knows that they are one person.
 */
export function areOnePerson(patients: readonly Resource[], base: string): boolean {
  const ids = patients.map((one) => idOf(one) ?? '');
  const neighbours = new Map(ids.map((id) => [id, new Set<string>()]));
  patients.forEach((patient, index) => {
    const id = ids[index] ?? '';
    for (const other of linked(patient, base, () => true)) {
      neighbours.get(id)?.add(other);
      neighbours.get(other)?.add(id);
    }
  });
  const reached = new Set(ids.slice(0, 1));
  for (const id of reached) for (const next of neighbours.get(id) ?? []) if (neighbours.has(next)) reached.add(next);
  return reached.size === new Set(ids).size;
}

export type Match =
  | {
      readonly kind: 'proved';
      /** The Patient in use, and what the source links with it as the same person, each proved by itself. */
      readonly patients: readonly [Resource, ...Resource[]];
      /** True where a Patient under the same number was left aside: what hangs on it is not shown. */
      readonly leftAside: boolean;
    }
  /** The only Patient found was merged into one that was not: the id of that one. */
  | { readonly kind: 'merged'; readonly into: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'mismatch'; readonly differsOn: readonly DifferingField[] };

/**
 * Which of the Patients that a source found is the person. Several are one only where the source links them and each is
 * proved (UK Core: several matches happen even for one NHS number). One that another replaces, and one that is no longer
 * active, does not count beside one in use (H1).
 */
export function matchPerson(person: KnownPerson, found: readonly unknown[], base: string): Match {
  const byId = new Map<string, Resource>();
  for (const one of found)
    if (isResource(one) && one.resourceType === 'Patient') byId.set(idOf(one) ?? `~${byId.size}`, one);
  const patients = [...byId.values()];
  if (patients.length === 0) return { kind: 'none' };

  const standing = patients.filter((one) => !isReplaced(one));
  if (standing.length === 0) {
    const survivors = new Set(patients.flatMap((one) => linked(one, base, (type) => type === 'replaced-by')));
    const [into, ...others] = [...survivors].filter((id) => !byId.has(id));
    if (into !== undefined && others.length === 0) return { kind: 'merged', into };
  }
  const inUse = standing.filter((one) => one['active'] !== false);
  const counted = inUse.length > 0 ? inUse : standing.length > 0 ? standing : patients;

  const differsOn = [...new Set(counted.flatMap((one) => differences(person, one)))];
  if (differsOn.length > 0) return { kind: 'mismatch', differsOn };
  const proved = patients.filter((one) => !counted.includes(one) && differences(person, one).length === 0);
  if (!areOnePerson(counted, base) && !areOnePerson([...counted, ...proved], base))
    return { kind: 'mismatch', differsOn: [] };

  const beside = proved.filter((one) => areOnePerson([...counted, one], base));
  const [first, ...others] = [...counted, ...beside];
  if (first === undefined) return { kind: 'none' };
  return {
    kind: 'proved',
    patients: [first, ...others],
    // What was merged away is part of the one that replaces it; what is merely not active any more may not be.
    leftAside: patients.some((one) => one !== first && !others.includes(one) && !isReplaced(one)),
  };
}
