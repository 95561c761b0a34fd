import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecord } from './builder.ts';
import { anyResource } from './hostile.testing.ts';
import { from, homes, now, recordOf, region } from './testing.ts';

describe('hostile FHIR', () => {
  it('never throws, and each resource is in exactly one group, with a title, a date text and its fields', () => {
    fc.assert(
      fc.property(fc.array(anyResource, { maxLength: 8 }), (lines) => {
        const builder = createRecord(region, now);
        for (const line of lines) {
          builder.add([line]);
          builder.snapshot();
        }
        const groups = homes(builder.snapshot());
        const details = groups.flatMap((group) => builder.detail(group.id)?.members ?? []);
        expect(new Set(details.map((one) => one.id)).size).toBe(details.length);
        const held = new Set(details.map((one) => JSON.stringify(one.raw)));
        for (const line of lines) expect(held.has(JSON.stringify(line))).toBe(true);
        for (const group of groups) {
          expect(group.row.title).not.toBe('');
          expect(group.row.dateText).not.toBe('');
          expect(group.row.chips.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('takes any line at all', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.anything())), (lines) => {
        const builder = createRecord(region, now);
        builder.add(lines);
        expect(builder.snapshot().unreadable).toBe(
          lines.length - homes(builder.snapshot()).flatMap((one) => one.members).length,
        );
      }),
    );
  });

  it('ends on references that go round', () => {
    const role = from('gp', {
      resourceType: 'PractitionerRole',
      id: '1',
      practitioner: { reference: 'PractitionerRole/1' },
      organization: { reference: 'PractitionerRole/1' },
    });
    const panel = from('gp', {
      resourceType: 'Observation',
      id: '2',
      hasMember: [{ reference: 'Observation/2' }, { reference: 'Observation/3' }],
    });
    const member = from('gp', { resourceType: 'Observation', id: '3', hasMember: [{ reference: 'Observation/2' }] });
    expect(homes(recordOf(role, panel, member)).flatMap((one) => one.members)).toHaveLength(3);
  });

  it('shows what is no real date as it was recorded, undated, last', () => {
    const groups = recordOf(
      from('gp', { resourceType: 'Procedure', id: '1', code: { text: 'A' }, performedDateTime: '2026-02-30' }),
      from('gp', { resourceType: 'Procedure', id: '2', code: { text: 'B' }, performedDateTime: '2001' }),
    ).sections.procedures.groups;
    expect(groups.map((one) => one.row.dateText)).toEqual(['2001', '2026-02-30']);
  });

  it('holds what nests too deep to be compared, or counts it', () => {
    let deep: unknown = 'end';
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    const record = recordOf(from('gp', { resourceType: 'Condition', id: '1', code: { text: 'A' }, note: deep }));
    expect(homes(record).length + record.unreadable).toBe(1);
  });
});
