import { Fragment, type ReactElement, type ReactNode } from 'react';
import { formatDate } from '../../fhir/date.ts';
import type { Flag, Group, MedicineChange, Row, Value } from '../../record/record.ts';
import { spoken } from '../words.ts';

/** For those who listen alone. */
export const hidden = {
  position: 'absolute',
  width: 1,
  height: 1,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
} as const;

/** Which way a value lies out of its range, if it does. */
export function direction(flag: Flag | undefined): 'high' | 'low' | undefined {
  if (flag === 'high' || flag === 'critical-high') return 'high';
  return flag === 'low' || flag === 'critical-low' ? 'low' : undefined;
}

/** True where the laboratory marked the value as out of its range. */
export function isOutOfRange(value: Value | undefined): boolean {
  return value?.flag !== undefined;
}

/** A value as recorded, with its unit after a no-break space; out of range has a mark, a word aloud, and then colour. */
export function Measure({ value }: { readonly value: Value }): ReactElement {
  const out = direction(value.flag);
  return (
    <span className="ohc-measure" data-out={value.flag !== undefined}>
      {out !== undefined && (
        <>
          <span className="mark" aria-hidden>
            {out === 'high' ? '▲' : '▼'}
          </span>
          <span style={hidden}>{spoken[out]} </span>
        </>
      )}
      <bdi className={value.text.length > 24 ? 'figure long' : 'figure'}>{value.text}</bdi>
      {value.unit !== undefined && (
        <>
          {'\u00a0'}
          <bdi>{value.unit}</bdi>
        </>
      )}
      {value.flag === 'abnormal' && ' (marked abnormal)'}
    </span>
  );
}

/** The name in bold and, where there is one, what goes with it: `Penicillins: anaphylaxis`. */
export function Named({ title, after }: { readonly title: string; readonly after?: string | undefined }): ReactElement {
  return (
    <>
      <strong>
        <bdi>{title}</bdi>
      </strong>
      {after !== undefined && (
        <>
          : <bdi>{after}</bdi>
        </>
      )}
    </>
  );
}

/** A date is never broken at its hyphens. */
const wholeDate = /^\d{2}-[A-Z][a-z]{2}-\d{4}/;

/** Parts of a second line, comma between them; absent ones leave nothing. */
export function joined(...parts: readonly (string | undefined)[]): ReactNode {
  const present = parts.filter((part) => part !== undefined).filter((part) => part !== '');
  if (present.length === 0) return undefined;
  return (
    <bdi>
      {present.map((part, index) => (
        // Two parts may say the same: neither is dropped.
        <Fragment key={`${index} ${part}`}>
          {index > 0 && ', '}
          {wholeDate.test(part) ? <span style={{ whiteSpace: 'nowrap' }}>{part}</span> : part}
        </Fragment>
      ))}
    </bdi>
  );
}

/** The dose in full, with the strength where the name holds none. */
export function doseOf(row: Row): string {
  const { dose, strength } = row.medicine ?? {};
  return [dose ?? 'Dose not recorded', strength].filter((part) => part !== undefined).join(', ');
}

/** `Started 11-Nov-2026`, `Stopped at UHNM 10-Nov-2026`; a dose that differs has its tag. */
export function changeWords(change: MedicineChange | undefined): string | undefined {
  if (change === undefined || change.kind === 'dose') return undefined;
  const day = formatDate(change.date);
  return change.kind === 'started' ? `Started ${day}` : `Stopped at ${change.by.label} ${day}`;
}

/** The second line that fits any section: status, detail, date. */
export function plainSecond(group: Group): ReactNode {
  const { row } = group;
  if (row.person !== undefined) {
    const { more, phone } = row.person;
    // A team's number must not read as that of the member named last.
    const number = phone === undefined || group.subsection !== 'team' ? phone : `team phone ${phone}`;
    const since = row.date === undefined ? undefined : `since ${row.dateText}`;
    const parts = [row.status, more, number, since].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : <bdi>{parts.join('; ')}</bdi>;
  }
  return joined(row.status, row.detail, row.dateText);
}
