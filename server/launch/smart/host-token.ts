import { and, eq, gt } from 'drizzle-orm';
import { hkdfSync } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JWK } from 'jose';
import { refreshTokenGrant, ResponseBodyError, tokenRevocation } from 'openid-client';
import type { Config } from '../../config/config.ts';
import type { SmartHost } from '../../config/schema.ts';
import { Fault, undecided } from '../../fault.ts';
import { sealText, unsealText } from '../../sealed.ts';
import { hostToken } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import { newSecret } from '../once.ts';
import { faultOfAnswer } from '../openid/answer-fault.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { createSmartHosts } from './smart-host.ts';
import { readTokens, type Tokens } from './token-response.ts';

/** A launch ends with the shift, and with it the right to read at its host. */
const shiftMs = 8 * 60 * 60_000;
/** A launch whose user has not come as far as the record until then never will. */
const waitingMs = 15 * 60_000;
/** Longer than a token endpoint is waited for, shorter than a clinician waits for a record. */
const leaseMs = 12_000;
const patienceMs = 25_000;
/** How long a token that is still good is used before a refresh that failed is tried again. */
const againMs = 30_000;

/** The tokens that hosts have given for launches whose record is read with them. */
export type HostTokens = {
  /** Keeps a host's tokens for one launch; gives the key under which they stand. Unused, they are gone in 15 minutes. */
  readonly keep: (tokens: Tokens, host: string) => Promise<string>;
  /**
   * The value of `Authorization` for the host's FHIR server, refreshed where it runs out.
   * @throws {Fault} `undecided` where the tokens have ended, or cannot be refreshed
   */
  readonly authorization: (id: string) => Promise<string>;
  /** Ends the tokens of a launch: forgotten at once; revoked at the host, as far as it lets us, soon after. */
  readonly end: (id: string) => Promise<void>;
  /** Revokes tokens that were never kept. */
  readonly discard: (tokens: Tokens, host: string) => void;
  /** Waits for revocations that are under way. */
  readonly close: () => Promise<void>;
};

/** A row as it is opened. Times are milliseconds since the epoch. */
type Held = {
  readonly host: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** From when on it is refreshed, and from when on it is worth nothing. */
  readonly staleAt: number;
  readonly expiresAt: number;
  readonly endsAt: number;
  /** Until when the process that refreshes it has it for itself. */
  readonly leasedUntil?: number;
};
type Row = { readonly sealed: Buffer; readonly held: Held; readonly keptUntil: Date };

function held(tokens: Tokens, host: string, endsAt: number, now: number): Held {
  // A host that says nothing of a token's life is asked again early, where it can be.
  const lifeMs = tokens.lifeMs ?? (tokens.refreshToken === undefined ? shiftMs : 5 * 60_000);
  return {
    host,
    accessToken: tokens.accessToken,
    ...(tokens.refreshToken === undefined ? {} : { refreshToken: tokens.refreshToken }),
    staleAt: now + lifeMs * 0.8,
    expiresAt: now + (tokens.lifeMs ?? shiftMs),
    endsAt,
  };
}

/**
 * Kept in the database, sealed. A refresh token works once at many hosts, so that one process alone may send it: it
 * takes the row by swapping what is sealed in it for the same with a lease, and the others wait for what it brings. No
 * transaction stays open while a host is asked.
 */
