import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { launch } from './launch.ts';

const base = 'https://record.example';
const iss = `${base}/fhir`;
const opened = new URL(`${base}/app/launch?iss=${encodeURIComponent(iss)}&launch=handle-1`);

/** What the viewer asked for, and how the server answers: fhirclient takes hold of `fetch` when it is loaded. */
const wire = vi.hoisted(() => {
  const state = {
    requests: [] as Request[],
    answer: async (_request: Request): Promise<Response> => new Response('', { status: 500 }),
    authorizeUrls: [] as URL[],
    callback: (_asked: URL): Record<string, string> => ({}),
  };
  Object.assign(globalThis, {
    FHIRCLIENT_PURE: true,
    fetch: async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(input, init);
      state.requests.push(request.clone());
      return state.answer(request);
    },
  });
  return state;
});
vi.mock('./silent-frame.ts', () => ({
  askInFrame: async (url: string) => {
    const asked = new URL(url);
    wire.authorizeUrls.push(asked);
    return new URLSearchParams(wire.callback(asked));
  },
}));

let signing: { readonly privateKey: CryptoKey; readonly jwk: JWK };
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  signing = { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' } };
});
afterEach(() => {
  wire.requests.splice(0);
  wire.authorizeUrls.splice(0);
});

const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });

const discovery = {
  issuer: `${base}/auth`,
  jwks_uri: `${base}/auth/jwks`,
  authorization_endpoint: `${base}/auth/auth`,
  token_endpoint: `${base}/auth/token`,
  code_challenge_methods_supported: ['S256'],
};

/** A server that does as it should, but for the nonce that it may repeat wrongly, and tokens that may soon run out. */
function serve(options: { readonly nonce?: string; readonly expiresIn?: number } = {}): void {
  wire.callback = (asked) => ({ code: 'code-1', state: asked.searchParams.get('state') ?? '', iss: discovery.issuer });
  wire.answer = async (request) => {
    switch (new URL(request.url).pathname) {
      case '/fhir/.well-known/smart-configuration':
        return json(discovery);
      case '/auth/jwks':
        return json({ keys: [signing.jwk] });
      case '/auth/token':
        return json({
          access_token: 'token-1',
          token_type: 'Bearer',
          expires_in: options.expiresIn ?? 300,
          refresh_token: `refresh-${to('/auth/token').length}`,
          scope: 'openid fhirUser launch online_access patient/*.rs',
          patient: 'p-1',
          id_token: await new SignJWT({
            nonce: options.nonce ?? wire.authorizeUrls.at(-1)?.searchParams.get('nonce') ?? '',
          })
            .setProtectedHeader({ alg: 'RS256', kid: 'k' })
            .setIssuer(discovery.issuer)
            .setAudience('viewer')
            .setSubject('u')
            .setIssuedAt()
            .setExpirationTime('5m')
            .sign(signing.privateKey),
        });
      default:
        return json({ resourceType: 'Patient', id: 'p-1' });
    }
  };
}

const to = (path: string): Request[] => wire.requests.filter(({ url }) => new URL(url).pathname === path);

