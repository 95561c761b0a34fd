import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, text, texts } from '../../../src/fhir/json.ts';
import { openServer, type Server } from './testing.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const fields = async (): Promise<Record<string, unknown>> => (await server.discovered()).body;

describe('the SMART configuration', () => {
  it('is JSON below the FHIR base, for a client that asks for JSON (D-01, D-13) @30 @372 @373 @377 @380', async () => {
    const { status, headers, body } = await server.discovered({ accept: 'application/json' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body['capabilities']).not.toHaveLength(0);
  });

  it.each([['text/html'], ['application/fhir+json'], ['image/png'], [undefined]])(
    'is the same JSON for Accept: %s (D-02) @374 @376',
    async (accept) => {
      const plain = await server.discovered({ accept: 'application/json' });
      const other = await server.discovered(accept === undefined ? {} : { accept });
      expect(other.headers.get('content-type')).toMatch(/^application\/json/);
      expect(other.body).toEqual(plain.body);
    },
  );

  it.each(['https://app.example', 'http://localhost:1', 'null'])(
    'is public, and readable from the origin %s (D-03, C-01) @16',
    async (origin) => {
      const { status, headers } = await server.discovered({ origin });
      expect(status).toBe(200);
      expect(['*', origin]).toContain(headers.get('access-control-allow-origin'));
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    },
  );

  it('has every field that must be there, each of its type (D-04) @383 @384 @385 @393', async () => {
    const found = await fields();
    expect(text(found['authorization_endpoint'])).toBe(`${server.base}/auth/auth`);
    expect(text(found['token_endpoint'])).toBe(`${server.base}/auth/token`);
    for (const name of ['capabilities', 'grant_types_supported', 'code_challenge_methods_supported']) {
      expect(Array.isArray(found[name]), name).toBe(true);
      expect(texts(found[name])).toHaveLength((found[name] as unknown[]).length);
      expect(new Set(texts(found[name])).size).toBe(texts(found[name]).length);
    }
    expect(texts(found['grant_types_supported'])).toContain('authorization_code');
  });

  it('offers S256 and never plain (D-06) @14 @15 @394', async () => {
    const methods = texts((await fields())['code_challenge_methods_supported']);
    expect(methods).toContain('S256');
    expect(methods).not.toContain('plain');
  });

  it('names issuer and keys, since it signs users on (D-07) @381 @382', async () => {
    const found = await fields();
    expect(texts(found['capabilities'])).toContain('sso-openid-connect');
    const keys = object(await (await fetch(text(found['jwks_uri']) ?? '')).json());
    expect(keys?.['keys']).not.toHaveLength(0);
    const issuer = text(found['issuer']) ?? '';
    const openid = object(await (await fetch(`${issuer}/.well-known/openid-configuration`)).json());
    expect(openid?.['issuer']).toBe(issuer);
  });

  it('gives absolute URLs alone, whatever the request says of its host (D-08) @378', async () => {
    const { body } = await server.discovered({ 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' });
    const urls = Object.entries(body).filter(([name]) => /(_endpoint|_uri|_bundle)$|^issuer$/.test(name));
    expect(urls.length).toBeGreaterThanOrEqual(6);
    for (const [name, url] of urls) expect(URL.parse(String(url))?.origin, name).toBe(server.base);
  });

  it('advertises asymmetric clients with all that they need to know (D-11) @228 @285 @286 @287 @288 @289', async () => {
    const found = await fields();
    expect(texts(found['capabilities'])).toContain('client-confidential-asymmetric');
    expect(text(found['token_endpoint'])).toBeDefined();
    expect(texts(found['scopes_supported'])).not.toHaveLength(0);
    expect(texts(found['token_endpoint_auth_methods_supported'])).toContain('private_key_jwt');
    const algorithms = texts(found['token_endpoint_auth_signing_alg_values_supported']);
    expect(algorithms).toEqual(expect.arrayContaining(['RS384', 'ES384']));
    expect(algorithms).not.toContain('none');
  });

  it('names where tokens are introspected and revoked (D-12, D-15) @99 @269 @391 @392', async () => {
    const found = await fields();
    expect(text(found['introspection_endpoint'])).toBe(`${server.base}/auth/token/introspection`);
    expect(text(found['revocation_endpoint'])).toBe(`${server.base}/auth/token/revocation`);
  });

  it('lists response types, and what is not served it does not name (D-12)', async () => {
    const found = await fields();
    expect(found['response_types_supported']).toEqual(['code']);
    for (const name of ['registration_endpoint', 'management_endpoint', 'user_access_brand_bundle'])
      expect(found).not.toHaveProperty(name);
  });

  it('supports patient access for EHR launch (D-09) @346 @349', async () => {
    const found = texts((await fields())['capabilities']);
    for (const capability of ['launch-ehr', 'client-public', 'context-ehr-patient', 'permission-patient'])
      expect(found).toContain(capability);
  });

  it('claims both ways of writing scopes (P-09) @126', async () =>
    expect(texts((await fields())['capabilities'])).toEqual(
      expect.arrayContaining(['permission-v1', 'permission-v2']),
    ));

  it('grants each scope that it lists (D-12) @389', async () => {
    const listed = texts((await fields())['scopes_supported']).filter((scope) => !scope.startsWith('system/'));
    expect(listed).toEqual(expect.arrayContaining(['openid', 'fhirUser', 'launch']));
    for (const scope of listed.filter((one) => /^(patient|user)\//.test(one))) {
      const { body } = await server.launched({ scope: `launch ${scope}` });
      expect(String(body['scope']).split(' '), scope).toContain(scope);
    }
  });
});

describe('the capability statement', () => {
  it.each(['https://app.example', undefined])('is public, from the origin %s (D-14, C-02) @16', async (origin) => {
    const { status, headers, body } = await server.fhir('metadata', undefined, origin === undefined ? {} : { origin });
    expect(status).toBe(200);
    expect(body['resourceType']).toBe('CapabilityStatement');
    expect(['*', origin]).toContain(headers.get('access-control-allow-origin'));
  });
});

describe('OpenID discovery', () => {
  it.each(['/auth/.well-known/openid-configuration', '/auth/jwks'])(
    '%s is readable from any origin (C-09)',
    async (path) => {
      const found = await fetch(`${server.base}${path}`, { headers: { origin: 'https://app.example' } });
      expect(found.status).toBe(200);
      expect(['*', 'https://app.example']).toContain(found.headers.get('access-control-allow-origin'));
    },
  );
});
