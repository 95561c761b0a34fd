import { createHash } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { texts } from '../../../src/fhir/json.ts';
import { assertion, openServer, type Answer, type Server } from './testing.ts';

type Key = { readonly privateKey: CryptoKey; readonly alg: string; readonly kid: string; readonly jwk: JWK };

async function newKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
  return { privateKey, alg: 'ES384', kid, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES384', use: 'sig' } };
}

// What a form must encode stands in it: RFC 6749, 2.3.1.
const secret = 'a secret: +/=&%';
const jwks = { keys: [] as readonly Key[], cacheControl: '', requests: [] as (string | undefined)[][] };
let server: Server;
let jwksServer: HttpServer;
let keys: readonly [Key, Key];
beforeAll(async () => {
  keys = await Promise.all([newKey('k1'), newKey('k2')]);
  jwksServer = createServer((request, response) => {
    jwks.requests.push([request.method, request.url, request.headers.authorization, request.headers.cookie]);
    response.setHeader('content-type', 'application/json').setHeader('cache-control', jwks.cacheControl);
    response.end(JSON.stringify({ keys: jwks.keys.map(({ jwk }) => jwk) }));
  });
  await new Promise<void>((done) => jwksServer.listen(0, '127.0.0.1', done));
  const at = `http://127.0.0.1:${(jwksServer.address() as AddressInfo).port}`;
  const byUrl = { clientAuth: 'private_key_jwt' as const };
  server = await openServer({
    apps: [
      {
        clientId: 'portal',
        clientAuth: 'client_secret_basic',
        secretHash: createHash('sha256').update(secret).digest('base64url'),
      },
      { ...byUrl, clientId: 'kept', jwksUri: `${at}/kept` },
      { ...byUrl, clientId: 'fresh', jwksUri: `${at}/fresh` },
    ],
  });
});
beforeEach(() => void jwks.requests.splice(0));
afterAll(async () => {
  await server.close();
  await new Promise((done) => jwksServer.close(done));
});

const basic = (id: string, given: string): Record<string, string> => {
  const encoded = [id, given].map((part) => encodeURIComponent(part).replaceAll('%20', '+')).join(':');
  return { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` };
};

const launchedBy = async (
  clientId: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const answer = await server.authorize({ scope: 'launch online_access patient/*.rs' }, {}, clientId);
  return server.tokenOf({ ...server.redeeming(answer, clientId), ...form }, headers);
};

describe('a client with a secret', () => {
  it('is told of in discovery (D-12) @356 @386', async () => {
    const { body } = await server.discovered();
    expect(texts(body['capabilities'])).toContain('client-confidential-symmetric');
    expect(texts(body['token_endpoint_auth_methods_supported'])).toContain('client_secret_basic');
  });

  it('proves itself by HTTP Basic, also to refresh (T-03) @356', async () => {
    const first = await launchedBy('portal', {}, basic('portal', secret));
    expect([first.status, first.body['patient']]).toEqual([200, server.patientId('9990000018')]);
    const again = await server.tokenOf(
      { grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']) },
      basic('portal', secret),
    );
    expect(again.status).toBe(200);
  });

  it.each<[string, Record<string, string>, () => Record<string, string>]>([
    ['another secret', {}, () => basic('portal', `${secret}x`)],
    ['an empty secret', {}, () => basic('portal', '')],
    [
      'the hash that the server keeps',
      {},
      () => basic('portal', createHash('sha256').update(secret).digest('base64url')),
    ],
    ['no secret', { client_id: 'portal' }, () => ({})],
    ['the secret in the body, which is not served', { client_id: 'portal', client_secret: secret }, () => ({})],
    ['another client’s id', { client_id: 'kept' }, () => basic('portal', secret)],
  ])('gets nothing with %s (T-15) @340', async (_name, form, headers) => {
    const { status, headers: answered, body } = await launchedBy('portal', form, headers());
    expect([400, 401]).toContain(status);
    expect(['invalid_client', 'invalid_request']).toContain(body['error']);
    expect(body).not.toHaveProperty('access_token');
    expect(answered.get('cache-control')).toContain('no-store');
  });
});

describe('a key set at a URL', () => {
  const prove = async (clientId: string, key: Key): Promise<Answer> =>
    launchedBy(clientId, await assertion(key, clientId, `${server.base}/auth/token`));

  it('is read by GET, without credentials, and not each time (R-03, R-05) @296 @326 @339 @342', async () => {
    Object.assign(jwks, { keys: [keys[0]], cacheControl: 'max-age=600' });
    for (let time = 0; time < 3; time += 1) expect((await prove('kept', keys[0])).status).toBe(200);
    expect(jwks.requests).toEqual([['GET', '/kept', undefined, undefined]]);
  });

  it('is kept no longer than it says: a key that was taken back is believed no more (R-05) @341', async () => {
    Object.assign(jwks, { keys: [keys[0]], cacheControl: 'no-store' });
    expect((await prove('fresh', keys[0])).status).toBe(200);
    jwks.keys = [keys[1]];
    expect((await prove('fresh', keys[0])).body['error']).toBe('invalid_client');
    expect((await prove('fresh', keys[1])).status).toBe(200);
  });
});

describe('the token endpoint', () => {
  it('answers no GET (N-17)', async () => {
    const form = { ...server.redeeming(await server.authorize()), client_id: server.clientId };
    const answer = await fetch(`${server.base}/auth/token?${new URLSearchParams(form)}`);
    expect([400, 404, 405]).toContain(answer.status);
    expect(await answer.text()).not.toContain('access_token');
  });

  it('redeems no code without its redirect URI (N-10)', async () => {
    const { redirect_uri: _none, ...form } = server.redeeming(await server.authorize());
    const { status, body } = await server.tokenOf({ ...form, client_id: server.clientId });
    expect(status).toBe(400);
    expect(['invalid_grant', 'invalid_request']).toContain(body['error']);
  });
});
