import { ohc } from './systems.ts';

/** A professional body of the United Kingdom that this project knows. */
export type Body = 'GMC' | 'NMC' | 'HCPC' | 'GPhC' | 'SWE';

/** How a body's registration numbers look, and how a person is told. */
type Format = {
  readonly title: string;
  /** The identifier system of its register. */
  readonly system: string;
  readonly pattern: RegExp;
  readonly hint: string;
  readonly example: string;
  readonly error: string;
};

/** The professional bodies, with one form of number each. */
export const bodies: Readonly<Record<Body, Format>> = {
  GMC: {
    title: 'General Medical Council (GMC)',
    system: 'https://fhir.hl7.org.uk/Id/gmc-number',
    pattern: /^\d{7}$/,
    hint: '7 digits',
    example: '1234567',
    error: 'Enter all 7 digits of your GMC number',
  },
  NMC: {
    title: 'Nursing and Midwifery Council (NMC)',
    system: 'https://fhir.hl7.org.uk/Id/nmc-number',
    pattern: /^\d{2}[A-Z]\d{4}[A-Z]$/,
    hint: '2 digits, a letter, 4 digits and a letter',
    example: '12A3456B',
    error: 'Enter your NMC PIN: 2 digits, a letter, 4 digits and a letter',
  },
  HCPC: {
    title: 'Health and Care Professions Council (HCPC)',
    system: 'https://fhir.hl7.org.uk/Id/hcpc-number',
    pattern: /^[A-Z]{2,3}\d{5,6}$/,
    hint: '2 or 3 letters and 5 or 6 digits',
    example: 'PA12345',
    error: 'Enter your HCPC number: 2 or 3 letters and 5 or 6 digits',
  },
  GPhC: {
    title: 'General Pharmaceutical Council (GPhC)',
    system: 'https://fhir.hl7.org.uk/Id/gphc-number',
    pattern: /^\d{7}$/,
    hint: '7 digits',
    example: '1234567',
    error: 'Enter all 7 digits of your GPhC number',
  },
  SWE: {
    title: 'Social Work England (SWE)',
    system: ohc.socialWorkEnglandNumber,
    pattern: /^SW\d{1,7}$/,
    hint: 'SW and digits',
    example: 'SW12345',
    error: 'Enter your Social Work England number: SW and digits',
  },
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

/** What is said of a name that cannot be taken. */
export const nameError = 'Enter your name as your colleagues know you, in at most 200 letters';

/**
 * A person's name as they typed it: one line, with no character that changes the direction of what follows it on the
 * audit trail. Undefined where it is none.
 */
export function readName(typed: string): string | undefined {
  const name = typed.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
  const fits = name.length >= 2 && name.length <= 200 && /\p{L}/u.test(name);
  return fits && !/[\p{Cc}\p{Cs}\p{Co}\u2028-\u202e\u2066-\u2069]/u.test(name) ? name : undefined;
}
