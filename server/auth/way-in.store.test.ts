import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { personHash } from '../keyed-hash.ts';
import { people } from '../launch/testing.ts';
import { launchGrant, launchHandle, oidcArtefact } from '../store/schema.ts';
import { permits } from './authorization.ts';
import { faultOf, openWayIn, type WayIn } from './testing.ts';

let way: WayIn;
beforeAll(async () => {
  way = await openWayIn({
    change: (config) => ({
      ...config,
      clients: config.clients.flatMap((one) => [
        one,
        {
          ...one,
          clientId: 'growth-chart',
          launchUri: 'https://apps.example/launch',
          redirectUris: ['https://apps.example/'],
        },
      ]),
    }),
  });
});
afterAll(() => way.close());
beforeEach(() => void way.trail.splice(0));

const reasons = (): unknown[] => way.trail.map((entry) => entry.detail?.['why']);

describe('from a signed context to a token', () => {
  it('goes through name and role the first time, and straight there the second', async () => {
    const page = await (await way.launch()).text();
    expect(page).toContain('Tell us who you are');
    const filled = await way.fillIn(page);
    const to = new URL(filled.headers.get('location') ?? '', way.base);
    expect([filled.status, to.pathname, to.searchParams.get('iss')]).toEqual([303, '/app/launch', `${way.base}/fhir`]);
    const {
      to: callback,
      verifier,
      answer,
    } = await way.authorize(to.searchParams.get('launch') ?? '', {
      state: 'a+/=&%b',
    });
    expect(callback.get('state')).toBe('a+/=&%b');
    expect(answer.headers.get('set-cookie')).toBeNull();
    const token = await way.token({
      grant_type: 'authorization_code',
      code: callback.get('code') ?? '',
      redirect_uri: way.redirectUri,
      code_verifier: verifier,
    });
    expect(token.status).toBe(200);
    expect(token.headers.get('cache-control')).toContain('no-store');
    expect(token.headers.get('pragma')).toBe('no-cache');
    expect(token.headers.get('access-control-allow-origin')).toBe(way.base);
    expect(token.headers.get('set-cookie')).toBeNull();
    expect(token.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'openid fhirUser launch online_access patient/*.rs user/Practitioner.ru',
      patient: way.patientId(people.ashby.nhsNumber),
      need_patient_banner: false,
      __ohc: {
        hostName: 'Millbrook Clinical Desktop',
        hostOrigins: ['https://epr.example'],
        userName: 'Dr Peter OKAFOR',
        role: { code: 'R8000', title: 'Clinical practitioner' },
        organisation: { ods: 'RJE', name: 'University Hospitals of North Midlands' },
      },
    });
    expect(JSON.stringify(token.body)).not.toContain(people.ashby.nhsNumber);
    expect((await way.launch()).status).toBe(303);
  });

  it('gives an id_token that is signed, and says who looks', async () => {
    const { body } = await way.session();
    const keys = createRemoteJWKSet(new URL(`${way.base}/auth/jwks`));
    const { payload, protectedHeader } = await jwtVerify(String(body['id_token']), keys, {
      issuer: `${way.base}/auth`,
      audience: way.clientId,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload['fhirUser']).toBe(`${way.base}/fhir/Practitioner/${payload.sub}`);
    expect(payload.sub).toMatch(/^[0-9a-f]{64}$/);
    expect(typeof payload['nonce']).toBe('string');
  });

  it('knows the launch by its token: who, about whom, with which scopes', async () => {
    const session = await way.session({ encounter: 'e1', intent: 'summary' });
    expect(session.body).toMatchObject({
      encounter: way.ids.of('demo-uhnm', 'Encounter', 'e1'),
      intent: 'summary',
    });
    const { launchId, clientId, scopes, context } = await way.verify(session);
    expect(clientId).toBe(way.clientId);
    expect(permits(scopes, 'Observation', 'search')).toBe(true);
    expect(permits(scopes, 'Observation', 'create')).toBe(false);
    expect(context).toMatchObject({
      host: 'epr',
      user: { id: 'dr-okafor', registration: { body: 'GMC', number: '7654321' } },
      role: 'R8000',
      patient: people.ashby,
    });
    expect(way.trail.filter((entry) => entry.type === 'authorization')).toMatchObject([
      { outcome: 'success', launchId, nhsNumber: people.ashby.nhsNumber, user: { id: 'dr-okafor' } },
    ]);
  });

  it('narrows a wildcard to what the role may see', async () => {
    const { body } = await way.session({ sub: 'desk', role: 'R8009' });
    expect(String(body['scope']).split(' ')).toEqual(
      expect.arrayContaining(['patient/Patient.rs', 'patient/Appointment.rs']),
    );
    expect(body['scope']).not.toContain('patient/*');
    expect(body['scope']).not.toContain('Observation');
  });

  it('gives no person to a role that looks at none', async () => {
    const { body } = await way.session({ sub: 'officer', role: 'R0001' });
    expect(body).not.toHaveProperty('patient');
    expect(body['scope']).toBe('openid fhirUser launch online_access user/Practitioner.ru');
  });

  it('accepts scopes in the way of SMART 1', async () => {
    const { body } = await way.session({}, { scope: 'launch patient/*.read patient/*.write' });
    expect(body['scope']).toBe('launch patient/*.read');
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('id_token');
  });

  it('accepts a POST to authorize', async () => {
    const verifier = randomBytes(48).toString('base64url');
    const answer = await way.post('/auth/auth', {
      response_type: 'code',
      client_id: way.clientId,
      redirect_uri: way.redirectUri,
      scope: 'launch patient/*.rs',
      state: 's',
      aud: `${way.base}/fhir`,
      launch: await way.handle(),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect(answer.status).toBe(303);
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('code')).toBeTruthy();
  });
});

describe('one grant for each launch', () => {
  it('keeps two people of one browser apart', async () => {
    // The cookies that the library would have set in an earlier launch change nothing.
    const cookie = '_session=abc; _session.sig=def';
    const open = async (patient: { readonly nhsNumber: string; readonly birthDate: string }) => {
      const { to, verifier } = await way.authorize(await way.handle({ patient }), {}, { cookie });
      return way.token(
        {
          grant_type: 'authorization_code',
          code: to.get('code') ?? '',
          redirect_uri: way.redirectUri,
          code_verifier: verifier,
        },
        { cookie, origin: way.base },
      );
    };
    const first = await open(people.ashby);
    const second = await open(people.dunmore);
    expect((await way.verify(first)).context.patient).toEqual(people.ashby);
    expect((await way.verify(second)).context.patient).toEqual(people.dunmore);
    expect(first.body['patient']).not.toBe(second.body['patient']);
    const renewed = await way.token({
      grant_type: 'refresh_token',
      refresh_token: String(first.body['refresh_token']),
    });
    expect(renewed.body['patient']).toBe(first.body['patient']);
    expect((await way.verify(second)).context.patient).toEqual(people.dunmore);
  });

  it('ends every launch on a person, and no other', async () => {
    const ended = [await way.session(), await way.session()];
    const other = await way.session({ patient: people.dunmore });
    await (
      await way.authorization.endLaunches(personHash(way.idKey, people.ashby.nhsNumber), way.store.db)
    )();
    for (const session of ended) {
      expect(await faultOf(way.verify(session))).toBe('token-invalid');
      const refresh = { grant_type: 'refresh_token', refresh_token: String(session.body['refresh_token']) };
      expect((await way.token(refresh)).body['error']).toBe('invalid_grant');
    }
    expect((await way.verify(other)).context.patient).toEqual(people.dunmore);
  });
});

describe('a handle', () => {
  it('works once, also when it is raced', async () => {
    const handle = await way.handle();
    const answers = await Promise.all(Array.from({ length: 5 }, () => way.authorize(handle)));
    expect(answers.filter(({ to }) => to.has('code'))).toHaveLength(1);
    expect(answers.filter(({ to }) => to.get('error') === 'invalid_request')).toHaveLength(4);
    expect(reasons()).toContain('handle-used');
  });

  it('works for a minute', async () => {
    const handle = await way.handle();
    await way.db.update(launchHandle).set({ expiresAt: new Date(Date.now() - 1) });
    expect((await way.authorize(handle)).to.get('error')).toBe('invalid_request');
    expect(reasons()).toContain('handle-late');
  });

  it('works for its client alone', async () => {
    const handle = await way.handle();
    const other = { client_id: 'growth-chart', redirect_uri: 'https://apps.example/' };
    expect((await way.authorize(handle, other)).to.get('error')).toBe('invalid_request');
    expect(reasons()).toContain('handle-of-another-client');
    expect((await way.authorize(handle)).to.has('code')).toBe(true);
  });
});

describe('what authorize refuses', () => {
  it.each([
    ['no launch', { launch: undefined }, 'invalid_request'],
    ['an unknown launch', { launch: 'made-up' }, 'invalid_request'],
    ['no aud', { aud: undefined }, 'invalid_request'],
    ['another aud', { aud: 'https://other.example/fhir' }, 'invalid_target'],
    ['no state', { state: undefined }, 'invalid_request'],
    ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no scope that can be granted', { scope: 'system/*.rs' }, 'access_denied'],
  ])('%s, by a redirect', async (_name, more, error) => {
    const { status, to } = await way.authorize(await way.handle(), more);
    expect([status, to.get('error'), to.has('code')]).toEqual([303, error, false]);
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }],
    ['an unregistered redirect URI', { redirect_uri: 'https://evil.example/' }],
  ])('%s, by a page of our own and no redirect', async (_name, more) => {
    const { status, answer } = await way.authorize(await way.handle(), more, { accept: 'text/html' });
    const page = await answer.text();
    expect(status).toBe(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page).toContain('One Health and Care');
    expect(page).not.toMatch(/googleapis|oops|<script/);
  });

  it('builds its URLs from the configuration, whatever the request says', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const found = await fetch(`${way.base}/auth/.well-known/openid-configuration`, { headers });
    expect(await found.text()).not.toContain('evil.example');
  });
});

describe('what the token endpoint refuses', () => {
  it('a wrong verifier, a wrong redirect URI, a code of another client', async () => {
    for (const more of [
      { code_verifier: 'x'.repeat(64) },
      { redirect_uri: 'https://evil.example/' },
      { client_id: 'growth-chart' },
    ]) {
      const { to, verifier } = await way.authorize(await way.handle());
      const answer = await way.token(
        {
          grant_type: 'authorization_code',
          code: to.get('code') ?? '',
          redirect_uri: way.redirectUri,
          code_verifier: verifier,
          ...more,
        },
        {},
      );
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
      expect(answer.headers.get('pragma')).toBe('no-cache');
    }
    expect(way.trail.filter((entry) => entry.outcome === 'refused')).toHaveLength(3);
  });

  it('a code that is used again, and ends the launch', async () => {
    const session = await way.session();
    await way.verify(session);
    const again = await way.token(session.exchange);
    expect([again.status, again.body['error']]).toEqual([400, 'invalid_grant']);
    expect(await faultOf(way.verify(session))).toBe('token-invalid');
  });

  it('all but one of those who race for a code', async () => {
    const { to, verifier } = await way.authorize(await way.handle());
    const exchange = {
      grant_type: 'authorization_code',
      code: to.get('code') ?? '',
      redirect_uri: way.redirectUri,
      code_verifier: verifier,
    };
    const answers = await Promise.all(Array.from({ length: 4 }, () => way.token(exchange)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it('a foreign origin', async () => {
    const answer = await way.token(
      { grant_type: 'refresh_token', refresh_token: 'x' },
      { origin: 'https://evil.example' },
    );
    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('a client whose registration has ended', async () => {
    const ended = await openWayIn({
      change: (config) => ({ ...config, clients: config.clients.map((one) => ({ ...one, until: '2020-01-01' })) }),
    });
    const answer = await ended.token({ grant_type: 'refresh_token', refresh_token: 'x' }, {});
    expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client']);
    expect((await ended.launch()).status).toBe(403);
    await ended.close();
  });
});

describe('refresh', () => {
  const refresh = (token: unknown, more: Record<string, string> = {}) =>
    way.token({ grant_type: 'refresh_token', refresh_token: String(token), ...more });

  it('rotates, repeats the context, and ends the launch when an old token comes back', async () => {
    const first = await way.session();
    const second = await refresh(first.body['refresh_token']);
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject({
      patient: first.body['patient'],
      scope: first.body['scope'],
      need_patient_banner: false,
      __ohc: { hostName: 'Millbrook Clinical Desktop' },
    });
    expect(second.body['refresh_token']).not.toBe(first.body['refresh_token']);
    expect((await way.verify(second)).launchId).toBe((await way.verify(first)).launchId);

    const replay = await refresh(first.body['refresh_token']);
    expect(replay.body['error']).toBe('invalid_grant');
    expect(await faultOf(way.verify(second))).toBe('token-invalid');
    expect((await refresh(second.body['refresh_token'])).body['error']).toBe('invalid_grant');
  });

  it('narrows and does not widen', async () => {
    const session = await way.session({}, { scope: 'launch online_access patient/Patient.rs patient/Observation.rs' });
    const wider = await refresh(session.body['refresh_token'], { scope: 'patient/*.rs' });
    expect([wider.status, wider.body['error']]).toEqual([400, 'invalid_scope']);
    const narrower = await refresh(session.body['refresh_token'], { scope: 'patient/Patient.rs' });
    expect(narrower.body['scope']).toBe('patient/Patient.rs');
    expect((await way.verify(narrower)).scopes).toEqual(['patient/Patient.rs']);
  });
});

describe('what is kept', () => {
  it('is of no use to whoever reads the tables', async () => {
    const handle = await way.handle();
    const { to, verifier } = await way.authorize(handle);
    const code = to.get('code') ?? '';
    const { body } = await way.token({
      grant_type: 'authorization_code',
      code,
      redirect_uri: way.redirectUri,
      code_verifier: verifier,
    });
    const rows = JSON.stringify([
      await way.db.select().from(oidcArtefact),
      await way.db.select().from(launchHandle),
      await way.db.select().from(launchGrant),
    ]);
    for (const secret of [handle, code, verifier, body['access_token'], body['refresh_token']])
      expect(rows).not.toContain(String(secret));
  });

  it('takes an access token for five minutes', async () => {
    const session = await way.session();
    expect(await faultOf(way.authorization.verify(undefined))).toBe('token-missing');
    for (const header of ['Bearer', 'Bearer made-up', 'Basic abc', `Bearer ${'x'.repeat(9000)}`])
      expect(await faultOf(way.authorization.verify(header))).toBe('token-invalid');
    const rows = await way.db.select().from(oidcArtefact);
    for (const row of rows.filter(({ model }) => model === 'AccessToken'))
      await way.db
        .update(oidcArtefact)
        .set({ payload: { ...(row.payload as object), exp: Math.floor(Date.now() / 1000) - 301 } });
    expect(await faultOf(way.verify(session))).toBe('token-invalid');
  });
});
