import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { system } from '../../../src/fhir/systems.ts';
import { Fault } from '../../fault.ts';
import { badValue, called, invalid, isGeneral } from '../general-parameter.ts';
import { intervalOfDate } from '../search/interval.ts';
import { defaultCount, readCount } from '../search/query.ts';

/** A period of time; both ends count. */
export type Period = { readonly from?: Date; readonly to?: Date };

/** What a search on the register or on the audit trail asks, by parameter; what is repeated or listed stands in its order. */
export type Question = {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly count: number;
  /** The parameters as they were given, for the pages that follow. */
  readonly used: readonly (readonly [name: string, value: string])[];
};

/**
 * Reads the parameters of a search. Whoever is named in one must be named in a body: an identity does not stand in a URL,
 * which proxies and browsers keep.
 * @param known the parameters that the type takes
 * @param isPrivate true where they did not come in a URL
 * @throws {Fault} `invalid-request`
 */
export function readQuestion(
  given: Iterable<readonly [name: string, value: string]>,
  known: readonly string[],
  isPrivate: boolean,
): Question {
  const values = new Map<string, string[]>();
  const used: (readonly [string, string])[] = [];
  let count = defaultCount;
  for (const [name, value] of given) {
    if (isGeneral(name, value)) continue;
    used.push([name, value]);
    if (name === '_count') {
      count = Math.max(readCount(value), 1);
      continue;
    }
    if (!known.includes(name))
      throw invalid(`This search does not know the parameter ${called(name)}. It knows ${known.join(', ')}.`);
    if (name.endsWith(':identifier') && !isPrivate)
      throw invalid(`${name} is asked for by POST, in a form: whoever is meant does not stand in an address.`);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return { values, count, used };
}

/** The values of a parameter of which one must fit, each among those that there are; undefined where it is not asked for. */
export function codesOf<Code extends string>(
  { values }: Question,
  name: string,
  codes: readonly Code[],
): readonly Code[] | undefined {
  const [asked, ...more] = values.get(name) ?? [];
  if (asked === undefined) return undefined;
  if (more.length > 0) throw badValue(name, 'one list, with commas between: nothing is two of them');
  return asked.split(',').map((one) => {
    const value = one.slice(one.indexOf('|') + 1);
    const code = codes.find((known) => known === value);
    if (code === undefined) throw badValue(name, codes.join(', '));
    return code;
  });
}

/** The one value of a parameter. */
export function oneOf({ values }: Question, name: string): string | undefined {
  const [value, ...more] = values.get(name) ?? [];
  if (more.length > 0) throw badValue(name, 'one value');
  return value;
}

/** The NHS number in `patient:identifier`, with its system before it or without. */
export function nhsNumberOf(question: Question): string | undefined {
  const name = 'patient:identifier';
  const value = oneOf(question, name);
  if (value === undefined) return undefined;
  const [first = '', second, ...more] = value.split('|');
  const number = parseNhsNumber(second ?? first);
  const isNhs = second === undefined || first === system.nhsNumber;
  if (number === undefined || !isNhs || more.length > 0) throw badValue(name, `an NHS number, ${system.nhsNumber}|…`);
  return number;
}

/** The ODS code in `organization:identifier`, with its system before it or without. */
export function practiceOf(question: Question): string | undefined {
  const name = 'organization:identifier';
  const value = oneOf(question, name);
  if (value === undefined) return undefined;
  const [first = '', second, ...more] = value.split('|');
  const code = second ?? first;
  const isOds = second === undefined || first === system.odsOrganisation;
  if (!/^[A-Z0-9]{2,12}$/.test(code) || !isOds || more.length > 0)
    throw badValue(name, `an ODS code, ${system.odsOrganisation}|…`);
  return code;
}

/** The periods of a date parameter, each of which must hold. */
export function periodsOf({ values }: Question, name: string): readonly Period[] {
  return (values.get(name) ?? []).map((value) => {
    const [, prefix = 'eq', date = ''] = /^(eq|gt|lt|ge|le|sa|eb)?(.*)$/.exec(value) ?? [];
    const interval = intervalOfDate(date);
    if (interval === undefined) throw badValue(name, 'a date such as 2026-11-20, alone or behind eq, ge, gt, le, lt');
    const [from, to] = [interval.from, interval.to];
    switch (prefix) {
      case 'ge':
        return { from: new Date(from) };
      case 'gt':
      case 'sa':
        return { from: new Date(to + 1) };
      case 'le':
        return { to: new Date(to) };
      case 'lt':
      case 'eb':
        return { to: new Date(from - 1) };
      default:
        return { from: new Date(from), to: new Date(to) };
    }
  });
}

/** What is asked for and is not there. */
export function notThere(): Fault {
  return new Fault('not-found', 'There is nothing here with this id.');
}
