import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineReader } from './lines.ts';

const encoder = new TextEncoder();

function readIn(bytes: Uint8Array, cuts: readonly number[]): readonly unknown[] {
  const reader = createLineReader();
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const read = places.flatMap((from, index) => reader.push(bytes.slice(from, places[index + 1] ?? bytes.length)));
  return [...read, ...reader.end()];
}

describe('lines of the stream', () => {
  it('are the same wherever the network cuts them, within a character too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ a: fc.string({ unit: 'grapheme' }), b: fc.jsonValue() })),
        fc.array(fc.nat({ max: 400 })),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (values, cuts, lineEnd, last) => {
          const text = values.map((one) => JSON.stringify(one)).join(lineEnd) + (last ? lineEnd : '');
          const bytes = encoder.encode(text);
          const inside = cuts.map((one) => Math.min(one, bytes.length));
          expect(readIn(bytes, inside)).toEqual(values.map((one) => JSON.parse(JSON.stringify(one)) as unknown));
        },
      ),
    );
  });

  it('cut into single bytes', () => {
    const bytes = encoder.encode('{"text":"Zoë 🏥"}\n\n{"n":1}');
    expect(readIn(bytes, [...bytes.keys()])).toEqual([{ text: 'Zoë 🏥' }, { n: 1 }]);
  });

  it('counts what is no JSON and goes on', () => {
    const reader = createLineReader();
    expect(reader.push('{"a":1}\n<html>\n{"b":')).toEqual([{ a: 1 }]);
    expect(reader.push('2}\n')).toEqual([{ b: 2 }]);
    expect(reader.end()).toEqual([]);
    expect(reader.broken).toBe(1);
  });
});
