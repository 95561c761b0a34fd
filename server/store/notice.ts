import { setTimeout as sleep } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Database } from './store.ts';

/** What is told on a channel is heard by every server on the database, each in its own process. */
export type Notices = {
  /**
   * Listens on a channel until closed. What was told while the connection was down is not heard: whoever may not miss a
   * notice asks the database on `connected`, and now and then besides.
   */
  readonly listen: (channel: string, listener: NoticeListener) => Promise<{ readonly close: () => Promise<void> }>;
};

export type NoticeListener = {
  readonly heard: (payload: string) => void;
  /** The channel is open, for the first time or again. */
  readonly connected: () => void;
  /** It is not, and is tried again until it is. Called once for each time that it breaks or cannot be opened. */
  readonly lost: (error: unknown) => void;
};

/** Tells all who listen on a channel. Within a transaction: once it is committed, and not where it is undone. */
export async function notify(tx: Database, channel: string, payload: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${channel}, ${payload})`);
}

/** Notices of the embedded database, in the one process that has it. */
export function pgliteNotices(client: PGlite): Notices {
  return {
    listen: async (channel, { heard, connected }) => {
      const stop = await client.listen(channel, heard);
      connected();
      return { close: () => stop() };
    },
  };
}

const firstWaitMs = 100;
const longestWaitMs = 5_000;

/**
 * Notices of PostgreSQL, on a connection of their own: a channel is a connection's, so that none of the pool will do, nor
 * one behind a pooler that hands connections on with each transaction.
 */
export function postgresqlNotices(databaseUrl: string): Notices {
  return {
    listen: async (channel, { heard, connected, lost }) => {
      const closing = new AbortController();
      let current: pg.Client | undefined;

      /** Opens the channel; resolves when it is open. `broken` when it no longer is. */
      const open = async (): Promise<{ readonly broken: Promise<unknown> }> => {
        const client = new pg.Client({
          connectionString: databaseUrl,
          connectionTimeoutMillis: 5_000,
          keepAlive: true,
          keepAliveInitialDelayMillis: 10_000,
        });
        const broken = new Promise<unknown>((done) => {
          client.once('error', done);
          client.once('end', () => done(new Error('the connection ended')));
        });
        // A second error of a connection that is gone already would end the process.
        client.on('error', () => undefined);
        client.on('notification', (notice) => {
          if (notice.channel === channel) heard(notice.payload ?? '');
        });
        current = client;
        try {
          await client.connect();
          await client.query(`listen ${client.escapeIdentifier(channel)}`);
        } catch (error) {
          await client.end().catch(() => undefined);
          throw error;
        }
        return { broken };
      };

      const keepOpen = async (): Promise<void> => {
        let isLost = false;
        let waitMs = firstWaitMs;
        while (!closing.signal.aborted) {
          let why: unknown;
          try {
            const { broken } = await open();
            isLost = false;
            waitMs = firstWaitMs;
            connected();
            why = await broken;
          } catch (error) {
            why = error;
          }
          if (closing.signal.aborted) return;
          if (!isLost) lost(why);
          isLost = true;
          await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => undefined);
          waitMs = Math.min(waitMs * 2, longestWaitMs);
        }
      };
      const kept = keepOpen();

      return {
        close: async () => {
          closing.abort();
          await current?.end().catch(() => undefined);
          await kept;
        },
      };
    },
  };
}
