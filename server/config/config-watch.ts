import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../log.ts';
import { ConfigError, type Config } from './config.ts';

/** How deep a folder is looked into: lists lie in folders of their own, and a mounted volume keeps its files one deeper. */
const deepest = 3;

/** What is in a folder and when it last changed, links followed: a file replaced, written to or linked elsewhere shows. */
async function stateOf(folder: string, depth = 0): Promise<string> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const states = await Promise.all(
    names.toSorted().map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path, { bigint: true }).catch(() => undefined);
      if (found === undefined) return `${name} gone`;
      if (found.isDirectory()) return depth < deepest ? `${name}(${await stateOf(path, depth + 1)})` : name;
      return `${name} ${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
    }),
  );
  return states.join('\n');
}

/** A line for each fault: file, path and what was expected. What was found stays out of the log, it may be a secret. */
function linesOf(error: unknown): readonly string[] {
  if (error instanceof ConfigError)
    return error.faults.map(({ file, path, expected }) => `${[file, path].join(' ').trim()}: expected ${expected}`);
  return (error instanceof Error ? error.message : String(error)).split('\n');
}

/** The configuration of a server that runs. */
export type ConfigWatch = {
  /** Looks whether it has changed; called every `everyMs`. Never rejects. */
  readonly look: () => Promise<void>;
  /** Reads the folder now, whether or not it looks changed. Never rejects. */
  readonly check: () => Promise<void>;
  /** True while what is in the folder has faults, so that an older configuration is in use. */
  readonly isFaulty: () => boolean;
  readonly stop: () => void;
};

/**
 * Looks at the configuration's folder every second, and once it has changed and then stood still for one look, reads it
 * and hands it over: whole and without a fault, or not at all. Where it has faults the one in use stays, with one line in
 * the log. A poll sees what file events miss: a mounted volume that swaps a link, a network drive, an editor's rename.
 */
export function watchConfig(
  folder: string,
  options: {
    /** The configuration that is in use. */
    readonly config: Config;
    /** Reads and checks all of it, as at the start. */
    readonly read: () => Promise<Config>;
    /** May throw where it cannot be used: then the one before stays. */
    readonly take: (config: Config) => void | Promise<void>;
    readonly log: Logger;
    readonly everyMs?: number;
  },
): ConfigWatch {
  const { read, take, log, everyMs = 1_000 } = options;
  let inUse = options.config;
  let faulty = false;
  /**
   * The state that was read last, and that of the last look. Neither is known at first: what changed while the server
   * started is found by reading it once more.
   */
  let readState: string | undefined;
  let lookedAt: string | undefined;
  let turn = Promise.resolve();

  async function reread(state: string): Promise<void> {
    let config: Config;
    try {
      config = await read();
      // A half of this change and a half of the next is neither: the next look finds it changed, and waits again.
      if ((await stateOf(folder)) !== state) return;
      readState = state;
      if (!isDeepStrictEqual(config, inUse)) {
        await take(config);
        inUse = config;
        log.info('took a changed configuration into use');
      }
      faulty = false;
    } catch (error) {
      readState = state;
      faulty = true;
      log.error({ faults: linesOf(error) }, 'the configuration has faults: the one before stays in use');
    }
  }

  async function look(): Promise<void> {
    const state = await stateOf(folder);
    const stands = state === lookedAt;
    lookedAt = state;
    if (stands && state !== readState) await reread(state);
  }

  /** One at a time, in the order in which they were asked for. */
  const inTurn = (step: () => Promise<void>): Promise<void> => {
    turn = turn.then(step).catch((error: unknown) => log.error({ err: error }, 'the configuration could not be read'));
    return turn;
  };
  const timer = setInterval(() => void inTurn(look), everyMs);
  timer.unref();
  return {
    look: () => inTurn(look),
    check: () => inTurn(async () => reread(await stateOf(folder))),
    isFaulty: () => faulty,
    stop: () => clearInterval(timer),
  };
}
