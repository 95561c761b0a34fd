import { parseDate } from '../../../src/fhir/date.ts';
import { objects, text } from '../../../src/fhir/json.ts';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { system } from '../../../src/fhir/systems.ts';
import { refuse } from '../page/refusal.ts';

/**
 * The system of the NHS number, and those it had before: a number that was not seen would take the person's objection
 * out of sight with it.
 */
const numberSystems: ReadonlySet<string | undefined> = new Set([
  system.nhsNumber,
  'http://fhir.nhs.net/Id/nhs-number',
  'urn:oid:2.16.840.1.113883.2.1.4.1',
]);

/**
 * Whom a host's Patient is, by NHS number and birth date; undefined where it has no NHS number. Old numbers do not count.
 * @throws {Fault} `nhs-number-invalid` where a number is wrong, or there are two; `birth-date-differs` where the host
 *   has a number and no whole birth date to hold against the demographics service's
 */
export function personOf(patient: Resource): { readonly nhsNumber: string; readonly birthDate: string } | undefined {
  const said = objects(patient['identifier'])
    .filter((one) => numberSystems.has(text(one['system'])) && text(one['use']) !== 'old')
    .map((one) => one['value'])
    .filter((value) => value !== undefined);
  const numbers = said.map((value) => parseNhsNumber(text(value)?.replaceAll('-', '') ?? ''));
  if (numbers.includes(undefined)) throw refuse('nhs-number-invalid', 'check digit or length');
  const [nhsNumber, ...others] = new Set(numbers);
  if (nhsNumber === undefined) return undefined;
  if (others.length > 0) throw refuse('nhs-number-invalid', 'the host has several numbers for one person');
  const birthDate = text(patient['birthDate']);
  if (birthDate === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(birthDate) || parseDate(birthDate) === undefined)
    throw refuse('birth-date-differs', 'the host has no whole birth date');
  return { nhsNumber, birthDate };
}
