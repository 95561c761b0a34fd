import { and, eq, gt, inArray, or, sql } from 'drizzle-orm';
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

/** The grants, one for each launch: never shared by two launches of a session, a user or a client. */
export type LaunchGrants = {
  /**
   * Takes a handle and keeps its context under a new grant, in one transaction.
   * @throws {Fault} `handle-unknown`
   */
  readonly begin: (
    handle: string,
    clientId: string,
  ) => Promise<{ readonly grantId: string; readonly context: LaunchContext }>;
  /** The context of a grant that stands, or undefined. */
  readonly find: (grantId: string) => Promise<LaunchContext | undefined>;
  /** Changes what a grant that stands says of its user. */
  readonly correctUser: (grantId: string, user: LaunchUser) => Promise<void>;
  /** Ends grants: their codes and tokens are gone with them. */
  readonly end: (grantIds: readonly string[]) => Promise<void>;
  /** Ends every launch on a person. */
  readonly endOf: (personHash: string) => Promise<void>;
  /** Ends every launch of a user, but those whose client may go on without them. */
  readonly endOfUser: (userHash: string) => Promise<void>;
};

/** Grants kept in the database. */
export function createLaunchGrants({
  db,
  idKey,
  handles,
}: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly handles: Handles;
}): LaunchGrants {
  async function end(grantIds: readonly string[]): Promise<void> {
    if (grantIds.length === 0) return;
    const ids = [...grantIds];
    const grants = ids.map((id) => artefactHash(idKey, 'Grant', id));
    await db.transaction(async (tx) => {
      // The context first: a token that is being made this moment finds none, and is of no use.
      await tx.delete(launchGrant).where(inArray(launchGrant.grantId, ids));
      await tx
        .delete(oidcArtefact)
        .where(
          or(
            inArray(oidcArtefact.grantId, ids),
            and(eq(oidcArtefact.model, 'Grant'), inArray(oidcArtefact.idHash, grants)),
          ),
        );
    });
  }

  return {
    begin: (handle, clientId) =>
      db.transaction(async (tx) => {
        const context = await handles.consume(handle, clientId, tx);
        const grantId = newSecret();
        await tx.insert(launchGrant).values({
          grantId,
          context,
          personHash: context.patient === undefined ? null : personHash(idKey, context.patient.nhsNumber),
          userHash: userHash(idKey, context.host, context.user.id),
          expiresAt: new Date(Date.now() + launchSeconds * 1000),
        });
        return { grantId, context };
      }),
    find: async (grantId) => {
      const [row] = await db
        .select({ context: launchGrant.context })
        .from(launchGrant)
        .where(and(eq(launchGrant.grantId, grantId), gt(launchGrant.expiresAt, new Date())));
      // Only `begin` writes this column.
      return row?.context as LaunchContext | undefined;
    },
    correctUser: async (grantId, user) => {
      await db
        .update(launchGrant)
        .set({ context: sql`jsonb_set(${launchGrant.context}, '{user}', ${JSON.stringify(user)}::jsonb)` })
        .where(eq(launchGrant.grantId, grantId));
    },
    end,
    endOf: async (person) => {
      const rows = await db
        .select({ grantId: launchGrant.grantId })
        .from(launchGrant)
        .where(eq(launchGrant.personHash, person));
      await end(rows.map((row) => row.grantId));
    },
    endOfUser: async (user) => {
      const rows = await db
        .select({ grantId: launchGrant.grantId })
        .from(launchGrant)
        .where(and(eq(launchGrant.userHash, user), eq(launchGrant.offline, false)));
      await end(rows.map((row) => row.grantId));
    },
  };
}
