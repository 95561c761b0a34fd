import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { createRecord } from './builder.ts';
import { concept, ended, from, homes, now, recordEnded, region } from './testing.ts';

const problem = (id: string, name: string): Resource => ({
  resourceType: 'Condition',
  id,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: concept(id, name),
});
const patient = (phone: string): Resource =>
  from('gp', {
    resourceType: 'Patient',
    id: 'p',
    name: [{ family: 'Smith' }],
    telecom: [{ system: 'phone', value: phone }],
  });

function first() {
  const record = createRecord(region, now);
  record.add([patient('01632 960 001'), from('gp', problem('g', 'Gout')), from('uhnm', problem('u', 'Stroke'))], now);
  record.add(
    [ended('gp', 'complete'), ended('uhnm', 'partial'), ended('wmshcr', 'timeout'), recordEnded('partial')],
    now,
  );
  return record;
}
const titles = (record: ReturnType<typeof first>): readonly string[] =>
  homes(record.snapshot())
    .filter((one) => one.section === 'problems')
    .map((one) => one.row.title)
    .sort();
const statuses = (record: ReturnType<typeof first>): readonly string[] =>
  record.snapshot().sources.map((one) => one.status);

describe('a record of which some sources are asked again', () => {
  it('keeps the others with their answers, and asks those', () => {
    const again = first().without(['uhnm', 'wmshcr']);
    expect(titles(again)).toEqual(['Gout']);
    expect(statuses(again)).toEqual(['complete', 'asking', 'asking']);
    expect(again.snapshot().status).toBe('asking');
  });

  it('takes what they give now in the place of what they gave, and is whole when all are', () => {
    const again = first().without(['uhnm', 'wmshcr']);
    again.add([from('uhnm', problem('u2', 'Asthma')), ended('uhnm', 'complete')], now + 1);
    again.add([ended('wmshcr', 'no-record'), recordEnded('partial')], now + 1);
    expect(titles(again)).toEqual(['Asthma', 'Gout']);
    expect(statuses(again)).toEqual(['complete', 'complete', 'no-record']);
    expect(again.snapshot().status).toBe('complete');
    // Who was not asked again says when they answered, and it is not now (H3).
    expect(again.snapshot().sources.map((one) => one.answeredAt)).toEqual([now, now + 1, now + 1]);
  });

  it('is still a part where one failed again', () => {
    const again = first().without(['uhnm', 'wmshcr']);
    again.add([ended('uhnm', 'complete'), ended('wmshcr', 'timeout'), recordEnded('partial')], now + 1);
    expect(again.snapshot().status).toBe('partial');
  });

  it('is emptied where it turns out to be refused', () => {
    const again = first().without(['uhnm']);
    again.add([recordEnded('refused')], now + 1);
    expect(again.snapshot()).toMatchObject({ status: 'refused', patient: undefined });
    expect(titles(again)).toEqual([]);
  });

  it('knows every way to reach the person that any asking brought', () => {
    const again = first().without(['uhnm']);
    again.add([patient('01632 960 002')], now + 1);
    expect(
      again
        .snapshot()
        .patient?.telecom.map((one) => one.value)
        .sort(),
    ).toEqual(['01632 960 001', '01632 960 002']);
  });
});
