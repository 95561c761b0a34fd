import { AsyncLocalStorage } from 'node:async_hooks';
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import { keyedHash, personHash, userHash } from '../keyed-hash.ts';
import type { LaunchContext, LaunchUser } from '../launch/context.ts';
import type { Handles } from '../launch/handle.ts';
import { newSecret } from '../launch/once.ts';
import { launchGrant, oidcArtefact } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

/** A launch ends with the shift: 8 h. */
export const launchSeconds = 8 * 60 * 60;

/** The hash under which an artefact of the authorization server stands: a leaked table gives nobody a token. */
export function artefactHash(idKey: Buffer, model: string, id: string): string {
  return keyedHash(idKey, 'oidc-artefact', model, id);
}

/** One launch: who looks at whom, with which scopes, until when. */
export type LaunchGrant = {
  readonly grantId: string;
  readonly context: LaunchContext;
  /** All that was granted, whatever a single token of it carries. */
  readonly scopes: readonly string[];
  readonly endsAt: Date;
};

/** What one request has asked of the database, and what it still writes there. */
type RequestState = {
  readonly grants: Map<string, Promise<LaunchGrant | undefined>>;
  readonly writes: Promise<unknown>[];
};

/** The grants, one for each launch: never shared by two launches of a session, a user or a client. */
export type LaunchGrants = {
  /**
   * Takes a handle and keeps its context under a new grant, in one transaction.
   * @param scopesOf what is granted in that context
   * @throws {Fault} `handle-unknown`
   */
  readonly begin: (
    handle: string,
    clientId: string,
    scopesOf: (context: LaunchContext) => readonly string[],
  ) => Promise<LaunchGrant>;
  /** A grant that stands, or undefined. Within one {@link LaunchGrants.during} it is asked of the database once. */
  readonly find: (grantId: string) => Promise<LaunchGrant | undefined>;
  /** Runs one request of the authorization server. */
  readonly during: <T>(request: () => Promise<T>) => Promise<T>;
  /**
   * Lets a write of this request go on beside the rest of it. It stands, or the request fails, before anything is
   * answered: {@link LaunchGrants.written}. Outside of a request it is waited for.
   */
  readonly beside: (write: Promise<unknown>) => Promise<void>;
  /** Waits for the writes of this request. Rejects where one of them failed. */
  readonly written: () => Promise<void>;
  /** Changes what a grant that stands says of its user. */
  readonly correctUser: (grantId: string, user: LaunchUser) => Promise<void>;
  /** Ends grants: their codes and tokens are gone with them. */
  readonly end: (grantIds: readonly string[]) => Promise<void>;
  /** Ends every launch on a person. */
  readonly endOf: (personHash: string) => Promise<void>;
  /** Ends every launch of a user, but those that may go on without the user. */
  readonly endOfUser: (userHash: string) => Promise<void>;
};

/** The context as its column has it: with the scopes beside it, which are read and written with it. */
type Kept = LaunchContext & { readonly scopes: readonly string[] };

/** Grants kept in the database. */
export function createLaunchGrants({
  db,
  idKey,
  handles,
  onLaunchEnded,
}: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly handles: Handles;
  /** Ends what else is held for a launch. Called once for each grant that is ended, after it is gone. */
  readonly onLaunchEnded?: (context: LaunchContext, launchId: string) => Promise<void>;
}): LaunchGrants {
  const request = new AsyncLocalStorage<RequestState>();

  async function read(grantId: string): Promise<LaunchGrant | undefined> {
    const [row] = await db
      .select({ context: launchGrant.context, endsAt: launchGrant.expiresAt })
      .from(launchGrant)
      .where(and(eq(launchGrant.grantId, grantId), gt(launchGrant.expiresAt, new Date())));
    if (row === undefined) return undefined;
    // Only `begin` writes this column.
    const { scopes, ...context } = row.context as Kept;
    return { grantId, context, scopes, endsAt: row.endsAt };
  }

  async function end(grantIds: readonly string[]): Promise<void> {
    if (grantIds.length === 0) return;
    const ids = [...grantIds];
    const ended = await db.transaction(async (tx) => {
      // The grant first: a token that is being made this moment finds none, and is of no use.
      const rows = await tx
        .delete(launchGrant)
        .where(inArray(launchGrant.grantId, ids))
        .returning({ grantId: launchGrant.grantId, context: launchGrant.context });
      await tx.delete(oidcArtefact).where(inArray(oidcArtefact.grantId, ids));
      return rows;
    });
    for (const id of ids) request.getStore()?.grants.delete(id);
    // Only `begin` writes this column.
    for (const { grantId, context } of ended) await onLaunchEnded?.(context as Kept, grantId);
  }

  async function endWhere(which: ReturnType<typeof and>): Promise<void> {
    const rows = await db.select({ grantId: launchGrant.grantId }).from(launchGrant).where(which);
    await end(rows.map((row) => row.grantId));
  }

  return {
    begin: (handle, clientId, scopesOf) =>
      db.transaction(async (tx) => {
        const context = await handles.consume(handle, clientId, tx);
        const scopes = scopesOf(context);
        const grantId = newSecret();
        const endsAt = new Date(Date.now() + launchSeconds * 1000);
        const kept: Kept = { ...context, scopes };
        await tx.insert(launchGrant).values({
          grantId,
          context: kept,
          personHash: context.patient === undefined ? null : personHash(idKey, context.patient.nhsNumber),
          userHash: userHash(idKey, context.host, context.user.id),
          offline: scopes.includes('offline_access'),
          expiresAt: endsAt,
        });
        return { grantId, context, scopes, endsAt };
      }),
    find: (grantId) => {
      const known = request.getStore()?.grants;
      const found = known?.get(grantId) ?? read(grantId);
      known?.set(grantId, found);
      return found;
    },
    correctUser: async (grantId, user) => {
      await db
        .update(launchGrant)
        .set({ context: sql`jsonb_set(${launchGrant.context}, '{user}', ${JSON.stringify(user)}::jsonb)` })
        .where(eq(launchGrant.grantId, grantId));
    },
    during: (run) => request.run({ grants: new Map(), writes: [] }, run),
    beside: async (write) => {
      const state = request.getStore();
      if (state === undefined) {
        await write;
        return;
      }
      // Waited for in `written`; until then a failure has somebody who looks.
      write.catch(() => undefined);
      state.writes.push(write);
    },
    written: async () => {
      await Promise.all(request.getStore()?.writes ?? []);
    },
    end,
    endOf: (person) => endWhere(eq(launchGrant.personHash, person)),
    endOfUser: (user) => endWhere(and(eq(launchGrant.userHash, user), eq(launchGrant.offline, false))),
  };
}
