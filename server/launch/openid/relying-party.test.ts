import type { AddressInfo } from 'node:net';
import express from 'express';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, type JWK } from 'jose';
import { authorizationCodeGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../fault.ts';
import { publicKeySet } from '../jwks.ts';
import { faultOfAnswer } from './answer-fault.ts';
import { guardedFetch, relyingPartyOf, UnfitAnswer, type Registered } from './relying-party.ts';

type Seen = { readonly body: Record<string, string>; readonly authorization: string | undefined };

let issuer: string;
let server: ReturnType<ReturnType<typeof express>['listen']>;
let seen: Seen | undefined;
let reply: { status: number; body: unknown } = { status: 400, body: { error: 'invalid_grant' } };
beforeAll(async () => {
  const app = express();
  app.get('/.well-known/openid-configuration', (_req, res) => {
    res.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      token_endpoint_auth_signing_alg_values_supported: ['ES384'],
    });
  });
  app.post('/token', express.urlencoded(), (req, res) => {
    seen = { body: req.body as Record<string, string>, authorization: req.headers.authorization };
    res.status(reply.status).json(reply.body);
  });
  app.get('/redirect', (_req, res) => res.redirect('/short'));
  app.get('/long', (_req, res) => void res.send('x'.repeat(3_000_000)));
  app.get('/short', (_req, res) => void res.set('x-kept', 'yes').status(201).send('short'));
  app.get('/never', () => undefined);
  app.get('/drip', (_req, res) => {
    res.write('x');
  });
  server = app.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

/** What the token endpoint is sent, and the fault that its refusal becomes. */
async function exchange(registered: Registered, keys: readonly JWK[] = []): Promise<{ seen: Seen; fault: Fault }> {
  const party = await relyingPartyOf(issuer, registered, keys);
  const here = new URL('http://localhost/callback?code=c&state=s');
  const fault = await authorizationCodeGrant(party, here, { expectedState: 's', pkceCodeVerifier: 'v' }).then(
    () => undefined,
    (error: unknown) => faultOfAnswer(error),
  );
  if (seen === undefined || fault === undefined) throw new Error('the token endpoint was not asked');
  return { seen, fault };
}

describe('this server as a client of an OpenID provider', () => {
  it('says its id where it has no secret', async () => {
    const { seen } = await exchange({ clientId: 'ohc', clientAuth: 'none' });
    expect(seen.body).toMatchObject({ client_id: 'ohc', code: 'c', code_verifier: 'v' });
    expect(seen.authorization).toBeUndefined();
  });

  it('sends its secret as OAuth has it: each part encoded', async () => {
    process.env['RELYING_SECRET'] = 'a:b c';
    const { seen } = await exchange({
      clientId: 'ohc',
      clientAuth: 'client_secret_basic',
      secretEnv: 'RELYING_SECRET',
    });
    expect(Buffer.from(seen.authorization?.slice(6) ?? '', 'base64').toString()).toBe('ohc:a%3Ab+c');
  });

  it('signs with the key that the provider takes, for its token endpoint @307 @325', async () => {
    const keys = await Promise.all(
      ['RS384', 'ES384'].map(async (alg) => {
        const { privateKey } = await generateKeyPair(alg, { extractable: true });
        return { ...(await exportJWK(privateKey)), kid: alg, alg };
      }),
    );
    const { seen } = await exchange({ clientId: 'ohc', clientAuth: 'private_key_jwt' }, keys);
    const { protectedHeader } = await jwtVerify(
      seen.body['client_assertion'] ?? '',
      createLocalJWKSet({ keys: [...publicKeySet(keys).keys] }),
      { audience: `${issuer}/token`, issuer: 'ohc', subject: 'ohc' },
    );
    expect(protectedHeader).toEqual({ alg: 'ES384', kid: 'ES384', typ: 'JWT' });
  });

  it.each([
    ['a key', { clientId: 'ohc', clientAuth: 'private_key_jwt' }],
    ['a secret', { clientId: 'ohc', clientAuth: 'client_secret_basic', secretEnv: 'NOT_SET' }],
  ] satisfies [string, Registered][])('is undecided without %s', async (_what, registered) => {
    await expect(relyingPartyOf(issuer, registered, [])).rejects.toMatchObject({ code: 'undecided' });
  });

  it.each([
    [400, { error: 'invalid_grant', error_description: 'secret words' }, 'sign-in-failed', 'token: invalid_grant'],
    [401, { error: 'invalid_client' }, 'host-answer', 'token: invalid_client'],
    [400, { error: '<b>bold</b>' }, 'host-answer', 'token: an error that is not registered'],
    [503, { error: 'temporarily_unavailable' }, 'undecided', 'status 503'],
    [502, 'Bad gateway', 'undecided', 'status 502'],
    [200, { token_type: 'Bearer' }, 'host-answer', 'answer: OAUTH_INVALID_RESPONSE'],
  ])('takes the answer %i %j as %s', async (status, body, code, detail) => {
    reply = { status, body };
    const { fault } = await exchange({ clientId: 'ohc', clientAuth: 'none' });
    expect([fault.code, fault.detail]).toEqual([code, detail]);
  });
});

describe('a guarded fetch', () => {
  const guarded = guardedFetch(fetch, { longestBytes: 2_000_000, patienceMs: 200 });

  it('hands on what is fit', async () => {
    const answer = await guarded(`${issuer}/short`, {});
    expect([answer.status, answer.headers.get('x-kept'), await answer.text()]).toEqual([201, 'yes', 'short']);
  });

  it('follows no redirect, whatever it is asked', async () => {
    await expect(guarded(`${issuer}/redirect`, { redirect: 'follow' })).rejects.toBeInstanceOf(UnfitAnswer);
  });

  it('takes no more than it was told', async () => {
    await expect(guarded(`${issuer}/long`, {})).rejects.toBeInstanceOf(UnfitAnswer);
  });

  it.each(['never', 'drip'])('waits no longer than it was told (%s), whatever signal it is given', async (path) => {
    const error: unknown = await guarded(`${issuer}/${path}`, { signal: new AbortController().signal }).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(faultOfAnswer(error).code).toBe('undecided');
  });

  it('is undecided where nobody listens', async () => {
    const error: unknown = await guarded('http://127.0.0.1:9/', {}).catch((caught: unknown) => caught);
    expect(faultOfAnswer(error).code).toBe('undecided');
  });
});
