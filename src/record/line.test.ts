import { describe, expect, it } from 'vitest';
import { parseLine } from './line.ts';

describe('a line of the record', () => {
  it.each([
    ['raw', '{"dose":"take \u202E05\u202C mg"}'],
    ['escaped', '{"dose":"take \\u202E05\\u202c mg"}'],
    ['isolated', '{"dose":"take \u206705\u2069 mg"}'],
  ])('shows where the direction of writing is turned, and does not turn it: %s', (_how, line) => {
    expect(parseLine(line)).toEqual({ dose: 'take \uFFFD05\uFFFD mg' });
  });

  it('keeps names in scripts that run from right to left, and their marks', () => {
    const line = JSON.stringify({ name: 'أحمد \u200FAhmed', path: 'C:\\u202e' });
    expect(parseLine(line)).toEqual({ name: 'أحمد \u200FAhmed', path: 'C:\\u202e' });
  });

  it('that is no JSON is nothing', () => expect(parseLine('{"a":')).toBeUndefined());
});
