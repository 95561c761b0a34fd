import { lt } from 'drizzle-orm';
import type { Logger } from '../log.ts';
import {
  documentVerdict,
  hostToken,
  lastLook,
  launchGrant,
  launchHandle,
  oidcArtefact,
  pendingAuthorization,
  rateCounter,
  registrationTicket,
  signInSession,
  usedOnce,
} from './schema.ts';
import type { Database } from './store.ts';

const swept = [
  oidcArtefact,
  launchHandle,
  launchGrant,
  usedOnce,
  registrationTicket,
  pendingAuthorization,
  signInSession,
  hostToken,
  rateCounter,
  documentVerdict,
  lastLook,
] as const;

/** Removes what has expired from every table that only remembers for a while. */
export async function sweep(db: Database, now: Date): Promise<void> {
  for (const table of swept) await db.delete(table).where(lt(table.expiresAt, now));
}

/** Sweeps every minute until stopped. A sweep that fails is logged and tried again a minute later. */
export function startSweeping(db: Database, log: Logger): { readonly stop: () => void } {
  const timer = setInterval(() => {
    sweep(db, new Date()).catch((error: unknown) => log.warn({ err: error }, 'could not sweep what has expired'));
  }, 60_000);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
