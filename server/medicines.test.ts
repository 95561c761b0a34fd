import { expect, it } from 'vitest';
import { medicinesOf } from './medicines.ts';

it('is written once for a configuration, and tells by its tag when it has changed', () => {
  const medicines = new Map([['100', ['101', '102']]]);
  const sent = medicinesOf({ medicines });
  expect(sent?.body).toBe('{"products":{"100":["101","102"]}}');
  expect(medicinesOf({ medicines })).toBe(sent);
  expect(medicinesOf({ medicines: new Map(medicines) })?.etag).toBe(sent?.etag);
  expect(medicinesOf({ medicines: new Map([['100', ['101']]]) })?.etag).not.toBe(sent?.etag);
});

it('is nothing where the region gives none', () => expect(medicinesOf({})).toBeUndefined());
