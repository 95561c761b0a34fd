import { parseDate } from '../../../src/fhir/date.ts';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { templateParts, type Placeholder } from '../../config/link-template.ts';

/** What a link says: a person, and when it was made where the EPR can say that (ms). */
export type LinkContent = { readonly nhsNumber: string; readonly birthDate: string; readonly madeAt?: number };

const shapes: Readonly<Record<Placeholder, string>> = {
  nhsNumber: String.raw`\d{10}|\d{3} \d{3} \d{4}`,
  birthDate: String.raw`\d{4}-\d{2}-\d{2}|\d{8}|\d{2}/\d{2}/\d{4}`,
  time: String.raw`\d{14}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?`,
};

/** The one text that fits a template, from its first character to its last. */
function patternOf(template: string): RegExp {
  const parts = templateParts(template).map((part, index) => {
    if (index % 2 === 0) return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    // The configuration takes no other names.
    const name = part as Placeholder;
    return `(?<${name}>${shapes[name]})`;
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}

/** FHIR's form of a day written 1961-04-17, 19610417 or 17/04/1961; undefined where there is no such day. */
function dayOf(written: string): string | undefined {
  const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(written) ?? [];
  const iso = day === undefined ? written.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3') : `${year}-${month}-${day}`;
  return parseDate(iso)?.precision === 'day' ? iso : undefined;
}

/** The instant written as ISO 8601 (London's time where it names no zone) or as yyyyMMddHHmmss (UTC). */
function instantOf(written: string): number | undefined {
  const iso = written.replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/, '$1-$2-$3T$4:$5:$6Z');
  return parseDate(iso)?.instant;
}

/** Reads a link's text by its template, strictly; undefined where anything at all is otherwise. */
export function readTemplate(template: string, plain: string): LinkContent | undefined {
  const { nhsNumber, birthDate, time } = patternOf(template).exec(plain)?.groups ?? {};
  const number = parseNhsNumber(nhsNumber ?? '');
  const day = dayOf(birthDate ?? '');
  const madeAt = time === undefined ? undefined : instantOf(time);
  if (number === undefined || day === undefined || (time !== undefined && madeAt === undefined)) return undefined;
  return { nhsNumber: number, birthDate: day, ...(madeAt === undefined ? {} : { madeAt }) };
}
