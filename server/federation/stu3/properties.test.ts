import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject } from '../../../src/fhir/json.ts';
import { isResource, type Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { contentsOf, entryOf, type Entry } from '../entry.ts';
import { stu3 } from './definition.testing.ts';
import { fromStu3 } from './from-stu3.ts';

const owners = [...stu3.keys()].filter((of) => !of.includes('.'));
const members = [...new Set([...stu3.values()].flatMap((all) => all.map((one) => one.name)))];
const hostile = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'extension', 'contained', 'meta', '_status'];
const member = fc.constantFrom(...members, ...hostile, 'anything');

/** JSON as a broken or hostile system may send it: real names with anything below them. */
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1.5,
      '',
      'entered-in-error',
      'n',
      '#a',
      'Encounter/1',
      'https://x/y',
    ),
    fc.constantFrom<unknown>([], [null], {}, [[]], { reference: 'Patient/1' }, { resourceType: 'AllergyIntolerance' }),
    fc.array(tie('anything'), { maxLength: 3 }),
    fc.dictionary(member, tie('anything'), { maxKeys: 5 }),
  ),
}));

/** As it comes from the wire: parsed, so that `__proto__` is a member like any other. */
const resource = fc
  .record({
    resourceType: fc.constantFrom(...owners, 'Invented'),
    more: fc.dictionary(member, anything, { maxKeys: 8 }),
  })
  .map(({ resourceType, more }) => {
    const parsed: unknown = JSON.parse(JSON.stringify({ ...more, resourceType }));
    return isResource(parsed) ? parsed : { resourceType };
  });

const entryFor = (one: Resource): Entry | undefined => entryOf(one, [], '0');

function visit(value: unknown, on: (one: object) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, on);
  else if (isObject(value)) {
    on(value);
    for (const one of Object.values(value)) visit(one, on);
  }
}

describe('STU3 to R4, whatever comes', () => {
  test('it never throws, gives a resource at least, and leaves what it was given as it was', () => {
    fc.assert(
      fc.property(resource, (from) => {
        const entry = entryFor(from);
        if (entry === undefined) return;
        const before = JSON.stringify(from);
        const made = fromStu3(entry);
        expect(made.length).toBeGreaterThan(0);
        expect(made.every((one) => isResource(one.resource))).toBe(true);
        expect(JSON.stringify(from)).toBe(before);
        expect(() => JSON.stringify(made)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  // It once grew without end, until the process was out of memory.
  test.each([
    ['a text', 'x'],
    ['one extension', { url: 'urn:x' }],
    ['a number', 1],
  ])('what is kept has a place beside an extension that is %s', (_name, extension) => {
    const entry = entryFor({ resourceType: 'MedicationStatement', id: 'm', extension, taken: 'unk' });
    const [made] = entry === undefined ? [] : fromStu3(entry);
    expect(made?.resource['extension']).toEqual([extension, { url: `${ohc.gpConnect}taken`, valueString: 'unk' }]);
  });

  test('nothing reaches into a prototype', () => {
    fc.assert(
      fc.property(resource, (from) => {
        const entry = entryFor(from);
        if (entry === undefined) return;
        visit(fromStu3(entry), (one) => {
          expect(Object.getPrototypeOf(one)).toBe(Object.prototype);
          expect(Object.hasOwn(one, '__proto__')).toBe(false);
        });
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
    const hostileJson =
      '{"resourceType":"Encounter","__proto__":{"polluted":1},"reason":[{"__proto__":{"polluted":1}}]}';
    const parsed: unknown = JSON.parse(hostileJson);
    const entry = isResource(parsed) ? entryFor(parsed) : undefined;
    expect(JSON.stringify(entry === undefined ? [] : fromStu3(entry))).not.toContain('polluted');
  });

  test('the same answer makes the same resources under the same keys, none twice', () => {
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 6 }), (all) => {
        const bundle = { resourceType: 'Bundle', entry: all.map((one) => ({ resource: one })) };
        const once = (contentsOf(bundle)?.entries ?? []).map((one) => fromStu3(one));
        const again = (contentsOf(structuredClone(bundle))?.entries ?? []).map((one) => fromStu3(one));
        expect(again).toEqual(once);
        for (const made of once) expect(new Set(made.map((one) => one.key)).size).toBe(made.length);
      }),
      { numRuns: 500 },
    );
  });
});
