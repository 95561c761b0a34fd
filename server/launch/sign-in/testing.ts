import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK, type JWTPayload } from 'jose';
import type { EncryptedLinkHost, SignInHost } from '../../config/schema.ts';

/** A user as a provider for tests knows them: CIS2's claims. */
export type Claims = Readonly<Record<string, unknown>>;

/** One role of {@link paramedic}. */
export const role = (id: string, code: string, ods: string): Claims => ({
  person_roleid: id,
  role_code: `S8000:G8000:${code}`,
  role_name: '"Clinical":"Clinical Provision":"A role"',
  org_code: ods,
  activity_codes: ['B0380'],
});

/** A user with one role, at the ambulance service. */
export const paramedic: Claims = {
  sub: '910000000001',
  nhsid_useruid: '910000000001',
  uid: '910000000001',
  name: 'Okoro Ada',
  display_name: 'Ada OKORO',
  idassurancelevel: '3',
  authentication_assurance_level: '2',
  nhsid_nrbac_roles: [role('r-ambulance', 'R1070', 'RYA')],
  nhsid_user_orgs: [{ org_code: 'RYA', org_name: 'West Midlands Ambulance Service' }],
};

/** What a provider does otherwise, each of which a sign-in must not survive. */
export type Misdeed = {
  /** Changes the claims of the id_token when all else is there. */
  readonly idToken?: (claims: JWTPayload) => JWTPayload;
  readonly alg?: 'none' | 'HS256';
  readonly otherKey?: boolean;
  readonly noIdToken?: boolean;
  /** Parameters of the return to the client, changed. */
  readonly answer?: (params: URLSearchParams) => void;
  readonly userinfoSub?: string;
  readonly tokenStatus?: number;
};

/** An OpenID provider that is strict with its client and does as it is told otherwise. */
export type StrictProvider = Awaited<ReturnType<typeof openProvider>>;

const body = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
};
const unsigned = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/**
 * Opens the provider. It refuses a request that lacks state, nonce or PKCE, a client that does not prove itself by
 * `private_key_jwt` with one of `clientKeys` (where given), a code used twice or with another verifier or redirect URI.
 * What it refuses is in `faults`.
 */
