import { and, eq, isNull, sql } from 'drizzle-orm';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import { oidcArtefact } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { artefactHash, type LaunchGrant, type LaunchGrants } from './launch-grant.ts';
import type { RequestWork } from './request-work.ts';

/** What the adapters of oidc-provider's models need. */
export type AdapterDeps = {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly grants: LaunchGrants;
  readonly work: RequestWork;
  /** A launch as the library's Grant. */
  readonly grantPayload: (grant: LaunchGrant) => AdapterPayload;
  /** The metadata of a registered client, or undefined. */
  readonly client: (clientId: string) => Promise<AdapterPayload | undefined>;
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
  return { ...keepsNothing, find: client };
}

/**
 * A session is kept for its one request alone. A launch signs its user in by its handle; a session that was found
 * again would bring the last launch's grant, and so its person, into the next.
 */
const forgotten = keepsNothing;

/** The library's grant is the launch's own: written when the handle is taken, and ended with all that hangs on it. */
function launched({ grants, grantPayload }: AdapterDeps): Adapter {
  return {
    ...keepsNothing,
    find: async (id) => {
      const grant = await grants.find(id);
      return grant === undefined ? undefined : grantPayload(grant);
    },
    destroy: (id) => grants.end([id]),
  };
}

/** Codes and tokens in the database, under the hash of their id and without it. */
function stored(model: string, { db, idKey, grants, work }: AdapterDeps): Adapter {
  const keyOf = (id: string) =>
    and(eq(oidcArtefact.model, model), eq(oidcArtefact.idHash, artefactHash(idKey, model, id)));
  const consume = db
    .update(oidcArtefact)
    .set({ consumedAt: sql`${sql.param(sql.placeholder('now'), oidcArtefact.consumedAt)}` })
    .where(
      and(
        eq(oidcArtefact.model, sql.placeholder('model')),
        eq(oidcArtefact.idHash, sql.placeholder('idHash')),
        isNull(oidcArtefact.consumedAt),
      ),
    )
    .returning({ grantId: oidcArtefact.grantId })
    .prepare('oidc_artefact_consume');
  const rowOf = (id: string, { jti: _jti, ...payload }: AdapterPayload, expiresInSeconds: number | undefined) => ({
    model,
    idHash: artefactHash(idKey, model, id),
    payload,
    grantId: payload.grantId ?? null,
    expiresAt: expiresInSeconds === undefined ? null : new Date(Date.now() + expiresInSeconds * 1000),
  });
  return {
    ...keepsNothing,
    upsert: async (id, payload, expiresInSeconds) => {
      await work.keep(rowOf(id, payload, expiresInSeconds));
    },
    find: async (id) => found(id, await grants.findArtefact(model, id)),
    consume: async (id) => {
      const rows = await consume.execute({ model, idHash: artefactHash(idKey, model, id), now: new Date() });
      if (rows.length === 1) return;
      // Two came at once, perhaps to two servers: one of them is not the client, so that the launch ends for both.
      const [row] = await db.select({ grantId: oidcArtefact.grantId }).from(oidcArtefact).where(keyOf(id));
      if (typeof row?.grantId === 'string') await grants.end([row.grantId]);
      throw new errors.InvalidGrant('already consumed');
    },
    destroy: async (id) => {
      await db.delete(oidcArtefact).where(keyOf(id));
    },
  };
}

/** Where the library does not say until when; an assertion may not live longer. */
const longestAssertionSeconds = 600;

/** A row as the library's payload. */
function found(id: string, row: Awaited<ReturnType<LaunchGrants['findArtefact']>>): AdapterPayload | undefined {
  if (row === undefined) return undefined;
  const consumed = row.consumedAt === null ? {} : { consumed: Math.floor(row.consumedAt.getTime() / 1000) };
  // Only `upsert` writes this column.
  return { ...(row.payload as AdapterPayload), jti: id, ...consumed };
}

/**
 * A code is shown to one endpoint alone, and is used up by that, whatever becomes of the request: whoever brings one with
 * a wrong verifier has stolen it. A second one finds it used, and the library ends the launch.
 */
function shownOnce(model: string, deps: AdapterDeps): Adapter {
  return {
    ...stored(model, deps),
    find: async (id) => found(id, await deps.grants.takeArtefact(model, id)),
    consume: nothing,
  };
}

/** What may be seen once. It is not looked for before it is written: of two that race, the second to write loses. */
function seenOnce({ db, idKey }: AdapterDeps): Adapter {
  const model = 'ReplayDetection';
  return {
    ...keepsNothing,
    upsert: async (id, { jti: _jti, ...payload }, expiresInSeconds = longestAssertionSeconds) => {
      const rows = await db
        .insert(oidcArtefact)
        .values({
          model,
          idHash: artefactHash(idKey, model, id),
          payload,
          expiresAt: new Date(Date.now() + expiresInSeconds * 1000),
        })
        .onConflictDoNothing()
        .returning({ model: oidcArtefact.model });
      if (rows.length === 0) throw new errors.InvalidClientAuth('client assertion was used');
    },
  };
}

/** Makes the adapter of one of oidc-provider's models, by its name. */
export function createAdapter(deps: AdapterDeps): (model: string) => Adapter {
  return (model) => {
    switch (model) {
      case 'Client':
        return registered(deps.client);
      case 'Session':
      case 'Interaction':
        return forgotten;
      case 'Grant':
        return launched(deps);
      case 'ReplayDetection':
        return seenOnce(deps);
      case 'AuthorizationCode':
        return shownOnce(model, deps);
      default:
        return stored(model, deps);
    }
  };
}
