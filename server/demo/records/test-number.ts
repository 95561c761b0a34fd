import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** A number of the 999 range with its check digit, or undefined where these six digits have none. */
function numberOf(serial: number): string | undefined {
  const digits = `999${String(serial).padStart(6, '0')}`;
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? undefined : `${digits}${check}`;
}

/**
 * An NHS number of the test range for a person of a file: the same for a file of that name at every start, and none that
 * someone else has. Where two names fall on one number, the one that comes second takes the next.
 */
export function testNumber(file: string, person: number, taken: ReadonlySet<string>): string {
  const start =
    createHash('sha256')
      .update(`${basename(file)}#${person}`)
      .digest()
      .readUInt32BE() % 1_000_000;
  for (let step = 0; step < 1_000_000; step += 1) {
    const number = numberOf((start + step) % 1_000_000);
    if (number !== undefined && !taken.has(number)) return number;
  }
  throw new Error('every number of the test range is taken');
}
