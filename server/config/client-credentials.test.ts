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
  it('is nothing for a public client, and nothing for what is shipped', () => {
    expect(missingCredentials(withHost({}), {}, [])).toEqual([]);
    expect(missingCredentials(shipped, {}, [])).toEqual([]);
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
