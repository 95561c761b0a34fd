import { importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { newKey } from '../../config/key-file.ts';
import type { Http, SourceRequest } from '../http.ts';
import { requestToken, type TokenRequest } from './access-token.ts';
import { createTokenEndpoint, publicHalves } from './token-endpoint.testing.ts';

const tokenUrl = 'https://platform.example/oauth2/token';
const keys = await Promise.all(['RS512', 'RS384', 'ES384'].map(newKey));
const stranger = await newKey('RS512');
const registration = { clientId: 'ohc', jwks: publicHalves(keys), algorithms: ['RS512'] };
const signal = new AbortController().signal;
const grant = { access_token: 'token-1', token_type: 'Bearer', expires_in: 300 };

/** HTTP that a token endpoint of this file answers. */
function answering(answer: (request: SourceRequest) => Promise<readonly [number, unknown]>): Http {
  return {
    request: async (request) => {
      const [status, body] = await answer(request);
      return { status, body };
    },
    open: () => Promise.reject(new Error('no document is asked for')),
    close: async () => undefined,
  };
}
const request = (more: Partial<TokenRequest> = {}): TokenRequest => ({
  tokenUrl,
  clientId: 'ohc',
  keys,
  algorithms: ['RS512'],
  keyId: undefined,
  ...more,
});

describe('the endpoint of these tests refuses what a real one refuses', () => {
  const keyOf = (alg: string): JWK => keys.find((key) => key.alg === alg) ?? {};
  const now = (): number => Math.floor(Date.now() / 1000);
  type Spoilt = {
    readonly key?: JWK;
    readonly kid?: string | undefined;
    readonly typ?: string;
    readonly claims?: JWTPayload;
  };
  const assertion = async ({
    key = keyOf('RS512'),
    kid = key.kid,
    typ = 'JWT',
    claims = {},
  }: Spoilt): Promise<string> =>
    new SignJWT({ iss: 'ohc', sub: 'ohc', aud: tokenUrl, exp: now() + 240, jti: crypto.randomUUID(), ...claims })
      .setProtectedHeader({ alg: key.alg ?? '', typ, ...(kid === undefined ? {} : { kid }) })
      .sign(await importJWK(key, key.alg ?? ''));
  const post = async (endpoint: ReturnType<typeof createTokenEndpoint>, spoilt: Spoilt): Promise<number> => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(spoilt),
    });
    return (await endpoint.answer(tokenUrl, form.toString(), () => grant))[0];
  };

  test('and takes what is as it should be', async () => {
    const endpoint = createTokenEndpoint(registration);
    expect([await post(endpoint, {}), endpoint.refused]).toEqual([200, []]);
  });

  test.each<[string, Spoilt]>([
    ['another alg', { key: keyOf('RS384') }],
    ['another kid', { kid: 'nobody' }],
    ['a key that is not registered', { key: stranger, kid: keyOf('RS512').kid }],
    ['another typ', { typ: 'at+jwt' }],
    ['another aud', { claims: { aud: 'https://platform.example' } }],
    ['a second aud', { claims: { aud: [tokenUrl, 'https://elsewhere.example'] } }],
    ['another iss', { claims: { iss: 'someone' } }],
    ['another sub', { claims: { sub: 'someone' } }],
    ['an exp in the past', { claims: { exp: now() - 60 } }],
    ['an exp of more than five minutes', { claims: { exp: now() + 400 } }],
  ])('%s', async (_what, spoilt) => {
    const endpoint = createTokenEndpoint(registration);
    expect(await post(endpoint, spoilt)).toBe(400);
    expect(endpoint.refused).toHaveLength(1);
  });

  test('a jti that it has seen', async () => {
    const endpoint = createTokenEndpoint(registration);
    const claims = { jti: 'once' };
    expect([await post(endpoint, { claims }), await post(endpoint, { claims })]).toEqual([200, 400]);
    expect(endpoint.refused).toEqual(['jti again']);
  });
});

describe('an access token', () => {
  test('is asked for with an assertion of its own each time, by the newest key or by the one that is named', async () => {
    const older = { ...(await newKey('RS512')), kid: 'older' };
    const endpoint = createTokenEndpoint({ ...registration, jwks: publicHalves([...keys, older]) });
    const kids: unknown[] = [];
    const http = answering(({ url, body = '' }) => {
      const [head = ''] = (new URLSearchParams(body).get('client_assertion') ?? '').split('.');
      kids.push((JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: unknown }).kid);
      return endpoint.answer(url, body, () => grant);
    });
    for (const keyId of [undefined, undefined, 'older'])
      expect((await requestToken(http, request({ keys: [...keys, older], keyId }), signal)).value).toBe(
        'Bearer token-1',
      );
    expect(kids).toEqual([keys[0]?.kid, keys[0]?.kid, 'older']);
    expect(endpoint.refused).toEqual([]);
  });

  test('is of the first algorithm that both sides have', async () => {
    const endpoint = createTokenEndpoint({ ...registration, algorithms: ['ES384'], scope: 'system/*.rs' });
    const http = answering(({ url, body = '' }) => endpoint.answer(url, body, () => grant));
    await requestToken(http, request({ algorithms: ['ES384', 'RS384'], scope: 'system/*.rs' }), signal);
    expect(endpoint.refused).toEqual([]);
  });

  test.each<[string, unknown, number]>([
    ['a number', 300, 270_000],
    ['digits', '599', 569_000],
    ['a short life', 10, 8_000],
    ['a day', 86_400, 3_570_000],
    ['nothing', undefined, 48_000],
    ['no number', 'soon', 48_000],
  ])('whose life is said as %s is kept till shortly before its end', async (_what, expires_in, keepMs) => {
    const http = answering(async () => [200, { ...grant, expires_in }]);
    expect(await requestToken(http, request(), signal)).toEqual({ value: 'Bearer token-1', keepMs });
  });

  test.each<[string, readonly [number, unknown], string]>([
    ['refuses us', [400, { error: 'invalid_client', error_description: 'PRIVATE' }], 'status 400, invalid_client'],
    ['refuses us in words of its own', [401, { error: 'PRIVATE' }], 'status 401, without a reason that is known'],
    ['says nothing', [200, undefined], 'no bearer token'],
    ['gives no token', [200, { token_type: 'bearer' }], 'no bearer token'],
    ['gives another type', [200, { ...grant, token_type: 'mac' }], 'no bearer token'],
    ['gives what would break a header', [200, { ...grant, access_token: 'a\r\nHost: b' }], 'no bearer token'],
  ])('is none where the endpoint %s', async (_what, given, detail) => {
    const failed = requestToken(
      answering(async () => given),
      request(),
      signal,
    );
    await expect(failed).rejects.toMatchObject({
      kind: 'credentials',
      message: expect.stringContaining(detail) as string,
    });
    await expect(failed).rejects.not.toThrow(/PRIVATE/);
  });

  test.each([
    ['algorithm', { keys: keys.filter(({ alg }) => alg !== 'RS512') }],
    ['kid', { keyId: 'gone' }],
  ])('is not asked for without a key of that %s', async (_what, more) => {
    const ask = vi.fn(async () => [200, grant] as const);
    await expect(requestToken(answering(ask), request(more), signal)).rejects.toMatchObject({ kind: 'credentials' });
    expect(ask).not.toHaveBeenCalled();
  });
});
