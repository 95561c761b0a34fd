import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'drizzle-orm';
import { oidcArtefact } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import type { LaunchGrant } from './launch-grant.ts';

/** A code or a token as its table has it. */
export type Artefact = Required<
  Pick<typeof oidcArtefact.$inferInsert, 'model' | 'idHash' | 'payload' | 'grantId' | 'expiresAt'>
>;

/** What one request has asked of the database, and what it writes there. */
type State = {
  readonly grants: Map<string, Promise<LaunchGrant | undefined>>;
  readonly artefacts: Map<string, Artefact>;
  readonly writes: Promise<unknown>[];
};

/**
 * The work of one request of the authorization server: a grant is asked of the database once, and what the request makes
 * is written in one go, beside what need not wait for it. All of it stands, or the request fails, before it is answered.
 */
export type RequestWork = {
  /** Runs one request. */
  readonly during: <T>(request: () => Promise<T>) => Promise<T>;
  /** The grants that this request knows; undefined outside of a request. */
  readonly grants: () => Map<string, Promise<LaunchGrant | undefined>> | undefined;
  /** Keeps a code or a token, to be written with the others of this request. Outside of a request it is waited for. */
  readonly keep: (artefact: Artefact) => Promise<void>;
  /** Lets a write of this request go on beside the rest of it. Outside of a request it is waited for. */
  readonly beside: (write: Promise<unknown>) => Promise<void>;
  /** Writes what this request keeps, and waits for all that it writes. Rejects where one of them failed. */
  readonly written: () => Promise<void>;
};

/** Makes it. */
export function createRequestWork(db: Database): RequestWork {
  const request = new AsyncLocalStorage<State>();

  /** The statement that writes so many rows at once, prepared when it is first needed. */
  const inserts = new Map<number, ReturnType<typeof prepareInsert>>();
  function prepareInsert(rows: number) {
    const values = Array.from({ length: rows }, (_, i) => ({
      model: sql.placeholder(`model${i}`),
      idHash: sql.placeholder(`idHash${i}`),
      payload: sql.placeholder(`payload${i}`),
      grantId: sql.placeholder(`grantId${i}`),
      expiresAt: sql.placeholder(`expiresAt${i}`),
    }));
    const { model, idHash } = oidcArtefact;
    const set = {
      payload: sql`excluded.payload`,
      grantId: sql`excluded.grant_id`,
      expiresAt: sql`excluded.expires_at`,
    };
    return db
      .insert(oidcArtefact)
      .values(values)
      .onConflictDoUpdate({ target: [model, idHash], set })
      .prepare(`oidc_artefact_keep_${rows}`);
  }

  async function write(artefacts: readonly Artefact[]): Promise<void> {
    if (artefacts.length === 0) return;
    const insert = inserts.get(artefacts.length) ?? prepareInsert(artefacts.length);
    inserts.set(artefacts.length, insert);
    const values = artefacts.flatMap((one, i) =>
      Object.entries(one).map(([name, value]): [string, unknown] => [`${name}${i}`, value]),
    );
    await insert.execute(Object.fromEntries(values));
  }

  return {
    during: (run) => request.run({ grants: new Map(), artefacts: new Map(), writes: [] }, run),
    grants: () => request.getStore()?.grants,
    keep: async (artefact) => {
      const state = request.getStore();
      if (state === undefined) await write([artefact]);
      else state.artefacts.set(`${artefact.model} ${artefact.idHash}`, artefact);
    },
    beside: async (one) => {
      const state = request.getStore();
      if (state === undefined) {
        await one;
        return;
      }
      // Waited for in `written`; until then a failure has somebody who looks.
      one.catch(() => undefined);
      state.writes.push(one);
    },
    written: async () => {
      const state = request.getStore();
      if (state !== undefined) await Promise.all([...state.writes, write([...state.artefacts.values()])]);
    },
  };
}
