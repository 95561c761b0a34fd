import { randomBytes, randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { Fault } from '../../fault.ts';
import { hostToken } from '../../store/schema.ts';
import { sweep } from '../../store/sweep.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { createHostTokens, type HostTokens } from './host-token.ts';
import { openStrictHost, type StrictHost } from './strict-host.testing.ts';

let store: Store;
let strict: StrictHost;
/** Two server processes on one database. */
let here: HostTokens;
let there: HostTokens;
const idKey = randomBytes(32);

async function process(fetchIt?: Fetch): Promise<HostTokens> {
  const config = { ...(await loadConfig('smart-config')), hosts: [strict.host] };
  return createHostTokens({
    config,
    db: store.db,
    idKey,
    launchKeys: [],
    ...(fetchIt === undefined ? {} : { fetch: fetchIt }),
  });
}

beforeAll(async () => {
  store = await openTestStore();
  strict = await openStrictHost('client_secret_basic');
  here = await process();
  there = await process();
});
afterEach(() => {
  vi.useRealTimers();
  strict.reset();
});
afterAll(async () => {
  await strict.close();
  await store.close();
});

/** Keeps tokens that the host knows. */
async function kept({ lifeMs }: { readonly lifeMs: number }) {
  const tokens = { accessToken: randomUUID(), refreshToken: randomUUID(), lifeMs };
  strict.tokens.add(tokens.accessToken);
  strict.refreshTokens.add(tokens.refreshToken);
  return { ...tokens, id: await here.keep(tokens, 'strict') };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => (error instanceof Fault ? error.code : String(error)),
  );
}

