import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { createRecord } from './builder.ts';
import { concept, from, now, region, type SourceId } from './testing.ts';

/** 07-Nov-2026 10:00 */
const since = Date.UTC(2026, 10, 7, 10);

const allergy = (more: Record<string, unknown>, id = 'a'): Resource => ({
  resourceType: 'AllergyIntolerance',
  id,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: concept('91936005', 'Penicillin'),
  ...more,
});
const tagOf = (...said: readonly (readonly [SourceId, Resource])[]): string | undefined => {
  const record = createRecord(region, now);
  record.markSince(since);
  record.add(said.map(([source, resource]) => from(source, resource)));
  const [group] = record.snapshot().sections.allergies.groups;
  return group?.tags.find((tag) => tag.kind === 'new')?.words;
};
const updated = (lastUpdated: string) => ({ meta: { lastUpdated } });

describe('since the user last looked', () => {
  it.each<[string, Record<string, unknown>, string | undefined]>([
    ['recorded after', { recordedDate: '2026-11-08' }, 'New'],
    ['recorded before', { recordedDate: '2026-11-06' }, undefined],
    ['recorded on that very day: nobody knows the hour', { recordedDate: '2026-11-07' }, 'New'],
    ['recorded that day before the look', { recordedDate: '2026-11-07T09:00:00Z' }, undefined],
    [
      'recorded long ago and updated after',
      { recordedDate: '2019-01-01', ...updated('2026-11-09T10:00:00Z') },
      'New or changed',
    ],
    [
      'updated before, whatever its date',
      { recordedDate: '2026-11-08', ...updated('2026-11-01T10:00:00Z') },
      undefined,
    ],
    [
      'stamped by a source as it answered',
      { recordedDate: '2019-01-01', ...updated('2026-11-20T09:41:05Z') },
      undefined,
    ],
    ['without any date', {}, undefined],
    ['of a year alone', { recordedDate: '2026' }, undefined],
  ])('%s', (_name, more, words) => {
    expect(tagOf(['gp', allergy(more)])).toBe(words);
  });

  it('marks a fact that another organisation has added to as changed, not as new', () => {
    const old = ['gp', allergy({ recordedDate: '2019-01-01' })] as const;
    expect(tagOf(old, ['uhnm', allergy({ recordedDate: '2026-11-10' }, 'b')])).toBe('New or changed');
  });

  it('marks nothing that is to come by its own date', () => {
    const record = createRecord(region, now);
    record.markSince(since);
    record.add([from('gp', { resourceType: 'Appointment', id: 'p', status: 'booked', start: '2026-12-24T09:00:00Z' })]);
    expect(record.snapshot().sections.appointments.groups[0]?.tags).toEqual([]);
  });

  it('marks what came before it was known when the user last looked, and nothing where they never have', () => {
    const record = createRecord(region, now);
    record.add([from('gp', allergy({ recordedDate: '2026-11-08' }))]);
    const tags = () => record.snapshot().sections.allergies.groups[0]?.tags.map((tag) => tag.words);
    expect(tags()).toEqual([]);
    expect(record.snapshot().since).toBeUndefined();
    record.markSince(since);
    expect(tags()).toEqual(['New']);
    expect(record.without(['uhnm']).snapshot().since).toBe(since);
  });
});
