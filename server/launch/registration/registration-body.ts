import { object, text } from '../../../src/fhir/json.ts';
import type { Role } from '../../config/schema.ts';

/** A professional body: how its registration numbers look, and how a person is told. */
export type Body = Role['registration'][number];
type Format = {
  readonly title: string;
  readonly pattern: RegExp;
  readonly hint: string;
  readonly example: string;
  readonly error: string;
};

/** The professional bodies of the United Kingdom that this project knows. */
export const bodies: Readonly<Record<Body, Format>> = {
  GMC: {
    title: 'General Medical Council (GMC)',
    pattern: /^\d{7}$/,
    hint: '7 digits',
    example: '1234567',
    error: 'Enter all 7 digits of your GMC number',
  },
  NMC: {
    title: 'Nursing and Midwifery Council (NMC)',
    pattern: /^\d{2}[A-Z]\d{4}[A-Z]$/,
    hint: '2 digits, a letter, 4 digits and a letter',
    example: '12A3456B',
    error: 'Enter your NMC PIN: 2 digits, a letter, 4 digits and a letter',
  },
  HCPC: {
    title: 'Health and Care Professions Council (HCPC)',
    pattern: /^[A-Z]{2,3}\d{5,6}$/,
    hint: '2 or 3 letters and 5 or 6 digits',
    example: 'PA12345',
    error: 'Enter your HCPC number: 2 or 3 letters and 5 or 6 digits',
  },
  GPhC: {
    title: 'General Pharmaceutical Council (GPhC)',
    pattern: /^\d{7}$/,
    hint: '7 digits',
    example: '1234567',
    error: 'Enter all 7 digits of your GPhC number',
  },
  SWE: {
    title: 'Social Work England (SWE)',
    pattern: /^SW\d{1,7}$/,
    hint: 'SW and digits',
    example: 'SW12345',
    error: 'Enter your Social Work England number: SW and digits',
  },
};

/** The systems in which the bodies that have one number their registrants. */
export const registerSystems: Readonly<Partial<Record<Body, string>>> = {
  GMC: 'https://fhir.hl7.org.uk/Id/gmc-number',
  NMC: 'https://fhir.hl7.org.uk/Id/nmc-number',
  HCPC: 'https://fhir.hl7.org.uk/Id/hcpc-number',
  GPhC: 'https://fhir.hl7.org.uk/Id/gphc-number',
};

/** The body of that code, or undefined where it is none of ours. */
export function bodyOf(code: string): Body | undefined {
  return (Object.keys(bodies) as Body[]).find((body) => body.toLowerCase() === code.toLowerCase());
}

/** A registration number as the register writes it: capitals, no spaces. Undefined where its form is wrong. */
export function readNumber(body: Body, typed: string): string | undefined {
  const number = typed.replaceAll(/[\s-]/g, '').toUpperCase();
  return bodies[body].pattern.test(number) ? number : undefined;
}

/**
 * What a host asserts about its user's registration: `{ body, number }`, or a text such as `GMC 1234567`.
 * Undefined where it names no body that we know or its number has the wrong form: the user is asked then.
 */
export function readRegistration(claim: unknown): { readonly body: Body; readonly number: string } | undefined {
  const [, bodyText, numberText] =
    typeof claim === 'string'
      ? (/^\s*([A-Za-z]+)[\s:|/-]+(\S.*)$/.exec(claim) ?? [])
      : [undefined, text(object(claim)?.['body']), text(object(claim)?.['number'])];
  const body = bodyOf(bodyText ?? '');
  const number = body === undefined ? undefined : readNumber(body, numberText ?? '');
  return body === undefined || number === undefined ? undefined : { body, number };
}
