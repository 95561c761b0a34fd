import { object, text } from '../../src/fhir/json.ts';

/**
 * What kind of error it was, and what lay beneath it: names and codes alone. Messages stay out of the log, since a
 * failed query repeats its parameters in them, and those may be a name or an NHS number.
 */
export function causeOf(error: unknown): string {
  const kinds: string[] = [];
  for (let here: unknown = error; here instanceof Error && kinds.length < 5; here = here.cause) {
    const code = text(object(here)?.['code']);
    kinds.push(code === undefined ? here.name : `${here.name} ${code}`);
  }
  return kinds.join(' < ');
}
