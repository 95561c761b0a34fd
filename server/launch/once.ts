import { randomBytes } from 'node:crypto';
import { keyedHash } from '../keyed-hash.ts';
import { usedOnce } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

/** A secret that stands for something here: 32 random bytes, base64url. Only its keyed hash is kept. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Marks something as used, for all server processes at once.
 * @returns true for the first to use it; false for everyone after, until `until` has passed and it is swept
 */
export async function takeOnce(
  db: Database,
  idKey: Buffer,
  what: readonly [purpose: string, ...parts: readonly string[]],
  until: Date,
): Promise<boolean> {
  const [purpose, ...parts] = what;
  const rows = await db
    .insert(usedOnce)
    .values({ keyHash: keyedHash(idKey, purpose, ...parts), expiresAt: until })
    .onConflictDoNothing()
    .returning({ keyHash: usedOnce.keyHash });
  return rows.length === 1;
}
