import type { Request } from 'express';
import type { Config } from '../../config/config.ts';
import { viewerOf } from '../../config/config.ts';
import type { Host, Role } from '../../config/schema.ts';
import { text } from '../../../src/fhir/json.ts';
import type { Attempt, ProvedContext } from '../attempt.ts';
import { refuse } from '../page/refusal.ts';
import { usableRoles, type AssertedRole, type OpenIdHost } from './claims.ts';
import type { Sessions, SignedIn } from './session.ts';
import type { Visit, Visits } from './visit.ts';

/** True for a host whose users sign in at an OpenID provider. */
export function isOpenIdHost(host: Host): host is OpenIdHost {
  return host.door === 'sign-in' || host.door === 'encrypted-link';
}

const frames: ReadonlySet<string> = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe']);

/**
 * Signing in, and what comes after it, stands in a window of its own: nobody can lay anything over it.
 * @throws {Fault} `in-a-frame`
 */
export function requireOwnWindow(req: Pick<Request, 'headers'>): void {
  const destination = req.headers['sec-fetch-dest'];
  if (typeof destination === 'string' && frames.has(destination)) throw refuse('in-a-frame', destination);
}

/** Who stands at a page of this door, in which of their tabs, and in which of their roles. */
export type Standing = {
  readonly user: SignedIn;
  readonly host: OpenIdHost;
  readonly visitId: string;
  readonly visit: Visit;
  readonly clientId: string;
  /** The roles that may be used here now: asked of the configuration each time, so that one that was lost is gone. */
  readonly roles: readonly AssertedRole[];
  /** The role in which they look; undefined where they have still to choose. */
  readonly role: AssertedRole | undefined;
};

/**
 * Who sent this request, and what for.
 * @throws {Fault} `in-a-frame`; `sign-in-ended` without a session that stands; `ticket-unknown` for a visit that is not
 * theirs, or over; `sign-in-not-allowed` where no role of theirs counts any more
 */
export async function standingOf(
  deps: { readonly config: Config; readonly sessions: Sessions; readonly visits: Visits },
  req: Request,
  attempt: Attempt,
): Promise<Standing> {
  const { config, sessions, visits } = deps;
  requireOwnWindow(req);
  const user = await sessions.find(req.headers.cookie);
  if (user === undefined) throw refuse('sign-in-ended', 'no session, or over');
  attempt.known = { user: { host: user.host, id: user.id, name: user.name } };
  const host = config.hosts.filter(isOpenIdHost).find((one) => one.id === user.host);
  if (host === undefined) throw refuse('sign-in-ended', 'the host is no longer registered');
  const visitId = text(req.params['visit']) ?? '';
  const visit = await visits.find(user, visitId);
  if (visit === undefined) throw refuse('ticket-unknown', 'a visit that is over, or another user’s');
  const roles = usableRoles(config, host, user.roles);
  if (roles.length === 0) throw refuse('sign-in-not-allowed', 'no role that counts any more');
  const wanted = visit.role ?? user.role;
  const role = wanted === undefined && roles.length === 1 ? roles[0] : roles.find((one) => one.id === wanted);
  const clientId = visit.resume?.['client_id'] ?? viewerOf(config).clientId;
  attempt.known = {
    ...attempt.known,
    clientId,
    ...(role === undefined ? {} : { organisation: role.organisation, role: role.code }),
  };
  return { user, host, visitId, visit, clientId, roles, role };
}

/** What `roles.json` says of an asserted role. */
export function roleOf(config: Config, role: AssertedRole): Role {
  const known = config.roles.find((one) => one.code === role.code);
  if (known === undefined) throw refuse('sign-in-not-allowed', 'role is not in roles.json');
  return known;
}

/** Ids of the Spine are twelve digits: another provider may put anything there, and they go into headers. */
const sdsId = /^\d{12}$/;

/** The context that this user has proved so far. */
export function provedOf(
  { user, host, visit, clientId }: Standing,
  role: AssertedRole,
  more: Pick<ProvedContext, 'patient' | 'reason'> = {},
): ProvedContext {
  const { id, name, sdsUserId = '' } = user;
  const isNational = sdsId.test(sdsUserId) && sdsId.test(role.id);
  return {
    host: host.id,
    user: { id, name, ...(isNational ? { sds: { userId: sdsUserId, roleProfileId: role.id } } : {}) },
    organisation: role.organisation,
    role: role.code,
    clientId,
    ...(visit.resume === undefined ? {} : { resume: visit.resume }),
    ...more,
  };
}
