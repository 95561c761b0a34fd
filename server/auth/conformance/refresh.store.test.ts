import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServer, type Answer, type Server } from './testing.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer({ apps: [{ clientId: 'chart' }] });
});
afterAll(() => server.close());

const scopesOf = ({ body }: Answer): readonly string[] => String(body['scope']).split(' ').sort();
const isActive = async ({ body }: Answer): Promise<unknown> =>
  (await server.introspected(body['access_token'])).body['active'];

function expectRefused({ status, headers, body }: Answer, error = 'invalid_grant'): void {
  expect([status, body['error']]).toEqual([400, error]);
  expect(body).not.toHaveProperty('access_token');
  expect(headers.get('cache-control')).toContain('no-store');
  expect(headers.get('pragma')).toContain('no-cache');
}

describe('a refresh', () => {
  it('gives a new token of the same scope where none is asked for (F-01, F-02, F-03) @100 @104 @109 @110 @111 @112 @113 @114 @366', async () => {
    const first = await server.launched();
    const second = await server.refreshed(first.body['refresh_token']);
    expect(second.status).toBe(200);
    expect(second.headers.get('cache-control')).toContain('no-store');
    expect(second.headers.get('pragma')).toContain('no-cache');
    expect(typeof second.body['access_token']).toBe('string');
    expect(second.body['access_token']).not.toBe(first.body['access_token']);
    expect(String(second.body['token_type']).toLowerCase()).toBe('bearer');
    expect(second.body['expires_in']).toBe(300);
    expect(scopesOf(second)).toEqual(scopesOf(first));
    expect(await isActive(second)).toBe(true);
  });

  it('gives the same where the same scope is asked for (F-01)', async () => {
    const first = await server.launched();
    const second = await server.refreshed(first.body['refresh_token'], { scope: String(first.body['scope']) });
    expect([second.status, scopesOf(second)]).toEqual([200, scopesOf(first)]);
  });

  it('gives less where less is asked for, and says so (F-02) @104 @115', async () => {
    const first = await server.launched({ scope: 'launch online_access patient/Patient.rs patient/Observation.rs' });
    const second = await server.refreshed(first.body['refresh_token'], { scope: 'patient/Patient.rs' });
    expect(scopesOf(second)).toEqual(['patient/Patient.rs']);
    const { body } = await server.introspected(second.body['access_token']);
    expect(body['scope']).toBe('patient/Patient.rs');
  });

  it.each(['patient/*.rs', 'patient/Patient.cruds', 'patient/Observation.rs user/Practitioner.r', 'system/*.rs'])(
    'never gives more: %s (F-05) @104',
    async (scope) => {
      const first = await server.launched({ scope: 'launch online_access patient/Patient.rs' });
      const wider = await server.refreshed(first.body['refresh_token'], { scope });
      if (wider.status === 200)
        expect(['launch', 'online_access', 'patient/Patient.rs']).toEqual(expect.arrayContaining([...scopesOf(wider)]));
      else expectRefused(wider, 'invalid_scope');
    },
  );

  it('repeats all of the launch context (X-11) @118', async () => {
    const first = await server.launched({}, { intent: 'summary-view', encounter: 'e1' });
    const second = await server.refreshed(first.body['refresh_token']);
    const own = ['access_token', 'refresh_token', 'id_token', 'expires_in', 'token_type', 'scope'];
    const contextOf = ({ body }: Answer) =>
      Object.fromEntries(Object.entries(body).filter(([name]) => !own.includes(name)));
    expect(contextOf(second)).toMatchObject({ patient: first.body['patient'], intent: 'summary-view' });
    expect(contextOf(second)).toEqual(contextOf(first));
  });

  it('is refused with a token that nobody issued (F-04)', async () => {
    for (const token of ['INVALID_TOKEN', 'a'.repeat(43), '../../etc', '\u0000'])
      expectRefused(await server.refreshed(token));
  });

  it('is refused to another app (F-06) @103', async () => {
    const first = await server.launched();
    expectRefused(await server.refreshed(first.body['refresh_token'], { client_id: 'chart' }));
  });

  it('is refused with an access token, and with a code (F-04)', async () => {
    const { to } = await server.authorize();
    expectRefused(await server.refreshed(to.get('code')));
    expectRefused(await server.refreshed((await server.launched()).body['access_token']));
  });
});

describe('a refresh token', () => {
  it('works once: with the old one the whole launch ends (F-07)', async () => {
    const first = await server.launched();
    const second = await server.refreshed(first.body['refresh_token']);
    expect(second.body['refresh_token']).not.toBe(first.body['refresh_token']);
    expectRefused(await server.refreshed(first.body['refresh_token']));
    expect([await isActive(first), await isActive(second)]).toEqual([false, false]);
    expectRefused(await server.refreshed(second.body['refresh_token']));
  });
});

describe('revocation', () => {
  it('ends an access token at the FHIR server at once (V-01)', async () => {
    const { body } = await server.launched();
    const path = `Patient/${String(body['patient'])}`;
    expect((await server.fhir(path, body['access_token'])).status).toBe(200);
    expect(await server.revoked(body['access_token'])).toBe(200);
    expect((await server.fhir(path, body['access_token'])).status).toBe(401);
  });

  it('of a refresh token ends its launch (V-02, V-03)', async () => {
    const launched = await server.launched();
    expect(await server.revoked(launched.body['refresh_token'])).toBe(200);
    expectRefused(await server.refreshed(launched.body['refresh_token']));
    expect(await isActive(launched)).toBe(false);
  });

  it('is not for another app’s token (V-04)', async () => {
    const launched = await server.launched();
    for (const name of ['access_token', 'refresh_token'])
      expect(await server.revoked(launched.body[name], 'chart')).not.toBe(500);
    expect(await isActive(launched)).toBe(true);
    expect((await server.refreshed(launched.body['refresh_token'])).status).toBe(200);
  });

  it('of what is no token is no error, as RFC 7009 has it', async () =>
    expect(await server.revoked('no-such-token')).toBe(200));
});
