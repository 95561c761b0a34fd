import { and, eq, isNull } from 'drizzle-orm';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { oidcArtefact } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { artefactHash, type LaunchGrants } from './launch-grant.ts';

/** What the adapters of oidc-provider's models need. */
export type AdapterDeps = {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly grants: LaunchGrants;
  /** The metadata of a registered client, or undefined. */
  readonly client: (clientId: string) => AdapterPayload | undefined;
};

const nothing = async (): Promise<undefined> => undefined;

/** Keeps nothing and finds nothing. */
const keepsNothing: Adapter = {
  find: nothing,
  upsert: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
};

/** Clients come from the configuration, and are looked up anew at each request: a registration may have ended. */
function registered(client: AdapterDeps['client']): Adapter {
  return { ...keepsNothing, find: async (id) => client(id) };
}

/**
 * A session is kept for its one request alone. A launch signs its user in by its handle; a session that was found
 * again would bring the last launch's grant, and so its person, into the next.
 */
const forgotten = keepsNothing;

/** Codes, tokens and grants in the database, under the hash of their id and without it. */
function stored(model: string, { db, idKey, grants }: AdapterDeps): Adapter {
  const keyOf = (id: string) =>
    and(eq(oidcArtefact.model, model), eq(oidcArtefact.idHash, artefactHash(idKey, model, id)));
  return {
    upsert: async (id, { jti: _jti, ...payload }, expiresInSeconds) => {
      const row = {
        model,
        idHash: artefactHash(idKey, model, id),
        payload,
        grantId: payload.grantId ?? null,
        expiresAt: expiresInSeconds === undefined ? null : new Date(Date.now() + expiresInSeconds * 1000),
      };
      // What may be seen once is there before it is written again: a replay that races its original loses here.
      if (model === 'ReplayDetection') {
        const rows = await db
          .insert(oidcArtefact)
          .values(row)
          .onConflictDoNothing()
          .returning({ model: oidcArtefact.model });
        if (rows.length === 0) throw new errors.InvalidClientAuth('client assertion was used');
        return;
      }
      await db
        .insert(oidcArtefact)
        .values(row)
        .onConflictDoUpdate({ target: [oidcArtefact.model, oidcArtefact.idHash], set: row });
    },
    find: async (id) => {
      const [row] = await db.select().from(oidcArtefact).where(keyOf(id));
      if (row === undefined) return undefined;
      const consumed = row.consumedAt === null ? {} : { consumed: Math.floor(row.consumedAt.getTime() / 1000) };
      // Only `upsert` writes this column.
      return { ...(row.payload as AdapterPayload), jti: id, ...consumed };
    },
    consume: async (id) => {
      const rows = await db
        .update(oidcArtefact)
        .set({ consumedAt: new Date() })
        .where(and(keyOf(id), isNull(oidcArtefact.consumedAt)))
        .returning({ grantId: oidcArtefact.grantId });
      if (rows.length === 1) return;
      // Two came at once, perhaps to two servers: one of them is not the client, so that the launch ends for both.
      const [row] = await db.select({ grantId: oidcArtefact.grantId }).from(oidcArtefact).where(keyOf(id));
      if (typeof row?.grantId === 'string') await grants.end([row.grantId]);
      throw new errors.InvalidGrant('already consumed');
    },
    destroy: async (id) => {
      await db.delete(oidcArtefact).where(keyOf(id));
    },
    revokeByGrantId: (grantId) => grants.end([grantId]),
    // For device codes and sessions, neither of which is kept.
    findByUid: nothing,
    findByUserCode: nothing,
  };
}

/** Makes the adapter of one of oidc-provider's models, by its name. */
export function createAdapter(deps: AdapterDeps): (model: string) => Adapter {
  return (model) => {
    if (model === 'Client') return registered(deps.client);
    if (model === 'Session' || model === 'Interaction') return forgotten;
    return stored(model, deps);
  };
}
