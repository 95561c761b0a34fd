import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oidcArtefact } from '../store/schema.ts';
import { people } from '../launch/testing.ts';
import { appClient, codeFor } from './client.testing.ts';
import { faultOf, openWayIn, type WayIn } from './testing.ts';

let way: WayIn;
beforeAll(async () => {
  way = await openWayIn({
    change: (config) => ({
      ...config,
      clients: [...config.clients, appClient({ clientId: 'app', redirectUris: ['https://apps.example/cb'] })],
    }),
  });
});
afterAll(() => way.close());
beforeEach(() => void way.trail.splice(0));

const appRequest = { client_id: 'app', redirect_uri: 'https://apps.example/cb' };
const ask = async (more: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) =>
  way.authorize(await way.handle({ client: 'app' }), { ...appRequest, scope: 'launch patient/*.rs', ...more }, headers);
/** The request with its parameters in this order, some of them twice. */
async function raw(pairs: readonly (readonly [string, string])[]): Promise<Response> {
  const base = [
    ['response_type', 'code'],
    ['code_challenge', createHash('sha256').update('v').digest('base64url')],
    ['code_challenge_method', 'S256'],
    ['launch', await way.handle({ client: 'app' })],
  ];
  const query = new URLSearchParams([...base, ...pairs.map(([name, value]) => [name, value])]);
  return fetch(`${way.base}/auth/auth?${query}`, { redirect: 'manual' });
}

