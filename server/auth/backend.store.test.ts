import { eq } from 'drizzle-orm';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../fault.ts';
import { launchGrant, oidcArtefact } from '../store/schema.ts';
import { appClient, assertionForm, basic, codeFor, keyedClient, type KeyedClient } from './client.testing.ts';
import { secretHashOf } from './client-metadata.ts';
import { artefactHash } from './launch-grant.ts';
import { introspectScope } from './scope.ts';
import { faultOf, openWayIn, type WayIn } from './testing.ts';

const secret = 'correct horse battery staple';
let way: WayIn;
let backend: KeyedClient;
let records: KeyedClient;

beforeAll(async () => {
  backend = await keyedClient('backend', 'b1');
  records = await keyedClient('records', 'c1', 'RS384');
  const alone = { redirectUris: [], clientAuth: 'private_key_jwt' as const };
  way = await openWayIn({
    change: (config) => ({
      ...config,
      clients: [
        ...config.clients,
        appClient({ clientId: 'public' }),
        appClient({ clientId: 'secret', clientAuth: 'client_secret_basic', secretHash: secretHashOf(secret) }),
        appClient({
          clientId: 'secret-backend',
          clientAuth: 'client_secret_basic',
          secretHash: secretHashOf(secret),
          scope: introspectScope,
        }),
        appClient({
          ...alone,
          clientId: 'backend',
          scope: `${introspectScope} system/AuditEvent.rs system/Observation.rs patient/*.rs`,
          jwks: { keys: [backend.jwk] },
        }),
        appClient({ ...alone, clientId: 'records', scope: 'system/AuditEvent.rs', jwks: { keys: [records.jwk] } }),
      ],
    }),
  });
});
afterAll(() => way.close());
beforeEach(() => void way.trail.splice(0));

const endpoint = (): string => `${way.base}/auth/token`;
const grant = async (client: KeyedClient, scope: string | undefined, more: Record<string, string> = {}) =>
  way.ask('/auth/token', {
    grant_type: 'client_credentials',
    ...(scope === undefined ? {} : { scope }),
    ...assertionForm(await client.sign(endpoint())),
    ...more,
  });
const introspect = (token: unknown, headers: Record<string, string>, form: Record<string, string> = {}) =>
  way.ask('/auth/token/introspection', { token: String(token), ...form }, headers);
const bearer = (answer: { readonly body: Record<string, unknown> }): Record<string, string> => ({
  authorization: `Bearer ${String(answer.body['access_token'])}`,
});

describe('a client without a user', () => {
  it('gets a token of its own for five minutes, and none to refresh it @248 @253 @254 @255 @256 @257 @258 @261', async () => {
    const answer = await grant(backend, introspectScope);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      access_token: expect.any(String) as string,
      token_type: 'Bearer',
      expires_in: 300,
      scope: introspectScope,
    });
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(answer.headers.get('pragma')).toBe('no-cache');
    await way.authorization.close();
    expect(way.trail).toMatchObject([
      { type: 'authorization', outcome: 'success', clientId: 'backend', detail: { scopes: [introspectScope] } },
    ]);
  });

  it('gets what it asks within its registration, and nothing of a person @240 @241 @250 @259 @260', async () => {
    const answer = await grant(backend, `${introspectScope} system/*.rs patient/*.rs user/*.rs openid offline_access`);
    expect(answer.body['scope']).toBe(`${introspectScope} system/AuditEvent.rs`);
    for (const [client, scope] of [
      [backend, 'system/Observation.rs'],
      [backend, 'patient/*.rs'],
      [records, introspectScope],
      [records, undefined],
    ] as const) {
      const refused = await grant(client, scope);
      expect([refused.status, refused.body['error']]).toEqual([400, 'invalid_scope']);
      expect(typeof refused.body['error_description']).toBe('string');
    }
  });

  it('reads nobody’s record', async () => {
    const answer = await grant(backend, `${introspectScope} system/AuditEvent.rs`);
    const refusal = way.authorization.verify(bearer(answer)['authorization']);
    await expect(refusal).rejects.toThrow('A client without a user reads nobody’s record.');
    expect(await faultOf(way.authorization.verify(bearer(answer)['authorization']))).toBe('not-permitted');
    await expect(refusal).rejects.toBeInstanceOf(Fault);
  });

  it('has a key: a secret or nothing is not enough @229 @344', async () => {
    const form = { grant_type: 'client_credentials', scope: introspectScope };
    for (const answer of [
      await way.ask('/auth/token', form, basic('secret-backend', secret)),
      await way.ask('/auth/token', { ...form, client_id: 'public' }),
    ]) {
      expect([answer.status, answer.body['error']]).toEqual([400, 'unauthorized_client']);
    }
    const noAssertion = await way.ask('/auth/token', { ...form, client_id: 'backend' });
    expect([noAssertion.status, noAssertion.body['error']]).toEqual([401, 'invalid_client']);
  });

  it('begins no launch, and cannot be asked for a code', async () => {
    const answer = await way.authorize(await way.handle(), {
      client_id: 'backend',
      redirect_uri: 'https://apps.example/',
    });
    expect([answer.status, answer.to.has('code')]).toEqual([400, false]);
  });

  it('is told of any other grant type in OAuth’s words @251 @252', async () => {
    const answer = await grant(backend, introspectScope, { grant_type: 'not_a_grant_type' });
    expect([answer.status, answer.body['error']]).toEqual([400, 'unsupported_grant_type']);
  });
});

