import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SignedContextHost } from '../config/schema.ts';
import { openWayIn, type WayIn } from './testing.ts';

let way: WayIn;
let issuer: string;
beforeAll(async () => {
  way = await openWayIn();
  issuer = `${way.base}/auth`;
});
afterAll(() => way.close());

const smart = z.strictObject({
  issuer: z.url(),
  jwks_uri: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  introspection_endpoint: z.url(),
  revocation_endpoint: z.url(),
  grant_types_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  token_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  capabilities: z.array(z.string()),
});
const openid = z.looseObject(smart.omit({ capabilities: true }).shape).extend({
  subject_types_supported: z.array(z.string()),
  id_token_signing_alg_values_supported: z.array(z.string()),
});
const read = async (path: string): Promise<unknown> => (await fetch(`${way.base}${path}`)).json();

describe('smart-configuration', () => {
  it('names every endpoint by an absolute URL, and what they take @30 @228 @286 @372 @373 @378 @381 @382 @383 @385 @391 @392', async () => {
    const document = smart.parse(await read('/fhir/.well-known/smart-configuration'));
    expect(document.issuer).toBe(issuer);
    expect(document.grant_types_supported).toEqual(['authorization_code', 'refresh_token', 'client_credentials']);
    expect(document.code_challenge_methods_supported).toEqual(['S256']);
    expect(document.token_endpoint_auth_methods_supported).toEqual(['none', 'client_secret_basic', 'private_key_jwt']);
    expect(document.token_endpoint_auth_signing_alg_values_supported).toEqual(['RS384', 'ES384']);
  });

  it('has all of "Clinician Access for EHR Launch" but what no host of this deployment has @346 @393', async () => {
    const { capabilities } = smart.parse(way.authorization.smartConfiguration);
    expect(capabilities).toEqual([
      'launch-ehr',
      'authorize-post',
      'client-public',
      'client-confidential-symmetric',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-banner',
      'context-ehr-patient',
      // The host of the test is an organisation that is asked for its record.
      'context-ehr-encounter',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
      'permission-v1',
      'permission-v2',
    ]);
  });

  it.each<[string, Partial<SignedContextHost>, string, boolean]>([
    ['a style where a host has one', { style: { color_text: '#000' } }, 'context-style', true],
    ['no style where none has', {}, 'context-style', false],
    ['no encounter where none could be read', { organisation: 'ZZZ99' }, 'context-ehr-encounter', false],
    ['no scope for it either', { organisation: 'ZZZ99' }, 'launch/encounter', false],
  ])('says %s @360 @362', async (_name, host, what, said) => {
    const other = await openWayIn({ host });
    const { capabilities, scopes_supported } = smart.parse(other.authorization.smartConfiguration);
    expect([...capabilities, ...scopes_supported].includes(what)).toBe(said);
    await other.close();
  });

  it('lists no scope that cannot be had @389', async () => {
    const { scopes_supported } = smart.parse(way.authorization.smartConfiguration);
    const all = scopes_supported.join(' ');
    const other = await openWayIn({
      change: (config) => ({ ...config, clients: config.clients.map((one) => ({ ...one, scope: all })) }),
    });
    const launched = scopes_supported.filter((scope) => !scope.startsWith('https:'));
    const { body } = await other.session({ encounter: 'e1' }, { scope: launched.join(' ') });
    expect(String(body['scope']).split(' ')).toEqual(expect.arrayContaining(launched));
    await other.close();
  });
});

describe('OpenID discovery', () => {
  it('says the same, and what OpenID needs @205 @210 @381 @382', async () => {
    const found = openid.parse(await read('/auth/.well-known/openid-configuration'));
    const document = smart.parse(await read('/fhir/.well-known/smart-configuration'));
    for (const name of [
      'issuer',
      'jwks_uri',
      'authorization_endpoint',
      'token_endpoint',
      'introspection_endpoint',
      'revocation_endpoint',
      'response_types_supported',
      'code_challenge_methods_supported',
    ] as const)
      expect(found[name]).toEqual(document[name]);
    for (const name of [
      'grant_types_supported',
      'token_endpoint_auth_methods_supported',
      'token_endpoint_auth_signing_alg_values_supported',
    ] as const)
      expect(found[name].toSorted((a, b) => a.localeCompare(b))).toEqual(
        document[name].toSorted((a, b) => a.localeCompare(b)),
      );
    expect(found.id_token_signing_alg_values_supported).toEqual(['RS256']);
    expect(found.subject_types_supported).toEqual(['public']);
    expect(found).not.toHaveProperty('userinfo_endpoint');
    expect(found).not.toHaveProperty('registration_endpoint');
  });

  it('publishes bare public keys and nothing of the private ones @207 @208', async () => {
    const { keys } = z
      .object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) })
      .parse(await read('/auth/jwks'));
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'RSA', use: 'sig', kid: 's1' });
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(secret);
    }
  });
});
