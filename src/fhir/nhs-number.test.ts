import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNhsNumber, parseNhsNumber } from './nhs-number.ts';

describe('NHS number', () => {
  it('accepts a right check digit, with or without spaces', () => {
    expect(parseNhsNumber('9990000018')).toBe('9990000018');
    expect(parseNhsNumber('999 000 0018')).toBe('9990000018');
  });

  it.each(['9990000019', '999000001', '99900000180', '999-000-0018', 'ABCDEFGHIJ', '', '9990000060'])(
    'refuses %j',
    (input) => {
      expect(parseNhsNumber(input)).toBeUndefined();
    },
  );

  it('has at most one right check digit for any nine digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{9}$/), (nine) => {
        const right = [...'0123456789'].filter((digit) => parseNhsNumber(nine + digit) !== undefined);
        expect(right.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is shown 3-3-4', () => {
    expect(formatNhsNumber('9990000018')).toBe('999 000 0018');
    expect(formatNhsNumber('unknown')).toBe('unknown');
  });
});