describe('introspection', () => {
  const session = async () => {
    const code = await codeFor(way, 'public', {}, { encounter: 'e1', intent: 'summary' });
    return way.ask('/auth/token', { ...code, client_id: 'public' });
  };

  it('by a client’s token says all that the app was told @271 @272 @273 @274 @275 @276 @277 @278 @279 @280 @281 @282 @283', async () => {
    const launched = await session();
    const payload = decodeJwt(String(launched.body['id_token']));
    const seen = await introspect(launched.body['access_token'], bearer(await grant(backend, introspectScope)));
    const {
      access_token: _a,
      refresh_token: _r,
      id_token: _i,
      expires_in,
      token_type,
      __ohc: _o,
      ...told
    } = launched.body;
    expect(seen.status).toBe(200);
    expect(seen.body).toMatchObject({
      ...told,
      active: true,
      client_id: 'public',
      token_type,
      iss: payload['iss'],
      sub: payload['sub'],
      fhirUser: payload['fhirUser'],
    });
    expect(told).toMatchObject({ intent: 'summary', patient: expect.any(String) as string });
    expect(Number(seen.body['exp']) - Number(seen.body['iat'])).toBe(expires_in);
    expect(seen.headers.get('cache-control')).toContain('no-store');
  });

  it('by a client with a secret or a key, and by the token’s own public client @269', async () => {
    const { body } = await session();
    for (const answer of [
      await introspect(body['access_token'], basic('secret', secret)),
      await introspect(body['access_token'], {}, assertionForm(await backend.sign(endpoint()))),
      await introspect(body['access_token'], {}, assertionForm(await backend.sign(`${endpoint()}/introspection`))),
      await introspect(body['access_token'], {}, { client_id: 'public' }),
    ])
      expect([answer.status, answer.body['active']]).toEqual([200, true]);
    // Another public client learns nothing, nor does anybody of a refresh token that is not their own.
    expect((await introspect(body['access_token'], {}, { client_id: 'viewer' })).body).toEqual({ active: false });
    expect((await introspect(body['refresh_token'], basic('secret', secret))).body).toEqual({ active: false });
  });

  it('says of all that is not a token here that it is not active, and no more', async () => {
    const caller = bearer(await grant(backend, introspectScope));
    const { body } = await session();
    const launchId = (await way.verify({ body })).launchId;
    await way.db
      .update(launchGrant)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(launchGrant.grantId, launchId));
    for (const token of ['invalid_token_value', body['access_token'], body['refresh_token']]) {
      const answer = await introspect(token, caller);
      expect([answer.status, answer.body]).toEqual([200, { active: false }]);
    }
  });

  it('says what the role has lost since', async () => {
    const { body } = await session();
    const role = way.config.roles.find((one) => one.code === 'R8000');
    if (role === undefined) throw new Error('no such role');
    const before = role.scopes;
    // The configuration is read-only to all but this test, which stands for a server that was started anew.
    role.scopes = ['patient/Patient.r'];
    try {
      const { scope } = (await introspect(body['access_token'], basic('secret', secret))).body;
      expect(String(scope).split(' ')).toContain('patient/Patient.r');
      expect(scope).not.toContain('patient/*');
    } finally {
      role.scopes = before;
    }
  });

  it('is refused to whoever does not say who they are, and audited @282', async () => {
    const { body } = await session();
    const expired = await grant(backend, introspectScope);
    const key = artefactHash(way.idKey, 'ClientCredentials', String(expired.body['access_token']));
    const [row] = await way.db.select().from(oidcArtefact).where(eq(oidcArtefact.idHash, key));
    await way.db
      .update(oidcArtefact)
      .set({ payload: { ...(row?.payload as object), exp: Math.floor(Date.now() / 1000) - 1 } })
      .where(eq(oidcArtefact.idHash, key));
    way.trail.splice(0);
    const attempts: readonly Record<string, string>[] = [
      {},
      { authorization: 'Bearer made-up' },
      { authorization: 'Bearer' },
      bearer(expired),
      // A token that may do something else, and the very token that is asked about.
      bearer(await grant(records, 'system/AuditEvent.rs')),
      bearer({ body }),
      basic('secret', 'wrong'),
    ];
    for (const headers of attempts) {
      const answer = await introspect(body['access_token'], headers);
      expect([400, 401]).toContain(answer.status);
      expect(answer.body).not.toHaveProperty('active');
    }
    await way.authorization.close();
    expect(way.trail.filter((entry) => entry.outcome === 'refused')).toHaveLength(attempts.length);
  });
});

describe('revocation', () => {
  it('ends the whole launch, by either token @251', async () => {
    for (const which of ['access_token', 'refresh_token']) {
      const { body } = await way.ask('/auth/token', { ...(await codeFor(way, 'public')), client_id: 'public' });
      const answer = await way.ask('/auth/token/revocation', { token: String(body[which]), client_id: 'public' });
      expect(answer.status).toBe(200);
      expect(await faultOf(way.verify({ body }))).toBe('token-invalid');
      const refresh = {
        grant_type: 'refresh_token',
        refresh_token: String(body['refresh_token']),
        client_id: 'public',
      };
      expect((await way.ask('/auth/token', refresh)).body['error']).toBe('invalid_grant');
    }
  });

  it('is refused for a token of another client, which stays active', async () => {
    const { body } = await way.ask('/auth/token', { ...(await codeFor(way, 'public')), client_id: 'public' });
    const form = { token: String(body['access_token']) };
    for (const answer of [
      await way.ask('/auth/token/revocation', form, basic('secret', secret)),
      await way.ask('/auth/token/revocation', { ...form, client_id: 'viewer' }),
      await way.ask('/auth/token/revocation', form),
    ])
      expect(answer.status).toBe(400);
    expect((await way.verify({ body })).clientId).toBe('public');
  });
});
