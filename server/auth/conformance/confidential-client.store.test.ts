import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertion, openServer, type Answer, type Server } from './testing.ts';

type Key = { readonly privateKey: CryptoKey; readonly alg: string; readonly kid: string; readonly jwk: JWK };

async function newKey(alg: string, kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, alg, kid, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

let server: Server;
let elliptic: Key;
let rsa: Key;
let stranger: Key;
let jwksServer: HttpServer;
const requests: {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
}[] = [];
beforeAll(async () => {
  [elliptic, rsa, stranger] = await Promise.all([newKey('ES384', 'e1'), newKey('RS384', 'r1'), newKey('ES384', 'e1')]);
  jwksServer = createServer((request, response) => {
    requests.push({ method: request.method, url: request.url, authorization: request.headers.authorization });
    response.setHeader('content-type', 'application/json').setHeader('cache-control', 'max-age=600');
    response.end(JSON.stringify({ keys: [elliptic.jwk] }));
  });
  await new Promise<void>((done) => jwksServer.listen(0, '127.0.0.1', done));
  const keyed = { clientAuth: 'private_key_jwt' as const };
  const named = ({ jwk }: Key) => ({ ...jwk, kty: String(jwk.kty), kid: String(jwk.kid) });
  server = await openServer({
    apps: [
      { ...keyed, clientId: 'by-value', jwks: { keys: [named(elliptic), named(rsa)] } },
      { ...keyed, clientId: 'by-url', jwksUri: `http://127.0.0.1:${(jwksServer.address() as AddressInfo).port}/jwks` },
    ],
  });
});
afterAll(async () => {
  await server.close();
  await new Promise((done) => jwksServer.close(done));
});

const endpoint = (): string => `${server.base}/auth/token`;
const now = (): number => Math.floor(Date.now() / 1000);

/** A whole launch of an asymmetric app, which proves itself by this. */
async function launchedBy(clientId: string, proof: Record<string, string>): Promise<Answer> {
  const answer = await server.authorize({ scope: 'launch online_access patient/*.rs' }, {}, clientId);
  return server.tokenOf({ ...server.redeeming(answer, clientId), ...proof });
}

/** A refresh with a token that nobody issued: enough to see whether the client is believed. */
const believed = async (proof: Record<string, string>): Promise<Answer> =>
  server.tokenOf({ grant_type: 'refresh_token', refresh_token: 'none', ...proof });

describe('an asymmetric client', () => {
  it.each(['ES384', 'RS384'])(
    'proves itself with %s by a key registered by value (T-04, R-03) @297 @310 @326 @357',
    async (alg) => {
      const key = alg === 'ES384' ? elliptic : rsa;
      const { status, body } = await launchedBy('by-value', await assertion(key, 'by-value', endpoint()));
      expect([status, body['token_type']]).toEqual([200, 'Bearer']);
      const again = await server.tokenOf({
        grant_type: 'refresh_token',
        refresh_token: String(body['refresh_token']),
        ...(await assertion(key, 'by-value', endpoint())),
      });
      expect(again.status).toBe(200);
    },
  );

  it('gets nothing without its proof, or as a public client (T-04) @340', async () => {
    const { status, body } = await launchedBy('by-value', { client_id: 'by-value' });
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
  });

  it('proves itself once with each assertion (B-07) @336 @340', async () => {
    const proof = await assertion(elliptic, 'by-value', endpoint());
    expect((await believed(proof)).body['error']).toBe('invalid_grant');
    const { status, body } = await believed(proof);
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
  });

  it('is believed only for a signature by its own key (B-04) @335 @340', async () => {
    const proof = await assertion(stranger, 'by-value', endpoint());
    const { status, headers, body } = await believed(proof);
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('pragma')).toContain('no-cache');
  });

  it.each<[string, () => Parameters<typeof assertion>[3]]>([
    ['ends over five minutes from now', () => ({ claims: { exp: now() + 900 } })],
    ['has ended', () => ({ claims: { exp: now() - 120 } })],
    ['has no end', () => ({ claims: { exp: undefined } })],
    ['has no jti', () => ({ claims: { jti: undefined } })],
    ['is for another server', () => ({ claims: { aud: 'https://other.example/token' } })],
    ['is of another issuer', () => ({ claims: { iss: 'viewer' } })],
    ['is of an unknown client', () => ({ claims: { iss: 'nobody', sub: 'nobody' } })],
    ['is not typed JWT', () => ({ header: { typ: 'at+jwt' } })],
    ['names a key that is not registered', () => ({ header: { kid: 'e2' } })],
    ['names a key of another kind', () => ({ header: { kid: 'r1' } })],
  ])('is refused where its assertion %s (B-08, B-09, N-18) @335 @337 @338 @340', async (_name, more) => {
    const { status, body } = await believed(await assertion(elliptic, 'by-value', endpoint(), more()));
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
  });

  it('is refused where its jku is not the registered one, and nobody asks there (B-10) @338 @340', async () => {
    const before = requests.length;
    const jku = `http://127.0.0.1:${(jwksServer.address() as AddressInfo).port}/elsewhere`;
    for (const clientId of ['by-value', 'by-url']) {
      const { status, body } = await believed(await assertion(elliptic, clientId, endpoint(), { header: { jku } }));
      expect([status, body['error']]).toEqual([401, 'invalid_client']);
    }
    expect(requests.slice(before).filter(({ url }) => url === '/elsewhere')).toEqual([]);
  });

  it('is refused with another kind of assertion (B-03)', async () => {
    const proof = await assertion(elliptic, 'by-value', endpoint());
    const { status } = await believed({ ...proof, client_assertion_type: 'not_an_assertion_type' });
    expect([400, 401]).toContain(status);
  });

  it.each(['none', 'HS256', 'HS384'])('is refused with an assertion by %s', async (alg) => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: 'by-value', sub: 'by-value', aud: endpoint(), exp: now() + 60, jti: randomUUID() };
    const input = `${part({ alg, typ: 'JWT', kid: 'e1' })}.${part(claims)}`;
    const signature = alg === 'none' ? '' : await mac(input, alg === 'HS256' ? 'SHA-256' : 'SHA-384');
    const { status, body } = await believed({
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${input}.${signature}`,
    });
    expect([status, body['error']]).toEqual([401, 'invalid_client']);
  });

  /** The public key taken for a shared secret: the classic confusion. */
  async function mac(input: string, hash: string): Promise<string> {
    const secret = Buffer.from(JSON.stringify(elliptic.jwk));
    const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash }, false, ['sign']);
    return Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from(input))).toString('base64url');
  }
});
