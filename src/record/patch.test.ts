import { describe, expect, it } from 'vitest';
import { createRecord } from './builder.ts';
import { createReceiver, createSender } from './patch.ts';
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
    const [sender, receiver] = [createSender(), createReceiver()];
    let before: ClinicalRecord | undefined;
    let received: ClinicalRecord | undefined;
    for (const lines of arrivals) {
      builder.add(lines);
      const after = builder.snapshot();
      const last = received;
      const { portions, patch } = structuredClone(sender.send(after));
      for (const portion of portions) receiver.take(portion);
      received = receiver.apply(patch);
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
    const sender = createSender();
    sender.send(builder.snapshot());
    builder.add([recordEnded('refused')]);
    builder.add([from('gp', allergy('3', 'Late'))]);
    const after = builder.snapshot();
    expect(after.patient).toBeUndefined();
    expect(Object.values(after.sections).flatMap((one) => one.groups)).toEqual([]);
    const told = sender.send(after);
    expect(told.patch.gone.length).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toMatch(/Penicillin|Latex|Late|1945/);
  });

  it('carry a long record in portions that do not hold the page, each group once', () => {
    const builder = createRecord(region, now);
    const many = Array.from({ length: 1000 }, (_, at) => from('gp', allergy(String(at), `Agent ${at}`)));
    const sender = createSender();
    const sizes = [many.slice(0, 900), many].map((lines) => {
      builder.add(lines);
      return sender.send(builder.snapshot()).portions.map((one) => one.groups.length);
    });
    expect(Math.max(...sizes.flat())).toBeLessThanOrEqual(200);
    expect(sizes.map((some) => some.reduce((sum, one) => sum + one, 0))).toEqual([900, 100]);
  });

  it('show what grew into another once, and follow a group that changes its section', () => {
    const builder = createRecord(region, now);
    const [sender, receiver] = [createSender(), createReceiver()];
    const arrive = (...lines: readonly unknown[]): ClinicalRecord => {
      builder.add(lines);
      const { portions, patch } = structuredClone(sender.send(builder.snapshot()));
      for (const portion of portions) receiver.take(portion);
      return receiver.apply(patch);
    };
    const careOf = { resourceType: 'CareTeam', id: 't', participant: [{ member: { reference: 'Practitioner/n' } }] };
    const nurse = from('gp', { resourceType: 'Practitioner', id: 'n', name: [{ family: 'Nurse' }] });
    expect(arrive(nurse).sections.people.groups).toEqual([]);
    const after = arrive(from('gp', careOf));
    expect(after).toEqual(builder.snapshot());
    expect(after.sections.people.groups.map((one) => one.row.title)).toContain('NURSE');
    expect(after.sections.about.groups).toEqual([]);
  });
});
