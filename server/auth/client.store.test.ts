import { generateKeyPair, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appClient, assertionForm, basic, codeFor, keyedClient, type KeyedClient } from './client.testing.ts';
import { secretHashOf } from './client-metadata.ts';
import { faultOf, openWayIn, type WayIn } from './testing.ts';

const secret = 'correct horse battery staple';
const jwksUri = 'https://keys.example/jwks.json';
let way: WayIn;
let keyed: KeyedClient;
let rsa: KeyedClient;
let remote: KeyedClient;
/** What the key set at the address answers, and how often it was asked. */
const served = { body: {} as unknown, headers: {} as Record<string, string>, asked: 0 };
const fetched: string[] = [];

beforeAll(async () => {
  keyed = await keyedClient('keyed', 'k1');
  rsa = await keyedClient('rsa', 'r1', 'RS384');
  remote = await keyedClient('remote', 'u1');
  way = await openWayIn({
    fetch: async (url) => {
      fetched.push(url);
      served.asked += 1;
      return new Response(JSON.stringify(served.body), { headers: served.headers });
    },
    change: (config) => ({
      ...config,
      clients: [
        ...config.clients,
        appClient({ clientId: 'public' }),
        appClient({ clientId: 'secret', clientAuth: 'client_secret_basic', secretHash: secretHashOf(secret) }),
        appClient({ clientId: 'secretless', clientAuth: 'client_secret_basic' }),
        appClient({ clientId: 'keyed', clientAuth: 'private_key_jwt', jwks: { keys: [keyed.jwk] } }),
        appClient({ clientId: 'rsa', clientAuth: 'private_key_jwt', jwks: { keys: [rsa.jwk] } }),
        appClient({ clientId: 'remote', clientAuth: 'private_key_jwt', jwksUri }),
        appClient({
          clientId: 'ended',
          clientAuth: 'client_secret_basic',
          secretHash: secretHashOf(secret),
          until: '2020-01-01',
        }),
      ],
    }),
  });
});
afterAll(() => way.close());

const endpoint = (): string => `${way.base}/auth/token`;
const exchange = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  way.ask('/auth/token', form, headers);

