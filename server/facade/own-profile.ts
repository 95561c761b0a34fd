import { z } from 'zod';
import { bodies, nameError, readName, readNumber, type Body } from '../../src/fhir/registration-body.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession, LaunchUser } from '../launch/context.ts';
import type { Profiles } from '../launch/registration/profile.ts';

/** A name and a registration, as a Practitioner says them. */
type Correction = {
  readonly name: string;
  readonly registration: { readonly body: Body; readonly number: string } | undefined;
};

/** What may stand in the Practitioner that a user sends back: what they were given, corrected. */
const practitioner = z.strictObject({
  resourceType: z.literal('Practitioner'),
  id: z.string(),
  meta: z.unknown().optional(),
  identifier: z
    .array(z.strictObject({ system: z.string().max(200), value: z.string().max(40) }))
    .max(1)
    .default([]),
  name: z.array(z.strictObject({ text: z.string().max(400) })).length(1),
});

function wrong(text: string, detail: string): Fault {
  return new Fault('form-invalid', text, { detail });
}

/**
 * Reads a user's own Practitioner as they want it to be.
 * @throws {Fault} `invalid-request` where anything but name and registration is in it, `form-invalid` for these
 */
export function readCorrection(resource: unknown, id: string, allowed: readonly Body[]): Correction {
  const read = practitioner.safeParse(resource);
  if (!read.success || read.data.id !== id)
    throw new Fault(
      'invalid-request',
      'Send your own Practitioner with name.text and one registration number: nothing else can be corrected here.',
    );
  const name = readName(read.data.name[0]?.text ?? '');
  if (name === undefined) throw wrong(`${nameError}.`, 'name');
  const [identifier] = read.data.identifier;
  if (identifier === undefined) {
    if (allowed.length > 0) throw wrong('Your role needs a registration number.', 'registration');
    return { name, registration: undefined };
  }
  const body = allowed.find((one) => bodies[one].system === identifier.system);
  if (body === undefined) throw wrong('Choose a body that registers your role.', 'registration body');
  const number = readNumber(body, identifier.value);
  if (number === undefined) throw wrong(`${bodies[body].error}.`, 'registration number');
  return { name, registration: { body, number } };
}

/**
 * The user with what they corrected. What the host asserts stands: a correction of it is refused, in words that say
 * whose it is.
 * @throws {Fault} `form-invalid`
 */
export function corrected(user: LaunchUser, { name, registration }: Correction, hostName: string): LaunchUser {
  const said = user.said ?? [];
  const whose = (what: string): string => `${what} comes from ${hostName}. Ask the people who look after it there.`;
  if (!said.includes('name') && name !== user.name) throw wrong(whose('Your name'), 'name is the host’s');
  const same = registration?.body === user.registration?.body && registration?.number === user.registration?.number;
  if (!said.includes('registration') && !same) throw wrong(whose('Your registration'), 'registration is the host’s');
  const { registration: _before, ...rest } = user;
  return { ...rest, name, ...(registration === undefined ? {} : { registration }) };
}

/** Where a correction is kept, and how it is put on the audit trail. */
export type OwnProfileDeps = {
  readonly config: Pick<Config, 'hosts' | 'roles'>;
  readonly profiles: Pick<Profiles, 'find' | 'save'>;
  /** Tells the launch that is open who its user is from now on. */
  readonly correctUser: (launchId: string, user: LaunchUser) => Promise<void>;
  readonly record: (act: { readonly outcome: 'success' | 'refused'; readonly reason?: string }) => Promise<void>;
};

/**
 * Corrects the name and number of a session's user: from here on, for this launch and those to come. What is on the
 * audit trail already stays as it was written. A row first, then the change.
 * @throws {Fault} as {@link readCorrection} and {@link corrected}; each is on the audit trail
 */
export async function correctOwnProfile(
  deps: OwnProfileDeps,
  { context, launchId }: LaunchSession,
  id: string,
  resource: unknown,
): Promise<LaunchUser> {
  const { config, profiles } = deps;
  const { host, user, role, declaredRole } = context;
  const allowed = config.roles.find((one) => one.code === (declaredRole ?? role))?.registration ?? [];
  const hostName = config.hosts.find((one) => one.id === host)?.name ?? host;
  const profile = await profiles.find(host, user.id);
  let now: LaunchUser;
  try {
    if (profile === undefined) throw new Fault('not-found', 'There is no profile of yours here.');
    now = corrected(user, readCorrection(resource, id, allowed), hostName);
  } catch (error) {
    if (error instanceof Fault) await deps.record({ outcome: 'refused', reason: error.detail ?? error.code });
    throw error;
  }
  await deps.record({ outcome: 'success' });
  await profiles.save({
    ...profile,
    name: now.name,
    registrationBody: now.registration?.body ?? null,
    registrationNumber: now.registration?.number ?? null,
    updatedAt: new Date(),
  });
  await deps.correctUser(launchId, now);
  return now;
}
