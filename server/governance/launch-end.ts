import { personHash } from '../keyed-hash.ts';
import type { Logger } from '../log.ts';
import type { EndLaunches } from '../privacy/register.ts';
import type { Database } from '../store/store.ts';

/**
 * Ends the launches on a person as their objection takes effect. What else was held for them, such as a host's tokens,
 * goes once that stands; where it cannot, the objection stands all the same, and the log says so.
 */
export function launchEnd(deps: {
  readonly idKey: Buffer;
  /** `Authorization.endLaunches` */
  readonly end: (personHash: string, within: Database) => Promise<() => Promise<void>>;
  readonly log: Pick<Logger, 'error'>;
}): EndLaunches {
  return async (nhsNumber, tx) => {
    const after = await deps.end(personHash(deps.idKey, nhsNumber), tx);
    return () =>
      after().catch((error: unknown) =>
        deps.log.error({ err: error }, 'what an ended launch held could not be ended with it'),
      );
  };
}
