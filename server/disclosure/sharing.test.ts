import { describe, expect, it } from 'vitest';
import { answer } from './house.testing.ts';
import { sharedNow } from './sharing.ts';

const contacts = [{ element: 'telecom', value: { value: '01632 960 001' } }] as const;

describe('of a source that has stopped sharing since it was asked', () => {
  const stopped = { isShared: () => false };

  it.each(['complete', 'partial'] as const)('nothing leaves, and it does not share: %s', (status) => {
    const one = answer('acute', { status, contacts, dataAsOf: '2026-11-19T23:00:00Z' });
    const { dataAsOf: _dataAsOf, ...rest } = one;
    expect(sharedNow(stopped, one)).toEqual({
      ...rest,
      status: 'not-sharing',
      text: 'Does not share with One Health and Care',
      resources: [],
      contacts: [],
    });
  });

  it.each(['timeout', 'unavailable', 'no-record', 'identity-mismatch'] as const)(
    'what gave nothing says still why: %s',
    (status) => {
      const one = answer('acute', { status, resources: [] });
      expect(sharedNow(stopped, one)).toBe(one);
    },
  );
});

it('of a source that shares all leaves, as it is', () => {
  const one = answer('acute', { contacts });
  const asked: unknown[] = [];
  expect(sharedNow({ isShared: (of) => asked.push(of) > 0 }, one)).toBe(one);
  expect(asked).toEqual([one]);
});