describe('a public client', () => {
  it('names itself and proves nothing @63 @71 @355', async () => {
    const code = await codeFor(way, 'public');
    const answer = await exchange({ ...code, client_id: 'public' }, { origin: 'https://apps.example' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://apps.example');
  });

  it('refreshes without its id too, and only with its own token @103 @105', async () => {
    const first = await exchange({ ...(await codeFor(way, 'public')), client_id: 'public' });
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']) };
    const stolen = await exchange({ ...refresh, client_id: 'viewer' });
    expect([stolen.status, stolen.body['error']]).toEqual([400, 'invalid_grant']);
    const second = await exchange(refresh);
    expect([second.status, second.body['patient']]).toEqual([200, first.body['patient']]);
    const junk = await exchange({ grant_type: 'refresh_token', refresh_token: 'junk' });
    expect([junk.status, junk.body['error']]).toEqual([400, 'invalid_request']);
  });
});

describe('a client with a secret', () => {
  it('sends it in the header, and is asked nothing else @345 @356', async () => {
    const code = await codeFor(way, 'secret');
    const answer = await exchange(code, basic('secret', secret));
    expect(answer.status).toBe(200);
    const refresh = { grant_type: 'refresh_token', refresh_token: String(answer.body['refresh_token']) };
    // A refresh without its proof is not a public client's.
    expect((await exchange(refresh)).body['error']).toBe('invalid_request');
    expect((await exchange({ ...refresh, client_id: 'secret' })).body['error']).toBe('invalid_client');
    expect((await exchange(refresh, basic('secret', secret))).status).toBe(200);
  });

  it.each([
    ['another secret', () => basic('secret', 'wrong')],
    ['the hash of the secret, as a reader of the configuration would', () => basic('secret', secretHashOf(secret))],
    ['no secret', () => basic('secret', '')],
    ['a client that has none', () => basic('secretless', secret)],
    ['a client of another kind', () => basic('public', secret)],
    ['a client whose registration has ended', () => basic('ended', secret)],
  ])('is refused with %s @340', async (_name, headers) => {
    const answer = await exchange(await codeFor(way, 'secret'), headers());
    expect([400, 401]).toContain(answer.status);
    expect(['invalid_client', 'invalid_request']).toContain(answer.body['error']);
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(answer.headers.get('pragma')).toBe('no-cache');
  });

  it('is refused with its secret in the form', async () => {
    const answer = await exchange({ ...(await codeFor(way, 'secret')), client_id: 'secret', client_secret: secret });
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });
});

describe('a client with a key', () => {
  it.each([
    ['ES384', () => keyed],
    ['RS384', () => rsa],
  ])('proves itself by %s, once with each assertion @297 @310 @326 @335 @336 @357', async (_name, client) => {
    const { clientId, sign } = client();
    const assertion = assertionForm(await sign(endpoint()));
    expect((await exchange({ ...(await codeFor(way, clientId)), ...assertion })).status).toBe(200);
    const again = await exchange({ ...(await codeFor(way, clientId)), ...assertion });
    expect([again.status, again.body['error']]).toEqual([401, 'invalid_client']);
  });

  it('is taken with a clock that is a minute off', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const claims of [{ exp: now - 50 }, { exp: now + 350 }, { nbf: now + 50 }]) {
      const assertion = assertionForm(await keyed.sign(endpoint(), claims));
      expect((await exchange({ ...(await codeFor(way, 'keyed')), ...assertion })).status).toBe(200);
    }
  });

  it('uses an assertion once, also when two servers are asked at once @336', async () => {
    const assertion = assertionForm(await keyed.sign(endpoint()));
    const codes = await Promise.all([codeFor(way, 'keyed'), codeFor(way, 'keyed')]);
    const answers = await Promise.all([
      way.ask('/auth/token', { ...codes[0], ...assertion }),
      way.ask('/second/auth/token', { ...codes[1], ...assertion }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  it.each<[string, () => Promise<string>]>([
    ['that lives for over five minutes', () => keyed.sign(endpoint(), { exp: now() + 600 })],
    ['that has run out', () => keyed.sign(endpoint(), { exp: now() - 120 })],
    ['without an end', () => keyed.sign(endpoint(), { exp: undefined })],
    ['for another server', () => keyed.sign('https://other.example/token')],
    ['for the issuer rather than the endpoint', () => keyed.sign(`${way.base}/auth`)],
    ['for two servers', () => keyed.sign(endpoint(), { aud: [endpoint(), 'https://other.example/token'] })],
    ['of another issuer', () => keyed.sign(endpoint(), { iss: 'rsa' })],
    ['of an unknown client', () => keyed.sign(endpoint(), { iss: 'nobody', sub: 'nobody' })],
    ['of another client', () => keyed.sign(endpoint(), { iss: 'rsa', sub: 'rsa' })],
    ['without a jti', () => keyed.sign(endpoint(), { jti: undefined })],
    ['of another type', () => keyed.sign(endpoint(), {}, { typ: 'at+jwt' })],
    ['without a type', () => keyed.sign(endpoint(), {}, { typ: undefined })],
    ['with an unknown kid', () => keyed.sign(endpoint(), {}, { kid: 'k2' })],
    ['without a kid', () => keyed.sign(endpoint(), {}, { kid: undefined })],
    ['with a key set of its own', () => keyed.sign(endpoint(), {}, { jku: 'https://evil.example/jwks' })],
    ['signed by another key', async () => (await keyedClient('keyed', 'k1')).sign(endpoint())],
    ['whose signature was changed', async () => `${(await keyed.sign(endpoint())).slice(0, -8)}AAAAAAAA`],
    [
      'that nobody signed',
      async () => {
        const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
        const claims = { iss: 'keyed', sub: 'keyed', aud: endpoint(), exp: now() + 240, jti: randomUUID() };
        return `${part({ alg: 'none', kid: 'k1', typ: 'JWT' })}.${part(claims)}.`;
      },
    ],
    [
      'signed with the public key as if it were a secret',
      () =>
        new SignJWT({ iss: 'rsa', sub: 'rsa', aud: endpoint(), exp: now() + 240, jti: randomUUID() })
          .setProtectedHeader({ alg: 'HS256', kid: 'r1', typ: 'JWT' })
          .sign(new TextEncoder().encode(JSON.stringify(rsa.jwk))),
    ],
    [
      'of an algorithm that is not on the list',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT({ iss: 'keyed', sub: 'keyed', aud: endpoint(), exp: now() + 240, jti: randomUUID() })
          .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'JWT' })
          .sign(privateKey);
      },
    ],
  ])('is refused with an assertion %s @335 @337 @338 @340', async (_name, make) => {
    const asked = fetched.length;
    const answer = await exchange({ ...(await codeFor(way, 'keyed')), ...assertionForm(await make()) });
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    expect(fetched).toHaveLength(asked);
  });

  it('is refused with an assertion of another kind @333', async () => {
    const assertion = { ...assertionForm(await keyed.sign(endpoint())), client_assertion_type: 'urn:other' };
    const answer = await exchange({ ...(await codeFor(way, 'keyed')), ...assertion });
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_request']);
  });

  it('is refused by its id alone', async () => {
    const answer = await exchange({ ...(await codeFor(way, 'keyed')), client_id: 'keyed' });
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
  });
});

describe('a client that publishes its keys', () => {
  const proves = async (client: KeyedClient, header: Record<string, unknown> = {}): Promise<number> => {
    const code = await codeFor(way, 'remote');
    const assertion = assertionForm(await client.sign(endpoint(), {}, header));
    return (await exchange({ ...code, ...assertion })).status;
  };

  it('is known by them, for as long as its answer may be kept and no longer @296 @339 @341 @342', async () => {
    served.body = { keys: [remote.jwk] };
    served.headers = { 'cache-control': 'max-age=3600' };
    served.asked = 0;
    expect(await proves(remote, { jku: jwksUri })).toBe(200);
    expect(await proves(remote)).toBe(200);
    expect(served.asked).toBe(1);
    expect(new Set(fetched)).toEqual(new Set([jwksUri]));

    // Another process, whose answer may not be kept: the key that is gone from the set is gone from here.
    const fresh = await openWayIn({
      fetch: async () => new Response(JSON.stringify(served.body), { headers: { 'cache-control': 'no-cache' } }),
      change: (config) => ({
        ...config,
        clients: [appClient({ clientId: 'remote', clientAuth: 'private_key_jwt', jwksUri }), ...config.clients],
      }),
    });
    const next = await keyedClient('remote', 'u2');
    const tried = async (client: KeyedClient): Promise<number> => {
      const assertion = assertionForm(await client.sign(`${fresh.base}/auth/token`));
      return (await fresh.ask('/auth/token', { ...(await codeFor(fresh, 'remote')), ...assertion })).status;
    };
    expect(await tried(remote)).toBe(200);
    served.body = { keys: [next.jwk] };
    expect(await tried(remote)).toBe(401);
    expect(await tried(next)).toBe(200);
    await fresh.close();
  });

  it.each<[string, (one: KeyedClient, other: KeyedClient) => unknown]>([
    ['two keys of one kid', (one, other) => ({ keys: [one.jwk, { ...other.jwk, kid: one.jwk.kid }] })],
    ['a key without a kid', (one) => ({ keys: [{ ...one.jwk, kid: undefined }] })],
    ['a key that is not its own alone', (one) => ({ keys: [{ ...one.jwk, d: 'AAAA' }] })],
    ['nothing', () => ({})],
    ['a page', () => 'sorry'],
  ])('is refused where the set has %s @338', async (_name, body) => {
    const one = await keyedClient('remote', 'u3');
    const fresh = await openWayIn({
      fetch: async () => new Response(JSON.stringify(body(one, remote))),
      change: (config) => ({
        ...config,
        clients: [appClient({ clientId: 'remote', clientAuth: 'private_key_jwt', jwksUri }), ...config.clients],
      }),
    });
    const assertion = assertionForm(await one.sign(`${fresh.base}/auth/token`));
    const answer = await fresh.ask('/auth/token', { ...(await codeFor(fresh, 'remote')), ...assertion });
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    await fresh.close();
  });
});

it('a client whose registration ends loses its open launches with the next request', async () => {
  const { body } = await exchange({ ...(await codeFor(way, 'public')), client_id: 'public' });
  const token = String(body['access_token']);
  const client = way.config.clients.find((one) => one.clientId === 'public');
  if (client === undefined) throw new Error('no such client');
  expect((await way.verify({ body })).clientId).toBe('public');
  // The configuration is read-only to all but this test, which stands for the passing of time.
  client.until = '2020-01-01';
  try {
    expect(await faultOf(way.verify({ body }))).toBe('token-invalid');
    const introspected = await way.ask('/auth/token/introspection', { token }, basic('secret', secret));
    expect(introspected.body).toEqual({ active: false });
    const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) };
    expect((await exchange({ ...refresh, client_id: 'public' })).body['error']).toBe('invalid_client');
    expect((await exchange(refresh)).status).toBe(400);
  } finally {
    delete client.until;
  }
});

it('two clients never share a code', async () => {
  const code = await codeFor(way, 'public');
  const answer = await exchange(code, basic('secret', secret));
  expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
});