describe('an authorization request', () => {
  it('is answered for GET and POST alike @48 @49 @133 @354', async () => {
    const request = {
      ...appRequest,
      response_type: 'code',
      scope: 'launch patient/*.rs',
      state: 's',
      aud: `${way.base}/fhir`,
      code_challenge: createHash('sha256').update('v').digest('base64url'),
      code_challenge_method: 'S256',
    };
    const url = `${way.base}/auth/auth?${new URLSearchParams({ ...request, launch: await way.handle({ client: 'app' }) })}`;
    for (const answer of [
      await fetch(url, { redirect: 'manual' }),
      await way.post('/auth/auth', { ...request, launch: await way.handle({ client: 'app' }) }),
    ]) {
      const to = new URL(answer.headers.get('location') ?? '');
      expect([answer.status, `${to.origin}${to.pathname}`]).toEqual([303, 'https://apps.example/cb']);
      expect(to.searchParams.get('code')).toMatch(/^.{20,}$/);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
  });

  it('has its state back byte for byte @59', async () => {
    for (const state of ['a+/=&%b', '"><script>', 'ünï ✓', `x${'y'.repeat(2000)}`])
      expect((await ask({ state })).to.get('state')).toBe(state);
  });

  it('has its nonce in the id_token, and no nonce where it gave none', async () => {
    for (const nonce of ['n-0S6_WzA2Mj', undefined]) {
      const code = await codeOf({ scope: 'openid launch patient/*.rs', nonce });
      const { body } = await way.ask('/auth/token', { ...code, client_id: 'app' });
      expect(decodeJwt(String(body['id_token']))['nonce']).toBe(nonce);
    }
  });

  it('may say `resource` for `aud`, and what no server knows @43', async () => {
    const resource = `${way.base}/fhir`;
    expect((await ask({ aud: undefined, resource })).to.has('code')).toBe(true);
    expect((await ask({ resource, unknown: 'x', patientId: '9990000042' })).to.has('code')).toBe(true);
    expect((await ask({ aud: undefined, resource: 'https://other.example/fhir' })).to.get('error')).toBe(
      'invalid_target',
    );
    expect((await ask({ resource: 'https://other.example/fhir' })).to.get('error')).toBe('invalid_target');
    expect((await ask({ aud: 'https://other.example/fhir', resource })).to.get('error')).toBe('invalid_target');
  });

  it.each(['none', 'login', 'consent', 'login consent'])(
    'is answered without a screen, whatever it prompts for: %s',
    async (prompt) => {
      expect((await ask({ prompt })).to.has('code')).toBe(true);
    },
  );

  it.each([
    [
      'launch/patient launch/encounter patient/*.rs',
      { encounter: 'e1' },
      'launch/patient launch/encounter patient/*.rs',
    ],
    ['launch/patient launch/encounter launch/imagingstudy?role=x patient/*.rs', {}, 'launch/patient patient/*.rs'],
    ['launch patient/Observation.read', {}, 'launch patient/Observation.read'],
    ['launch patient/*.*', {}, 'launch patient/*.read'],
    ['launch patient/*.cruds system/*.rs nonsense', {}, 'launch patient/*.rs'],
    [
      'launch patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
      {},
      'launch patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
    ],
    ['launch patient/Observation.rs?date=gt2020 patient/Patient.rs', {}, 'launch patient/Patient.rs'],
    ['launch patient/Observation.sr patient/Patient.rs', {}, 'launch patient/Patient.rs'],
  ])('for %s is granted as far as it can be @78 @79 @115 @119 @145 @149', async (scope, claims, granted) => {
    const code = await codeOf({ scope }, claims);
    const { body } = await way.ask('/auth/token', { ...code, client_id: 'app' });
    if (typeof body['scope'] !== 'string') throw new Error(JSON.stringify(body));
    // The encounter scope is only registered where a client names it.
    expect(body['scope'].split(' ')).toEqual(granted.split(' ').filter((one) => one !== 'launch/encounter'));
  });

  it('is told the person where it asks who it is, whatever else it may see @361', async () => {
    for (const [scope, told] of [
      ['openid launch/patient', true],
      ['openid launch', false],
    ] as const) {
      const { body } = await way.ask('/auth/token', { ...(await codeOf({ scope })), client_id: 'app' });
      expect([body['scope'], 'patient' in body]).toEqual([scope, told]);
    }
  });

  it('says who the user is by name to an app that was registered for it', async () => {
    const named = await openWayIn({
      change: (config) => ({
        ...config,
        clients: [appClient({ clientId: 'app', scope: 'openid profile launch patient/*.rs' }), ...config.clients],
      }),
    });
    const code = await codeFor(named, 'app', { scope: 'openid profile launch patient/*.rs' });
    const { body } = await named.ask('/auth/token', { ...code, client_id: 'app' });
    expect(decodeJwt(String(body['id_token']))['name']).toBe('Dr Peter OKAFOR');
    await named.close();
  });
});

async function codeOf(more: Record<string, string | undefined>, claims: Record<string, unknown> = {}) {
  const { to, verifier } = await way.authorize(await way.handle({ client: 'app', ...claims }), {
    ...appRequest,
    ...more,
  });
  return {
    grant_type: 'authorization_code',
    code: to.get('code') ?? '',
    redirect_uri: appRequest.redirect_uri,
    code_verifier: verifier,
  };
}

describe('an audience that is not this server', () => {
  it.each([
    ['another server', () => 'https://inferno.healthit.gov/invalid_aud'],
    ['another path', () => `${way.base}/fhir/r4`],
    ['a slash more', () => `${way.base}/fhir/`],
    ['the host alone', () => way.base],
    ['another host', () => way.base.replace('localhost', '127.0.0.1') + '/fhir'],
    ['another port', () => `${way.base}1/fhir`],
    ['another scheme', () => `${way.base.replace('http:', 'https:')}/fhir`],
    ['another case', () => `${way.base}/FHIR`],
    ['a query', () => `${way.base}/fhir?x=1`],
    ['a user', () => `${way.base.replace('//', '//evil@')}/fhir`],
    ['a relative one', () => '/fhir'],
  ])('%s is refused, and no code comes back @41 @42 @96', async (_name, aud) => {
    const { status, to } = await ask({ aud: aud() });
    expect([status, to.get('error'), to.has('code')]).toEqual([303, 'invalid_target', false]);
  });
});

describe('an address that is not registered', () => {
  it.each([
    'https://apps.example/cb/',
    'https://apps.example/cb?x=1',
    'https://apps.example/cb#x',
    'https://apps.example/CB',
    'https://apps.example/cb%2F..%2Fevil',
    'https://apps.example/cb/../evil',
    'https://apps.example:8443/cb',
    'https://apps.example.evil.example/cb',
    'https://apps.example@evil.example/cb',
    'https://evil.example/https://apps.example/cb',
    'http://apps.example/cb',
    '//apps.example/cb',
    'javascript:alert(1)',
    'https://apps.example/cb\r\nSet-Cookie: a=b',
  ])('%j gets a page and no redirect @18 @24 @34 @54', async (redirect_uri) => {
    const { status, answer } = await ask({ redirect_uri }, { accept: 'text/html' });
    const page = await answer.text();
    expect([status, answer.headers.get('location')]).toEqual([400, null]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(page).not.toContain('evil');
    expect(page).not.toMatch(/<script|<form/);
  });

  it('gets none for a fault of another kind either', async () => {
    for (const more of [
      { scope: undefined },
      { aud: 'https://x.example' },
      { launch: 'made-up' },
      { response_type: 'token' },
    ]) {
      const { status, answer } = await ask({ ...more, redirect_uri: 'https://evil.example/' });
      expect([status, answer.headers.get('location')]).toEqual([400, null]);
    }
  });

  it('is refused at the token endpoint too @69', async () => {
    const code = await codeOf({ scope: 'launch patient/*.rs' });
    const answer = await way.ask('/auth/token', {
      ...code,
      client_id: 'app',
      redirect_uri: 'https://apps.example/cb/',
    });
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });
});

describe('what only an attacker sends', () => {
  it.each([
    ['client_id', 'app', 'viewer'],
    ['scope', 'patient/Patient.rs', 'patient/*.rs'],
    ['aud', 'aud', 'https://other.example'],
    ['launch', 'x', 'y'],
    ['state', 's', 't'],
    ['redirect_uri', 'https://apps.example/cb', 'https://evil.example/'],
  ])('%s twice', async (name, one, other) => {
    const all = { ...appRequest, scope: 'patient/*.rs', state: 's', aud: `${way.base}/fhir`, [name]: one };
    const answer = await raw([...Object.entries(all), [name, other]]);
    const location = answer.headers.get('location');
    expect([303, 400]).toContain(answer.status);
    expect(location ?? '').not.toContain('code=');
    expect(location ?? '').not.toContain('evil.example');
  });

  it('a form with a parameter twice, JSON, or no form at all @62', async () => {
    const twice = await fetch(`${way.base}/auth/token`, {
      method: 'POST',
      body: 'grant_type=refresh_token&grant_type=authorization_code&client_id=app&refresh_token=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    const json = await fetch(`${way.base}/auth/token`, {
      method: 'POST',
      body: JSON.stringify({ grant_type: 'refresh_token', client_id: 'app', refresh_token: 'x' }),
      headers: { 'content-type': 'application/json', accept: 'text/html' },
    });
    const none = await fetch(`${way.base}/auth/token`, { method: 'POST' });
    for (const answer of [twice, json, none]) {
      expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, 'invalid_request']);
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expect(answer.headers.get('pragma')).toBe('no-cache');
    }
  });

  it.each(['/auth/token', '/auth/token/introspection', '/auth/token/revocation'])(
    'anything but POST at %s, with secrets in its address',
    async (path) => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await fetch(`${way.base}${path}?grant_type=refresh_token&client_id=app`, { method });
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
        expect(answer.headers.get('cache-control')).toContain('no-store');
        expect(answer.headers.get('pragma')).toBe('no-cache');
      }
    },
  );

  it('a megabyte of it', async () => {
    const long = 'x'.repeat(1_048_576);
    for (const path of ['/auth/token', '/auth/token/introspection', '/auth/auth']) {
      const answer = await way.post(path, {
        ...appRequest,
        grant_type: 'refresh_token',
        refresh_token: long,
        token: long,
        state: long,
      });
      expect(answer.status).toBe(400);
      expect((await answer.text()).length).toBeLessThan(5_000);
    }
    const { to } = await ask({ scope: `launch ${'patient/Patient.rs '.repeat(450)}patient/*.rs` });
    expect(to.get('error')).toBe('invalid_scope');
    const answer = await way.ask('/auth/token', {
      grant_type: 'refresh_token',
      refresh_token: 'y'.repeat(50_000),
      client_id: 'app',
    });
    expect(answer.body['error']).toBe('invalid_grant');
  });

  it('lines for a header, a log or the audit trail', async () => {
    const evil = 'x\r\nSet-Cookie: a=b\r\n\r\n<script>9990000018';
    const { answer } = await ask({ state: evil, scope: 'launch patient/*.rs', code_challenge_method: evil });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('location')).not.toMatch(/[\r\n]/);
    await way.ask('/auth/token', { grant_type: evil, client_id: 'app' });
    await way.ask(
      '/auth/token',
      { grant_type: 'refresh_token', client_id: 'app', refresh_token: evil },
      { origin: 'https://9990000018.evil.example' },
    );
    await way.ask('/auth/token/introspection', { token: evil, client_id: evil });
    const session = await way.ask('/auth/token', {
      ...(await codeOf({ scope: 'launch online_access patient/*.rs' })),
      client_id: 'app',
    });
    await way.ask('/auth/token', {
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: String(session.body['refresh_token']),
      scope: `patient/Patient.rs?identifier=${people.ashby.nhsNumber}`,
    });
    await way.authorization.close();
    const refused = way.trail.filter((entry) => entry.outcome === 'refused');
    expect(refused.length).toBeGreaterThanOrEqual(4);
    for (const { detail } of refused) {
      expect(String(detail?.['why'])).not.toMatch(/[\r\n]/);
      expect(String(detail?.['why'])).not.toContain('9990000018');
      expect(String(detail?.['why']).length).toBeLessThanOrEqual(200);
    }
  });

  it('a header that breaks its line', async () => {
    const answer = await new Promise<string>((done, fail) => {
      const socket = connect(Number(new URL(way.base).port), '127.0.0.1', () => {
        socket.end(
          'POST /auth/token HTTP/1.1\r\nHost: x\r\nOrigin: https://a\n\tX-Evil: 1\r\nContent-Length: 0\r\n\r\n',
        );
      });
      let got = '';
      socket
        .on('data', (data) => (got += data.toString()))
        .on('end', () => done(got))
        .on('error', fail);
    });
    expect(answer).toMatch(/^HTTP\/1.1 400/);
    expect(answer).not.toMatch(/^X-Evil/im);
  });

  it('a code of one launch with the verifier of another', async () => {
    const [mine, theirs] = [
      await codeOf({ scope: 'launch patient/*.rs' }),
      await codeOf({ scope: 'launch patient/*.rs' }),
    ];
    const injected = { ...mine, code: theirs.code, client_id: 'app' };
    const answer = await way.ask('/auth/token', injected);
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });

  it.each([
    ['none', undefined],
    ['a blank one', ''],
    ['another one', 'x'.repeat(64)],
    ['the challenge itself', 'challenge'],
  ])('as code verifier: %s @31', async (_name, given) => {
    const { to, verifier } = await ask();
    const code_verifier = given === 'challenge' ? createHash('sha256').update(verifier).digest('base64url') : given;
    const answer = await way.ask('/auth/token', {
      grant_type: 'authorization_code',
      client_id: 'app',
      code: to.get('code') ?? '',
      redirect_uri: appRequest.redirect_uri,
      ...(code_verifier === undefined ? {} : { code_verifier }),
    });
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });

  it.each([
    ['without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with a plain one', { code_challenge_method: 'plain' }],
    ['with one of no method', { code_challenge_method: undefined }],
  ])('a request %s @14 @15', async (_name, more) => {
    const { to } = await ask(more);
    expect([to.get('error'), to.has('code')]).toEqual(['invalid_request', false]);
  });

  it.each([
    ['token', 'unsupported_response_type'],
    ['id_token', 'unsupported_response_type'],
    ['code id_token', 'unsupported_response_type'],
    ['', 'invalid_request'],
  ])('a response type of %j', async (response_type, error) => {
    const { answer } = await ask({ response_type });
    const location = answer.headers.get('location') ?? '';
    expect(`${location}${await answer.text()}`).not.toContain('code=');
    expect(location).toContain(error);
  });

  it.each(['form_post', 'web_message', 'jwt'])('a response mode of %s', async (response_mode) => {
    const { answer } = await ask({ response_mode });
    expect(answer.headers.get('location') ?? '').not.toContain('code=');
    expect(await answer.text()).not.toContain('name="code"');
  });

  it('a code after its minute @58', async () => {
    const code = await codeOf({ scope: 'launch patient/*.rs' });
    for (const row of await way.db.select().from(oidcArtefact))
      if (row.model === 'AuthorizationCode')
        await way.db
          .update(oidcArtefact)
          .set({ payload: { ...(row.payload as object), exp: Math.floor(Date.now() / 1000) - 1 } });
    const answer = await way.ask('/auth/token', { ...code, client_id: 'app' });
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });

  it('a code again, raced at two servers: what it gave is gone', async () => {
    const code = { ...(await codeOf({ scope: 'launch online_access patient/*.rs' })), client_id: 'app' };
    const answers = await Promise.all([way.ask('/auth/token', code), way.ask('/second/auth/token', code)]);
    const given = answers.filter(({ status }) => status === 200);
    expect(given.length).toBeLessThanOrEqual(1);
    for (const answer of given) expect(await faultOf(way.verify(answer))).toBe('token-invalid');
  });
});

