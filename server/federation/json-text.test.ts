import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { object } from '../../src/fhir/json.ts';
import { decimalPlacesOf } from '../../src/fhir/quantity-precision.ts';
import { parseJson } from './json-text.ts';

const read = (text: string): unknown => parseJson(Buffer.from(text));

describe('a value that ends in a nought', () => {
  test.each([
    ['{"value":4.0}', 1],
    ['{"value": 5.40 ,"unit":"mmol/L"}', 2],
    ['{"unit":"mmol/L","value" : -0.0}', 1],
    ['{"value":10.00\n}', 2],
    ['{"value":4}', undefined],
    ['{"value":40}', undefined],
    ['{"value":4.05}', undefined],
    ['{"value":1e3}', undefined],
  ])('%s was recorded with %s decimal places', (text, places) => {
    const quantity = object(read(text)) ?? {};
    expect(decimalPlacesOf(quantity)).toBe(places);
    expect(quantity['value']).toBe(object(JSON.parse(text))?.['value']);
  });

  test('stays as it is in a text, and where the source says something of it', () => {
    const note = JSON.stringify({ text: 'the answer was {"value":4.0}, "value":4.0}', value: 4 });
    expect(read(note)).toEqual(JSON.parse(note));
    const own = '{"value":4.0,"_value":{"extension":[{"url":"https://example.org/x","valueString":"y"}]}}';
    expect(read(own)).toEqual(JSON.parse(own));
  });

  test('nothing else changes in any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify({ value });
        expect(read(text)).toEqual(JSON.parse(text, (key, one: unknown) => (key === '__proto__' ? undefined : one)));
      }),
    );
  });
});
