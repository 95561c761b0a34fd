import type { Request, Response } from 'express';
import type { DisclosureRequest, House } from '../disclosure/house.ts';
import { refused } from '../disclosure/refusal.ts';
import { checkStanding } from '../disclosure/standing.ts';
import { undecided } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';

/** One for each answer, however much of the record goes into it. */
const looks = new WeakMap<Response, AbortController>();

/** What is under way when an objection takes effect may say so and end within this; what has not left by then is cut. */
const cutAfterMs = 500;

/**
 * The signal of an answer: aborted when its reader goes away, and with a Fault where an objection takes effect, or none
 * could be heard of, before the last byte has left.
 */
function lookOf({ register }: Pick<House, 'register'>, session: LaunchSession, response: Response): AbortSignal {
  const known = looks.get(response);
  if (known !== undefined) return known.signal;
  const look = new AbortController();
  looks.set(response, look);
  const { patient } = session.context;
  let cutting: NodeJS.Timeout | undefined;
  const stop =
    patient === undefined
      ? () => undefined
      : register.watch(patient.nhsNumber, (why) => {
          look.abort(why === 'objection' ? refused('objection') : undecided('objections could not be heard of'));
          // What a slow reader has not taken by then; what has not begun refuses by itself.
          cutting = setTimeout(() => {
            if (response.headersSent && !response.writableFinished) response.destroy();
          }, cutAfterMs);
        });
  response.once('close', () => {
    stop();
    clearTimeout(cutting);
    look.abort('gone');
  });
  return look.signal;
}

/** A request for the record; when the client goes away, what was asked for it is given up. */
export function givenUpWith(
  house: Pick<House, 'register'>,
  session: LaunchSession,
  what: string,
  request: Request,
  response: Response,
): DisclosureRequest {
  return { session, what, signal: lookOf(house, session, response), requestId: request.id };
}

/**
 * To be asked right before anything of a record is written, with no wait between: what was disclosed a moment ago may
 * not be shown any more.
 * @throws {Fault} `record-refused` or `undecided`
 */
export function checkLook(response: Response): void {
  const look = looks.get(response);
  if (look !== undefined) checkStanding(look.signal);
}
