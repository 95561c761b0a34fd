import { z } from 'zod';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { parseDate } from '../../../src/fhir/date.ts';
import type { Region } from '../../config/schema.ts';
import type { LaunchContext } from '../context.ts';
import type { Traced } from '../../federation/answer.ts';
import type { Mistake } from '../page/form.ts';

/** The fields of the two find pages, by the names under which their mistakes are told. */
export type FindField =
  'nhsNumber' | 'family' | 'given' | 'birthDate' | 'gender' | 'postcode' | 'reason' | 'reasonText';

/** What the user typed, kept so that a page with mistakes shows it again. */
export type FindTyped = { readonly [name in (typeof names)[number]]?: string };

/** Whom the user looks for, and why. */
export type Search = {
  readonly reason: NonNullable<LaunchContext['reason']>;
  readonly by:
    | { readonly kind: 'number'; readonly nhsNumber: string; readonly birthDate: string }
    | { readonly kind: 'trace'; readonly traced: Traced };
};

/** FHIR's administrative genders, as the trace asks for them. */
export const genders = [
  { value: 'female', label: 'Female' },
  { value: 'male', label: 'Male' },
  { value: 'other', label: 'Other' },
  { value: 'unknown', label: 'Not known' },
] as const;

export const longestReason = 200;
const shortestReason = 5;

const names = [
  'ticket',
  'nhsNumber',
  'family',
  'given',
  'birthDate-day',
  'birthDate-month',
  'birthDate-year',
  'gender',
  'postcode',
  'reason',
  'reasonText',
] as const;
const field = z.string().trim().normalize('NFC').max(400).optional().catch(undefined);
const formSchema = z.partialRecord(z.enum(names), field).catch({});

/** Reads a find form's body; a field that is missing, far too long or sent twice counts as not filled in. */
export function readFindForm(body: unknown): FindTyped {
  const known = Object.fromEntries(
    Object.entries(typeof body === 'object' && body !== null ? body : {}).filter(([name]) =>
      names.some((one) => one === name),
    ),
  );
  return Object.fromEntries(
    Object.entries(formSchema.parse(known)).filter(([, value]) => value !== undefined && value !== ''),
  );
}

/** Control characters, and characters that turn the direction of what follows. */
const unwritable = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;
/** Letters of any script with what stands between them in names; no `*`, which a trace would take for any letters. */
const nameShape = /^\p{L}[\p{L}\p{M}'’ .-]{0,34}$/u;
const postcodeShape = /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/;

function birthDateOf(
  typed: FindTyped,
  today: string,
  wrong: (field: FindField, text: string) => void,
): string | undefined {
  const [day, month, year] = [typed['birthDate-day'], typed['birthDate-month'], typed['birthDate-year']];
  if (day === undefined && month === undefined && year === undefined) {
    wrong('birthDate', 'Enter the birth date');
    return undefined;
  }
  const missing = Object.entries({ 'a day': day, 'a month': month, 'a year': year })
    .filter(([, value]) => value === undefined)
    .map(([name]) => name);
  if (missing.length > 0) {
    wrong('birthDate', `The birth date must have ${missing.join(' and ')}`);
    return undefined;
  }
  const iso = `${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  if (parseDate(iso)?.precision !== 'day' || Number(year) < 1850) {
    wrong('birthDate', 'The birth date must be a real date, with the year in 4 digits');
    return undefined;
  }
  if (iso > today) {
    wrong('birthDate', 'The birth date must be in the past');
    return undefined;
  }
  return iso;
}

function reasonOf(
  region: Region,
  typed: FindTyped,
  wrong: (field: FindField, text: string) => void,
): Search['reason'] | undefined {
  const code = region.accessReasons.find((one) => one.code === typed.reason)?.code;
  const text = typed.reasonText;
  if (code === undefined) wrong('reason', 'Choose why you look for this person');
  if (text === undefined || text.length < shortestReason)
    wrong('reasonText', `Say why in your own words, in ${shortestReason} characters or more`);
  else if (text.length > longestReason) wrong('reasonText', `Say why in ${longestReason} characters or fewer`);
  else if (unwritable.test(text)) wrong('reasonText', 'Say why in plain letters');
  else if (code !== undefined) return { code, text };
  return undefined;
}

function tracedOf(
  typed: FindTyped,
  today: string,
  wrong: (field: FindField, text: string) => void,
): Traced | undefined {
  const name = (one: 'family' | 'given', what: string): string | undefined => {
    const value = typed[one];
    if (value === undefined) wrong(one, `Enter the ${what} name`);
    else if (!nameShape.test(value)) wrong(one, `Enter the ${what} name in letters alone`);
    else return value;
    return undefined;
  };
  const [family, given] = [name('family', 'family'), name('given', 'given')];
  const birthDate = birthDateOf(typed, today, wrong);
  const gender = genders.find((one) => one.value === typed.gender)?.value;
  if (gender === undefined) wrong('gender', 'Choose the gender');
  const compact = (typed.postcode ?? '').replaceAll(' ', '').toUpperCase();
  const postcode = postcodeShape.test(compact) ? `${compact.slice(0, -3)} ${compact.slice(-3)}` : undefined;
  if (postcode === undefined) wrong('postcode', 'Enter the whole postcode');
  if (family === undefined || given === undefined || birthDate === undefined) return undefined;
  if (gender === undefined || postcode === undefined) return undefined;
  return { family, given, birthDate, gender, postcode };
}

/**
 * Checks a find form whole: either everything, or every mistake at once in the order of the page. `today`: FHIR date.
 * Whatever is a mistake here is seen in what was typed alone; nobody was asked about anyone.
 */
export function checkFindForm(
  kind: Search['by']['kind'],
  region: Region,
  typed: FindTyped,
  today: string,
):
  | { readonly kind: 'good'; readonly search: Search }
  | { readonly kind: 'wrong'; readonly errors: readonly Mistake<FindField>[] } {
  const errors: Mistake<FindField>[] = [];
  const wrong = (one: FindField, text: string): void => {
    errors.push({ field: one, text });
  };
  let by: Search['by'] | undefined;
  if (kind === 'trace') {
    const traced = tracedOf(typed, today, wrong);
    by = traced === undefined ? undefined : { kind, traced };
  } else {
    const nhsNumber = parseNhsNumber((typed.nhsNumber ?? '').replaceAll('-', ' '));
    if (typed.nhsNumber === undefined) wrong('nhsNumber', 'Enter the NHS number');
    else if (nhsNumber === undefined) wrong('nhsNumber', 'Check the NHS number: it has 10 digits, and one is wrong');
    const birthDate = birthDateOf(typed, today, wrong);
    by = nhsNumber === undefined || birthDate === undefined ? undefined : { kind, nhsNumber, birthDate };
  }
  const reason = reasonOf(region, typed, wrong);
  if (by === undefined || reason === undefined || errors.length > 0) return { kind: 'wrong', errors };
  return { kind: 'good', search: { reason, by } };
}
