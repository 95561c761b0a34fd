import { codingsOf } from '../../src/fhir/coding.ts';
import { lookup, objects } from '../../src/fhir/json.ts';
import { parseReference, referenceOf } from '../../src/fhir/reference.ts';
import type { Resource } from '../../src/fhir/resource.ts';

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

function typeOf(item: unknown): string | undefined {
  const target = parseReference(referenceOf(item) ?? '');
  return target !== undefined && 'type' in target ? target.type : undefined;
}

/**
 * A List as a role gets it that does not get every type: without the entries that lead to what it may not read, whose
 * displays would name it. Undefined where it is a list of such things: its title, its notes and that it is empty would
 * speak of them. One that says neither by its code nor by its entries what it lists does not leave.
 */
export function listWithin(list: Resource, mayRead: (type: string) => boolean): Resource | undefined {
  const known = codingsOf(list['code'])
    .map((one) => lookup(listedTypes, one.code))
    .find((type) => type !== undefined);
  if (known !== undefined && !mayRead(known)) return undefined;
  const entries = objects(list['entry']);
  const kept = entries.filter((entry) => {
    const type = typeOf(entry['item']);
    return type !== undefined && mayRead(type);
  });
  if (kept.length === entries.length && (known !== undefined || kept.length > 0)) return list;
  if (known === undefined && kept.length === 0) return undefined;
  const { text: _narrative, entry: _entries, ...rest } = list;
  return kept.length === 0 ? rest : { ...rest, entry: kept };
}
