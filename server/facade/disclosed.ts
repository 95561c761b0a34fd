import type { Request, Response } from 'express';
import type { DisclosureRequest } from '../disclosure/house.ts';
import type { LaunchSession } from '../launch/context.ts';

const gone = new WeakMap<Response, AbortSignal>();

/** Aborted when the reader of an answer goes away. One for each answer, however much of the record goes into it. */
function goneWith(response: Response): AbortSignal {
  const known = gone.get(response);
  if (known !== undefined) return known;
  const controller = new AbortController();
  response.once('close', () => controller.abort('gone'));
  gone.set(response, controller.signal);
  return controller.signal;
}

/** A request for the record; when the client goes away, what was asked for it is given up. */
export function givenUpWith(
  session: LaunchSession,
  what: string,
  request: Request,
  response: Response,
): DisclosureRequest {
  return { session, what, signal: goneWith(response), requestId: request.id };
}
