import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchHandle, oidcArtefact } from '../../store/schema.ts';
import { ehrScope, openServer, redirectOf, type Server } from './testing.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer({ apps: [{ clientId: 'chart' }] });
});
afterAll(() => server.close());

const challenge = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** An authorization request of the viewer, complete, with some of it otherwise. */
const request = async (more: Readonly<Record<string, string>> = {}): Promise<URLSearchParams> =>
  new URLSearchParams({
    response_type: 'code',
    client_id: server.clientId,
    redirect_uri: server.redirectUri,
    scope: 'launch patient/*.rs',
    state: randomUUID(),
    aud: `${server.base}/fhir`,
    launch: await server.handle(),
    code_challenge: challenge(randomBytes(54).toString('base64url')),
    code_challenge_method: 'S256',
    ...more,
  });
const ask = (params: URLSearchParams, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.base}/auth/auth?${params}`, { redirect: 'manual', headers });
const answerOf = (response: Response): URLSearchParams =>
  new URL(response.headers.get('location') ?? 'about:blank').searchParams;

describe('an app', () => {
  it('is registered with whole URLs to launch and to return to (R-01) @20 @21', () => {
    for (const { clientId, launchUri, redirectUris } of server.config.clients) {
      expect(redirectUris, clientId).not.toHaveLength(0);
      for (const uri of [launchUri, ...redirectUris]) {
        const url = new URL(uri, server.base);
        expect(['http:', 'https:']).toContain(url.protocol);
        expect([url.hash, url.username, uri.includes('*')]).toEqual(['', '', false]);
      }
    }
  });
});

describe('an EHR launch', () => {
  it('brings the browser to the registered launch URL, with the FHIR base and an opaque handle (L-01, L-02) @18', async () => {
    const { handle: _handle, ...rest } = server;
    const viewer = await rest.launch({ jti: randomUUID(), sub: 'dr-okafor' });
    const answer = viewer.status === 200 ? await rest.fillIn(await viewer.text()) : viewer;
    const to = new URL(answer.headers.get('location') ?? '', server.base);
    expect([answer.status, to.origin, to.pathname]).toEqual([303, server.base, '/app/launch']);
    expect(to.searchParams.get('iss')).toBe(`${server.base}/fhir`);
    expect(to.searchParams.get('launch')).toMatch(/^[A-Za-z0-9_-]{32,}$/);

    const chart = await server.launch({ client: 'chart' });
    expect(new URL(chart.headers.get('location') ?? '').href).toMatch(/^https:\/\/chart\.example\/launch\?/);
    expect((await server.launch({ client: 'nobody' })).headers.get('location')).toBeNull();
  });

  it('ends at the redirect URI with a code and the state, asked by GET (L-04, L-07) @48 @53 @56 @57 @352', async () => {
    const state = randomUUID();
    const response = await ask(await request({ state }));
    const to = new URL(response.headers.get('location') ?? '');
    expect([302, 303]).toContain(response.status);
    expect(to.origin + to.pathname).toBe(server.redirectUri);
    expect(to.searchParams.get('code')).toMatch(/^[\x21-\x7e]{20,}$/);
    expect(to.searchParams.get('state')).toBe(state);
    expect(to.searchParams.has('error')).toBe(false);
  });

  it('ends there too when it is asked by POST (L-06) @49 @354', async () => {
    const state = randomUUID();
    const response = await fetch(`${server.base}/auth/auth`, {
      method: 'POST',
      body: await request({ state }),
      redirect: 'manual',
    });
    expect([302, 303]).toContain(response.status);
    expect(answerOf(response).get('code')).toBeTruthy();
    expect(answerOf(response).get('state')).toBe(state);
  });

  it.each(['a+b/c=d&e%f', ' ', 'ä€𝄞', `"'<script>`, 'x'.repeat(1000)])(
    'gives back the state %s as it came, byte for byte (L-05) @59',
    async (state) => {
      expect(answerOf(await ask(await request({ state }))).get('state')).toBe(state);
      expect(answerOf(await ask(await request({ state, aud: 'https://other.example' }))).get('state')).toBe(state);
    },
  );

  it('does not mind parameters that it does not know (L-11)', async () =>
    expect(answerOf(await ask(await request({ flavour: 'mint', 'ui locale': 'cy' }))).has('code')).toBe(true));

  it('takes launch/patient and its like for hints (L-13) @163', async () => {
    const scope = 'launch launch/patient launch/encounter launch/list?role=https://ehr.example/role patient/*.rs';
    const { body } = await server.launched({ scope });
    expect(body['patient']).toBe(server.patientId('9990000018'));
  });

  it('grants part of what was asked where a role has no more, and says so (L-15, L-16) @119', async () => {
    const { body } = await server.launched({ scope: ehrScope }, { sub: 'desk', role: 'R8009' });
    const granted = String(body['scope']).split(' ');
    expect(granted).not.toContain('patient/*.rs');
    expect(granted.some((scope) => scope.startsWith('patient/Appointment'))).toBe(true);
    expect(granted.some((scope) => /Observation|Condition|\*/.test(scope))).toBe(false);
  });

  it('keeps a code for a minute (L-09) @58', async () => {
    const answer = await server.authorize();
    for (const row of await server.db.select().from(oidcArtefact)) {
      if (row.model !== 'AuthorizationCode' || row.expiresAt === null) continue;
      expect(row.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(61_000);
      const payload = { ...(row.payload as object), exp: Math.floor(Date.now() / 1000) - 1 };
      await server.db
        .update(oidcArtefact)
        .set({ payload, expiresAt: new Date(Date.now() - 1000) })
        .where(eq(oidcArtefact.idHash, row.idHash));
    }
    const late = await server.tokenOf({ ...server.redeeming(answer), client_id: server.clientId });
    expect([late.status, late.body['error']]).toEqual([400, 'invalid_grant']);
  });
});

