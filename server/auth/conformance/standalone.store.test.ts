import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { texts } from '../../../src/fhir/json.ts';
import type { Config } from '../../config/config.ts';
import { openServer, redirectOf, type Server } from './testing.ts';

const kept: Readonly<Record<string, string>>[] = [];
const signInAt = 'https://record.example/launch?app=ticket';

function withSignIn(config: Config): Config {
  const [host] = config.hosts;
  if (host === undefined) throw new Error('no host');
  const { id: _id, door: _door, ...shared } = host;
  const { name, organisation, origins, roles, showsBanner, selfDeclared, launchesPerMinute } = shared;
  const signIn = {
    ...{ name, organisation, origins, roles, showsBanner, selfDeclared, launchesPerMinute },
    id: 'sign-in',
    door: 'sign-in' as const,
    issuer: 'https://sign-in.example',
    clientId: 'ohc',
    clientAuth: 'private_key_jwt' as const,
    scope: 'openid',
    leastAssurance: 2,
  };
  return { ...config, hosts: [host, signIn] };
}

let server: Server;
beforeAll(async () => {
  /** Stands for the sign-in, which keeps the request and sends the browser back with a launch. */
  const signIn = {
    beginStandalone: async (params: Readonly<Record<string, string>>): Promise<string> => {
      kept.push(params);
      return signInAt;
    },
  };
  server = await openServer({ apps: [{ clientId: 'chart' }], change: withSignIn, ...signIn });
});
afterAll(() => server.close());
beforeEach(() => void kept.splice(0));

const begin = (scope: string, more: Readonly<Record<string, string | undefined>> = {}) =>
  server.authorize({ launch: undefined, scope, ...more }, {}, 'chart');

describe('an app that begins by itself', () => {
  it('may, where users can sign in: two capability sets say so (D-09) @348 @350', async () => {
    const found = texts((await server.discovered()).body['capabilities']);
    for (const capability of [
      'launch-standalone',
      'client-public',
      'context-standalone-patient',
      'permission-user',
      'permission-patient',
    ])
      expect(found).toContain(capability);
  });

  it('sends its user to sign in and choose, and then gets that person’s token (S-01) @167 @353 @363', async () => {
    const begun = await begin('launch/patient patient/*.rs', { state: 's-1' });
    expect([302, 303]).toContain(begun.status);
    expect(begun.answer.headers.get('location')).toBe(signInAt);
    expect(kept).toMatchObject([{ client_id: 'chart', state: 's-1', scope: 'launch/patient patient/*.rs' }]);
    const launch = await server.handle({
      client: 'chart',
      patient: { nhsNumber: '9990000042', birthDate: '1970-01-02' },
    });
    const back = await fetch(`${server.base}/auth/auth?${new URLSearchParams({ ...kept[0], launch })}`, {
      redirect: 'manual',
    });
    const to = new URL(back.headers.get('location') ?? '');
    expect(to.href.startsWith(redirectOf('chart'))).toBe(true);
    expect(to.searchParams.get('state')).toBe('s-1');
    const { status, body } = await server.tokenOf({
      ...server.redeeming({ to: to.searchParams, verifier: begun.verifier }, 'chart'),
      client_id: 'chart',
    });
    expect([status, body['patient']]).toEqual([200, server.patientId('9990000042')]);
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['the launch scope without a launch (S-02)', 'launch patient/*.rs', {}, 'invalid_request'],
    ['no screen allowed', 'launch/patient patient/*.rs', { prompt: 'none' }, 'login_required'],
    ['another aud', 'launch/patient patient/*.rs', { aud: 'https://other.example/fhir' }, 'invalid_target'],
    ['no challenge method', 'launch/patient patient/*.rs', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('is refused with %s, and nobody has to sign in', async (_name, scope, more, error) => {
    const { to } = await begin(scope, more);
    expect([to.get('error'), to.has('code')]).toEqual([error, false]);
    expect(kept).toEqual([]);
  });

  it('is sent nowhere that it did not register', async () => {
    const { status, answer } = await begin('launch/patient patient/*.rs', { redirect_uri: 'https://evil.example/' });
    expect([status, answer.headers.get('location')]).toEqual([400, null]);
    expect(kept).toEqual([]);
  });
});
