import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { newKey } from '../../config/key-file.ts';
import type { Federation } from '../answer.ts';
import { asker, federationOf, gathered, noCredentials, person, sourceOf, standIn } from '../stand-in.ts';
import { loggedTo } from './log.testing.ts';
import { openSmartServer, type SmartServer } from './smart-backend.testing.ts';
import { publicHalves } from './token-endpoint.testing.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of open.splice(0).toReversed()) await one.close();
});

const keys = await Promise.all(['RS384', 'ES384'].map(newKey));
const registration = {
  clientId: 'ohc',
  jwks: publicHalves(keys),
  algorithms: ['RS384', 'ES384'],
  scope: 'system/*.rs',
};

/** A server, and a federation of which it is the one source. */
async function source(
  options: Parameters<typeof openSmartServer>[1] = {},
  more: {
    readonly auth?: object;
    readonly registered?: Partial<typeof registration>;
    readonly keys?: typeof keys;
  } = {},
): Promise<{ readonly federation: Federation; readonly server: SmartServer; readonly logged: readonly string[] }> {
  const server = await openSmartServer({ ...registration, ...more.registered }, options);
  const auth = { type: 'smart-backend' as const, clientId: 'ohc', scope: 'system/*.rs', ...more.auth };
  const { log, logged } = loggedTo();
  const federation = federationOf([sourceOf({ id: 'a', baseUrl: server.url, auth, deadlineMs: 700 })], undefined, {
    credentials: { ...noCredentials, keys: more.keys ?? keys },
    log,
  });
  open.push(server, federation);
  return { federation, server, logged };
}
const statusOf = async (federation: Federation): Promise<string | undefined> =>
  (await gathered(federation)).get('a')?.status;

describe('a source with SMART backend services', () => {
  test('is asked with a token, of which one does for all requests of everyone', async () => {
    const { federation, server } = await source();
    const all = await Promise.all([statusOf(federation), statusOf(federation), statusOf(federation)]);
    expect([...all, await statusOf(federation)]).toEqual(['complete', 'complete', 'complete', 'complete']);
    expect(server.token.refused).toEqual([]);
    expect(server.token.count()).toBe(1);
    expect(new Set(server.shown).size).toBe(1);
  });

  test('whose token runs out is asked for a new one shortly before', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { federation, server } = await source();
    await statusOf(federation);
    vi.setSystemTime(Date.now() + 269_000);
    await statusOf(federation);
    expect(server.token.count()).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    expect([await statusOf(federation), server.token.count()]).toEqual(['complete', 2]);
  });

  test('which took its token back is asked for one more, once for all who were refused', async () => {
    const { federation, server } = await source();
    await statusOf(federation);
    server.takeBack();
    expect(await Promise.all([statusOf(federation), statusOf(federation)])).toEqual(['complete', 'complete']);
    expect(server.token.count()).toBe(2);
  });

  test('that takes no token is not asked for a third', async () => {
    const { federation, server } = await source({
      grant: (answer) => ({ ...answer, access_token: crypto.randomUUID() }),
    });
    expect([await statusOf(federation), server.token.count()]).toEqual(['unavailable', 2]);
  });

  test('signs as the source takes it', async () => {
    const { federation, server } = await source({}, { registered: { algorithms: ['ES384'] } });
    expect([await statusOf(federation), server.token.refused]).toEqual(['complete', []]);
  });

  test.each<[string, Parameters<typeof source>, string]>([
    ['another key is registered', [{}, { registered: { jwks: publicHalves([]) } }], 'invalid_client'],
    ['we are known by another id', [{}, { auth: { clientId: 'someone' } }], 'invalid_client'],
    ['it gives no such scope', [{}, { auth: { scope: 'system/*.cruds' } }], 'invalid_scope'],
    ['it has no smart-configuration', [{ configuration: () => ({}) }], 'no smart-configuration'],
    ['it takes no algorithm of ours', [{}, { registered: { algorithms: ['PS256'] } }], 'no key to sign with'],
    ['the key of that kid is gone', [{}, { auth: { keyId: 'gone' } }], 'kid gone'],
  ])('cannot be reached where %s, and the log says why', async (_what, [options, more], why) => {
    const { federation, logged } = await source(options, more);
    expect(await statusOf(federation)).toBe('unavailable');
    expect(logged.join('')).toMatch(new RegExp(`"fault":"credentials","detail":"[^"]*${why}`));
  });

  test('is not believed where it says that tokens are given elsewhere, unless the configuration says so too', async () => {
    const elsewhere = await openSmartServer(registration);
    open.push(elsewhere);
    const pointing = { configuration: (document: object) => ({ ...document, token_endpoint: elsewhere.tokenUrl }) };
    const { federation, logged } = await source(pointing);
    expect([await statusOf(federation), elsewhere.token.count()]).toEqual(['unavailable', 0]);
    expect(logged.join('')).toContain('name it as tokenUrl');
    const named = await source(pointing, { auth: { tokenUrl: elsewhere.tokenUrl } });
    await statusOf(named.federation);
    expect(elsewhere.token.refused).toEqual([]);
    // One at first, and one more since the source does not know the tokens of another.
    expect(elsewhere.token.count()).toBe(2);
  });

  test('is not followed to where its discovery redirects', async () => {
    const away = await standIn(() => ({ token_endpoint: 'http://127.0.0.1:9/token' }));
    const server = await standIn((request, response) =>
      request.path.endsWith('smart-configuration')
        ? void response.writeHead(307, { location: away.url }).end()
        : [401, {}],
    );
    const federation = federationOf([
      sourceOf({ id: 'a', baseUrl: server.url, auth: { type: 'smart-backend', clientId: 'ohc', scope: 's' } }),
    ]);
    open.push(away, server, federation);
    expect([await statusOf(federation), away.asked]).toEqual(['unavailable', []]);
  });

  test('is waited for no longer than its deadline, and who goes away takes the token from nobody', async () => {
    const slow = Promise.withResolvers<void>();
    const { federation, server } = await source({ before: () => slow.promise });
    const leaving = new AbortController();
    const left = federation.gather(person, asker, 'viewer', leaving.signal)[Symbol.asyncIterator]().next();
    const stays = statusOf(federation);
    while (server.asked.filter((line) => line.startsWith('POST /token')).length === 0) await wait(5);
    leaving.abort();
    expect(await left).toMatchObject({ value: { status: 'unavailable' } });
    slow.resolve();
    expect([await stays, server.token.count()]).toEqual(['complete', 1]);
    const hanging = await source({ before: () => new Promise(() => undefined) });
    expect(await statusOf(hanging.federation)).toBe('timeout');
  });

  test('leaves no secret in the log, whatever goes wrong', async () => {
    const { federation, server, logged } = await source();
    await statusOf(federation);
    server.takeBack();
    await statusOf(federation);
    const refused = await source({}, { auth: { clientId: 'someone' } });
    await statusOf(refused.federation);
    const all = [...logged, ...refused.logged].join('');
    expect(all).toContain('source asked');
    expect(server.shown.length).toBeGreaterThan(2);
    for (const token of server.shown) expect(all).not.toContain(token);
    expect(all).not.toMatch(/eyJ|PRIVATE|client_assertion|Bearer/);
    for (const { d } of keys) expect(all).not.toContain(d);
  });
});
