import { dayOf, formatDate, formatTime } from '../../fhir/date.ts';
import { formatNhsNumber } from '../../fhir/nhs-number.ts';
import type { ClinicalRecord, Group } from '../../record/record.ts';
import { ageWords } from './person.ts';
import { copy } from '../words.ts';

/** Who the record is of, as it stands on everything that leaves the screen: name, birth date, NHS number. */
export function personLine(record: ClinicalRecord, now: number): string {
  const { patient } = record;
  const { born } = ageWords(patient, dayOf(now));
  const number = patient?.nhsNumber === undefined ? copy.notKnown : formatNhsNumber(patient.nhsNumber);
  const unverified = patient?.nhsNumber !== undefined && !patient.nhsNumberVerified ? ` (${copy.unverified})` : '';
  return copy.person(patient?.name ?? copy.notKnown, born, `${number}${unverified}`);
}

/** One row as plain text: the fact, its value with unit, status, detail, tags; then its date and who holds it. */
export function rowText({ row, tags }: Group): string {
  const dose = row.medicine === undefined ? undefined : (row.medicine.dose ?? copy.noDose);
  const value = row.value === undefined ? undefined : [row.value.text, row.value.unit].filter(Boolean).join(' ');
  const flag = row.value?.flag === undefined ? undefined : copy.outOfRange;
  const range = row.value?.range === undefined ? undefined : copy.range(row.value.range);
  const said = [row.title, value, flag, range, row.allergy?.reaction, dose, row.status, row.detail].filter(
    (part) => part !== undefined && part !== '',
  );
  const marks = [...(row.struckThrough ? [copy.inError] : []), ...tags.map((tag) => tag.words)];
  return [
    [...new Set(said)].join(', '),
    ...(marks.length === 0 ? [] : [`[${marks.join('; ')}]`]),
    `(${row.chips.map((chip) => chip.organisation.name ?? chip.label).join(', ')}; ${row.dateText})`,
  ].join(' ');
}

/**
 * What a copy carries: what was chosen, of each row that it touches its source and date, and whose record it is (H13).
 * @param chosen the words that were marked; undefined: the rows themselves
 */
export function copiedText(
  chosen: string | undefined,
  groups: readonly Group[],
  record: ClinicalRecord,
  now: number,
): string {
  const rows = groups.map(rowText);
  const at = `${formatDate(dayOf(now))} ${formatTime(now)}`;
  return [...(chosen === undefined ? [] : [chosen.trim(), '']), ...rows, personLine(record, now), copy.from(at)].join(
    '\n',
  );
}
