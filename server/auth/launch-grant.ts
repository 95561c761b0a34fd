import { and, eq, gt, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { keyedHash, personHash, userHash } from '../keyed-hash.ts';
import type { LaunchContext, LaunchUser } from '../launch/context.ts';
import type { Handles } from '../launch/handle.ts';
import { newSecret } from '../launch/once.ts';
import { launchGrant, oidcArtefact } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import type { RequestWork } from './request-work.ts';

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

/** A code or a token as it is found: `consumedAt` is when it was used before. */
type KeptArtefact = { readonly payload: unknown; readonly consumedAt: Date | null };

/** The grants, one for each launch: never shared by two launches of a session, a user or a client. */
export type LaunchGrants = {
  /**
   * Takes a handle and keeps its context under a new grant, in one statement: whoever ends a user's launches finds the
   * one or the other.
   * @param scopesOf what is granted in that context
   * @throws {Fault} `handle-unknown`
   */
  readonly begin: (
    handle: string,
    clientId: string,
    scopesOf: (context: LaunchContext) => readonly string[],
  ) => Promise<LaunchGrant>;
  /** A grant that stands, or undefined. Within one request it is asked of the database once. */
  readonly find: (grantId: string) => Promise<LaunchGrant | undefined>;
  /** A code or a token as it is kept, read together with its grant; undefined where there is none. */
  readonly findArtefact: (model: string, id: string) => Promise<KeptArtefact | undefined>;
  /**
   * The same, and uses it up with that, in one statement: of several that come at once, perhaps to several servers, one
   * finds it unused.
   */
  readonly takeArtefact: (model: string, id: string) => Promise<KeptArtefact | undefined>;
  /** Changes what a grant that stands says of its user. */
  readonly correctUser: (grantId: string, user: LaunchUser) => Promise<void>;
  /** Ends grants: their codes and tokens are gone with them. */
  readonly end: (grantIds: readonly string[]) => Promise<void>;
  /**
   * Ends every launch on a person in a transaction of the caller's.
   * @returns what ends the rest that is held for them, to be done once that is committed
   */
  readonly endOf: (personHash: string, within: Database) => Promise<() => Promise<void>>;
  /** Ends every launch of a user, but those that may go on without the user. */
  readonly endOfUser: (userHash: string) => Promise<void>;
};

/** The context as its column has it: with the scopes beside it, which are read and written with it. */
type Kept = LaunchContext & { readonly scopes: readonly string[] };

/** A grant as it is read. */
type Row = { readonly grantId: string; readonly context: unknown; readonly endsAt: Date };

/** A grant that is gone, and what it said. */
type Ended = { readonly grantId: string; readonly context: LaunchContext };

/** Grants kept in the database. */
export function createLaunchGrants({
  db,
  idKey,
  handles,
  work,
  onLaunchEnded,
}: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly handles: Handles;
  readonly work: RequestWork;
  /** Ends what else is held for a launch. Called once for each grant that is ended, after it is gone. */
  readonly onLaunchEnded?: (context: LaunchContext, launchId: string) => Promise<void>;
}): LaunchGrants {
  const columns = { grantId: launchGrant.grantId, context: launchGrant.context, endsAt: launchGrant.expiresAt };
  const stands = gt(launchGrant.expiresAt, sql.placeholder('now'));
  const byId = db
    .select(columns)
    .from(launchGrant)
    .where(and(eq(launchGrant.grantId, sql.placeholder('grantId')), stands))
    .prepare('launch_grant_by_id');
  const { payload, consumedAt, grantId: ofGrant } = oidcArtefact;
  const asked = and(
    eq(oidcArtefact.model, sql.placeholder('model')),
    eq(oidcArtefact.idHash, sql.placeholder('idHash')),
  );
  const artefactWithGrant = db
    .select({ payload, consumedAt, ofGrant, grant: columns })
    .from(oidcArtefact)
    .leftJoin(launchGrant, and(eq(launchGrant.grantId, ofGrant), stands))
    .where(asked)
    .prepare('oidc_artefact_with_grant');
  const given = (name: string, column: PgColumn) => sql.param(sql.placeholder(name), column);
  // Who waits for the row sees it as the one before has left it.
  const before = db
    .$with('before')
    .as(db.select({ payload, consumedAt, ofGrant }).from(oidcArtefact).where(asked).for('update'));
  const used = db.$with('used').as(
    db
      .update(oidcArtefact)
      .set({ consumedAt: sql`${given('now', consumedAt)}` })
      .where(and(asked, isNull(consumedAt)))
      .returning({ ofGrant }),
  );
  const takenWithGrant = db
    .with(before, used)
    .select({ payload: before.payload, consumedAt: before.consumedAt, ofGrant: before.ofGrant, grant: columns })
    .from(before)
    .leftJoin(launchGrant, and(eq(launchGrant.grantId, before.ofGrant), stands))
    .prepare('oidc_artefact_taken_with_grant');
  const insertTaken = db
    .with(handles.taken)
    .insert(launchGrant)
    .select(
      db
        .select({
          // A parameter has no type of its own in the list of a SELECT.
          grantId: sql`${given('grantId', launchGrant.grantId)}::text`.as('grant_id'),
          context: sql`${given('context', launchGrant.context)}::jsonb`.as('context'),
          personHash: sql`${given('personHash', launchGrant.personHash)}::text`.as('person_hash'),
          userHash: sql`${given('userHash', launchGrant.userHash)}::text`.as('user_hash'),
          offline: sql`${given('offline', launchGrant.offline)}::boolean`.as('offline'),
          expiresAt: sql`${given('expiresAt', launchGrant.expiresAt)}::timestamptz`.as('expires_at'),
        })
        .from(handles.taken),
    )
    .returning({ grantId: launchGrant.grantId })
    .prepare('launch_grant_begin');
  const grantOf = ({ grantId, context, endsAt }: Row): LaunchGrant => {
    // Only `begin` writes this column.
    const { scopes, ...launched } = context as Kept;
    return { grantId, context: launched, scopes, endsAt };
  };

  async function read(grantId: string): Promise<LaunchGrant | undefined> {
    const [row] = await byId.execute({ grantId, now: new Date() });
    return row === undefined ? undefined : grantOf(row);
  }

  async function begin(
    handle: string,
    clientId: string,
    scopesOf: (context: LaunchContext) => readonly string[],
  ): Promise<LaunchGrant> {
    const context = await handles.find(handle, clientId);
    const scopes = scopesOf(context);
    const grantId = newSecret();
    const endsAt = new Date(Date.now() + launchSeconds * 1000);
    const kept: Kept = { ...context, scopes };
    const begun = await insertTaken.execute({
      ...handles.takenBy(handle, clientId),
      grantId,
      context: kept,
      personHash: context.patient === undefined ? null : personHash(idKey, context.patient.nhsNumber),
      userHash: userHash(idKey, context.host, context.user.id),
      offline: scopes.includes('offline_access'),
      expiresAt: endsAt,
    });
    // Taken between the look and the statement: another look says why.
    if (begun.length === 0) return begin(handle, clientId, scopesOf);
    const grant: LaunchGrant = { grantId, context, scopes, endsAt };
    work.grants()?.set(grantId, Promise.resolve(grant));
    return grant;
  }

  async function remove(grantIds: readonly string[], tx: Database): Promise<readonly Ended[]> {
    const ids = [...grantIds];
    // The grant first: a token that is being made this moment finds none, and is of no use.
    const rows = await tx
      .delete(launchGrant)
      .where(inArray(launchGrant.grantId, ids))
      .returning({ grantId: launchGrant.grantId, context: launchGrant.context });
    await tx.delete(oidcArtefact).where(inArray(oidcArtefact.grantId, ids));
    // Only `begin` writes this column.
    return rows.map(({ grantId, context }) => ({ grantId, context: context as Kept }));
  }

  async function tell(ended: readonly Ended[]): Promise<void> {
    for (const { grantId, context } of ended) await onLaunchEnded?.(context, grantId);
  }

  async function end(grantIds: readonly string[]): Promise<void> {
    if (grantIds.length === 0) return;
    const ended = await db.transaction((tx) => remove(grantIds, tx));
    for (const id of grantIds) work.grants()?.delete(id);
    await tell(ended);
  }

  async function idsOf(which: SQL | undefined, within: Database): Promise<readonly string[]> {
    const rows = await within.select({ grantId: launchGrant.grantId }).from(launchGrant).where(which);
    return rows.map((row) => row.grantId);
  }

  async function artefact(
    statement: typeof artefactWithGrant | typeof takenWithGrant,
    model: string,
    id: string,
  ): Promise<KeptArtefact | undefined> {
    const [row] = await statement.execute({ model, idHash: artefactHash(idKey, model, id), now: new Date() });
    if (row === undefined) return undefined;
    const { payload, consumedAt, ofGrant, grant } = row;
    if (ofGrant !== null) work.grants()?.set(ofGrant, Promise.resolve(grant === null ? undefined : grantOf(grant)));
    return { payload, consumedAt };
  }

  return {
    begin,
    findArtefact: (model, id) => artefact(artefactWithGrant, model, id),
    takeArtefact: (model, id) => artefact(takenWithGrant, model, id),
    find: (grantId) => {
      const known = work.grants();
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
    end,
    endOf: async (person, within) => {
      const ids = await idsOf(eq(launchGrant.personHash, person), within);
      const ended = ids.length === 0 ? [] : await remove(ids, within);
      return () => tell(ended);
    },
    endOfUser: async (user) =>
      end(await idsOf(and(eq(launchGrant.userHash, user), eq(launchGrant.offline, false)), db)),
  };
}
