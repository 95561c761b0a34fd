import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { texts } from '../../../src/fhir/json.ts';
import { assertion, openServer, type Answer, type Server } from './testing.ts';

const introspect = 'https://one-health-and-care.nhs.uk/scope/introspect';
const secret = 'a-secret-of-the-suite';
let server: Server;
let key: Parameters<typeof assertion>[0];
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
  key = { privateKey, alg: 'ES384', kid: 'e1' };
  const jwk = { ...(await exportJWK(publicKey)), kty: 'EC', kid: 'e1', alg: 'ES384', use: 'sig' };
  const alone = { redirectUris: [], scope: introspect };
  server = await openServer({
    apps: [
      { ...alone, clientId: 'service', clientAuth: 'private_key_jwt', jwks: { keys: [jwk] } },
      {
        ...alone,
        clientId: 'unscoped',
        clientAuth: 'private_key_jwt',
        jwks: { keys: [jwk] },
        scope: 'system/AuditEvent.rs',
      },
      {
        ...alone,
        clientId: 'with-secret',
        clientAuth: 'client_secret_basic',
        secretHash: createHash('sha256').update(secret).digest('base64url'),
      },
      { ...alone, clientId: 'public' },
    ],
  });
});
afterAll(() => server.close());

const endpoint = (): string => `${server.base}/auth/token`;
const proof = (clientId: string, more: Parameters<typeof assertion>[3] = {}): Promise<Record<string, string>> =>
  assertion(key, clientId, endpoint(), more);

/** Asks for a token without a user. */
const asked = async (
  more: Readonly<Record<string, string>> = {},
  authentication?: Readonly<Record<string, string>>,
): Promise<Answer> =>
  server.tokenOf({
    grant_type: 'client_credentials',
    scope: introspect,
    ...(authentication ?? (await proof('service'))),
    ...more,
  });

describe('a client without a user', () => {
  it('is told of in discovery (D-05) @384', async () => {
    expect(texts((await server.discovered()).body['grant_types_supported'])).toContain('client_credentials');
  });

  it('gets a token for five minutes and what was agreed, and none to refresh it (B-05, B-06, B-12) @240 @248 @249 @253 @254 @255 @256 @257 @258 @261 @262', async () => {
    const { status, headers, body } = await asked();
    expect(status).toBe(200);
    expect(typeof body['access_token']).toBe('string');
    expect(String(body['token_type']).toLowerCase()).toBe('bearer');
    expect(body['expires_in']).toBe(300);
    expect(body['scope']).toBe(introspect);
    expect(body).not.toHaveProperty('refresh_token');
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('pragma')).toContain('no-cache');
  });

  it.each(['system/*.rs', 'system/Patient.rs', 'patient/*.rs', 'user/Practitioner.r', 'openid offline_access'])(
    'gets no more than what was agreed: %s (B-11, B-16) @241 @250 @259 @260',
    async (scope) => {
      const alone = await asked({ scope });
      expect([400, 401]).toContain(alone.status);
      expect(['invalid_scope', 'invalid_request', 'unauthorized_client']).toContain(alone.body['error']);
      const beside = await asked({ scope: `${introspect} ${scope}` });
      if (beside.status === 200) expect(beside.body['scope']).toBe(introspect);
      else expect(beside.body['error']).toBe('invalid_scope');
    },
  );

  it('says what it asks for', async () => {
    const { status, body } = await server.tokenOf({ grant_type: 'client_credentials', ...(await proof('service')) });
    expect([status, body['error']]).toEqual([400, 'invalid_scope']);
  });

  it.each<[string, number, string, () => Promise<Answer>]>([
    ['another grant (B-02)', 400, 'unsupported_grant_type', () => asked({ grant_type: 'not_a_grant_type' })],
    [
      'another kind of assertion (B-03)',
      400,
      'invalid_request',
      () => asked({ client_assertion_type: 'not_an_assertion_type' }),
    ],
    ['no assertion', 401, 'invalid_client', () => asked({}, { client_id: 'service' })],
    [
      'a broken signature (B-04)',
      401,
      'invalid_client',
      async () => {
        const good = await proof('service');
        const [head, payload, signature = ''] = String(good['client_assertion']).split('.');
        const turned = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
        return asked({}, { ...good, client_assertion: [head, payload, turned].join('.') });
      },
    ],
    [
      'an assertion used before (B-07)',
      401,
      'invalid_client',
      async () => {
        const once = await proof('service');
        expect((await asked({}, once)).status).toBe(200);
        return asked({}, once);
      },
    ],
    [
      'an assertion for another endpoint (B-08)',
      401,
      'invalid_client',
      async () => asked({}, await proof('service', { claims: { aud: `${server.base}/elsewhere` } })),
    ],
  ])('is refused with %s, in JSON that says why (B-14) @249 @251 @252', async (_name, status, error, ask) => {
    const answer = await ask();
    expect([answer.status, answer.body['error']]).toEqual([status, error]);
    expect(typeof answer.body['error_description']).toBe('string');
  });

  it('has a key: with a secret, or with nothing, there is no such token (B-13) @229 @344', async () => {
    const basic = `Basic ${Buffer.from(`with-secret:${secret}`).toString('base64')}`;
    for (const [form, headers] of [
      [{}, { authorization: basic }],
      [{ client_id: 'public' }, {}],
      [{ client_id: server.clientId }, {}],
    ] as const) {
      const { status, body } = await server.tokenOf(
        { grant_type: 'client_credentials', scope: introspect, ...form },
        { ...headers },
      );
      expect([400, 401]).toContain(status);
      expect(['unauthorized_client', 'invalid_client', 'invalid_scope']).toContain(body['error']);
    }
  });

  it('reads nobody’s record (B-15) @243 @266', async () => {
    const { body } = await asked();
    const { status } = await server.fhir(`Patient/${server.patientId('9990000018')}`, body['access_token']);
    expect([401, 403]).toContain(status);
  });
});

describe('introspection with a bearer token', () => {
  it('tells of the tokens of any app (I-07, I-08) @282 @283', async () => {
    const launched = await server.launched({}, { intent: 'summary-view' });
    const own = await asked();
    const { status, body } = await server.introspected(
      launched.body['access_token'],
      {},
      {
        authorization: `Bearer ${String(own.body['access_token'])}`,
      },
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      active: true,
      client_id: server.clientId,
      patient: launched.body['patient'],
      intent: 'summary-view',
    });
  });

  it('is refused without the scope for it, to a launch’s token, and to a revoked one (I-09)', async () => {
    const launched = await server.launched();
    const unscoped = await asked({ scope: 'system/AuditEvent.rs' }, await proof('unscoped'));
    const revoked = await asked();
    await server.post('/auth/token/revocation', {
      token: String(revoked.body['access_token']),
      ...(await proof('service')),
    });
    for (const bearer of [unscoped, launched, revoked]) {
      const { status, body } = await server.introspected(
        launched.body['access_token'],
        {},
        {
          authorization: `Bearer ${String(bearer.body['access_token'])}`,
        },
      );
      expect([400, 401, 403]).toContain(status);
      expect(body).not.toHaveProperty('active');
    }
  });
});
