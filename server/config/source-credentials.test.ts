import { describe, expect, it } from 'vitest';
import { newKey } from './key-file.ts';
import { sourceSchema, type Source } from './schema.ts';
import { assertionKey, missingSourceCredentials } from './source-credentials.ts';

const directory = { baseUrl: 'https://sds.example', apiKeyEnv: 'SDS_API_KEY' };
const pem = { certificate: 'spine.crt', key: 'spine.key', ca: 'spine-ca.pem' };
const spine = { type: 'spine-proxy', asid: '200000000359', ...pem, directory };

const entry = (more: object): object => ({
  id: 'one',
  name: 'One',
  ods: 'RJE',
  label: 'ONE',
  kind: 'fhir-r4',
  setting: 'acute',
  baseUrl: 'https://fhir.example/r4',
  ...more,
});
const practices = (baseUrl?: string): object => ({
  M83001: { name: 'Practice', ...(baseUrl === undefined ? {} : { baseUrl }) },
});
const gp = (auth: object, more: object = {}): object =>
  entry({ kind: 'gp-connect', baseUrl: 'https://proxy.example', auth, practices: practices(), ...more });

describe('the proof that a source wants', () => {
  it.each<[string, object]>([
    ['none, unsaid', {}],
    ['SMART backend services', { auth: { type: 'smart-backend', clientId: 'ohc' } }],
    [
      'the same by one key and one endpoint',
      { auth: { type: 'smart-backend', clientId: 'ohc', keyId: 'k', tokenUrl: 'https://id.example/token' } },
    ],
    ['the API platform', { kind: 'pds', auth: { type: 'nhs-api-platform', clientId: 'key' } }],
    [
      'a token over http on this machine',
      { baseUrl: 'http://localhost:4/fhir', auth: { type: 'smart-backend', clientId: 'ohc' } },
    ],
    ['GP Connect', gp({ type: 'gp-connect-jwt' }, { practices: practices('https://gp.example') })],
    ['the Spine', gp(spine)],
  ])('may be %s', (_what, more) => {
    expect(sourceSchema.safeParse(entry(more)).error?.issues ?? []).toEqual([]);
  });

  it.each<[string, object, string, RegExp]>([
    [
      'a hospital’s proof at a practice',
      gp(
        { type: 'smart-backend', clientId: 'us', scope: 'system/*.rs' },
        { practices: practices('https://gp.example') },
      ),
      'auth.type',
      /gp-connect-jwt, spine-proxy, none/,
    ],
    ['GP Connect’s JWT at a hospital', { auth: { type: 'gp-connect-jwt' } }, 'auth.type', /smart-backend/],
    ['the Spine at a hospital', { auth: spine }, 'auth.type', /smart-backend/],
    [
      'a practice without an address',
      gp({ type: 'gp-connect-jwt' }),
      'practices.M83001.baseUrl',
      /base URL of the practice/,
    ],
    [
      'an address that the directory says',
      gp(spine, { practices: practices('https://gp.example') }),
      'practices.M83001.baseUrl',
      /the directory says/,
    ],
    ['a certificate over http', gp(spine, { baseUrl: 'http://proxy.example' }), 'baseUrl', /TLS/],
    [
      'an API key over http',
      gp({ ...spine, directory: { ...directory, baseUrl: 'http://sds.example' } }),
      'auth.directory.baseUrl',
      /https/,
    ],
    [
      'a token over http',
      { baseUrl: 'http://fhir.example', auth: { type: 'smart-backend', clientId: 'ohc' } },
      'baseUrl',
      /https/,
    ],
    [
      'a token from over http',
      { auth: { type: 'nhs-api-platform', clientId: 'k', tokenUrl: 'http://id.example' } },
      'auth.tokenUrl',
      /https/,
    ],
    ['no client id', { auth: { type: 'smart-backend' } }, 'auth.clientId', /string/],
    ['an ODS code for a system', gp({ ...spine, asid: 'RJE' }), 'auth.asid', /12 digits/],
    [
      'a secret in the file',
      gp({ ...spine, directory: { ...directory, apiKeyEnv: 'a1b2-c3' } }),
      'auth.directory.apiKeyEnv',
      /environment variable/,
    ],
    ['a field that nobody knows', { auth: { type: 'nhs-api-platform', clientId: 'k', secret: 's' } }, 'auth', /secret/],
  ])('is refused where it is %s', (_what, more, path, words) => {
    const issues = sourceSchema.safeParse(entry(more)).error?.issues ?? [];
    expect(issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([
      [path, expect.stringMatching(words)],
    ]);
  });
});

describe('what a server lacks to prove itself to a source', () => {
  const source = (more: object): Source => sourceSchema.parse(entry(more));
  const [backend, platform] = [
    source({ auth: { type: 'smart-backend', clientId: 'ohc' } }),
    source({ auth: { type: 'nhs-api-platform', clientId: 'key' } }),
  ];
  const proxied = source(gp(spine));
  const es384 = { kty: 'EC', kid: 'a', alg: 'ES384' };
  const rs512 = { kty: 'RSA', kid: 'b', alg: 'RS512' };

  it('is nothing where nothing is wanted, or where it is there', () => {
    expect(
      missingSourceCredentials(
        [source({}), source(gp({ type: 'gp-connect-jwt' }, { practices: practices('https://gp.example') }))],
        {},
        [],
      ),
    ).toEqual([]);
    expect(missingSourceCredentials([backend, platform, proxied], { SDS_API_KEY: 'x' }, [es384, rs512])).toEqual([]);
  });

  it.each<[string, Source, RegExp]>([
    [
      'a key of either algorithm',
      backend,
      /one has auth smart-backend.*RS384 or ES384 key\. Bring one in with `npm run keys:rotate`/,
    ],
    ['a key of the platform’s algorithm', platform, /RS512 key/],
    ['the API key of the directory', proxied, /API key of its directory in SDS_API_KEY/],
    [
      'the key that is named',
      source({ auth: { type: 'smart-backend', clientId: 'ohc', keyId: 'b' } }),
      /RS384 or ES384 key of kid b\. Name one/,
    ],
  ])('is %s, in a sentence that says what to do', (_what, one, words) => {
    const keys = one === backend ? [rs512] : one === platform ? [es384] : [es384, rs512];
    expect(missingSourceCredentials([one], { SDS_API_KEY: '' }, keys)).toEqual([expect.stringMatching(words)]);
  });

  it('is a key no longer once the first start or a rotation has made one', async () => {
    const keys = await Promise.all(['RS384', 'ES384', 'RS512'].map(newKey));
    expect(missingSourceCredentials([backend, platform], {}, keys)).toEqual([]);
    expect(assertionKey(keys, ['RS512'], undefined)?.alg).toBe('RS512');
    expect(assertionKey(keys, ['RS384'], keys[1]?.kid)).toBeUndefined();
  });
});
