import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { keyedHash } from '../keyed-hash.ts';
import type { Logger } from '../log.ts';
import { raiseAlarm } from '../metrics.ts';

/** How far the audit trail reached at some time: so many events, the last of which has this hash. Nothing of any person. */
export type AuditHead = { readonly events: number; readonly hash: string };

const kept = z.strictObject({
  events: z.number().int().positive(),
  hash: z.string(),
  at: z.iso.datetime(),
  mac: z.string(),
});

const pathIn = (dataDir: string): string => join(dataDir, 'audit-head.json');

function macOf(idKey: Buffer, { events, hash, at }: AuditHead & { readonly at: string }): string {
  return keyedHash(idKey, 'audit-head', String(events), hash, at);
}

/**
 * How far the trail reached when this data folder last heard of it; undefined where it never did.
 * @throws where the file was changed by somebody without the key
 */
export async function readHead(
  dataDir: string,
  idKey: Buffer,
): Promise<(AuditHead & { readonly at: string }) | undefined> {
  let content: string;
  try {
    content = await readFile(pathIn(dataDir), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const { mac, ...head } = kept.parse(JSON.parse(content));
  if (mac !== macOf(idKey, head)) throw new Error(`${pathIn(dataDir)} was not written under this id-key`);
  return head;
}

/** Keeps how far the trail reaches, outside the database that holds it. */
async function writeHead(dataDir: string, idKey: Buffer, head: AuditHead & { readonly at: string }): Promise<void> {
  const path = pathIn(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const whole = `${JSON.stringify({ ...head, mac: macOf(idKey, head) })}\n`;
  await writeFile(`${path}.new`, whole, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** What watches the end of the trail works with. */
export type HeadWatchDeps = {
  readonly trail: {
    readonly head: () => Promise<AuditHead | undefined>;
    readonly hashAt: (seq: number) => Promise<string | undefined>;
  };
  readonly idKey: Buffer;
  readonly dataDir: string;
  readonly log: Pick<Logger, 'info' | 'error'>;
  readonly now?: () => Date;
};

/**
 * Looks whether the trail still has all that it had when it was last looked at, and keeps how far it reaches now, in the
 * data folder and in the log. A chain of hashes tells of every row that is changed or taken out but the last ones: cut off
 * at its end it is whole in itself.
 * @returns `cut` where the end that was known is gone; then what was known stays, and the alarm comes again
 */
export async function checkHead(deps: HeadWatchDeps): Promise<'whole' | 'cut'> {
  const { trail, idKey, dataDir, log, now = () => new Date() } = deps;
  const known = await readHead(dataDir, idKey);
  if (known !== undefined && (await trail.hashAt(known.events)) !== known.hash) {
    raiseAlarm(log, 'audit-cut', { events: known.events, hash: known.hash, at: known.at });
    return 'cut';
  }
  const head = await trail.head();
  if (head === undefined || head.events === known?.events) return 'whole';
  await writeHead(dataDir, idKey, { ...head, at: now().toISOString() });
  log.info({ events: head.events, hash: head.hash }, 'the audit trail reaches to here');
  return 'whole';
}

const minuteMs = 60_000;

/** Looks every minute until stopped, once at the start and once at the end. */
export async function watchHead(
  deps: HeadWatchDeps,
): Promise<{ readonly isCut: () => boolean; readonly stop: () => Promise<void> }> {
  let isCut = false;
  const look = async (): Promise<void> => {
    try {
      isCut = (await checkHead(deps)) === 'cut';
    } catch (error) {
      raiseAlarm(deps.log, 'audit-head', { err: error });
    }
  };
  await look();
  const timer = setInterval(() => void look(), minuteMs);
  timer.unref();
  return {
    isCut: () => isCut,
    stop: async () => {
      clearInterval(timer);
      await look();
    },
  };
}
