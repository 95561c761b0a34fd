import type { Request, Response } from 'express';
import type { DisclosureRequest } from '../disclosure/house.ts';
import type { LaunchSession } from '../launch/context.ts';

/** A request for the record; when the client goes away, what was asked for it is given up. */
export function givenUpWith(
  session: LaunchSession,
  what: string,
  request: Request,
  response: Response,
): DisclosureRequest {
  const gone = new AbortController();
  response.once('close', () => gone.abort('gone'));
  return { session, what, signal: gone.signal, requestId: request.id };
}