export async function openProvider(clientKeys?: readonly JWK[]) {
  const keys = await generateKeyPair('RS256', { extractable: true });
  const others = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'p1', alg: 'RS256', use: 'sig' };
  const state: { user: Claims; misdeed: Misdeed; inIdToken: readonly string[] } = {
    user: paramedic,
    misdeed: {},
    inIdToken: ['authentication_assurance_level', 'idassurancelevel'],
  };
  const faults: string[] = [];
  const seen: URLSearchParams[] = [];
  const codes = new Map<string, { readonly query: URLSearchParams; readonly user: Claims }>();
  const tokens = new Map<string, Claims>();
  let issuer = '';

  function authorize(query: URLSearchParams): string | undefined {
    seen.push(query);
    const need = ['client_id', 'redirect_uri', 'scope', 'state', 'nonce', 'code_challenge'];
    const missing = need.filter((name) => (query.get(name) ?? '') === '');
    if (missing.length > 0 || query.get('response_type') !== 'code' || query.get('code_challenge_method') !== 'S256') {
      faults.push(`authorize without ${missing.join(' ')}`);
      return undefined;
    }
    const code = randomUUID();
    codes.set(code, { query, user: state.user });
    const params = new URLSearchParams({ code, state: query.get('state') ?? '', iss: issuer });
    state.misdeed.answer?.(params);
    return `${query.get('redirect_uri')}?${params.toString()}`;
  }

  async function idTokenOf(query: URLSearchParams, user: Claims): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const own = Object.fromEntries(Object.entries(user).filter(([name]) => state.inIdToken.includes(name)));
    const standard = {
      iss: issuer,
      aud: query.get('client_id') ?? '',
      sub: String(user['sub']),
      iat: now,
      exp: now + 300,
    };
    const whole: JWTPayload = { ...own, ...standard, nonce: query.get('nonce') };
    const payload = state.misdeed.idToken?.(whole) ?? whole;
    if (state.misdeed.alg === 'none') return `${unsigned({ alg: 'none' })}.${unsigned(payload)}.`;
    if (state.misdeed.alg === 'HS256')
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256', kid: 'p1' })
        .sign(new TextEncoder().encode(JSON.stringify(jwk)));
    const key = state.misdeed.otherKey === true ? others.privateKey : keys.privateKey;
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'p1' }).sign(key);
  }

  async function token(form: URLSearchParams): Promise<object | undefined> {
    const code = form.get('code') ?? '';
    const kept = codes.get(code);
    codes.delete(code);
    if (kept === undefined) return void faults.push('a code that was used, or never issued');
    const { query, user } = kept;
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== query.get('code_challenge')) return void faults.push('another verifier');
    if (form.get('redirect_uri') !== query.get('redirect_uri')) return void faults.push('another redirect URI');
    if (clientKeys !== undefined) {
      const proved = await jwtVerify(form.get('client_assertion') ?? '', createLocalJWKSet({ keys: [...clientKeys] }), {
        audience: [issuer, `${issuer}/token`],
        subject: query.get('client_id') ?? '',
        issuer: query.get('client_id') ?? '',
      }).catch(() => undefined);
      if (proved === undefined) return void faults.push('a client that did not prove itself');
    }
    const accessToken = randomUUID();
    tokens.set(accessToken, user);
    const idToken = await idTokenOf(query, user);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 60,
      ...(state.misdeed.noIdToken === true ? {} : { id_token: idToken }),
    };
  }

  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const answer = async (): Promise<void> => {
      switch (url.pathname) {
        case '/.well-known/openid-configuration':
          return json(200, {
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/jwks`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['RS256'],
            authorization_response_iss_parameter_supported: true,
          });
        case '/jwks':
          return json(200, { keys: [jwk] });
        case '/authorize': {
          const to = authorize(url.searchParams);
          return void response.writeHead(to === undefined ? 400 : 302, to === undefined ? {} : { location: to }).end();
        }
        case '/token': {
          if (state.misdeed.tokenStatus !== undefined) return json(state.misdeed.tokenStatus, {});
          const given = await token(await body(request));
          return given === undefined ? json(400, { error: 'invalid_grant' }) : json(200, given);
        }
        case '/userinfo': {
          const user = tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
          return user === undefined
            ? json(401, {})
            : json(200, { ...user, sub: state.misdeed.userinfoSub ?? user['sub'] });
        }
        default:
          return json(404, {});
      }
    };
    answer().catch(() => json(500, {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    state,
    faults,
    seen,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

const shared = {
  clientId: 'one-health-and-care',
  clientAuth: 'none',
  scope: 'openid profile nhsperson nationalrbacaccess associatedorgs selectedrole',
  leastAssurance: 2,
  showsBanner: false,
  selfDeclared: 'allowed',
  launchesPerMinute: 1_000_000,
} as const;

/** A host without an EPR: the ambulance service. */
export function signInHost(issuer: string, more: Partial<SignInHost> = {}): SignInHost {
  return {
    ...shared,
    origins: [],
    id: 'ambulance',
    name: 'Ambulance control',
    organisation: 'RYA',
    organisationName: 'West Midlands Ambulance Service',
    door: 'sign-in',
    roles: ['R1070', 'R8000', 'R8001', 'R0001'],
    issuer,
    ...more,
  };
}

/** A host that encrypts its links. */
export function linkHost(issuer: string, more: Partial<EncryptedLinkHost> = {}): EncryptedLinkHost {
  return {
    ...shared,
    origins: [],
    id: 'toolbar',
    name: 'Peak Practice',
    organisation: 'RYA',
    door: 'encrypted-link',
    roles: ['R1070', 'R8000'],
    issuer,
    cipher: 'aes-256-gcm',
    keyEnv: 'TEST_LINK_KEY',
    template: 'nhs={nhsNumber}&dob={birthDate}&t={time}',
    ...more,
  };
}

/** A page as a browser of the tests has it. */
export type Page = {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
};

/** Enough of a browser: cookies, redirects, links and forms. It keeps to the origin of a form as browsers do. */
export function openBrowser(base: string) {
  const cookies = new Map<string, string>();

  function keep(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/; */);
      const [name = '', value = ''] = pair.split('=');
      if (attributes.some((one) => /^max-age=0$/i.test(one))) cookies.delete(name);
      else cookies.set(name, value);
    }
  }

  async function go(to: string | URL, init: RequestInit & { readonly stopAt?: RegExp } = {}): Promise<Page> {
    let url = new URL(to, base);
    let { method = 'GET', body: sent = null } = init;
    for (let hop = 0; hop < 12; hop += 1) {
      const ours = url.origin === base;
      const headers = new Headers(init.headers);
      if (ours && cookies.size > 0)
        headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
      const answer = await fetch(url, { method, body: sent, headers, redirect: 'manual' });
      if (ours) keep(answer);
      const location = answer.headers.get('location');
      const next = location === null ? undefined : new URL(location, url);
      if (next === undefined || init.stopAt?.test(next.href) === true)
        return {
          url: next ?? url,
          status: answer.status,
          text: await answer.text(),
          headers: answer.headers,
        };
      [url, method, sent] = [next, 'GET', null];
    }
    throw new Error('redirects without end');
  }

  /** Where a launch ends: the viewer, or an app's authorization request. */
  const ends = /\/app\/launch\?|\/auth\/auth\?/;

  return {
    cookies,
    get: (to: string | URL, headers: Record<string, string> = {}): Promise<Page> => go(to, { headers, stopAt: ends }),
    /** Follows redirects to the first address that fits. */
    until: (to: string | URL, stopAt: RegExp): Promise<Page> => go(to, { stopAt }),
    /** Sends the form of a page, with these fields besides its hidden ones. */
    submit: (page: Page, fields: Readonly<Record<string, string>>, headers: Record<string, string> = {}) => {
      const action = /<form method="post" action="([^"#]+)/.exec(page.text)?.[1];
      const ticket = /name="ticket" value="([^"]+)"/.exec(page.text)?.[1];
      if (action === undefined) throw new Error(`no form in: ${page.text.slice(0, 400)}`);
      return go(new URL(action, page.url), {
        method: 'POST',
        body: new URLSearchParams({ ...(ticket === undefined ? {} : { ticket }), ...fields }),
        headers: { origin: base, 'sec-fetch-site': 'same-origin', ...headers },
        stopAt: ends,
      });
    },
  };
}

/** A browser of the tests. */
export type Browser = ReturnType<typeof openBrowser>;
