/** Embeddings, overrides and isolates of writing direction (Unicode Bidirectional Algorithm, UAX #9), raw and as JSON escapes them. */
const directing = /[\u202A-\u202E\u2066-\u2069]/g;
const mayDirect = /[\u202A-\u202E\u2066-\u2069]|\\u(?:202[a-e]|206[6-9])/i;

/** What turns the direction of writing could show a dose backwards: it is shown as the sign for what cannot be shown. */
function shown(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(directing, '\uFFFD') : value;
}

/** A line of the record; undefined where it is not even JSON, which the record counts as unreadable. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line, mayDirect.test(line) ? shown : undefined);
  } catch {
    return undefined;
  }
}
