import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../config/config.ts';
import { people } from '../launch/testing.ts';
import { appClient, asApp } from './client.testing.ts';
import { openWayIn, type WayIn } from './testing.ts';

let way: WayIn;
const kept: Readonly<Record<string, string>>[] = [];

function withSignIn(config: Config): Config {
  const [host] = config.hosts;
  if (host === undefined) throw new Error('no host');
  const { id: _id, door: _door, ...shared } = host;
  return {
    ...config,
    clients: [...config.clients, appClient({ clientId: 'app' })],
    hosts: [
      host,
      {
        id: 'sign-in',
        name: shared.name,
        organisation: shared.organisation,
        origins: [],
        roles: shared.roles,
        showsBanner: false,
        selfDeclared: 'allowed',
        launchesPerMinute: 600,
        door: 'sign-in',
        issuer: 'https://sign-in.example',
        clientId: 'ohc',
        clientAuth: 'private_key_jwt',
        scope: 'openid',
        leastAssurance: 2,
      },
    ],
  };
}

beforeAll(async () => {
  way = await openWayIn({
    change: withSignIn,
    beginStandalone: async (params) => {
      kept.push(params);
      return `https://record.example/launch?app=ticket-${kept.length}`;
    },
  });
});
afterAll(() => way.close());
beforeEach(() => {
  way.trail.splice(0);
  kept.splice(0);
});

const ask = (scope: string, more: Record<string, string | undefined> = {}, headers: Record<string, string> = {}) =>
  way.authorize(undefined, { ...asApp('app'), scope, ...more }, headers);

describe('an app that begins by itself', () => {
  it.each(['openid fhirUser launch/patient patient/*.rs', 'patient/Observation.rs', 'openid user/Practitioner.r'])(
    'is sent to sign in for %s, with all that it asked kept for later @353',
    async (scope) => {
      const { status, answer } = await ask(scope, { extra: 'kept too', state: 'a+/=&%b' });
      expect([status, answer.headers.get('location')]).toEqual([303, 'https://record.example/launch?app=ticket-1']);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(kept).toEqual([
        expect.objectContaining({
          ...asApp('app'),
          scope,
          state: 'a+/=&%b',
          response_type: 'code',
          aud: `${way.base}/fhir`,
        }),
      ]);
      await way.authorization.close();
      expect(way.trail).toEqual([]);
    },
  );

  it('comes back with a handle, and goes on as any launch @36 @166 @167 @363', async () => {
    const scope = 'openid fhirUser launch/patient offline_access patient/*.rs';
    const { verifier } = await ask(scope);
    const launch = await way.handle({ client: 'app' });
    const back = await fetch(`${way.base}/auth/auth?${new URLSearchParams({ ...kept[0], launch })}`, {
      redirect: 'manual',
    });
    const to = new URL(back.headers.get('location') ?? '').searchParams;
    expect(to.get('state')).toBe(kept[0]?.['state']);
    const { body } = await way.ask('/auth/token', {
      grant_type: 'authorization_code',
      client_id: 'app',
      code: to.get('code') ?? '',
      redirect_uri: 'https://apps.example/',
      code_verifier: verifier,
    });
    expect(body['patient']).toBe(way.patientId(people.ashby.nhsNumber));
    expect(body['scope']).toBe('openid fhirUser launch/patient offline_access patient/*.rs');
  });

  it('may send its request by POST @49', async () => {
    const request = {
      ...asApp('app'),
      response_type: 'code',
      scope: 'patient/*.rs',
      state: 's',
      aud: `${way.base}/fhir`,
    };
    const pkce = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    const answer = await way.post('/auth/auth', { ...request, ...pkce });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      'https://record.example/launch?app=ticket-1',
    ]);
    expect(kept).toEqual([{ ...request, ...pkce }]);
  });

  it.each<[string, string, Record<string, string>, Record<string, string>, string]>([
    ['asks for the launch that it has none of', 'launch patient/*.rs', {}, {}, 'invalid_request'],
    ['asks for nothing that needs a launch', 'openid', {}, {}, 'invalid_request'],
    ['wants no screen', 'patient/*.rs', { prompt: 'none' }, {}, 'login_required'],
    ['stands in a frame', 'patient/*.rs', {}, { 'sec-fetch-dest': 'iframe' }, 'access_denied'],
    ['names another server', 'patient/*.rs', { aud: 'https://other.example/fhir' }, {}, 'invalid_target'],
    ['has no PKCE', 'patient/*.rs', { code_challenge_method: 'plain' }, {}, 'invalid_request'],
  ])('is refused where it %s', async (_name, scope, more, headers, error) => {
    const { to } = await ask(scope, more, headers);
    expect(to.get('error')).toBe(error);
    expect(kept).toEqual([]);
    await way.authorization.close();
    expect(way.trail).toMatchObject([{ outcome: 'refused', reason: error }]);
  });

  it('is sent nowhere from an address that is not its own', async () => {
    const { status, answer } = await ask('patient/*.rs', { redirect_uri: 'https://evil.example/' });
    expect([status, answer.headers.get('location')]).toEqual([400, null]);
    expect(kept).toEqual([]);
  });
});

describe('where nobody signs in here', () => {
  it('a launch begins at a host, and the server says so', async () => {
    const { smartConfiguration } = way.authorization;
    expect(smartConfiguration).toMatchObject({
      capabilities: expect.arrayContaining(['launch-standalone', 'context-standalone-patient']) as unknown,
    });
    const hostsAlone = await openWayIn({ beginStandalone: async () => 'https://record.example/launch' });
    expect(JSON.stringify(hostsAlone.authorization.smartConfiguration)).not.toContain('standalone');
    const { to } = await hostsAlone.authorize(undefined, { scope: 'patient/*.rs' });
    expect(to.get('error')).toBe('invalid_request');
    await hostsAlone.close();
  });
});