describe('the viewer as a SMART app', () => {
  it('finds the server by its SMART configuration (A-10) @29', async () => {
    serve();
    await launch(opened);
    expect(to('/fhir/.well-known/smart-configuration')).not.toHaveLength(0);
    for (const { url } of wire.requests) expect(new URL(url).origin).toBe(base);
  });

  it('asks to authorize as SMART has it (A-02) @3 @13 @32 @33 @34 @35 @37 @41 @44 @45 @47 @50 @51 @121 @125 @135 @137 @141 @146 @150 @151 @196 @215', async () => {
    serve();
    await launch(opened);
    const [asked] = wire.authorizeUrls;
    expect(asked?.origin).toBe(base);
    expect(asked?.pathname).toBe('/auth/auth');
    const params = Object.fromEntries(asked?.searchParams ?? []);
    expect(params).toMatchObject({
      response_type: 'code',
      client_id: 'viewer',
      redirect_uri: `${base}/app/callback`,
      launch: 'handle-1',
      aud: iss,
      code_challenge_method: 'S256',
    });
    expect(params['code_challenge']).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(params['state']).not.toBe('');
    const scopes = params['scope']?.split(' ') ?? [];
    expect(scopes).toEqual(expect.arrayContaining(['openid', 'fhirUser', 'launch', 'online_access', 'patient/*.rs']));
    for (const scope of scopes.filter((one) => one.includes('/')))
      expect(scope).toMatch(/^(patient|user)\/(\*|[A-Z][A-Za-z]+)\.(?=[cruds])c?r?u?d?s?$/);
  });

  it('asks for no more than to read, as long as the user is there (A-17) @46', async () => {
    serve();
    await launch(opened);
    const scopes = wire.authorizeUrls[0]?.searchParams.get('scope')?.split(' ') ?? [];
    expect(scopes.filter((scope) => scope.startsWith('launch'))).toEqual(['launch']);
    for (const scope of scopes.filter((one) => one.startsWith('patient/'))) expect(scope).toMatch(/\.rs$/);
    expect(scopes.some((scope) => scope.startsWith('system/') || scope === 'offline_access')).toBe(false);
  });

  it('never uses a state, a verifier or a nonce twice, and none that can be guessed (A-05) @2 @40', async () => {
    serve();
    for (let time = 0; time < 3; time += 1) await launch(opened);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const values = wire.authorizeUrls.map((asked) => asked.searchParams.get(name) ?? '');
      expect(new Set(values).size, name).toBe(3);
      // A version 4 UUID has 122 random bits.
      if (name !== 'code_challenge') for (const value of values) expect(value).toMatch(/^[0-9a-f-]{14}4[0-9a-f-]{21}$/);
    }
  });

  it('redeems the code as a public app, by a form, with no secret (A-03, A-18) @10 @12 @62 @63 @67 @68 @69 @70 @71', async () => {
    serve();
    await launch(opened);
    const [request] = to('/auth/token');
    expect(request?.method).toBe('POST');
    expect(request?.headers.get('content-type')).toMatch(/^application\/x-www-form-urlencoded/);
    expect(request?.headers.get('authorization')).toBeNull();
    const form = Object.fromEntries(new URLSearchParams(await request?.text()));
    expect(form).toMatchObject({
      grant_type: 'authorization_code',
      code: 'code-1',
      redirect_uri: `${base}/app/callback`,
      client_id: 'viewer',
    });
    expect(form).not.toHaveProperty('client_secret');
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(form['code_verifier']));
    const challenge = btoa(String.fromCharCode(...new Uint8Array(digest)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
    expect(challenge).toBe(wire.authorizeUrls[0]?.searchParams.get('code_challenge'));
  });

  it('presents its token as a Bearer token (A-04) @93', async () => {
    serve();
    const { session } = await launch(opened);
    await session.fetch('Patient/p-1');
    expect(to('/fhir/Patient/p-1')[0]?.headers.get('authorization')).toBe('Bearer token-1');
  });

  it('refreshes a token that runs out with the refresh token that came last (A-14) @105 @106 @108 @117', async () => {
    serve({ expiresIn: 1 });
    const { session } = await launch(opened);
    await session.fetch('Patient/p-1');
    await session.fetch('Patient/p-1');
    const forms = await Promise.all(to('/auth/token').map(async (one) => new URLSearchParams(await one.text())));
    const sent = forms.slice(1).map((form) => [form.get('grant_type'), form.get('refresh_token'), form.get('scope')]);
    expect(sent).toEqual([
      ['refresh_token', 'refresh-1', null],
      ['refresh_token', 'refresh-2', null],
    ]);
  });

  it.each<[string, (asked: URL) => Record<string, string>]>([
    ['with another state', () => ({ code: 'code-1', state: 'of-another-launch' })],
    ['without a state', () => ({ code: 'code-1' })],
    [
      'of another server',
      (asked) => ({ code: 'code-1', state: asked.searchParams.get('state') ?? '', iss: 'https://evil.example' }),
    ],
  ])('redeems no code that comes %s (A-05) @4 @39 @60 @61', async (_name, callback) => {
    serve();
    wire.callback = callback;
    await expect(launch(opened)).rejects.toMatchObject({ code: 'untrusted-answer' });
    expect(to('/auth/token')).toEqual([]);
  });

  it('says in its own words what went wrong, never in the server’s (A-08) @5', async () => {
    serve();
    const script = '<img src=x onerror=alert(1)>';
    wire.callback = (asked) => ({
      error: 'access_denied',
      error_description: script,
      state: asked.searchParams.get('state') ?? '',
    });
    const failure: unknown = await launch(opened).catch((error: unknown) => error);
    expect(String(failure)).not.toContain(script);
    expect(failure).toMatchObject({ code: 'unreachable' });
  });

  it('believes no id_token of another launch (A-07) @201', async () => {
    serve({ nonce: 'of-another-launch' });
    await expect(launch(opened)).rejects.toMatchObject({ code: 'untrusted-answer' });
    expect(to('/auth/jwks')).not.toHaveLength(0);
  });

  it('leaves nothing behind in cookies or storage (A-17) @7 @8 @9 @90', async () => {
    serve();
    await launch(opened);
    expect([document.cookie, sessionStorage.length, localStorage.length]).toEqual(['', 0, 0]);
  });

  it('asks no server but the one that it belongs to (A-06)', async () => {
    serve();
    const foreign = new URL(`${base}/app/launch?iss=https%3A%2F%2Fevil.example%2Ffhir&launch=handle-1`);
    await expect(launch(foreign)).rejects.toMatchObject({ code: 'foreign-launch' });
    expect(wire.requests).toEqual([]);
  });

  it('sends no max_age, which the server might not know (A-19) @211', async () => {
    serve();
    await launch(opened);
    expect(wire.authorizeUrls[0]?.searchParams.has('max_age')).toBe(false);
  });
});
