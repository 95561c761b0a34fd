import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { object } from '../../src/fhir/json.ts';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../fault.ts';
import type { Logger } from '../log.ts';
import type { Attempt } from './attempt.ts';
import { causeOf } from './cause.ts';
import { faultPage, faultStatus, sendPage } from './page/page.ts';
import { refusalOf, refuse } from './page/refusal.ts';
import { TooMany, type LaunchRate } from './rate.ts';

/** One step of the way in, and what it has proved until it refused. */
export type Walk = (req: Request, res: Response, attempt: Attempt) => Promise<void>;

/** How a refusal looks to whoever asked. */
export type SendFault = (res: Response, fault: Fault) => void;

/** A refusal to a host's server, which asks for no page: OAuth's shape of an error. */
export function sendFaultToHost(res: Response, fault: Fault): void {
  res
    .status(faultStatus(fault))
    .set('Cache-Control', 'no-store')
    .json({ error: fault.code, error_description: refusalOf(fault.code).text });
}

/** Whatever went wrong, as a fault. A body that cannot be read is the sender's; anything unknown is ours. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const status = object(error)?.['status'];
  if (status === 413) return refuse('too-large', 'body over the limit', error);
  if (typeof status === 'number' && status >= 400 && status < 500)
    return refuse('context-malformed', 'the body could not be read', error);
  return new Fault('exception', refusalOf('exception').text, { detail: 'the launch failed', cause: error });
}

/**
 * Every refusal on the way in is a page in fixed words, a line of the log and a row on the audit trail; where there are
 * too many of which nothing is proved they are counted instead.
 */
export function createRefusals(deps: {
  readonly config: Config;
  readonly audit: Audit;
  readonly rate: LaunchRate;
  readonly log: Logger;
}): {
  /** A step as a route: what it refuses is told, as a page where nothing else is said. */
  readonly step: (walk: Walk, send?: SendFault) => RequestHandler;
  /** For a request whose body could not be read. */
  readonly unreadable: ErrorRequestHandler;
} {
  const { config, audit, rate, log } = deps;

  /** A refusal of which nothing is proved counts towards what may come in a minute, so that no flood fills the trail. */
  async function bounded(fault: Fault, { known, repeatable }: Attempt): Promise<Fault> {
    if (fault instanceof TooMany || (known.user !== undefined && repeatable !== true)) return fault;
    const claimed = known.user?.host ?? known.detail?.['claimedHost'];
    try {
      return (await rate.refusal(config.hosts.find((host) => host.id === claimed))) ?? fault;
    } catch (error) {
      log.error({ cause: causeOf(error) }, 'a refused launch could not be counted');
      return fault;
    }
  }

  async function fail(error: unknown, res: Response, attempt: Attempt, send: SendFault = sendFault): Promise<void> {
    const fault = await bounded(faultOf(error), attempt);
    if (fault instanceof TooMany) res.set('Retry-After', String(fault.retryAfterSeconds));
    if (!(fault instanceof TooMany && fault.counted)) await tell(fault, attempt);
    if (res.headersSent) return;
    const { retryAfter } = refusalOf(fault.code);
    if (retryAfter !== undefined && !res.hasHeader('Retry-After')) res.set('Retry-After', String(retryAfter));
    send(res, fault);
  }

  function sendFault(res: Response, fault: Fault): void {
    const { alone } = refusalOf(fault.code);
    sendPage(res, faultStatus(fault), faultPage(fault, config.region), {
      ancestors: alone === true ? [] : [...new Set(config.hosts.flatMap((host) => host.origins))],
    });
  }

  /** Says in the log and on the audit trail why a launch was not opened. */
  async function tell(fault: Fault, attempt: Attempt): Promise<void> {
    const refused = faultStatus(fault) < 500;
    const { code, detail } = fault;
    log[refused ? 'info' : 'error']({ code, detail, cause: causeOf(fault.cause) }, 'launch not opened');
    try {
      await audit.record({
        type: 'launch',
        action: 'E',
        outcome: refused ? 'refused' : 'failed',
        reason: code,
        ...attempt.known,
        detail: { ...attempt.known.detail, ...(detail === undefined ? {} : { why: detail }) },
      });
    } catch (unrecorded) {
      log.error({ cause: causeOf(unrecorded) }, 'a refused launch could not be audited');
    }
  }

  return {
    step: (walk, send) => async (req, res) => {
      const attempt: Attempt = { known: {} };
      try {
        await walk(req, res, attempt);
      } catch (error) {
        await fail(error, res, attempt, send);
      }
    },
    unreadable: async (error, _req, res, _next) => {
      await fail(error, res, { known: {} });
    },
  };
}
