import { isWhole } from '../../src/fhir/status.ts';
import { Fault } from '../fault.ts';
import type { SourceAnswer } from '../federation/answer.ts';
import { heldBytes } from '../federation/documents/source-document.ts';

/** What a gathering was made for. For another person, practice, role or app nothing of it is used. */
export type HeldFor = {
  readonly launchId: string;
  readonly clientId: string;
  readonly role: string;
  /** The NHS number; undefined where the host alone knows the person. */
  readonly nhsNumber: string | undefined;
  readonly practice: string | undefined;
  /** True where only what holds documents is held, beside the record or without it. */
  readonly documents?: true;
};

/** Every source's answer, with what is never shown already withheld, not yet narrowed by role. */
export type Gathering = { readonly at: number; readonly answers: readonly SourceAnswer[] };

/**
 * What each launch's last gathering brought, in this process's memory alone (DESIGN.md, "Nothing clinical is kept").
 * It answers nothing by itself: the gate is asked and the rights are worked out anew before anything of it leaves.
 */
export type Held = {
  /**
   * What is held for this, or what `gather` brings now: asked once for all who wait for it, and given up when the last
   * of them has gone.
   * @param notBefore what was gathered before this instant (ms) is not used
   */
  readonly of: (
    what: HeldFor,
    signal: AbortSignal,
    gather: (signal: AbortSignal) => Promise<readonly SourceAnswer[]>,
    notBefore?: number,
  ) => Promise<Gathering>;
  /** Takes over what a gathering has just brought, for a launch that something is held for. */
  readonly renew: (what: HeldFor, answers: readonly SourceAnswer[]) => void;
  /** Takes over what a gathering has just brought, whether something was held for it or not. */
  readonly hold: (what: HeldFor, answers: readonly SourceAnswer[]) => void;
  /** Drops what is held for a launch: its token was revoked, or it has ended. */
  readonly forget: (launchId: string) => void;
  /** Drops what is held of a person: their record is not shown any more. */
  readonly forgetPerson: (nhsNumber: string) => void;
  /**
   * Drops all that is held, and holds nothing from now on: the configuration that it was gathered under has been
   * replaced. Those who wait for a gathering still have what it brings.
   */
  readonly close: () => void;
};

/** How much is held and how long. `bytes` counts JSON. */
export type HeldLimits = {
  readonly wholeMs: number;
  /** Where a source was missing, so that it is asked again soon. */
  readonly partialMs: number;
  readonly bytes: number;
};

const limitsOfDesign: HeldLimits = { wholeMs: 5 * 60_000, partialMs: 30_000, bytes: 32 * 1024 * 1024 };

type Entry = {
  readonly what: HeldFor;
  readonly giveUp: AbortController;
  gathering: Promise<Gathering>;
  settled: Gathering | undefined;
  waiting: number;
  bytes: number;
  timer: NodeJS.Timeout | undefined;
};

/** True where nothing of what a gathering was made for has changed. */
export function isSame(one: HeldFor, other: HeldFor): boolean {
  return (
    one.launchId === other.launchId &&
    one.clientId === other.clientId &&
    one.role === other.role &&
    one.nhsNumber === other.nhsNumber &&
    one.practice === other.practice
  );
}

/** One launch holds its record and its documents apart. */
function keyOf({ launchId, documents }: HeldFor): string {
  return documents === true ? `documents ${launchId}` : launchId;
}

function gone(): Fault {
  return new Fault('exception', 'The request was given up.', { detail: 'the client went away' });
}

/** Makes an empty holding. */
export function createHeld(limits: HeldLimits = limitsOfDesign): Held {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  let closed = false;

  const drop = (entry: Entry): void => {
    clearTimeout(entry.timer);
    if (entry.settled === undefined) entry.giveUp.abort('dropped');
    if (entries.get(keyOf(entry.what)) !== entry) return;
    entries.delete(keyOf(entry.what));
    bytes -= entry.bytes;
  };

  /** Holds what has come, at the cost of the oldest; what is larger than all the room there is, is not held. */
  const settle = (entry: Entry, answers: readonly SourceAnswer[]): Gathering => {
    const gathering = { at: Date.now(), answers };
    entry.settled = gathering;
    if (entries.get(keyOf(entry.what)) !== entry) return gathering;
    const size = answers.reduce(
      (sum, one) => sum + Buffer.byteLength(JSON.stringify([one.resources, one.contacts])) + heldBytes(one.documents),
      0,
    );
    if (size > limits.bytes) {
      drop(entry);
      return gathering;
    }
    entry.bytes = size;
    bytes += size;
    for (const other of entries.values()) {
      if (bytes <= limits.bytes) break;
      if (other !== entry && other.settled !== undefined) drop(other);
    }
    const keepMs = answers.every((one) => isWhole(one.status)) ? limits.wholeMs : limits.partialMs;
    entry.timer = setTimeout(() => drop(entry), keepMs).unref();
    return gathering;
  };

  const begin = (what: HeldFor, gather: (signal: AbortSignal) => Promise<readonly SourceAnswer[]>): Entry => {
    const giveUp = new AbortController();
    const entry: Entry = {
      what,
      giveUp,
      gathering: Promise.reject(new Error('not begun')),
      settled: undefined,
      waiting: 0,
      bytes: 0,
      timer: undefined,
    };
    entry.gathering.catch(() => undefined);
    if (!closed) entries.set(keyOf(what), entry);
    entry.gathering = gather(giveUp.signal).then(
      (answers) => settle(entry, answers),
      (error: unknown) => {
        drop(entry);
        throw error;
      },
    );
    // Those who wait hear of it themselves; when nobody does, nobody has to.
    entry.gathering.catch(() => undefined);
    return entry;
  };

  const hold: Held['hold'] = (what, answers) => {
    const before = entries.get(keyOf(what));
    // What is under way has others who wait for it, and is newer.
    if (before !== undefined && before.settled === undefined) return;
    if (before !== undefined) drop(before);
    begin(what, async () => answers);
  };

  return {
    of: async (what, signal, gather, notBefore = 0) => {
      let entry = entries.get(keyOf(what));
      if (entry !== undefined && (!isSame(entry.what, what) || (entry.settled?.at ?? Infinity) < notBefore)) {
        drop(entry);
        entry = undefined;
      }
      if (entry?.settled !== undefined) return entry.settled;
      // Nobody is left for whom the sources would be asked, and who would give it up.
      if (signal.aborted) throw gone();
      const joined = entry ?? begin(what, gather);
      joined.waiting += 1;
      let leave = (): void => undefined;
      const left = new Promise<never>((_done, fail) => {
        leave = () => fail(gone());
      });
      signal.addEventListener('abort', leave);
      try {
        return await Promise.race([joined.gathering, left]);
      } finally {
        signal.removeEventListener('abort', leave);
        joined.waiting -= 1;
        if (joined.waiting === 0 && joined.settled === undefined) drop(joined);
      }
    },
    renew: (what, answers) => {
      if (entries.get(keyOf(what))?.settled !== undefined) hold(what, answers);
    },
    hold,
    forget: (launchId) => {
      for (const entry of entries.values()) if (entry.what.launchId === launchId) drop(entry);
    },
    forgetPerson: (nhsNumber) => {
      for (const entry of entries.values()) if (entry.what.nhsNumber === nhsNumber) drop(entry);
    },
    close: () => {
      closed = true;
      for (const entry of entries.values()) if (entry.settled !== undefined) drop(entry);
      entries.clear();
    },
  };
}
