import { describe, expect, it } from 'vitest';
import { sealText } from '../sealed.ts';
import { keyName, seal, sealSaid, unseal, unsealSaid, type Objector } from './seal.ts';

const [key, other] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
const person: Objector = { nhsNumber: '9990000018', name: 'Alex Ashby', birthDate: '1961-04-17' };
const step = { objectionId: 'o1', action: 'uphold', at: new Date('2026-01-31T10:00:00Z') };

describe('a sealed person', () => {
  it.each([person, { ...person, practice: 'M83001' }])('opens as they were sealed', (one) => {
    expect(unseal(key, 'o1', seal(key, 'o1', one))).toEqual(one);
  });

  it('opens in no other row, with no other key, and not changed', () => {
    const sealed = seal(key, 'o1', person);
    expect(() => unseal(key, 'o2', sealed)).toThrow();
    expect(() => unseal(other, 'o1', sealed)).toThrow();
    sealed.writeUInt8((sealed.at(-1) ?? 0) ^ 1, sealed.length - 1);
    expect(() => unseal(key, 'o1', sealed)).toThrow();
  });

  it.each([{}, { ...person, nhsNumber: 7 }, { ...person, practice: 7 }, 'Alex Ashby'])(
    'is a person, or does not open: %j',
    (what) => {
      expect(() => unseal(key, 'o1', sealText(key, 'o1', JSON.stringify(what)))).toThrow();
    },
  );
});

describe('what was said with a step', () => {
  it.each([{ reason: 'asked by letter' }, { reason: 'asked by letter', weighed: 'Is 13' }, {}])(
    'opens as it was sealed: %j',
    (what) => {
      expect(unsealSaid(key, step, sealSaid(key, step, what))).toEqual(what);
    },
  );

  it.each([{ objectionId: 'o2' }, { action: 'decline' }, { at: new Date('2026-01-31T10:00:01Z') }])(
    'opens at no other step: %j',
    (change) => {
      const sealed = sealSaid(key, step, { reason: 'asked by letter' });
      expect(() => unsealSaid(key, { ...step, ...change }, sealed)).toThrow();
    },
  );

  it.each([{ reason: 7 }, { weighed: 7 }, 'asked by letter'])('is words, or does not open: %j', (what) => {
    const sealed = sealText(key, 'o1 uphold 2026-01-31T10:00:00.000Z', JSON.stringify(what));
    expect(() => unsealSaid(key, step, sealed)).toThrow();
  });
});

it('a key’s name tells it from another, and never changes: it stands in the rows', () => {
  expect(keyName(key)).toBe('Gq703ncbQjQK');
  expect(keyName(key)).not.toBe(keyName(other));
  expect(keyName(key)).toHaveLength(12);
});
