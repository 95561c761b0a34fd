import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFacadeIds } from './facade-id.ts';

const ids = createFacadeIds(Buffer.alloc(32, 1));

test('every id is valid FHIR, the same each time, and tells nothing of what it stands for', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (scope, type, local) => {
      const id = ids.of(scope, type, local);
      expect(id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/);
      expect(createFacadeIds(Buffer.alloc(32, 1)).of(scope, type, local)).toBe(id);
    }),
  );
  expect(ids.patient('9990000018')).not.toContain('999');
});

test('no two sources, types, ids or keys collide, however their parts are cut', () => {
  const all = [
    ids.of('a', 'b', 'c'),
    ids.of('ab', '', 'c'),
    ids.of('a', 'bc', ''),
    ids.of('', 'ab', 'c'),
    ids.patient('abc'),
    createFacadeIds(Buffer.alloc(32, 2)).of('a', 'b', 'c'),
  ];
  expect(new Set(all).size).toBe(all.length);
});
