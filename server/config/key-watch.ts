import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../log.ts';
import { checkKeys, inForce, keyFiles, readKeyFile, type KeyFile, type KeyFileName } from './key-file.ts';
import type { Secrets } from './secrets.ts';

/** The keys that may be rotated while the server runs. */
export type RotatingKeys = Pick<Secrets, 'signingKeys' | 'launchKeys'>;

const everyMs = 5_000;
const names = Object.keys(keyFiles) as KeyFileName[];

/**
 * Looks at the files of keys every few seconds, and hands over what changed: new keys in a file, or new keys that begin
 * to sign. A file that is missing or broken is kept out with a line in the log, and the keys of before stay.
 */
export function watchKeys(
  folder: string,
  options: {
    /** The keys that are in use. */
    readonly keys: RotatingKeys;
    /** May throw where they cannot be used: then those of before stay. */
    readonly take: (keys: RotatingKeys) => void;
    readonly log: Logger;
    readonly now?: () => number;
  },
): { readonly check: () => Promise<void>; readonly stop: () => void } {
  const { take, log, now = Date.now } = options;
  const good = new Map<KeyFileName, KeyFile>();
  /** What was looked at last, so that a broken file is said once. */
  const seen = new Map<KeyFileName, string | undefined>();
  let inUse = options.keys;
  let refused: RotatingKeys | undefined;

  async function read(name: KeyFileName): Promise<void> {
    const content = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    if (seen.has(name) && seen.get(name) === content) return;
    const first = !seen.has(name);
    seen.set(name, content);
    if (content === undefined) {
      // A deployment may do without launch keys; one that had them loses none by a file that is gone for a moment.
      if (!first || name === 'signing-keys.json') log.error({ file: name }, 'a file of keys cannot be read: kept out');
      return;
    }
    const parsed = readKeyFile(name, content);
    const why = parsed.success
      ? await checkKeys(parsed.data.keys).then(
          () => undefined,
          () => 'a key that cannot be used',
        )
      : (parsed.error.issues[0]?.message ?? 'not as expected');
    if (parsed.success && why === undefined) good.set(name, parsed.data);
    else log.error({ file: name, why }, 'a file of keys is broken: kept out');
  }

  async function check(): Promise<void> {
    for (const name of names) await read(name);
    const keysOf = (name: KeyFileName, before: RotatingKeys['signingKeys']): RotatingKeys['signingKeys'] => {
      const file = good.get(name);
      const keys = file === undefined ? before : inForce(file, now());
      return isDeepStrictEqual(keys, before) ? before : keys;
    };
    const next = {
      signingKeys: keysOf('signing-keys.json', inUse.signingKeys),
      launchKeys: keysOf('launch-keys.json', inUse.launchKeys),
    };
    if (next.signingKeys === inUse.signingKeys && next.launchKeys === inUse.launchKeys) return;
    if (isDeepStrictEqual(next, refused)) return;
    try {
      take(next);
    } catch (error) {
      // Said once, until the files change again.
      refused = next;
      throw error;
    }
    inUse = next;
    const kids = (keys: RotatingKeys['signingKeys']) => keys.map((key) => key.kid);
    log.info({ signing: kids(next.signingKeys), launch: kids(next.launchKeys) }, 'took new keys into use');
  }

  const careful = (): Promise<void> =>
    check().catch((error: unknown) => log.error({ err: error }, 'new keys could not be taken into use'));
  const timer = setInterval(() => void careful(), everyMs);
  timer.unref();
  return { check: careful, stop: () => clearInterval(timer) };
}
