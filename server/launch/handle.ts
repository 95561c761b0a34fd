import { and, eq, gt, isNull } from 'drizzle-orm';
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
   * Takes the context that a handle stands for. Of several that come at once, one gets it. In a transaction of the
   * caller's where one is given: what the caller writes then stands or falls with it.
   * @throws {Fault} `handle-unknown`; `detail` says whether it was never issued, used, late or another client's
   */
  readonly consume: (handle: string, clientId: string, within?: Database) => Promise<LaunchContext>;
};

/** Handles kept in the database under their keyed hash, so that any server process can take what another issued. */
export function createHandles({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): Handles {
  const hashOf = (handle: string): string => keyedHash(idKey, 'launch-handle', handle);

  async function whyNot(handleHash: string, clientId: string, within: Database): Promise<string> {
    const [row] = await within.select().from(launchHandle).where(eq(launchHandle.handleHash, handleHash));
    if (row === undefined) return 'handle-never-issued';
    if (row.clientId !== clientId) return 'handle-of-another-client';
    return row.consumedAt === null ? 'handle-late' : 'handle-used';
  }

  return {
    issue: async (context, handle = newSecret()) => {
      const expiresAt = new Date(Date.now() + handleMs);
      await db
        .insert(launchHandle)
        .values({ handleHash: hashOf(handle), clientId: context.clientId, context, expiresAt });
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
    consume: async (handle, clientId, within = db) => {
      const handleHash = hashOf(handle);
      const now = new Date();
      const [row] = await within
        .update(launchHandle)
        .set({ consumedAt: now })
        .where(
          and(
            eq(launchHandle.handleHash, handleHash),
            eq(launchHandle.clientId, clientId),
            isNull(launchHandle.consumedAt),
            gt(launchHandle.expiresAt, now),
          ),
        )
        .returning({ context: launchHandle.context });
      if (row === undefined) throw refuse('handle-unknown', await whyNot(handleHash, clientId, within));
      // Only `issue` writes this column.
      return row.context as LaunchContext;
    },
  };
}
