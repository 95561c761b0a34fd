import type { Request } from 'express';
import { object, text } from '../../../src/fhir/json.ts';
import type { Attempt } from '../attempt.ts';
import type { DoorHandler } from '../door.ts';
import { confirmIdentity, type AskDemographics } from '../identity.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { refuse } from '../page/refusal.ts';
import { createHostKeys } from './host-keys.ts';
import { readEnd, type EndedUser } from './end.ts';
import { isJwe } from './jwe.ts';
import { readSignedContext, type SignedContextDoor } from './signed-context.ts';

/** The door of EPRs that can sign, or encrypt, what they hand over. */
export function createSignedContextDoor(
  deps: Omit<SignedContextDoor, 'keysOf'> & {
    readonly demographics: AskDemographics;
    readonly fetch?: Fetch;
  },
): {
  readonly enter: DoorHandler;
  /** Reads a user's sign-out at their host. */
  readonly ended: (req: Request, attempt: Attempt) => Promise<EndedUser>;
} {
  const door = { ...deps, keysOf: createHostKeys(deps.fetch) };
  return {
    enter: async (req, attempt) => {
      const proved = await readSignedContext(door, signedContextIn(req), attempt);
      return { kind: 'proved', context: await confirmIdentity(deps.config, deps.demographics, proved) };
    },
    ended: (req, attempt) => readEnd(door, signedContextIn(req), attempt),
  };
}

/**
 * The signed context in a request: in the body, or encrypted in the URL, since a URL stands in logs and histories
 * (DESIGN.md, "Contract: the doors").
 */
function signedContextIn(req: Request): string {
  if (req.method === 'POST') {
    const token = text(object(req.body)?.['context']);
    if (token === undefined) throw refuse('context-malformed', 'no field context');
    return token;
  }
  const token = text(req.query['context']);
  if (token === undefined || !isJwe(token)) throw refuse('context-malformed', 'a context in the URL that is no JWE');
  return token;
}
