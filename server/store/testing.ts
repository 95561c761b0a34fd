import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import * as schema from './schema.ts';
import { pgliteNotices } from './notice.ts';
import { openStore, type Database, type Store } from './store.ts';

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merging needs an interface
  interface ProvidedContext {
    /** URL of the PostgreSQL that the project `postgresql` tests on; empty in the project `pglite`. */
    databaseUrl: string;
  }
}

/**
 * A fresh, empty store for one test file: PGlite in memory, or a database of its own on the real PostgreSQL, as the
 * vitest project says. Files named `*.store.test.ts` run on both.
 */
export async function openTestStore(): Promise<Store> {
  const databaseUrl = inject('databaseUrl');
  if (databaseUrl === '') {
    const client = await PGlite.create();
    const db = drizzle(client, { schema });
    await migrate(db, { migrationsFolder: join(import.meta.dirname, 'migrations') });
    return {
      db,
      kind: 'pglite',
      notices: pgliteNotices(client),
      ping: async () => undefined,
      close: () => client.close(),
    };
  }
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  return openStore({ databaseUrl: Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href, dataDir: '' });
}

/** The same database, and how many reads were made by it. */
export function countingReads(db: Database): { readonly db: Database; readonly reads: () => number } {
  let reads = 0;
  const counted = new Proxy(db, {
    get: (of, name) => {
      if (name === 'select') reads += 1;
      const member: unknown = Reflect.get(of, name);
      return typeof member === 'function' ? (member.bind(of) as unknown) : member;
    },
  });
  return { db: counted, reads: () => reads };
}
