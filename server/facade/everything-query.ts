import { isObject, object, objects, text } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { badValue, called, invalid, isGeneral } from './general-parameter.ts';
import { careIntervalOf } from './search/care-interval.ts';
import { intervalOfDate, type Interval } from './search/interval.ts';
import { servedTypes } from './search/parameter.ts';
import { readCount } from './search/query.ts';

/** What of the record is asked for (FHIR R4, Patient/$everything). */
export type EverythingQuery = {
  /** `_type`; undefined: every type. */
  readonly types: ReadonlySet<string> | undefined;
  /** `_since`, ms. */
  readonly since: number | undefined;
  /** `start` and `end`, as a span of time in which care was given. */
  readonly care: Interval | undefined;
  /** `_count`: how many stand on a page; undefined: all of it in one Bundle. */
  readonly count: number | undefined;
  /** `_source`: the ids of the sources to ask; undefined: all of them. */
  readonly sources: ReadonlySet<string> | undefined;
  /** The parameters as they were understood. */
  readonly used: readonly (readonly [name: string, value: string])[];
  /** The names that lenient handling passed over. */
  readonly ignored: readonly string[];
};

const names = ['_type', '_since', '_count', '_source', 'start', 'end'] as const;

function dateOf(name: string, value: string, example: string): Interval {
  const interval = intervalOfDate(value);
  if (interval === undefined) throw badValue(name, example);
  return interval;
}

/**
 * Reads the parameters of `$everything`. Strict, as a search is: what is not known is refused by its name.
 * With `lenient` it is passed over and named in the answer, a type of `_type` that is not served here too.
 * @param known the ids of the sources that may be asked
 * @param streamed the answer is NDJSON, which has no pages
 * @throws {Fault} `invalid-request`
 */
export function readEverything(
  given: Iterable<readonly [name: string, value: string]>,
  {
    lenient,
    streamed,
    known,
  }: { readonly lenient: boolean; readonly streamed: boolean; readonly known: ReadonlySet<string> },
): EverythingQuery {
  let types: Set<string> | undefined;
  let since: number | undefined;
  let care: Interval | undefined;
  let count: number | undefined;
  let sources: Set<string> | undefined;
  const used: (readonly [string, string])[] = [];
  const ignored: string[] = [];
  /** @returns false where it was passed over */
  const take = (name: string, value: string): boolean => {
    switch (name) {
      case '_type': {
        const asked = value.split(',').map((one) => one.trim());
        const unknown = asked.find((one) => !servedTypes.includes(one));
        if (unknown !== undefined && !lenient)
          throw invalid(`_type cannot be ${called(unknown)}: this server has no such resources. metadata lists them.`);
        types ??= new Set();
        for (const one of asked)
          if (servedTypes.includes(one)) types.add(one);
          else ignored.push(`_type=${called(one)}`);
        return true;
      }
      case '_since':
        since = dateOf(name, value, 'an instant such as 2026-11-20T09:41:00Z').from;
        return true;
      case '_source': {
        const asked = value.split(',').map((one) => one.trim());
        const unknown = asked.find((one) => !known.has(one));
        // Passed over, it would ask everyone, or nobody: neither is what was meant.
        if (unknown !== undefined)
          throw invalid(`_source cannot be ${called(unknown)}: this server asks no such organisation.`);
        sources = new Set([...(sources ?? []), ...asked]);
        return true;
      }
      case 'start':
        care = { to: Infinity, ...care, from: dateOf(name, value, 'a date such as 2026-11-20').from };
        return true;
      case 'end':
        care = { from: -Infinity, ...care, to: dateOf(name, value, 'a date such as 2026-11-20').to };
        return true;
      case '_count':
        if (!streamed) {
          count = readCount(value);
          return true;
        }
        readCount(value);
        if (!lenient)
          throw invalid('A stream has no pages: leave _count out, or ask for the record as application/fhir+json.');
        break;
      default:
        if (!lenient)
          throw invalid(`$everything does not know the parameter ${called(name)}. It knows ${names.join(', ')}.`);
    }
    ignored.push(called(name));
    return false;
  };
  for (const [name, value] of given)
    if (!isGeneral(name, value, ['json', 'ndjson']) && take(name, value)) used.push([name, value]);
  if (sources !== undefined && count !== undefined)
    throw invalid('Some organisations alone have no pages: leave _count or _source out.');
  return { types, since, care, count, sources, used, ignored };
}

/**
 * True for what is asked for. What says nothing of when it was changed or of when the care was given is kept: nobody can
 * know that it is not meant (missing is never none). The Patient is left out by `_type` alone. Pure.
 */
export function isAskedFor({ types, since, care }: EverythingQuery): (resource: Resource) => boolean {
  return (resource) => {
    const { resourceType } = resource;
    if (types !== undefined && !types.has(resourceType)) return false;
    if (resourceType === 'Patient') return true;
    const changed = text(object(resource['meta'])?.['lastUpdated']);
    const lastUpdated = changed === undefined ? undefined : intervalOfDate(changed);
    if (since !== undefined && lastUpdated !== undefined && lastUpdated.to < since) return false;
    if (care === undefined) return true;
    const given = careIntervalOf(resource);
    return given === undefined || (given.from <= care.to && given.to >= care.from);
  };
}

/**
 * The parameters in the body of a `POST …/$everything`, as a URL would have them. None where there is no body.
 * @throws {Fault} `invalid-request` for what is no Parameters resource, or has in it what is no simple value
 */
export function parametersIn(body: unknown): readonly (readonly [name: string, value: string])[] {
  if (body === undefined) return [];
  if (!isObject(body) || body['resourceType'] !== 'Parameters')
    throw invalid('Send the parameters of $everything as a Parameters resource.');
  return objects(body['parameter']).map((parameter) => {
    const name = text(parameter['name']) ?? '';
    const [value, ...more] = Object.entries(parameter).flatMap(([member, one]) =>
      /^value[A-Z]/.test(member) ? [one] : [],
    );
    if (more.length > 0 || !['string', 'number', 'boolean'].includes(typeof value))
      throw badValue(name, 'one simple value, such as valueCode');
    return [name, String(value)] as const;
  });
}
