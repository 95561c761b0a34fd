import { checkForm, claimedHost, takeStatement, verified, type SignedContextDoor } from './signed-context.ts';
import { takeOnce } from '../once.ts';
import type { SignedContextHost } from '../../config/schema.ts';
import type { Attempt } from '../attempt.ts';
import { readEndClaims } from './claims.ts';

/** Who has signed out, and where. */
export type EndedUser = { readonly host: SignedContextHost; readonly userId: string };

/**
 * Reads what a host signs when one of its users signs out there: proved as a context is, with the claims `sub` and
 * `event` (`end`) in place of a person.
 * @throws {Fault} as the signed-context door
 */
export async function readEnd(
  { config, baseUrl, db, idKey, keysOf }: SignedContextDoor,
  token: string,
  attempt: Attempt,
): Promise<EndedUser> {
  checkForm(token);
  const host = claimedHost(config, token);
  attempt.known = { detail: { claimedHost: host.id } };
  const claims = await verified(token, host, keysOf, readEndClaims);
  // The statement names no name, and the audit trail says who it was by the id that the host has for them.
  attempt.known = {
    user: { host: host.id, id: claims.sub, name: claims.sub },
    organisation: { ods: host.organisation, name: host.organisationName ?? host.name },
  };
  await takeStatement(baseUrl, host, claims, attempt, (once) => takeOnce(db, idKey, once));
  return { host, userId: claims.sub };
}
