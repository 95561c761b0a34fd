import { badValue, called, invalid, isGeneral } from '../general-parameter.ts';
import { intervalOfDate, prefixes, type Interval, type Prefix } from './interval.ts';
import { includesOf, parametersOf, sortsOf, type SearchParameter } from './parameter.ts';

/** One value that a parameter may have; several in one parameter mean any of them. */
export type Wanted =
  | { readonly kind: 'token'; readonly system?: string; readonly code?: string }
  | { readonly kind: 'date'; readonly prefix: Prefix; readonly interval: Interval }
  | { readonly kind: 'reference'; readonly type?: string; readonly id: string }
  | { readonly kind: 'id'; readonly id: string };

export type Criterion = { readonly parameter: SearchParameter; readonly wanted: readonly Wanted[] };
export type Sort = { readonly parameter: SearchParameter; readonly descending: boolean };
export type Include = { readonly parameter: SearchParameter; readonly target?: string };

/** A search as it was asked, checked whole. */
export type Query = {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  /** The ids of the persons that it asks about: each must be the launch's own. */
  readonly persons: readonly string[];
  readonly sort: readonly Sort[];
  readonly count: number;
  /** False where the app does without the total. */
  readonly total: boolean;
  readonly includes: readonly Include[];
  /** The parameters as they were understood, for `self`. */
  readonly used: readonly (readonly [name: string, value: string])[];
  /** The names that lenient handling passed over. */
  readonly ignored: readonly string[];
};

export const defaultCount = 100;
export const mostCount = 500;
const mostParameters = 60;

/** Splits at what is not escaped by a backslash, and takes the backslashes off where `last`. */
function split(text: string, at: string): readonly string[] {
  const parts: string[] = [''];
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index] ?? '';
    if (letter === '\\') {
      parts[parts.length - 1] += letter + (text[index + 1] ?? '');
      index += 1;
    } else if (letter === at) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
const plain = (text: string): string => text.replaceAll(/\\(.)/g, '$1');

const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

function readReference(name: string, value: string, base: string): { readonly type?: string; readonly id: string } {
  const own = value.startsWith(`${base}/`) ? value.slice(base.length + 1) : value;
  const [, type, id] = /^(?:([A-Z][A-Za-z]+)\/)?([A-Za-z0-9\-.]{1,64})$/.exec(own) ?? [];
  if (id === undefined) throw badValue(name, 'an id, or a type and an id such as Patient/123');
  return type === undefined ? { id } : { type, id };
}

function readValue({ name, kind }: SearchParameter, value: string, base: string): Wanted {
  if (kind === 'date') {
    const prefix = prefixes.find((one) => value.startsWith(one));
    const interval = intervalOfDate(prefix === undefined ? value : value.slice(2));
    if (interval === undefined)
      throw badValue(name, `a date such as 2026-11-20, alone or behind ${prefixes.join(', ')}`);
    return { kind, prefix: prefix ?? 'eq', interval };
  }
  if (kind === 'id') {
    if (!idPattern.test(value)) throw badValue(name, 'an id');
    return { kind, id: value };
  }
  if (kind !== 'token') return { kind: 'reference', ...readReference(name, value, base) };
  const [first = '', second, ...more] = split(value, '|').map(plain);
  if (more.length > 0 || (first === '' && (second ?? '') === ''))
    throw badValue(name, 'code, system|code, |code or system|');
  if (second === undefined) return { kind, code: first };
  return { kind, system: first, ...(second === '' ? {} : { code: second }) };
}

function readSort(type: string, value: string): readonly Sort[] {
  return value.split(',').map((one) => {
    const descending = one.startsWith('-');
    const name = descending ? one.slice(1) : one;
    const parameter = sortsOf(type).find((known) => known.name === name);
    if (parameter === undefined)
      throw invalid(
        `_sort cannot order ${type} by ${called(name)}. It takes ${sortsOf(type)
          .map((known) => known.name)
          .join(', ')}.`,
      );
    return { parameter, descending };
  });
}

function readInclude(type: string, value: string): Include {
  const [from, name, target, ...more] = value.split(':');
  const parameter = from === type ? includesOf(type).find((known) => known.name === name) : undefined;
  if (parameter === undefined || more.length > 0 || (target !== undefined && !/^[A-Z][A-Za-z]+$/.test(target)))
    throw invalid(
      `_include cannot follow this from ${type}. It takes ${
        includesOf(type)
          .map((known) => `${type}:${known.name}`)
          .join(', ') || 'nothing'
      }.`,
    );
  return target === undefined ? { parameter } : { parameter, target };
}

/** How many stand on a page: as many as asked for, at most {@link mostCount}. @throws {Fault} `invalid-request` */
export function readCount(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw badValue('_count', 'a whole number');
  return Math.min(Number(value), mostCount);
}

function readTotal(value: string): boolean {
  if (value !== 'none' && value !== 'estimate' && value !== 'accurate')
    throw badValue('_total', 'none, estimate or accurate');
  return value !== 'none';
}

/**
 * Reads the parameters of a search on a type. Strict: what is not listed for the type (an unknown name, a modifier, a
 * chain, `_has`, `_filter` …) is refused by its name, since to pass over it would answer another question than was asked.
 * With `lenient` (`Prefer: handling=lenient`) it is passed over and named in the answer; a value that cannot be read is
 * refused all the same.
 * @param base the FHIR base URL, which may stand before a reference
 * @throws {Fault} `invalid-request`
 */
export function readQuery(
  type: string,
  given: Iterable<readonly [name: string, value: string]>,
  base: string,
  lenient: boolean,
): Query {
  const known = parametersOf(type) ?? [];
  const criteria: Criterion[] = [];
  const persons: string[] = [];
  const used: (readonly [string, string])[] = [];
  const ignored: string[] = [];
  const includes: Include[] = [];
  let sort: readonly Sort[] = [];
  let count = defaultCount;
  let total = true;
  let all = 0;
  for (const [name, value] of given) {
    all += 1;
    if (all > mostParameters) throw invalid(`A search takes at most ${mostParameters} parameters.`);
    // `subject:Patient=1` says of the reference what it is; any other modifier is not understood.
    const bare = name === 'subject:Patient' || name === 'patient:Patient' ? name.slice(0, -':Patient'.length) : name;
    const parameter = known.find((one) => one.name === bare);
    if (name === '_count') count = readCount(value);
    else if (name === '_sort') sort = readSort(type, value);
    else if (name === '_include') includes.push(readInclude(type, value));
    else if (name === '_total') total = readTotal(value);
    else if (isGeneral(name, value)) continue;
    else if (parameter === undefined) {
      if (!lenient)
        throw invalid(
          `This server does not know the search parameter ${called(name)} for ${type}. It knows ${known.map((one) => one.name).join(', ')}, _count, _sort, _include and _total.`,
        );
      ignored.push(called(name));
      continue;
    } else if (value === '') throw badValue(name, 'a value');
    else if (parameter.kind === 'person') {
      for (const one of split(value, ',').map(plain)) {
        const asked = readReference(name, one, base);
        // Another type of subject (a Group, a Device) is not this person.
        persons.push(asked.type === undefined || asked.type === 'Patient' ? asked.id : `${asked.type}/${asked.id}`);
      }
    } else {
      const wanted = split(value, ',').map((one) =>
        readValue(parameter, parameter.kind === 'token' ? one : plain(one), base),
      );
      criteria.push({ parameter, wanted });
    }
    used.push([name, value]);
  }
  return { type, criteria, persons, sort, count, total, includes, used, ignored };
}