describe('the tokens of a host', () => {
  it('are used as they are while they are good', async () => {
    const { id, accessToken } = await kept({ lifeMs: 300_000 });
    expect(await here.authorization(id)).toBe(`Bearer ${accessToken}`);
    expect(strict.refreshes()).toBe(0);
  });

  it('are refreshed before they run out, with the refresh token they were given last @105 @106 @117', async () => {
    const { id, accessToken } = await kept({ lifeMs: 0 });
    const second = await here.authorization(id);
    expect(second).not.toBe(`Bearer ${accessToken}`);
    expect(await there.authorization(id)).toBe(second);
    expect(strict.refreshes()).toBe(1);
    vi.useFakeTimers({ toFake: ['Date'] });
    // The host says 300 s: at 240 it is refreshed.
    vi.setSystemTime(Date.now() + 250_000);
    expect(await there.authorization(id)).not.toBe(second);
    expect(strict.refreshes()).toBe(2);
    expect(strict.violations).toEqual([]);
  });

  it('are refreshed once by many that ask at the same time, at two servers', async () => {
    const { id } = await kept({ lifeMs: 0 });
    const asked = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? here : there).authorization(id));
    const answers = new Set(await Promise.all(asked));
    expect(strict.refreshes()).toBe(1);
    expect(answers.size).toBe(1);
    // The chain holds.
    const [answer = ''] = answers;
    expect(strict.tokens.has(answer.replace('Bearer ', ''))).toBe(true);
  });

  it('are taken over from a server that died while it refreshed them', async () => {
    const asked: string[] = [];
    const dying = await process((url, init) => {
      asked.push(url);
      return url.endsWith('/token') ? new Promise(() => undefined) : fetch(url, init);
    });
    const { id, accessToken } = await kept({ lifeMs: 0 });
    void dying.authorization(id).catch(() => undefined);
    await vi.waitFor(() => expect(asked.some((url) => url.endsWith('/token'))).toBe(true));
    const taken = there.authorization(id);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 13_000);
    expect(await taken).not.toBe(`Bearer ${accessToken}`);
    expect(strict.refreshes()).toBe(1);
  });

  it('that the host will not refresh have ended, for good', async () => {
    const { id } = await kept({ lifeMs: 0 });
    strict.be.refreshFails = { status: 400, error: 'invalid_grant' };
    expect(await codeOf(here.authorization(id))).toBe('undecided');
    delete strict.be.refreshFails;
    expect(await codeOf(here.authorization(id))).toBe('undecided');
    expect(strict.refreshes()).toBe(1);
  });

  it('are used to their end where the host cannot refresh them just now, and it is not asked for each request', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { id, accessToken } = await kept({ lifeMs: 100_000 });
    vi.setSystemTime(Date.now() + 85_000);
    strict.be.refreshFails = { status: 503, error: 'temporarily_unavailable' };
    expect(await here.authorization(id)).toBe(`Bearer ${accessToken}`);
    expect(await here.authorization(id)).toBe(`Bearer ${accessToken}`);
    expect(strict.refreshes()).toBe(1);
    vi.setSystemTime(Date.now() + 20_000);
    expect(await codeOf(here.authorization(id))).toBe('undecided');
    delete strict.be.refreshFails;
    expect(await here.authorization(id)).not.toBe(`Bearer ${accessToken}`);
  });

  it('without a refresh token are good as long as the host said', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const id = await here.keep({ accessToken: 'a', lifeMs: 60_000 }, 'strict');
    vi.setSystemTime(Date.now() + 55_000);
    expect(await here.authorization(id)).toBe('Bearer a');
    vi.setSystemTime(Date.now() + 10_000);
    expect(await codeOf(here.authorization(id))).toBe('undecided');
  });

  it('are forgotten at the end of the launch, and revoked at the host', async () => {
    const { id, accessToken, refreshToken } = await kept({ lifeMs: 300_000 });
    await here.end(id);
    expect(await codeOf(there.authorization(id))).toBe('undecided');
    await here.close();
    expect(strict.revoked).toEqual([refreshToken, accessToken]);
    expect(strict.violations).toEqual([]);
    // Twice is once.
    await here.end(id);
    await here.close();
    expect(strict.revoked).toHaveLength(2);
  });

  it('are revoked also where the launch ends while they are refreshed', async () => {
    let go = (): void => undefined;
    const held = new Promise<void>((done) => {
      go = done;
    });
    const asked: string[] = [];
    const slow = await process(async (url, init) => {
      asked.push(url);
      if (url.endsWith('/token')) await held;
      return fetch(url, init);
    });
    const { id } = await kept({ lifeMs: 0 });
    const refreshing = codeOf(slow.authorization(id));
    await vi.waitFor(() => expect(asked.some((url) => url.endsWith('/token'))).toBe(true));
    await there.end(id);
    await there.close();
    // A host that lets the old chain live on for a moment.
    strict.refreshTokens.add(strict.revoked[0] ?? '');
    go();
    expect(await refreshing).toBe('undecided');
    await slow.close();
    expect(strict.revoked).toHaveLength(4);
    expect(strict.revoked.some((token) => strict.tokens.has(token))).toBe(false);
  });

  it('that nobody used are gone in a quarter of an hour, those that are used at the end of the shift', async () => {
    const unused = await kept({ lifeMs: 300_000 });
    const used = await kept({ lifeMs: 24 * 3_600_000 });
    await here.authorization(used.id);
    const in16Minutes = new Date(Date.now() + 16 * 60_000);
    await sweep(store.db, in16Minutes);
    const rows = await store.db.select({ id: hostToken.id, expiresAt: hostToken.expiresAt }).from(hostToken);
    expect(rows.map(({ id }) => id)).not.toContain(unused.id);
    const left = rows.find(({ id }) => id === used.id)?.expiresAt.getTime() ?? 0;
    expect(Math.round((left - Date.now()) / 60_000)).toBe(8 * 60);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 8 * 3_600_000 + 1_000);
    expect(await codeOf(here.authorization(used.id))).toBe('undecided');
  });

  it('are worth nothing to somebody with the table: sealed, each for its own row', async () => {
    const [one, other] = [await kept({ lifeMs: 300_000 }), await kept({ lifeMs: 300_000 })];
    const dump = JSON.stringify(await store.db.execute(sql`select encode(sealed, 'escape') as sealed from host_token`));
    for (const secret of [one.accessToken, one.refreshToken, 'accessToken']) expect(dump).not.toContain(secret);
    const [row] = await store.db.select().from(hostToken).where(eq(hostToken.id, one.id));
    await store.db
      .update(hostToken)
      .set({ sealed: row?.sealed ?? Buffer.of() })
      .where(eq(hostToken.id, other.id));
    expect(await codeOf(here.authorization(other.id))).toBe('undecided');
  });

  it('do not wait for a host that does not answer when they end', async () => {
    const hanging = await process(() => new Promise(() => undefined));
    const { id } = await kept({ lifeMs: 300_000 });
    await hanging.end(id);
    expect(await codeOf(here.authorization(id))).toBe('undecided');
  });
});
