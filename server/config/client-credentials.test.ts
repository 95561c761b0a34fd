import { describe, expect, it } from 'vitest';
import { missingCredentials } from './client-credentials.ts';
import { loadConfig, type Config } from './config.ts';
import { hostSchema } from './schema.ts';

const shipped = await loadConfig('smart-config');

function withHost(more: Record<string, unknown>): Config {
  const host = hostSchema.parse({
    id: 'epr',
    name: 'EPR',
    organisation: 'RJE',
    roles: ['R8000'],
    door: 'smart',
    iss: 'https://epr.example/fhir',
    clientId: 'ohc',
    clientAuth: 'none',
    ...more,
  });
  return { ...shipped, hosts: [host] };
}

describe('what a server needs to prove itself to a SMART host', () => {
  it('is nothing for a public client, and no more for what is shipped than the demo makes', () => {
    expect(missingCredentials(withHost({}), {}, [])).toEqual([]);
    expect(missingCredentials(shipped, { DEMO_LINK_KEY: 'ab'.repeat(32) }, [{ kty: 'EC', alg: 'ES384' }])).toEqual([]);
  });

  it.each([
    ['no secretEnv', { clientAuth: 'client_secret_basic' }, {}, /no secretEnv/],
    [
      'no secret in the environment',
      { clientAuth: 'client_secret_basic', secretEnv: 'EPR_SECRET' },
      { EPR_SECRET: '' },
      /EPR_SECRET/,
    ],
    ['no key', { clientAuth: 'private_key_jwt' }, {}, /launch-keys\.json/],
    ['an iss over http', { iss: 'http://epr.example/fhir' }, {}, /not https/],
    ['a scope without openid', { scope: 'launch patient/*.rs' }, {}, /without openid\./],
  ])('is refused with one sentence where there is %s', (_what, more, env, words) => {
    expect(missingCredentials(withHost(more), env, [])).toEqual([expect.stringMatching(words)]);
  });

  it('is there with a secret, or with a key of either algorithm', () => {
    const secret = { clientAuth: 'client_secret_basic', secretEnv: 'EPR_SECRET' };
    expect(missingCredentials(withHost(secret), { EPR_SECRET: 's' }, [])).toEqual([]);
    for (const alg of ['RS384', 'ES384'])
      expect(missingCredentials(withHost({ clientAuth: 'private_key_jwt' }), {}, [{ kty: 'EC', alg }])).toEqual([]);
    const other = missingCredentials(withHost({ clientAuth: 'private_key_jwt' }), {}, [{ kty: 'RSA', alg: 'RS256' }]);
    expect(other).toHaveLength(1);
  });
});

describe('what the doors at which users sign in need of the environment', () => {
  const provider = {
    id: 'link',
    name: 'Peak Practice',
    organisation: 'M83001',
    roles: ['R8000'],
    issuer: 'https://id.example',
    clientId: 'ohc',
    clientAuth: 'client_secret_basic',
    secretEnv: 'LINK_SECRET',
  };
  const link = { ...provider, door: 'encrypted-link', cipher: 'aes-256-gcm', keyEnv: 'LINK_KEY' };
  const template = 'nhs={nhsNumber}&dob={birthDate}';
  const missing = (host: object, env: NodeJS.ProcessEnv): readonly string[] =>
    missingCredentials({ ...shipped, hosts: [hostSchema.parse({ template, ...host })] }, env, []);

  it('is said by name where it is missing, or is no key', () => {
    expect(missing(link, {})).toEqual([expect.stringContaining('LINK_SECRET'), expect.stringContaining('LINK_KEY')]);
    for (const key of ['', 'short', 'ab'.repeat(31), 'x'.repeat(64), Buffer.alloc(31).toString('base64')])
      expect(missing(link, { LINK_SECRET: 's', LINK_KEY: key })).toEqual([expect.stringContaining('32 bytes')]);
    const { secretEnv: _secretEnv, ...unnamed } = link;
    expect(missing(unnamed, { LINK_KEY: 'ab'.repeat(32) })).toEqual([expect.stringContaining('no secretEnv')]);
  });

  it.each(['ab'.repeat(32), Buffer.alloc(32, 200).toString('base64'), Buffer.alloc(32, 251).toString('base64url')])(
    'is there with the key %s',
    (key) => expect(missing(link, { LINK_SECRET: 's', LINK_KEY: key })).toEqual([]),
  );
});
