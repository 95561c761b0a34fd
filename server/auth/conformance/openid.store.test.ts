import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, text, texts } from '../../../src/fhir/json.ts';
import { openServer, type Answer, type Server } from './testing.ts';

let server: Server;
let launched: Answer;
let keySet: JSONWebKeySet;
let configuration: Record<string, unknown>;
beforeAll(async () => {
  server = await openServer();
  launched = await server.launched({ nonce: 'the-nonce-of-this-launch' });
  const issuer = text((await server.discovered()).body['issuer']) ?? '';
  const found = await fetch(`${issuer}/.well-known/openid-configuration`);
  expect(found.headers.get('content-type')).toMatch(/^application\/json/);
  configuration = object(await found.json()) ?? {};
  keySet = (await (await fetch(text(configuration['jwks_uri']) ?? '')).json()) as JSONWebKeySet;
});
afterAll(() => server.close());

const verified = async (idToken: unknown) =>
  (
    await jwtVerify(String(idToken), createLocalJWKSet(keySet), {
      issuer: text(configuration['issuer']) ?? '',
      audience: server.clientId,
      algorithms: ['RS256'],
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
      clockTolerance: 60,
    })
  ).payload;

describe('the OpenID configuration', () => {
  it('has what a client needs, RS256 and the code flow among it (O-02, O-03, O-11) @205 @210', () => {
    for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'])
      expect(URL.parse(text(configuration[name]) ?? '')?.origin, name).toBe(server.base);
    expect(texts(configuration['response_types_supported'])).toEqual(['code']);
    expect(texts(configuration['subject_types_supported'])).not.toHaveLength(0);
    expect(texts(configuration['id_token_signing_alg_values_supported'])).toContain('RS256');
  });

  it('says of its endpoints what the SMART configuration says (O-02)', async () => {
    const smart = (await server.discovered()).body;
    for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri', 'introspection_endpoint'])
      expect(configuration[name], name).toBe(smart[name]);
  });
});

describe('the published keys', () => {
  it('are bare JWKs that stand for public keys alone (O-04) @207', async () => {
    expect(keySet.keys.filter((key) => key.kty === 'RSA')).not.toHaveLength(0);
    for (const key of keySet.keys) {
      expect([typeof key.kid, typeof key.n, typeof key.e]).toEqual(['string', 'string', 'string']);
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret);
      const imported = await crypto.subtle.importKey('jwk', key, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
        'verify',
      ]);
      expect(imported.type).toBe('public');
    }
  });
});

describe('the id_token', () => {
  it('is signed by RS256 with a key that is published (O-01, O-05, O-06) @358', async () => {
    const header = decodeProtectedHeader(String(launched.body['id_token']));
    expect(header.alg).toBe('RS256');
    expect(keySet.keys.map(({ kid }) => kid)).toContain(header.kid);
    const { sub, aud, exp } = await verified(launched.body['id_token']);
    expect(aud).toBe(server.clientId);
    expect(sub).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(exp).toBeGreaterThan(Date.now() / 1000 - 60);
  });

  it('is not good with another payload under the same signature (O-06)', async () => {
    const [head, payload = '', signature] = String(launched.body['id_token']).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'another' })).toString('base64url');
    await expect(verified([head, forged, signature].join('.'))).rejects.toThrow('signature');
  });

  it('repeats the nonce (O-07)', async () =>
    expect((await verified(launched.body['id_token']))['nonce']).toBe('the-nonce-of-this-launch'));

  it('is the same user at every launch, and another for another (O-06)', async () => {
    const { sub } = await verified(launched.body['id_token']);
    expect((await verified((await server.launched()).body['id_token'])).sub).toBe(sub);
    const other = await server.launched({}, { sub: 'another-user' });
    expect((await verified(other.body['id_token'])).sub).not.toBe(sub);
  });
});

describe('fhirUser', () => {
  it('is a Practitioner of this server that the token can read, from a browser too (O-08, O-09, C-04) @17 @197 @198 @199 @209', async () => {
    const { fhirUser } = await verified(launched.body['id_token']);
    const [type, id] = String(fhirUser).split('/').slice(-2);
    expect(type).toBe('Practitioner');
    expect(fhirUser).toBe(`${server.base}/fhir/Practitioner/${id}`);
    const { status, headers, body } = await server.fhir(String(fhirUser), launched.body['access_token'], {
      origin: server.base,
    });
    expect([status, body['resourceType'], body['id']]).toEqual([200, 'Practitioner', id]);
    expect(headers.get('access-control-allow-origin')).toBe(server.base);
  });

  it('comes only where both scopes were granted (O-08)', async () => {
    const { body } = await server.launched({ scope: 'openid launch patient/*.rs' });
    expect(await verified(body['id_token'])).not.toHaveProperty('fhirUser');
  });
});

describe('a refreshed id_token (O-12)', () => {
  it('keeps issuer, user and audience', async () => {
    const { body } = await server.launched();
    const before = await verified(body['id_token']);
    const after = await verified((await server.refreshed(body['refresh_token'])).body['id_token']);
    expect([after.iss, after.sub, after.aud]).toEqual([before.iss, before.sub, before.aud]);
  });
});
