import { z } from 'zod';
import type { Role } from '../../config/schema.ts';
import type { ProvedContext } from '../attempt.ts';
import { nameError, readName } from '../../../src/fhir/registration-body.ts';
import { bodies, bodyOf, readNumber, type Body } from './registration-body.ts';

/** The fields of the name-and-role page, by the names that its form sends. */
export type Field = 'name' | 'role' | 'registrationBody' | 'registrationNumber' | 'promise';

/** What the user typed and chose, kept so that a page with errors shows it again. */
export type Typed = { readonly [field in Field]?: string };

/** One thing to mend, in words. */
export type FieldError = { readonly field: Field; readonly text: string };

/** What the form came to. */
export type Registration = {
  /** What the user is called, where the host does not say. */
  readonly name?: string;
  readonly role: Role;
  readonly registration?: { readonly body: Body; readonly number: string };
};

/** What the page offers this user. */
export type Offer = {
  /** The roles to choose from; where the host asserts one, that one alone. */
  readonly roles: readonly Role[];
  readonly roleAsserted: boolean;
  readonly nameAsserted: boolean;
  readonly registrationAsserted: { readonly body: Body; readonly number: string } | undefined;
  /** The bodies that one of these roles asks for. Empty: not asked. */
  readonly bodies: readonly Body[];
};

const field = z.string().trim().max(200).optional().catch(undefined);
const formSchema = z
  .object({
    name: field,
    role: field,
    registrationBody: field,
    registrationNumber: field,
    promise: field,
    ticket: field,
  })
  .catch({});

/** Reads the form's body; a field that is missing, too long or sent twice counts as not filled in. */
export function readForm(body: unknown): Typed & { readonly ticket?: string } {
  const form = formSchema.parse(body);
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined && value !== ''));
}

/** What a user is offered, from what the host asserts and allows. */
export function offerOf(roles: readonly Role[], context: ProvedContext): Offer {
  const offered = context.role === undefined ? roles : roles.filter((role) => role.code === context.role);
  const asked = new Set(offered.flatMap((role) => role.registration));
  const asserted = context.user.registration;
  const body = bodyOf(asserted?.body ?? '');
  // Locked only where it serves each role that may be chosen: else the user could not go on.
  const serves = body !== undefined && offered.every(({ registration: ask }) => ask.length === 0 || ask.includes(body));
  return {
    roles: offered,
    roleAsserted: context.role !== undefined,
    nameAsserted: context.user.said?.includes('name') !== true,
    registrationAsserted:
      asserted === undefined || body === undefined || !serves ? undefined : { body, number: asserted.number },
    bodies: (Object.keys(bodies) as Body[]).filter((one) => asked.has(one)),
  };
}

function checkRegistration(
  allowed: readonly Body[],
  offer: Offer,
  typed: Typed,
  wrong: (field: Field, text: string) => void,
): Registration['registration'] {
  if (allowed.length === 0) return undefined;
  const asserted = offer.registrationAsserted;
  if (asserted !== undefined && allowed.includes(asserted.body)) return asserted;
  const body = bodyOf(typed.registrationBody ?? '');
  if (body === undefined) {
    wrong('registrationBody', 'Choose your professional body');
    return undefined;
  }
  if (!allowed.includes(body)) {
    wrong('registrationBody', `Choose a body that registers your role: ${allowed.join(', ')}`);
    return undefined;
  }
  const number = readNumber(body, typed.registrationNumber ?? '');
  if (number === undefined) {
    wrong('registrationNumber', bodies[body].error);
    return undefined;
  }
  return { body, number };
}

/** Checks the form whole: either everything, or every error at once, in the order of the page. */
export function checkForm(
  offer: Offer,
  typed: Typed,
):
  | { readonly kind: 'good'; readonly registration: Registration }
  | { readonly kind: 'wrong'; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const wrong = (field: Field, text: string): void => {
    errors.push({ field, text });
  };
  const name = offer.nameAsserted ? undefined : readName(typed.name ?? '');
  if (!offer.nameAsserted && name === undefined) wrong('name', nameError);
  const chosen = offer.roleAsserted ? offer.roles[0] : offer.roles.find((role) => role.code === typed.role);
  if (chosen === undefined) wrong('role', 'Choose your role');
  // Before a role is chosen a registration is asked for only where each of the roles needs one.
  const everyRoleAsks = offer.roles.every((role) => role.registration.length > 0);
  const registration = checkRegistration(
    chosen?.registration ?? (everyRoleAsks ? offer.bodies : []),
    offer,
    typed,
    wrong,
  );
  if (typed.promise === undefined) wrong('promise', 'Agree before you go on');
  if (chosen === undefined || errors.length > 0) return { kind: 'wrong', errors };
  return {
    kind: 'good',
    registration: {
      role: chosen,
      ...(name === undefined ? {} : { name }),
      ...(registration === undefined ? {} : { registration }),
    },
  };
}
