import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { object } from '../../src/fhir/json.ts';
import { budgetSchema } from '../config/schema.ts';
import { Allowance } from './allowance.ts';
import { BundleReader, type Read } from './bundle-reader.ts';
import { parseJson } from './json-text.ts';

const allowance = (budget: object = {}): Allowance => new Allowance(budgetSchema.parse(budget), 1_000);

/** Reads a text that arrives in pieces of the given sizes, over and over. */
function read(text: string | Buffer, sizes: readonly number[] = [64 * 1024], budget: object = {}): Read {
  const reader = new BundleReader(allowance(budget));
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  return reader.end();
}

const entriesOf = ({ body }: Read): readonly unknown[] => {
  const entry = object(body)?.['entry'];
  return Array.isArray(entry) ? entry : [];
};

const resource = fc.record({
  resource: fc.record({
    resourceType: fc.constantFrom('Basic', 'Condition'),
    id: fc.string({ unit: 'grapheme' }),
    note: fc.jsonValue({ maxDepth: 3 }),
    entry: fc.array(fc.string({ unit: fc.constantFrom('"', '\\', '{', ']', ',', 'é', '"entry":[') })),
  }),
});
const bundle = fc.record(
  {
    id: fc.string(),
    meta: fc.record({ tag: fc.array(fc.string()) }),
    resourceType: fc.constant('Bundle'),
    link: fc.array(fc.record({ relation: fc.constant('next'), url: fc.string() })),
    entry: fc.array(resource, { maxLength: 6 }),
    total: fc.nat(),
  },
  { requiredKeys: ['resourceType', 'entry'] },
);
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const indent = fc.constantFrom(0, 2);

describe('a Bundle that is read while it arrives', () => {
  test('is what JSON.parse makes of it, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(bundle, sizes, indent, (given, pieces, spaces) => {
        const text = JSON.stringify(given, undefined, spaces);
        expect(read(text, pieces)).toEqual({ body: parseJson(Buffer.from(text)), whole: true });
      }),
    );
  });

  test('any other JSON is read as well', () => {
    fc.assert(
      fc.property(fc.jsonValue(), sizes, (given, pieces) => {
        const text = JSON.stringify(given);
        expect(read(text, pieces)).toEqual({ body: parseJson(Buffer.from(text)), whole: true });
      }),
    );
  });

  test('leaves the entries that came whole, and no other, wherever it breaks off', () => {
    fc.assert(
      fc.property(bundle, sizes, fc.double({ min: 0, max: 0.99, noNaN: true }), (given, pieces, share) => {
        const text = JSON.stringify(given);
        const bytes = Buffer.from(text);
        const cut = read(bytes.subarray(0, Math.floor(bytes.length * share)), pieces);
        const { entry } = parseJson(Buffer.from(text)) as { entry: unknown[] };
        const came = entriesOf(cut);
        expect(cut.whole).toBe(false);
        expect(came).toEqual(entry.slice(0, came.length));
        if (came.length > 0) expect(object(cut.body)?.['resourceType']).toBe('Bundle');
      }),
    );
  });

  test('one broken entry does not take the others with it', () => {
    const text = '{"resourceType":"Bundle","entry":[{"a":1},{"a":NaN},{"a":2},7,"x",[1],{"a":3}],"total":5}';
    expect(entriesOf(read(text))).toEqual([{ a: 1 }, null, { a: 2 }, null, null, [1], { a: 3 }]);
    const nested = '{"resourceType":"Bundle","entry":[{"a":1},{"a":[}]},{"a":2}]}';
    expect(read(nested)).toMatchObject({ whole: false, body: { entry: [{ a: 1 }, null] } });
    const invalid = Buffer.concat([
      Buffer.from('{"resourceType":"Bundle","entry":[{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"},{"a":2}]}'),
    ]);
    expect(entriesOf(read(invalid))).toEqual([null, { a: 2 }]);
  });

  test('an entry of ten thousand levels, of millions of values or of many megabytes stands as null', () => {
    const deep = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const dense = `{"a":[${'[],'.repeat(200_000)}[]]}`;
    const long = `{"a":"${'x'.repeat(9_000_000)}"}`;
    const text = `{"resourceType":"Bundle","entry":[{"a":1},${deep},${dense},${long},{"a":2}]}`;
    expect(entriesOf(read(text))).toEqual([{ a: 1 }, null, null, null, { a: 2 }]);
  });

  test('a string of some megabytes is what a photograph is, and is read', () => {
    const text = JSON.stringify({ resourceType: 'Bundle', entry: [{ a: 'x'.repeat(5_000_000) }] });
    expect(read(text).body).toEqual(JSON.parse(text));
  });

  test.each([
    ['more entries than the budget', `{"resourceType":"Bundle","entry":[${'{},'.repeat(101)}{}]}`, { entries: 100 }],
    [
      'more values than any record has',
      `{"resourceType":"Bundle","entry":[${`{"a":[${'[],'.repeat(50_000)}0]},`.repeat(4)}{}]}`,
      { bytes: 1024 * 1024 },
    ],
    ['more beside its entries than is read', `{"x":"${'x'.repeat(9_000_000)}","entry":[]}`, {}],
    ['more levels beside its entries', `{"x":${'['.repeat(70_000)}`, {}],
  ])('%s ends it', (_name, text, budget) => {
    expect(() => read(text, [64 * 1024], budget)).toThrow(expect.objectContaining({ kind: 'too-large' }));
  });
});
