import { afterEach, describe, expect, test, vi } from 'vitest';
import { newKey } from '../../config/key-file.ts';
import type { Asker, Federation } from '../answer.ts';
import { createHttp } from '../http.ts';
import { asker, federationOf, noCredentials, person, sourceOf } from '../stand-in.ts';
import { loggedTo } from './log.testing.ts';
import { openPlatform, type Platform } from './nhs-api-platform.testing.ts';
import { publicHalves } from './token-endpoint.testing.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of open.splice(0).toReversed()) await one.close();
});

const keys = await Promise.all(['RS384', 'RS512'].map(newKey));
const registration = { clientId: 'api-key', jwks: publicHalves(keys), algorithms: ['RS512'] };

async function platform(more: { readonly auth?: object; readonly keys?: typeof keys } = {}): Promise<{
  readonly federation: Federation;
  readonly service: Platform;
  readonly logged: readonly string[];
}> {
  const service = await openPlatform(registration);
  const auth = { type: 'nhs-api-platform' as const, clientId: 'api-key', ...more.auth };
  const { log, logged } = loggedTo();
  const federation = federationOf(
    [sourceOf({ id: 'pds', kind: 'pds', ods: 'X26', baseUrl: service.url, auth, deadlineMs: 700 })],
    undefined,
    { credentials: { ...noCredentials, keys: more.keys ?? keys }, log },
  );
  open.push(service, federation);
  return { federation, service, logged };
}
const ask = (federation: Federation, who: Asker = asker): ReturnType<Federation['demographics']> =>
  federation.demographics(person.nhsNumber, who, new AbortController().signal);

describe('the service of these tests refuses what the real one refuses', () => {
  test.each<[string, Record<string, string>, number]>([
    ['no token', { authorization: 'Bearer none' }, 401],
    ['no X-Request-ID', { 'x-request-id': '' }, 400],
    ['an X-Request-ID that is no UUID', { 'x-request-id': 'request-1' }, 400],
    ['no organisation', { 'nhsd-end-user-organisation-ods': '' }, 400],
    [
      'an Organization in base64 where its code belongs',
      { 'nhsd-end-user-organisation-ods': 'eyJyZXNvdXJjZVR5cGUi' },
      400,
    ],
  ])('%s', async (_what, spoilt, status) => {
    const { federation, service } = await platform();
    await ask(federation);
    const good = Object.fromEntries(
      Object.entries(service.headers[0] ?? {}).filter(([name]) => /^(authorization|x-|nhsd-)/.test(name)),
    ) as Record<string, string>;
    const http = createHttp();
    open.push(http);
    const send = (headers: Record<string, string>): Promise<{ readonly status: number }> =>
      http.request({
        address: service.url,
        method: 'GET',
        url: `${service.url}/Patient/x`,
        headers: { ...good, 'x-request-id': crypto.randomUUID(), ...headers },
        signal: AbortSignal.timeout(700),
      });
    expect((await send({})).status).toBe(200);
    expect((await send(spoilt)).status).toBe(status);
  });
});

describe('the demographics service on NHS England’s API platform', () => {
  test('is asked with a token, an id of each request, that of the launch, and the organisation that asks', async () => {
    const { federation, service } = await platform();
    expect(await ask(federation)).toMatchObject({ kind: 'found' });
    expect(await ask(federation)).toMatchObject({ kind: 'found' });
    expect([service.token.refused, service.token.count()]).toEqual([[], 1]);
    const [first, second] = service.headers;
    expect(first).toMatchObject({ 'x-correlation-id': asker.traceId, 'nhsd-end-user-organisation-ods': 'RJE' });
    expect(first?.['x-request-id']).not.toBe(second?.['x-request-id']);
    expect(first).not.toHaveProperty('nhsd-session-urid');
  });

  test('is told the role session of a user who has one', async () => {
    const { federation, service } = await platform();
    await ask(federation, { ...asker, sds: { userId: '555254239107', roleProfileId: '555254240100' } });
    expect(service.headers[0]).toMatchObject({ 'nhsd-session-urid': '555254240100' });
  });

  test('keeps the token for as long as the platform says in digits, and asks for one more where it is refused', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { federation, service } = await platform();
    await ask(federation);
    vi.setSystemTime(Date.now() + 568_000);
    await ask(federation);
    expect(service.token.count()).toBe(1);
    vi.setSystemTime(Date.now() + 2_000);
    await ask(federation);
    expect(service.token.count()).toBe(2);
    service.takeBack();
    expect([await ask(federation), service.token.count()]).toMatchObject([{ kind: 'found' }, 3]);
    const { length } = service.headers;
    // The request that is sent again is the same request.
    expect(service.headers[length - 1]?.['x-request-id']).toBe(service.headers[length - 2]?.['x-request-id']);
  });

  test.each<[string, Parameters<typeof platform>[0], readonly string[]]>([
    ['another API key', { auth: { clientId: 'another' } }, ['unexpected "iss" claim value']],
    ['no RS512 key', { keys: keys.filter(({ alg }) => alg === 'RS384') }, []],
    ['a kid that is gone', { auth: { keyId: 'gone' } }, []],
  ])('decides nothing with %s', async (_what, more, refused) => {
    const { federation, service, logged } = await platform(more);
    await expect(ask(federation)).rejects.toMatchObject({ code: 'undecided' });
    expect(service.token.refused).toEqual(refused);
    expect(service.headers).toEqual([]);
    expect(logged.join('')).not.toMatch(/eyJ|PRIVATE/);
  });
});
