import { lt } from 'drizzle-orm';
import { launchGrant, launchHandle, oidcArtefact, registrationTicket, usedOnce } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

/** Throws away what has run out: handles, tickets, `jti`s, grants, codes and tokens. */
export async function sweep(db: Database, now: Date): Promise<void> {
  await db.delete(launchHandle).where(lt(launchHandle.expiresAt, now));
  await db.delete(registrationTicket).where(lt(registrationTicket.expiresAt, now));
  await db.delete(usedOnce).where(lt(usedOnce.expiresAt, now));
  await db.delete(launchGrant).where(lt(launchGrant.expiresAt, now));
  await db.delete(oidcArtefact).where(lt(oidcArtefact.expiresAt, now));
}
