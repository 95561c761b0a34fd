import type { RequestListener } from 'node:http';
import type { Edition } from './edition.ts';
import { watchObjections, type ObjectionWatch } from './privacy/objection-watch.ts';

/** The editions of a server, one after the other. */
export type Succession = {
  /** Answers each request, from its first byte to its last, with the edition that is in use when it comes. */
  readonly handle: RequestListener;
  /** The edition in use. */
  readonly current: () => Edition;
  /** The editions that are left: the one in use, and those before it on which requests still run. */
  readonly left: () => readonly Edition[];
  /** From the next request on this one is in use. The one before it is closed when its last request has ended. */
  readonly succeed: (next: Edition) => void;
  /** Closes every edition that is left, and waits for those that are closing. */
  readonly close: () => Promise<void>;
};

/**
 * Begins with one edition.
 * @param inUse hears which editions are left, at first and each time that one comes or has ended
 */
export function createSuccession(first: Edition, inUse: (editions: readonly Edition[]) => void): Succession {
  let current = first;
  /** How many requests run on each edition that is left. */
  const running = new Map<Edition, number>([[first, 0]]);
  const closing = new Set<Promise<void>>();

  function close(edition: Edition): void {
    running.delete(edition);
    const closed = edition.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  function endIfOver(edition: Edition): void {
    if (edition === current || running.get(edition) !== 0) return;
    close(edition);
    inUse([...running.keys()]);
  }

  inUse([first]);

  const count = (edition: Edition, by: 1 | -1): void => {
    running.set(edition, (running.get(edition) ?? 0) + by);
  };

  return {
    handle: (request, response) => {
      const edition = current;
      count(edition, 1);
      response.once('close', () => {
        count(edition, -1);
        endIfOver(edition);
      });
      edition.handle(request, response);
    },
    current: () => current,
    left: () => [...running.keys()],
    succeed: (next) => {
      const before = current;
      running.set(next, 0);
      current = next;
      inUse([...running.keys()]);
      before.retire();
      endIfOver(before);
    },
    close: async () => {
      for (const edition of running.keys()) close(edition);
      await Promise.all(closing);
    },
  };
}

/**
 * Heeds the objections register for as long as the process lives: by the rules of the edition in use, and for every edition
 * that is left, since what each has begun goes on until it ends.
 */
export function heedObjections({
  editions,
  ...deps
}: Pick<Parameters<typeof watchObjections>[0], 'notices' | 'log'> & {
  readonly editions: () => Pick<Succession, 'current' | 'left'>;
}): Promise<ObjectionWatch> {
  return watchObjections({
    ...deps,
    register: {
      hashOf: (nhsNumber) => editions().current().register.hashOf(nhsNumber),
      hides: (nhsNumber) => editions().current().register.hides(nhsNumber),
      hidden: (hashes) => editions().current().register.hidden(hashes),
    },
    onObjection: (nhsNumber) => {
      for (const edition of editions().left()) edition.forgetPerson(nhsNumber);
    },
  });
}