describe('a patient/ scope without a launch (L-12)', () => {
  it.each([undefined, 'made-up', ''])('is refused where the launch is %j', async (launch) => {
    const { to } = await server.authorize({ launch, scope: 'launch patient/*.rs' });
    expect([to.get('error'), to.has('code')]).toEqual(['invalid_request', false]);
  });
});

describe('aud', () => {
  it('must be this FHIR server (N-01, N-02, N-03) @42', async () => {
    const own = new URL(server.base);
    for (const aud of [
      'https://inferno.healthit.gov/invalid_aud',
      server.base,
      `${server.base}/fhir/../auth`,
      `${server.base}/fhir2`,
      `https://${own.host}/fhir`,
      `http://other.example:${own.port}/fhir`,
      `http://${own.hostname}:1/fhir`,
      `http://${own.hostname}.:${own.port}/fhir`,
      '',
      undefined,
    ]) {
      const { to } = await server.authorize({ aud });
      expect(to.has('code'), aud).toBe(false);
      expect(['invalid_request', 'invalid_target'], aud).toContain(to.get('error'));
    }
    expect((await server.authorize({ aud: `${server.base}/fhir` })).to.has('code')).toBe(true);
  });
});

describe('an authorization request that is refused', () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ['no challenge (N-05)', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['a plain challenge (N-05)', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no method, which means plain (N-05)', { code_challenge_method: undefined }, 'invalid_request'],
    ['no state (N-13)', { state: undefined }, 'invalid_request'],
    ['response_type token (N-14)', { response_type: 'token' }, 'unsupported_response_type'],
    ['response_type id_token (N-14)', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['no response_type (N-14)', { response_type: undefined }, 'invalid_request'],
    ['the launch scope without a launch (S-02)', { launch: undefined, scope: 'launch' }, 'invalid_request'],
  ])('answers %s at the redirect URI and gives no code (L-08) @15 @54', async (_name, more, error) => {
    const { status, answer } = await server.authorize(more);
    const to = new URL(answer.headers.get('location') ?? '');
    // A response_type that would have used the fragment has its error there (OAuth 2.0, 4.2.2.1).
    const said = new URLSearchParams(to.hash === '' ? to.search : to.hash.slice(1));
    expect([302, 303]).toContain(status);
    expect(to.origin + to.pathname).toBe(server.redirectUri);
    expect([said.get('error'), said.has('code'), said.has('access_token')]).toEqual([error, false, false]);
    if (!('state' in more)) expect(said.get('state')).toBeTruthy();
  });

  it.each(['scope', 'state', 'aud', 'launch', 'code_challenge', 'redirect_uri', 'client_id'])(
    'has the parameter %s twice (N-16)',
    async (name) => {
      const params = await request();
      params.append(name, params.get(name) ?? '');
      const response = await ask(params);
      expect(answerOf(response).has('code')).toBe(false);
      if (response.status === 400) expect(response.headers.get('location')).toBeNull();
      else expect(answerOf(response).get('error')).toBe('invalid_request');
    },
  );

  it('is never sent to a redirect URI that is not registered, however near (R-02, N-09) @18', async () => {
    const { redirectUri, base } = server;
    for (const redirect_uri of [
      `${redirectUri}/`,
      `${redirectUri}?x=1`,
      `${redirectUri}#x`,
      redirectUri.toUpperCase(),
      redirectUri.replace('/callback', '/./callback'),
      redirectUri.replace('http:', 'https:'),
      redirectUri.replace('localhost', '127.0.0.1'),
      redirectUri.replace('localhost', 'evil@localhost'),
      redirectOf('chart'),
      `${base}/app`,
      'https://evil.example/',
      'javascript:alert(1)',
    ]) {
      const response = await ask(await request({ redirect_uri }), { accept: 'text/html' });
      expect([response.status, response.headers.get('location')], redirect_uri).toEqual([400, null]);
    }
  });

  it('is not sent anywhere for a client that nobody knows @18', async () => {
    const response = await ask(await request({ client_id: 'BAD_CLIENT_ID' }));
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  });
});

describe('a launch handle', () => {
  it('opens once, for a minute, for its app alone (N-12)', async () => {
    const once = await server.handle();
    expect((await server.authorize({ launch: once })).to.has('code')).toBe(true);
    const late = await server.handle();
    // Of all that are there: the handle itself stands nowhere.
    await server.db.update(launchHandle).set({ expiresAt: new Date(Date.now() - 1) });
    const others = await server.handle({ client: 'chart' });
    for (const launch of [once, late, others, 'unknown', `${await server.handle()}x`]) {
      const { to } = await server.authorize({ launch });
      expect([to.get('error'), to.has('code')]).toEqual(['invalid_request', false]);
    }
  });
});
