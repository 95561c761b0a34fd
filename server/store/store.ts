import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import { migrate as migratePg } from 'drizzle-orm/node-postgres/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { lockFolder } from './folder-lock.ts';
import { pgliteNotices, postgresqlNotices, type Notices } from './notice.ts';
import * as schema from './schema.ts';

/** The database, the same to its users whichever driver is below. A transaction is one too. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

/** An open store. */
export type Store = {
  readonly db: Database;
  readonly kind: 'pglite' | 'postgresql';
  /** What one server tells all of them. */
  readonly notices: Notices;
  /** Rejects where the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const migrationsFolder = join(import.meta.dirname, 'migrations');

async function openPostgresql(databaseUrl: string): Promise<Store> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 20, connectionTimeoutMillis: 5_000 });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  const db = drizzlePg(pool, { schema });
  const one = await pool.connect();
  try {
    // Several servers start at once: one migrates, the others wait for it.
    await one.query('select pg_advisory_lock(7062418)');
    await migratePg(drizzlePg(one, { schema }), { migrationsFolder });
  } finally {
    await one.query('select pg_advisory_unlock(7062418)').catch(() => undefined);
    one.release();
  }
  return {
    db,
    kind: 'postgresql',
    notices: postgresqlNotices(databaseUrl),
    ping: async () => {
      await db.execute(sql`select 1`);
    },
    close: () => pool.end(),
  };
}

async function openPglite(dataDir: string): Promise<Store> {
  const folder = join(dataDir, 'pglite');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(folder);
  try {
    // A left-over of a power cut; PGlite has no other process to mistake it for, since the folder is locked.
    await rm(join(folder, 'postmaster.pid'), { force: true });
    const client = await PGlite.create({ dataDir: folder });
    const db = drizzlePglite(client, { schema });
    await migratePglite(db, { migrationsFolder });
    return {
      db,
      kind: 'pglite',
      notices: pgliteNotices(client),
      ping: async () => {
        await db.execute(sql`select 1`);
      },
      close: async () => {
        await client.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * Opens the store and brings its schema up to date: PostgreSQL where a URL is given, else PGlite in `dataDir/pglite`.
 * @throws where another process has the PGlite folder open, in a sentence that says so
 */
export function openStore(where: {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}): Promise<Store> {
  return where.databaseUrl === undefined ? openPglite(where.dataDir) : openPostgresql(where.databaseUrl);
}
