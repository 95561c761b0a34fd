import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { keyedHash } from '../keyed-hash.ts';
import { usedOnce } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

/** A secret that stands for something here: 32 random bytes, base64url. Only its keyed hash is kept. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What may be used once (a `jti`, by its issuer), and until when a second use is known as one. */
export type Once = {
  readonly what: readonly [purpose: string, ...parts: readonly string[]];
  readonly until: Date;
};

/** The statement that marks something as used: it gives a row to the first to use it alone. */
export function onceInsert(db: Database) {
  return db
    .insert(usedOnce)
    .values({ keyHash: sql.placeholder('onceHash'), expiresAt: sql.placeholder('onceUntil') })
    .onConflictDoNothing()
    .returning({ keyHash: usedOnce.keyHash });
}

/** The values of {@link onceInsert}. */
export function onceValues(idKey: Buffer, { what: [purpose, ...parts], until }: Once) {
  return { onceHash: keyedHash(idKey, purpose, ...parts), onceUntil: until };
}

/**
 * Marks something as used, for all server processes at once.
 * @returns true for the first to use it; false for everyone after, until `until` has passed and it is swept
 */
export async function takeOnce(db: Database, idKey: Buffer, once: Once): Promise<boolean> {
  return (await onceInsert(db).execute(onceValues(idKey, once))).length === 1;
}
