import { describe, expect, it } from 'vitest';
import { createRecord } from './builder.ts';
import { createReceiver, patchOf } from './patch.ts';
import type { ClinicalRecord } from './record.ts';
import { concept, ended, from, now, recordEnded, region } from './testing.ts';

const allergy = (id: string, name: string) => ({ resourceType: 'AllergyIntolerance', id, code: concept(id, name) });
const flag = { resourceType: 'Flag', id: 'f', status: 'active', code: concept('9', 'Lives with a dog that bites') };

const arrivals: readonly (readonly unknown[])[] = [
  [{ resourceType: 'Patient', id: 'p', birthDate: '1945-07-14' }],
  [from('gp', allergy('1', 'Penicillin')), from('gp', flag), ended('gp', 'complete')],
  [from('uhnm', allergy('1', 'Penicillin')), from('uhnm', allergy('2', 'Latex'))],
  [ended('uhnm', 'complete'), ended('wmshcr', 'timeout'), recordEnded('partial')],
];

describe('patches', () => {
  it('put together are the record, and leave what did not change as it was', () => {
    const builder = createRecord(region, now);
    const receiver = createReceiver();
    let before: ClinicalRecord | undefined;
    let received: ClinicalRecord | undefined;
    for (const lines of arrivals) {
      builder.add(lines);
      const after = builder.snapshot();
      const last = received;
      received = receiver.apply(structuredClone(patchOf(before, after)));
      expect(received).toEqual(after);
      if (before !== undefined && before.sections.medicines === after.sections.medicines)
        expect(received.sections.medicines).toBe(last?.sections.medicines);
      before = after;
    }
    expect(received?.banner.alerts.map((one) => one.row.title)).toEqual(['Lives with a dog that bites']);
  });

  it('carry nothing of a person once the record is refused', () => {
    const builder = createRecord(region, now);
    builder.add(arrivals.flat().slice(0, -1));
    const before = builder.snapshot();
    builder.add([recordEnded('refused')]);
    builder.add([from('gp', allergy('3', 'Late'))]);
    const after = builder.snapshot();
    expect(after.patient).toBeUndefined();
    expect(Object.values(after.sections).flatMap((one) => one.groups)).toEqual([]);
    const patch = patchOf(before, after);
    expect(JSON.stringify({ ...patch, gone: [] })).not.toMatch(/Penicillin|Latex|Late|1945/);
  });
});
