/**
 * An NHS number: ten digits, the last a modulus 11 check digit (NHS Data Dictionary, NHS NUMBER).
 * Spaces are allowed where a person typed it; anything else makes it invalid.
 * @returns the ten digits without spaces, or undefined where the number is not valid
 */
export function parseNhsNumber(input: string): string | undefined {
  const digits = input.replaceAll(' ', '');
  if (!/^\d{10}$/.test(digits)) return undefined;
  const sum = [...digits.slice(0, 9)].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = 11 - (sum % 11);
  if (check === 10) return undefined;
  return Number(digits.slice(9)) === (check === 11 ? 0 : check) ? digits : undefined;
}

/** As the NHS CUI shows it: `999 123 4578`. Anything that is not ten digits is returned as it is. */
export function formatNhsNumber(digits: string): string {
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}` : digits;
}
