import type { Response } from 'express';
import { recordEnding } from '../disclosure/ending.ts';
import type { House } from '../disclosure/house.ts';
import { refused } from '../disclosure/refusal.ts';
import { undecided } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';

/** How long one stream lasts. Who follows it asks anew, and so hears that the session has ended elsewhere. */
const lastsMs = 60_000;
/** Often enough that no proxy takes the stream for dead. */
const beatMs = 15_000;

/**
 * `Patient/[id]/$standing`: tells an app that shows a record, as a stream of server-sent events, when it may not be shown
 * any more. `standing` comes at once; `refused`, with the outcome that ends a record, the moment an objection takes
 * effect. It ends after a minute and is asked for anew; a launch that has ended answers `401` then, an objection `403`
 * and what cannot be decided `503`, so that where a proxy holds the stream back, asking again and again does the same.
 * Nothing of the person is in it.
 * @throws {Fault} `record-refused`, `undecided`
 */
export async function followStanding(
  { house, closing }: { readonly house: Pick<House, 'register'>; readonly closing: AbortSignal },
  { context }: LaunchSession,
  response: Response,
): Promise<void> {
  const { patient } = context;
  const isOver = new AbortController();
  const write = (text: string): void => {
    if (!response.writableEnded) response.write(text);
  };
  const end = (): void => void response.end();
  // Heeded before it is asked, so that nothing is missed between the two.
  const stop =
    patient === undefined
      ? () => undefined
      : house.register.watch(patient.nhsNumber, (why) => {
          isOver.abort(why);
          if (!response.headersSent) return;
          if (why === 'objection') write(`event: refused\ndata: ${JSON.stringify(recordEnding('refused'))}\n\n`);
          end();
        });
  let beat: NodeJS.Timeout | undefined;
  let last: NodeJS.Timeout | undefined;
  response.once('close', () => {
    stop();
    clearInterval(beat);
    clearTimeout(last);
    closing.removeEventListener('abort', end);
  });
  if (patient !== undefined) {
    const objected = await house.register.hides(patient.nhsNumber).catch((error: unknown) => {
      stop();
      throw undecided('the objections register could not be read', error);
    });
    if (objected || isOver.signal.reason === 'objection') {
      stop();
      throw refused('objection');
    }
    if (isOver.signal.aborted) throw undecided('objections could not be heard of');
  }
  if (closing.aborted) throw undecided('the server stops');
  response.status(200).type('text/event-stream').set('X-Accel-Buffering', 'no');
  response.flushHeaders();
  write('event: standing\ndata: {}\n\n');
  if (response.req.method === 'HEAD') return end();
  beat = setInterval(() => write(':\n\n'), beatMs);
  last = setTimeout(end, lastsMs);
  closing.addEventListener('abort', end, { once: true });
}
