import { Fault } from '../fault.ts';

/** The formats of answers. */
export type Format = 'json' | 'ndjson';

/** What a request brings that cannot be answered, in words that say what is wrong with it. */
export function invalid(text: string): Fault {
  return new Fault('invalid-request', text);
}

/** A name as it may be said back: what no parameter is called is not repeated. */
export function called(name: string): string {
  return /^[A-Za-z0-9._:$-]{1,60}$/.test(name) ? name : 'a parameter without a proper name';
}

/** A value that cannot be read is refused, lenient or not: nobody knows what was asked. */
export function badValue(name: string, expected: string): Fault {
  return invalid(`The value of ${called(name)} cannot be read. It takes ${expected}.`);
}

const formats: Readonly<Record<Format, readonly string[]>> = {
  json: ['json', 'text/json', 'application/json', 'application/fhir+json'],
  ndjson: ['ndjson', 'application/ndjson', 'application/fhir+ndjson'],
};

/** The format that `_format` names. A plus that was not escaped has come as a space. @throws {Fault} `invalid-request` */
export function formatNamed(value: string, offered: readonly Format[]): Format {
  const format = offered.find((one) => formats[one].includes(value.toLowerCase().replace(' ', '+')));
  if (format === undefined) throw badValue('_format', offered.join(' or '));
  return format;
}

/**
 * True for a parameter that every interaction takes (FHIR R4, "Parameters for all interactions") and that changes nothing
 * of what is answered: `_format`, `_pretty`. The others of them, `_summary` and `_elements`, are not known here.
 * @throws {Fault} `invalid-request` for a value that cannot be read
 */
export function isGeneral(name: string, value: string, offered: readonly Format[] = ['json']): boolean {
  if (name === '_format') return formatNamed(value, offered) !== undefined;
  if (name !== '_pretty') return false;
  if (value !== 'true' && value !== 'false') throw badValue(name, 'true or false');
  return true;
}

/**
 * Holds the parameters of a read to those that every interaction takes.
 * @throws {Fault} `invalid-request` with the name of any other, unless `lenient`
 */
export function checkGeneral(given: URLSearchParams, lenient: boolean): void {
  for (const [name, value] of given)
    if (!isGeneral(name, value) && !lenient)
      throw invalid(`A read does not know the parameter ${called(name)}. It knows _format and _pretty.`);
}
