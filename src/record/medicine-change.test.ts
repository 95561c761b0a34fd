import { describe, expect, it } from 'vitest';
import { formatDate } from '../fhir/date.ts';
import type { Resource } from '../fhir/resource.ts';
import { byChange, recentChange } from './medicine-change.ts';
import type { Group } from './record.ts';
import { from, now, recordOf, type SourceId } from './testing.ts';

const ordered = (source: SourceId, name: string, dose: string, start: string, more: object = {}): Resource =>
  from(source, {
    resourceType: 'MedicationRequest',
    id: `${source}-${name}-${start}`,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { text: name },
    authoredOn: start,
    dosageInstruction: [{ text: dose }],
    ...more,
  });
const stopped = {
  status: 'stopped',
  statusReason: { text: 'Changed to another' },
  dispenseRequest: { validityPeriod: { start: '2019-05-03', end: '2026-11-10' } },
};
const continued = { note: [{ text: 'Continued' }] };

const medicines = (...lines: readonly Resource[]): readonly Group[] => recordOf(...lines).sections.medicines.groups;
function told(group: Group): string {
  const change = recentChange(group, now);
  return change === undefined ? 'not changed' : `${change.kind} ${formatDate(change.date)} ${change.by.label}`;
}

describe('what changed in the last 30 days', () => {
  it.each<[string, readonly Resource[], readonly string[]]>([
    ['begun now', [ordered('uhnm', 'A', 'One daily', '2026-11-11')], ['started 11-Nov-2026 UHNM']],
    ['begun long ago', [ordered('gp', 'A', 'One daily', '2019-05-03')], ['not changed']],
    [
      'listed by a hospital since admission, by the practice for years',
      [ordered('gp', 'A', 'One daily', '2019-05-03'), ordered('uhnm', 'A', 'One daily', '2026-11-06')],
      ['not changed'],
    ],
    [
      'noted as going on, listed by nobody else',
      [ordered('uhnm', 'A', 'One daily', '2026-11-06', continued)],
      ['not changed'],
    ],
    [
      'stopped by the hospital, still listed by the practice',
      [ordered('gp', 'A', 'One daily', '2019-05-03'), ordered('uhnm', 'A', 'One daily', '2026-11-09', stopped)],
      ['stopped 10-Nov-2026 UHNM'],
    ],
    [
      'another dose since this month: both lines',
      [ordered('gp', 'A', 'One daily', '2021-03-14'), ordered('uhnm', 'A', 'Two daily', '2026-11-11')],
      ['dose 11-Nov-2026 UHNM', 'dose 11-Nov-2026 UHNM'],
    ],
    [
      'another dose for years',
      [ordered('gp', 'A', 'One daily', '2021-03-14'), ordered('uhnm', 'A', 'Two daily', '2022-11-11')],
      ['not changed', 'not changed'],
    ],
    [
      'another dose, noted as going on',
      [ordered('gp', 'A', 'One daily', '2021-03-14'), ordered('uhnm', 'A', 'Two daily', '2026-11-06', continued)],
      ['not changed', 'not changed'],
    ],
  ])('%s', (_, lines, expected) => expect(medicines(...lines).map(told)).toEqual(expected));

  it('tells the earliest start and the latest issue of all that list it, and the reason of a stop', () => {
    const [joined] = medicines(
      ordered('gp', 'A', 'One daily', '2019-05-03'),
      ordered('uhnm', 'A', 'One daily', '2026-11-06', continued),
    );
    expect(joined?.row.dateText).toBe('03-May-2019');
    const { start, lastIssued, note } = joined?.row.medicine ?? {};
    expect([start, lastIssued].map((one) => one && formatDate(one))).toEqual(['03-May-2019', '06-Nov-2026']);
    expect(note).toBeUndefined();
    const [other] = medicines(
      ordered('gp', 'B', 'One daily', '2019-05-03'),
      ordered('uhnm', 'B', 'One daily', '2026-11-09', stopped),
    );
    expect(other?.row.medicine?.change?.reason).toBe('Changed to another');
  });

  it('orders a list: started and stopped, then doses that differ, then the others by name', () => {
    const { changed, others } = byChange(
      medicines(
        ordered('gp', 'Furosemide', 'One daily', '2021-03-14'),
        ordered('uhnm', 'Furosemide', 'Two daily', '2026-11-11'),
        ordered('gp', 'Ramipril', 'One daily', '2019-05-03'),
        ordered('uhnm', 'Ramipril', 'One daily', '2026-11-09', stopped),
        ordered('uhnm', 'Sacubitril', 'One daily', '2026-11-11'),
        ordered('gp', 'Metformin', 'One daily', '2021-03-14'),
        ordered('gp', 'apixaban', 'One daily', '2008-03-14'),
      ),
      now,
    );
    expect(changed.map((one) => `${one.row.title} ${one.row.chips[0]?.label ?? ''}`)).toEqual([
      'Sacubitril UHNM',
      'Ramipril GP',
      'Furosemide UHNM',
      'Furosemide GP',
    ]);
    expect(others.map((one) => one.row.title)).toEqual(['apixaban', 'Metformin']);
  });
});
