import type { Request } from 'express';
import { weightsOf } from '../accept.ts';
import { Fault } from '../fault.ts';
import { formatNamed, type Format } from './general-parameter.ts';

/** The media type of a format, and what else it is asked for by. */
const types: Readonly<Record<Format, readonly [type: string, ...others: readonly string[]]>> = {
  json: ['application/fhir+json', 'application/json'],
  ndjson: ['application/fhir+ndjson', 'application/ndjson'],
};

/** The value of `Content-Type` of a format. */
export function contentType(format: Format): string {
  return `${types[format][0]}; charset=utf-8`;
}

/**
 * The format of an answer: what `_format` says, else what `Accept` weighs highest, the one it names first among equals.
 * @throws {Fault} `not-acceptable` where it takes none of those offered, `invalid-request` for a `_format` that is none
 */
export function formatOf(request: Request, given: URLSearchParams, offered: readonly [Format, ...Format[]]): Format {
  const named = given.get('_format');
  if (named !== null) return formatNamed(named, offered);
  const accept = request.get('accept');
  if (accept === undefined) return offered[0];
  const weights = weightsOf(accept);
  const order = [...weights.keys()];
  const wanted = offered.flatMap((format) => {
    const exact = types[format].filter((type) => weights.has(type));
    const name = [...exact, 'application/*', '*/*'].find((one) => weights.has(one));
    return name === undefined ? [] : [{ format, weight: weights.get(name) ?? 0, place: order.indexOf(name) }];
  });
  const [best] = wanted
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight || one.place - other.place);
  if (best === undefined)
    throw new Fault('not-acceptable', `This is answered as ${offered.map((one) => types[one][0]).join(' or ')}.`);
  return best.format;
}

/** True where the app would rather have what is not understood passed over (`Prefer: handling=lenient`, RFC 7240). */
export function isLenient(request: Request): boolean {
  return /(^|[\s;,])handling\s*=\s*"?lenient\b/i.test(request.get('prefer') ?? '');
}

/** The parameters of a request's address, in their order. */
export function parametersOfUrl(url: string): URLSearchParams {
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}
