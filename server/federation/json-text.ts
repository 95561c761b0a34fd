import { quantityPrecision } from '../../src/fhir/quantity-precision.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** `__proto__`, or what may be it in another spelling. One look for both: a text is read through for each look. */
const namesPrototype = /__proto__|\\u00(?:5[fF]|70|72|6[fF]|74)/;

/** A Quantity's value that ends in a nought behind the point. In a string there is no `"value"`: its quotes are escaped. */
const endsInNought = /("value"\s*:\s*-?\d+\.(\d*0))(?=[\s,}\]])/g;

/**
 * The text with the precision of such values told beside them, as FHIR tells it: `4.0` would be read as `4`. Where a
 * source says something of a value itself, its own word stands.
 */
function withPrecision(text: string): string {
  if (text.search(endsInNought) === -1 || text.includes('"_value"')) return text;
  return text.replaceAll(
    endsInNought,
    (_all, value: string, fraction: string) =>
      `${value},"_value":{"extension":[{"url":"${quantityPrecision}","valueInteger":${fraction.length}}]}`,
  );
}

/**
 * JSON without members named `__proto__`, which would reach into prototypes when copied (rarely there, so rarely paid
 * for), and with the noughts at the end of a Quantity's value told beside it. A byte order mark at its beginning is passed
 * over. @throws where it is no UTF-8 or no JSON
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = withPrecision(utf8.decode(bytes));
  if (!namesPrototype.test(text)) return JSON.parse(text) as unknown;
  return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as unknown;
}
