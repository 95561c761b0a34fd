import { codingsOf } from '../../src/fhir/coding.ts';
import { lookup, objects } from '../../src/fhir/json.ts';
import { parseReference, referenceOf } from '../../src/fhir/reference.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { Share } from './rights.ts';

/** What GP Connect's primary lists are lists of, by their SNOMED CT code. */
const listedTypes: Readonly<Record<string, string>> = {
  '886921000000105': 'AllergyIntolerance',
  '1103671000000101': 'AllergyIntolerance',
  '1149501000000101': 'Encounter',
  '714311000000108': 'Appointment',
  '1102181000000102': 'Immunization',
  '887191000000108': 'DiagnosticReport',
  '933361000000108': 'MedicationStatement',
  '792931000000107': 'ServiceRequest',
  '717711000000103': 'Condition',
  '826501000000100': 'Observation',
};

/**
 * A List as a role gets it that does not get every type: without the entries that lead to what it may not read, whose
 * displays would name it. Undefined where it is a list of such things: its title, its notes and that it is empty would
 * speak of them. One that says neither by its code nor by its entries what it lists does not leave.
 */
export function listWithin(
  list: Resource,
  share: (type: string) => Share,
  isReleased: (reference: string) => boolean,
): Resource | undefined {
  const known = codingsOf(list['code'])
    .map((one) => lookup(listedTypes, one.code))
    .find((type) => type !== undefined);
  if (known !== undefined && share(known) === 'none') return undefined;
  const entries = objects(list['entry']);
  const kept = entries.filter((entry) => {
    const reference = referenceOf(entry['item']) ?? '';
    const target = parseReference(reference);
    if (target?.kind !== 'local') return false;
    const of = share(target.type);
    return of === 'all' || (of === 'some' && isReleased(reference));
  });
  if (kept.length === entries.length && (known !== undefined || kept.length > 0)) return list;
  if (known === undefined && kept.length === 0) return undefined;
  const { text: _narrative, entry: _entries, ...rest } = list;
  return kept.length === 0 ? rest : { ...rest, entry: kept };
}