export function createHostTokens(deps: {
  readonly config: Config;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly launchKeys: readonly JWK[];
  readonly fetch?: Fetch;
}): HostTokens {
  const { config, db } = deps;
  const key = Buffer.from(hkdfSync('sha256', deps.idKey, '', 'host-token', 32));
  const hosts = createSmartHosts(deps);
  const flying = new Map<string, Promise<string>>();
  const revoking = new Set<Promise<void>>();
  const seal = (id: string, value: Held): Buffer => sealText(key, id, JSON.stringify(value));
  // Only `seal` made it.
  const unseal = (id: string, sealed: Buffer): Held => JSON.parse(unsealText(key, id, sealed)) as Held;

  function hostOf(id: string): SmartHost {
    const host = config.hosts.find((one) => one.id === id);
    if (host?.door !== 'smart') throw undecided('the host of the tokens is not registered');
    return host;
  }

  async function find(id: string): Promise<Row> {
    const [row] = await db
      .select({ sealed: hostToken.sealed, keptUntil: hostToken.expiresAt })
      .from(hostToken)
      .where(and(eq(hostToken.id, id), gt(hostToken.expiresAt, new Date())));
    if (row === undefined) throw undecided('the host’s tokens have ended');
    return { ...row, held: unseal(id, row.sealed) };
  }

  /** Puts new contents in the place of those that were read; undefined where somebody else was first. */
  async function swap(id: string, from: Row, to: Held): Promise<Row | undefined> {
    const sealed = seal(id, to);
    const rows = await db
      .update(hostToken)
      .set({ sealed })
      .where(and(eq(hostToken.id, id), eq(hostToken.sealed, from.sealed)))
      .returning({ id: hostToken.id });
    return rows.length === 1 ? { ...from, sealed, held: to } : undefined;
  }

  async function refresh(id: string, leased: Row, before: Held, refreshToken: string): Promise<string> {
    let tokens: Tokens;
    try {
      const { refresh: party } = await hosts(hostOf(before.host));
      tokens = readTokens(await refreshTokenGrant(party, refreshToken));
    } catch (error) {
      const isOver = error instanceof ResponseBodyError && error.error === 'invalid_grant';
      const { refreshToken: _ended, ...rest } = before;
      const now = Date.now();
      const isStillGood = !isOver && before.expiresAt > now;
      // Not asked again for every request meanwhile.
      const later = isStillGood ? Math.min(now + againMs, before.expiresAt) : before.staleAt;
      await swap(id, leased, isOver ? { ...rest, expiresAt: now } : { ...before, staleAt: later });
      if (isStillGood) return `Bearer ${before.accessToken}`;
      throw undecided('the host’s token could not be refreshed', faultOfAnswer(error));
    }
    // A host that sends no new refresh token lets the old one stand.
    const whole = { refreshToken, ...tokens };
    const now = held(whole, before.host, before.endsAt, Date.now());
    if ((await swap(id, leased, now)) === undefined) {
      discard(whole, before.host);
      throw undecided('the launch ended while its host’s token was refreshed');
    }
    return `Bearer ${now.accessToken}`;
  }

  async function current(id: string): Promise<string> {
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      const row = await find(id);
      const now = Date.now();
      const { accessToken, refreshToken, staleAt, expiresAt, endsAt, leasedUntil } = row.held;
      // Used for the first time: from now on it is kept to the end of the shift.
      if (row.keptUntil.getTime() < endsAt)
        await db
          .update(hostToken)
          .set({ expiresAt: new Date(endsAt) })
          .where(eq(hostToken.id, id));
      if (now < staleAt) return `Bearer ${accessToken}`;
      if (refreshToken === undefined) {
        if (now < expiresAt) return `Bearer ${accessToken}`;
        throw undecided('the host’s token has run out');
      }
      if (leasedUntil !== undefined && leasedUntil > now) {
        await pause(100);
        continue;
      }
      const { leasedUntil: _lapsed, ...before } = row.held;
      const leased = await swap(id, row, { ...before, leasedUntil: now + leaseMs });
      if (leased !== undefined) return refresh(id, leased, before, refreshToken);
    }
    throw undecided('another process refreshes the host’s token and does not end');
  }

  async function revoke({ accessToken, refreshToken }: Tokens, hostId: string): Promise<void> {
    const { refresh: party } = await hosts(hostOf(hostId));
    if (party.serverMetadata().revocation_endpoint === undefined) return;
    // The refresh token first: with it most hosts end what came of it.
    if (refreshToken !== undefined)
      await tokenRevocation(party, refreshToken, { token_type_hint: 'refresh_token' }).catch(() => undefined);
    await tokenRevocation(party, accessToken, { token_type_hint: 'access_token' });
  }

  function discard(tokens: Tokens, hostId: string): void {
    // Nobody waits for a host that does not answer: what we held is gone already.
    const done = revoke(tokens, hostId)
      .catch(() => undefined)
      .finally(() => revoking.delete(done));
    revoking.add(done);
  }

  return {
    keep: async (tokens, host) => {
      const id = newSecret();
      const now = Date.now();
      const sealed = seal(id, held(tokens, host, now + shiftMs, now));
      await db.insert(hostToken).values({ id, sealed, expiresAt: new Date(now + waitingMs) });
      return id;
    },
    authorization: (id) => {
      const under = flying.get(id);
      if (under !== undefined) return under;
      const asked = current(id)
        .catch((error: unknown) => {
          throw error instanceof Fault ? error : undecided('the host’s tokens could not be read', error);
        })
        .finally(() => flying.delete(id));
      flying.set(id, asked);
      return asked;
    },
    end: async (id) => {
      const [row] = await db.delete(hostToken).where(eq(hostToken.id, id)).returning({ sealed: hostToken.sealed });
      if (row === undefined) return;
      const { host, ...tokens } = unseal(id, row.sealed);
      discard(tokens, host);
    },
    discard,
    close: async () => {
      await Promise.all(revoking);
    },
  };
}
