import { codingsOf } from '../../../src/fhir/coding.ts';
import { objects, text, texts, type JsonObject } from '../../../src/fhir/json.ts';
import { referenceOf } from '../../../src/fhir/reference.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Role } from '../../config/schema.ts';
import type { LaunchUser } from '../context.ts';
import { refuse } from '../page/refusal.ts';
import { bodies, readNumber, type Body } from '../registration/registration-body.ts';
import { leastRole } from '../registration/role.ts';
import { fhirBaseOf } from './discovery.ts';
import { localReference } from './fhir-context.ts';
import type { FhirRead } from './fhir-read.ts';

/** Who a host's user is there, as `fhirUser` says. */
export type UserReference = { readonly type: 'Practitioner' | 'PractitionerRole'; readonly id: string };

/** What a host asserts about its user. */
export type AssertedUser = {
  readonly name?: string;
  readonly registration?: NonNullable<LaunchUser['registration']>;
  readonly role?: string;
};

/** What a reference points at on the host itself, written absolute or relative to its base; else undefined. */
function referenceAt(reference: unknown, iss: string): ReturnType<typeof localReference> {
  const base = `${fhirBaseOf(iss)}/`;
  const isAbsolute = typeof reference === 'string' && reference.startsWith(base);
  return localReference(isAbsolute ? reference.slice(base.length) : reference);
}

/**
 * Reads `fhirUser`, absolute or relative to the host's FHIR base. One that lies elsewhere is refused and never asked.
 * @throws {Fault} `host-answer`; `sign-in-not-allowed` where the user is not a professional
 */
export function readFhirUser(claim: unknown, iss: string): UserReference | undefined {
  if (claim === undefined) return undefined;
  const reference = referenceAt(claim, iss);
  if (reference === undefined) throw refuse('host-answer', 'fhirUser is no user of the host');
  const { type, id } = reference;
  if (type !== 'Practitioner' && type !== 'PractitionerRole')
    throw refuse('sign-in-not-allowed', 'fhirUser is no professional');
  return { type, id };
}

/** Longest name that is kept, in characters. */
const longestName = 200;

/**
 * A name as it may stand on a screen, in a header and in a log: one line, nothing that turns the direction of what
 * follows, at most 200 characters. Undefined where nothing is left.
 */
export function cleanName(said: string | undefined): string | undefined {
  const oneLine = (said ?? '')
    .slice(0, 10_000)
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\p{Cs}\p{Co}\p{Cn}]/gu, '')
    // What stood apart by something invisible may belong together, or be two spaces, only now.
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();
  return text([...oneLine].slice(0, longestName).join('').trim());
}

function humanName(resource: Resource): string | undefined {
  const names = objects(resource['name']).filter((name) => text(name['use']) !== 'old');
  const [name] = names.toSorted((a, b) => Number(b['use'] === 'official') - Number(a['use'] === 'official'));
  if (name === undefined) return undefined;
  const parts = [...texts(name['prefix']), ...texts(name['given']), ...texts(name['family'])];
  return cleanName(text(name['text']) ?? parts.join(' '));
}

function registrationOf(practitioner: Resource): AssertedUser['registration'] {
  const identifiers = objects(practitioner['identifier']).filter((one) => text(one['use']) !== 'old');
  return (Object.keys(bodies) as Body[])
    .flatMap((body) =>
      identifiers
        .filter((one) => text(one['system']) === bodies[body].system)
        .map((one) => ({ body, number: readNumber(body, text(one['value']) ?? '') })),
    )
    .find((one): one is { body: Body; number: string } => one.number !== undefined);
}

/** Whether a PractitionerRole stands: not switched off, and not past the day it ended. */
function stands(role: JsonObject, today: string): boolean {
  const end = text((objects(role['period'])[0] ?? {})['end']);
  return role['active'] !== false && (end === undefined || end.slice(0, 10) >= today.slice(0, end.slice(0, 10).length));
}

/**
 * The national job role that a PractitionerRole gives. Of several, the one that shows least: the host has not said in
 * which of them the user looks.
 * @param allowed the roles that users of this host may hold
 * @param today FHIR date
 * @throws {Fault} `context-role` where the host gives national roles and none that it may
 */
export function roleOf(practitionerRole: Resource, allowed: readonly Role[], today: string): string | undefined {
  if (!stands(practitionerRole, today)) return undefined;
  const said = objects(practitionerRole['code'])
    .flatMap((concept) => codingsOf(concept))
    .filter((coding) => coding.system === system.sdsJobRole && /^R\d{4}$/.test(coding.code ?? ''))
    .map((coding) => coding.code);
  if (said.length === 0) return undefined;
  const role = leastRole(allowed.filter(({ code }) => said.includes(code)));
  if (role === undefined) throw refuse('context-role', 'no role of the user is one of the host');
  return role.code;
}

/** Whom to ask a host about. */
export type Asked = {
  readonly iss: string;
  readonly user: UserReference;
  /** A PractitionerRole that the launch was made in the context of, where `fhirUser` is a Practitioner. */
  readonly roleId: string | undefined;
  /** The roles that users of this host may hold. */
  readonly allowed: readonly Role[];
  /** FHIR date. */
  readonly today: string;
};

/**
 * Reads a host's user: the Practitioner for name and registration, the PractitionerRole for the role. What the host does
 * not let its user have is not asserted; nothing else is taken for it.
 */
export async function readUser(read: FhirRead, { iss, user, roleId, allowed, today }: Asked): Promise<AssertedUser> {
  const [practitionerRole, asked] =
    user.type === 'PractitionerRole'
      ? [await read('PractitionerRole', user.id), undefined]
      : await Promise.all([
          roleId === undefined ? undefined : read('PractitionerRole', roleId),
          read('Practitioner', user.id),
        ]);
  const held = referenceAt(referenceOf(practitionerRole?.['practitioner']), iss);
  const holder = held?.type === 'Practitioner' ? held.id : undefined;
  const isOfUser = user.type === 'PractitionerRole' || holder === user.id;
  const practitioner =
    user.type === 'PractitionerRole' && holder !== undefined ? await read('Practitioner', holder) : asked;
  const name = practitioner === undefined ? undefined : humanName(practitioner);
  const registration = practitioner === undefined ? undefined : registrationOf(practitioner);
  const role = practitionerRole === undefined || !isOfUser ? undefined : roleOf(practitionerRole, allowed, today);
  return {
    ...(name === undefined ? {} : { name }),
    ...(registration === undefined ? {} : { registration }),
    ...(role === undefined ? {} : { role }),
  };
}
