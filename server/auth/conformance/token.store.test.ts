import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oidcArtefact } from '../../store/schema.ts';
import { ehrScope, openServer, redirectOf, type Answer, type Server } from './testing.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer({ apps: [{ clientId: 'chart' }] });
});
afterAll(() => server.close());

/** What RFC 6749 says of an error: JSON, and not kept. */
function expectError({ status, headers, body }: Answer, statuses: readonly number[], codes: readonly string[]): void {
  expect(statuses).toContain(status);
  expect(codes).toContain(body['error']);
  expect(typeof body['error_description']).toBe('string');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(headers.get('cache-control')).toContain('no-store');
  expect(headers.get('pragma')).toContain('no-cache');
}

describe('the token response', () => {
  it('is JSON with a token, its type, life and scope (T-01, T-02, T-05) @17 @73 @74 @75 @76 @78 @84 @85 @88 @355', async () => {
    const answer = await server.authorize();
    const { status, headers, body } = await server.tokenOf(
      { ...server.redeeming(answer), client_id: server.clientId },
      { origin: server.base },
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('access-control-allow-origin')).toBe(server.base);
    // RFC 6749 A.12, RFC 6750 2.1: what may stand in a token and in a header.
    expect(body['access_token']).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
    expect(body['token_type']).toBe('Bearer');
    expect(typeof body['expires_in']).toBe('number');
    expect(String(body['scope']).split(' ').sort()).toEqual(ehrScope.split(' ').sort());
    expect(typeof body['refresh_token']).toBe('string');
  });

  it('is kept by no cache (T-07) @86 @87', async () => {
    const { headers } = await server.launched();
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('pragma')).toContain('no-cache');
  });

  it('has a token for five minutes that fits into a header (T-09, T-13) @91 @134', async () => {
    const { body } = await server.launched();
    expect(body['expires_in']).toBe(300);
    expect(String(body['access_token']).length).toBeLessThan(2000);
  });

  it('has a refresh token only where one was asked for, and an id_token likewise (T-14) @89 @200', async () => {
    const all = await server.launched();
    expect([typeof all.body['refresh_token'], typeof all.body['id_token']]).toEqual(['string', 'string']);
    const { body } = await server.launched({ scope: 'launch patient/*.rs' });
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('id_token');
  });

  it('gives scopes of SMART 1 as they were asked for (T-11) @127 @369', async () => {
    const { body } = await server.launched({ scope: 'launch patient/Observation.read patient/Condition.rs' });
    expect(body['scope']).toBe('launch patient/Observation.read patient/Condition.rs');
  });

  it('grants no letter that is unknown or out of its place, and none that writes (P-11, P-13)', async () => {
    const { body } = await server.launched({
      scope: 'launch patient/Observation.rs patient/Condition.sr patient/Encounter.xyz patient/Goal. patient/Flag.cud',
    });
    expect(body['scope']).toBe('launch patient/Observation.rs');
  });
});

describe('a code', () => {
  it('is redeemed only with the verifier whose challenge began it (N-04) @31', async () => {
    for (const wrong of [undefined, '', randomBytes(48).toString('base64url'), 'challenge']) {
      const answer = await server.authorize();
      const { code_verifier, ...form } = server.redeeming(answer);
      const verifier = wrong === 'challenge' ? new URL(answer.answer.url).searchParams.get('code_challenge') : wrong;
      expect(verifier).not.toBe(code_verifier);
      expectError(
        await server.tokenOf({
          ...form,
          ...(typeof verifier === 'string' ? { code_verifier: verifier } : {}),
          client_id: server.clientId,
        }),
        [400, 401],
        ['invalid_grant', 'invalid_request'],
      );
    }
  });

  it('that is none is refused (N-06) @73', async () =>
    expectError(
      await server.tokenOf({
        grant_type: 'authorization_code',
        code: 'BAD_CODE',
        redirect_uri: server.redirectUri,
        code_verifier: randomBytes(48).toString('base64url'),
        client_id: server.clientId,
      }),
      [400],
      ['invalid_grant'],
    ));

  it('comes back with the redirect URI that it was sent to, from the app that it was sent to (N-10, N-11)', async () => {
    for (const more of [
      { redirect_uri: redirectOf('chart') },
      { redirect_uri: `${server.redirectUri}/` },
      { client_id: 'chart' },
      { client_id: 'chart', redirect_uri: redirectOf('chart') },
    ]) {
      const form = { ...server.redeeming(await server.authorize()), client_id: server.clientId, ...more };
      expectError(await server.tokenOf(form), [400], ['invalid_grant']);
    }
  });

  it('that comes a second time ends what the first gave (N-08)', async () => {
    const form = { ...server.redeeming(await server.authorize()), client_id: server.clientId };
    const first = await server.tokenOf(form);
    expect((await server.introspected(first.body['access_token'])).body['active']).toBe(true);
    expectError(await server.tokenOf(form), [400], ['invalid_grant']);
    expect((await server.introspected(first.body['access_token'])).body).toEqual({ active: false });
    expectError(await server.refreshed(first.body['refresh_token']), [400], ['invalid_grant']);
  });
});

describe('the token endpoint', () => {
  it('knows no client that is not registered (N-07)', async () => {
    const form = server.redeeming(await server.authorize());
    expectError(await server.tokenOf({ ...form, client_id: 'BAD_CLIENT_ID' }), [400, 401], ['invalid_client']);
    expectError(await server.tokenOf(form), [400, 401], ['invalid_client', 'invalid_request']);
  });

  it('knows no grant that it does not list (B-02) @251 @252', async () => {
    for (const grant_type of ['not_a_grant_type', 'password', 'implicit', ''])
      expectError(
        await server.tokenOf({ grant_type, client_id: server.clientId, username: 'a', password: 'b' }),
        [400],
        ['unsupported_grant_type', 'invalid_request', 'unauthorized_client'],
      );
  });

  it('takes a form and no JSON (N-17)', async () => {
    const form = { ...server.redeeming(await server.authorize()), client_id: server.clientId };
    const json = await fetch(`${server.base}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(form),
    });
    expect([400, 415]).toContain(json.status);
    expect(await json.text()).not.toContain('access_token');
  });

  it('takes each parameter once (N-16)', async () => {
    const form = new URLSearchParams({ ...server.redeeming(await server.authorize()), client_id: server.clientId });
    form.append('client_id', server.clientId);
    const answer = await fetch(`${server.base}/auth/token`, { method: 'POST', body: form });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
  });
});

describe('two launches at once, of one user on two people (X-12)', () => {
  it('keep each its own person, scopes and life', async () => {
    const [first, second] = await Promise.all([
      server.launched(),
      server.launched(
        { scope: 'launch patient/Condition.rs' },
        { patient: { nhsNumber: '9990000042', birthDate: '1970-01-02' } },
      ),
    ]);
    expect(first.body['patient']).toBe(server.patientId('9990000018'));
    expect(second.body['patient']).toBe(server.patientId('9990000042'));
    expect(second.body['scope']).toBe('launch patient/Condition.rs');
    expect(await server.revoked(first.body['access_token'])).toBe(200);
    expect((await server.introspected(second.body['access_token'])).body).toMatchObject({
      active: true,
      patient: server.patientId('9990000042'),
    });
  });
});

describe('what the server remembers', () => {
  it('has no token in it that anybody could use', async () => {
    const { body } = await server.launched();
    const rows = JSON.stringify(await server.db.select().from(oidcArtefact));
    for (const name of ['access_token', 'refresh_token', 'id_token']) expect(rows).not.toContain(String(body[name]));
  });
});
