import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clustersOf, eventsOf, lanes, quartersOf } from './timeline.ts';
import { concept, from, now, recordOf, type SourceId } from './testing.ts';

let made = 0;
function encounter(source: SourceId, code: string, period: object, status = 'finished'): unknown {
  made += 1;
  return from(source, {
    resourceType: 'Encounter',
    id: `e${made}`,
    status,
    class: { code },
    type: [concept('x', `Visit ${made}`)],
    period,
  });
}

function eventsIn(...lines: readonly unknown[]): ReturnType<typeof eventsOf> {
  const record = recordOf(...lines);
  return eventsOf(record.sections.timeline.groups, record);
}

describe('the timeline', () => {
  it('has each event in the lane of what it is and who held it', () => {
    const events = eventsIn(
      encounter('gp', 'AMB', { start: '2026-01-01' }),
      encounter('uhnm', 'EMER', { start: '2026-01-02' }),
      encounter('uhnm', 'IMP', { start: '2026-01-03', end: '2026-01-09' }),
      encounter('uhnm', 'AMB', { start: '2026-01-10' }),
      from('uhnm', {
        resourceType: 'DocumentReference',
        id: 'd',
        status: 'current',
        type: { text: 'Discharge letter' },
        date: '2026-01-11T10:00:00Z',
        content: [{ attachment: { contentType: 'text/plain' } }],
      }),
      from('gp', {
        resourceType: 'Immunization',
        id: 'i',
        status: 'completed',
        vaccineCode: { text: 'Influenza' },
        occurrenceDateTime: '2026-01-12',
      }),
      from('uhnm', {
        resourceType: 'DiagnosticReport',
        id: 'r',
        status: 'final',
        category: [{ text: 'Radiology' }],
        code: { text: 'Chest X-ray' },
        effectiveDateTime: '2026-01-13',
      }),
      from('uhnm', {
        resourceType: 'Observation',
        id: 'o',
        status: 'final',
        code: { text: 'Sodium' },
        effectiveDateTime: '2026-01-13',
        valueQuantity: { value: 140 },
      }),
    );
    expect(events.map((one) => one.lane)).toEqual(['gp', 'emergency', 'stays', 'clinics', 'letters', 'gp', 'clinics']);
    expect(events.every((one) => lanes.includes(one.lane))).toBe(true);
  });

  it('draws a stay as a span, one under way as going on, and a lone year as no moment (H7)', () => {
    const [year, stay, open] = eventsIn(
      encounter('uhnm', 'IMP', { start: '2026-11-06', end: '2026-11-11' }),
      encounter('uhnm', 'IMP', { start: '2026-11-18' }, 'in-progress'),
      encounter('gp', 'AMB', { start: '2019' }),
    );
    expect(year).toMatchObject({ from: Date.UTC(2019, 0, 1), to: Date.UTC(2020, 0, 1), vague: true });
    expect(stay).toMatchObject({ from: Date.UTC(2026, 10, 6), to: Date.UTC(2026, 10, 12), goesOn: false });
    expect(open?.goesOn).toBe(true);
  });

  it('leaves out what was entered in error and lists what has no date in the section', () => {
    const record = recordOf(
      encounter('gp', 'AMB', { start: '2026-01-01' }, 'entered-in-error'),
      encounter('gp', 'AMB', {}),
    );
    expect(record.sections.timeline.groups.map((one) => one.row.date)).toEqual([undefined]);
    expect(eventsOf(record.sections.timeline.groups, record)).toEqual([]);
  });

  it('puts every event in view in exactly one cluster, and no two clusters closer than the gap', () => {
    const days = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 20 });
    fc.assert(
      fc.property(days, fc.integer({ min: 200, max: 1400 }), (ones, width) => {
        const day = (n: number): string => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);
        const events = eventsIn(...ones.map((n) => encounter('gp', 'AMB', { start: day(n) })));
        const span = { from: Date.UTC(2025, 2, 1), to: Date.UTC(2026, 2, 1) };
        const clusters = clustersOf(events, span, width, 14);
        const inView = events.filter((one) => one.from >= span.from && one.from <= span.to);
        expect(clusters.flatMap((one) => one.events)).toEqual(inView);
        clusters.slice(1).forEach((one, index) => expect(one.x - (clusters[index]?.x ?? 0)).toBeGreaterThanOrEqual(14));
      }),
      { numRuns: 60 },
    );
  });

  it('counts every event in one bar of a quarter, also one that lies a thousand years back', () => {
    const events = eventsIn(
      encounter('gp', 'AMB', { start: '0999-01-01' }),
      encounter('gp', 'AMB', { start: '2020-03-31' }),
      encounter('gp', 'AMB', { start: '2026-12-24' }),
      encounter('gp', 'AMB', { start: '2199-12-24' }),
    );
    const quarters = quartersOf(events, now);
    expect(quarters.length).toBe(150 * 4 + 1);
    expect(quarters.reduce((sum, one) => sum + one.count, 0)).toBe(4);
    expect(quarters.find((one) => one.from === Date.UTC(2020, 0, 1))?.count).toBe(1);
    expect(quartersOf([], now)).toHaveLength(1);
  });
});
