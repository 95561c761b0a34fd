import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { keyedHash } from '../keyed-hash.ts';
import { launchHandle } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import type { LaunchContext } from './context.ts';
import { newSecret } from './once.ts';
import { refuse } from './page/refusal.ts';

/** How long a handle works. */
const handleMs = 60_000;

/** One-time handles: what a launch URL carries in place of the context. */
export type Handles = {
  /**
   * Keeps the context and gives the handle that stands for it: works once, for 60 s, for the context's client.
   * @param handle a secret of the caller's that is to be the handle
   */
  readonly issue: (context: LaunchContext, handle?: string) => Promise<string>;
  /** True while a handle waits to be used. */
  readonly waits: (handle: string) => Promise<boolean>;
  /**
   * The context of a handle that waits to be used.
   * @throws {Fault} `handle-unknown`; `detail` says whether it was never issued, used, late or another client's
   */
  readonly find: (handle: string, clientId: string) => Promise<LaunchContext>;
  /**
   * Takes a handle as the first part (`with`) of a prepared statement of the caller's, which then writes what is to stand
   * or fall with it: one row for the one of several that comes first, none for the others.
   */
  readonly taken: ReturnType<typeof taking>;
  /** The values of {@link Handles.taken}. */
  readonly takenBy: (handle: string, clientId: string) => Readonly<Record<string, unknown>>;
};

/** The part of a statement that marks a handle as used which this client may use now. */
function taking(db: Database) {
  const { handleHash, clientId, consumedAt, expiresAt } = launchHandle;
  const taken = db
    .update(launchHandle)
    .set({ consumedAt: sql`${sql.param(sql.placeholder('now'), consumedAt)}` })
    .where(
      and(
        eq(handleHash, sql.placeholder('handleHash')),
        eq(clientId, sql.placeholder('clientId')),
        isNull(consumedAt),
        gt(expiresAt, sql.placeholder('now')),
      ),
    )
    .returning({ handleHash });
  return db.$with('taken').as(taken);
}

/** Handles kept in the database under their keyed hash, so that any server process can take what another issued. */
export function createHandles({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): Handles {
  const hashOf = (handle: string): string => keyedHash(idKey, 'launch-handle', handle);

  const insert = db
    .insert(launchHandle)
    .values({
      handleHash: sql.placeholder('handleHash'),
      clientId: sql.placeholder('clientId'),
      context: sql.placeholder('context'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .prepare('launch_handle_issue');
  const byHash = db
    .select()
    .from(launchHandle)
    .where(eq(launchHandle.handleHash, sql.placeholder('handleHash')))
    .prepare('launch_handle_by_hash');

  return {
    issue: async (context, handle = newSecret()) => {
      const expiresAt = new Date(Date.now() + handleMs);
      await insert.execute({ handleHash: hashOf(handle), clientId: context.clientId, context, expiresAt });
      return handle;
    },
    waits: async (handle) => {
      const rows = await db
        .select({ clientId: launchHandle.clientId })
        .from(launchHandle)
        .where(
          and(
            eq(launchHandle.handleHash, hashOf(handle)),
            isNull(launchHandle.consumedAt),
            gt(launchHandle.expiresAt, new Date()),
          ),
        );
      return rows.length === 1;
    },
    find: async (handle, clientId) => {
      const [row] = await byHash.execute({ handleHash: hashOf(handle) });
      if (row === undefined) throw refuse('handle-unknown', 'handle-never-issued');
      if (row.clientId !== clientId) throw refuse('handle-unknown', 'handle-of-another-client');
      if (row.consumedAt !== null) throw refuse('handle-unknown', 'handle-used');
      if (row.expiresAt.getTime() <= Date.now()) throw refuse('handle-unknown', 'handle-late');
      // Only `issue` writes this column.
      return row.context as LaunchContext;
    },
    taken: taking(db),
    takenBy: (handle, clientId) => ({ handleHash: hashOf(handle), clientId, now: new Date() }),
  };
}