describe('a browser of another origin', () => {
  const paths = ['/auth/token', '/auth/token/introspection', '/auth/token/revocation'];

  it.each(paths)('is told what it may send to %s @17', async (path) => {
    const answer = await fetch(`${way.base}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://apps.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(answer.headers.get('access-control-max-age')).toBe('3600');
    expect(answer.headers.get('vary')).toMatch(/origin/i);
  });

  it.each(paths)('reads answers of %s where its app is registered there, errors among them @17', async (path) => {
    const origin = 'https://apps.example';
    for (const answer of [
      await way.ask(
        path,
        { client_id: 'app', grant_type: 'refresh_token', refresh_token: 'x', token: 'x' },
        { origin },
      ),
      await way.ask(path, { client_id: 'app', grant_type: 'nonsense' }, { origin }),
      await way.ask(path, { client_id: 'nobody', token: 'x' }, { origin }),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('vary')).toMatch(/origin/i);
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
    const wrong = await fetch(`${way.base}${path}`, { headers: { origin } });
    expect(wrong.headers.get('access-control-allow-origin')).toBe(origin);
    const stranger = await way.ask(path, { client_id: 'app', token: 'x' }, { origin: 'https://evil.example' });
    expect([stranger.status, stranger.headers.get('access-control-allow-origin')]).toEqual([400, null]);
  });

  it('reads what is public @16', async () => {
    for (const path of ['/auth/.well-known/openid-configuration', '/auth/jwks']) {
      const answer = await fetch(`${way.base}${path}`, { headers: { origin: 'https://any.example' } });
      expect(answer.status).toBe(200);
      expect(['*', 'https://any.example']).toContain(answer.headers.get('access-control-allow-origin'));
    }
  });
});
