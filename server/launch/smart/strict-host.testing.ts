import { createHash, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express, { type Request } from 'express';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose';
import { hostSchema, type SmartHost } from '../../config/schema.ts';
import { people } from '../testing.ts';

/** A SMART EHR that holds its app to the letter, as Inferno's client suite does, and can be told to misbehave. */
export type StrictHost = Awaited<ReturnType<typeof openStrictHost>>;

type Json = Record<string, unknown>;

/** What the host is told to say otherwise. */
export type Misbehaviour = {
  smartConfiguration?: (document: Json) => unknown;
  openIdConfiguration?: (document: Json) => unknown;
  /** Changes where the browser is sent back. */
  redirect?: (to: URL) => void;
  idToken?: (claims: Json) => Json;
  /** Makes the id token itself. */
  signed?: (claims: Json) => Promise<string> | string;
  tokenResponse?: (body: Json) => Json;
  /** Status and body of a FHIR read, by its path behind the base. */
  fhir?: Record<string, { status?: number; body?: unknown }>;
  refreshFails?: { status: number; error: string };
};

export const drOkafor = {
  resourceType: 'Practitioner',
  id: 'p-77',
  identifier: [{ system: 'https://fhir.hl7.org.uk/Id/gmc-number', value: '7654321' }],
  name: [{ prefix: ['Dr'], given: ['Peter'], family: 'Okafor' }],
};
export const okaforsRole = {
  resourceType: 'PractitionerRole',
  id: 'r-77',
  practitioner: { reference: 'Practitioner/p-77' },
  code: [{ coding: [{ system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName', code: 'R8000' }] }],
};
export const ashby = {
  resourceType: 'Patient',
  id: 'pat-1',
  identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: people.ashby.nhsNumber }],
  birthDate: people.ashby.birthDate,
};
/** A person without an NHS number. */
export const visitor = { resourceType: 'Patient', id: 'pat-9', birthDate: '1990-03-03' };

const secret = 'a+secret/with=signs~and-more';
export const secretEnv = 'STRICT_HOST_SECRET';

/** Opens it. `appKeys`: the public key set of the app, as it is registered. */
export async function openStrictHost(
  clientAuth: SmartHost['clientAuth'],
  {
    appKeys = { keys: [] },
    lifeSeconds = 300,
    assertions,
  }: {
    readonly appKeys?: JSONWebKeySet;
    readonly lifeSeconds?: number;
    /** The algorithms of client assertions that it says it takes. */
    readonly assertions?: readonly string[];
  } = {},
) {
  process.env[secretEnv] = secret;
  const app = express();
  const server = await new Promise<ReturnType<typeof app.listen>>((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening));
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const iss = `${origin}/fhir`;
  const clientId = 'one-health_and.care';
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'host-1', alg: 'RS256', use: 'sig' };

  /** What the app did that a strict host does not take. */
  const violations: string[] = [];
  const requests: string[] = [];
  const authorizations: Json[] = [];
  const revoked: string[] = [];
  const bearers: { path: string; token: string }[] = [];
  const codes = new Map<string, Json>();
  const tokens = new Set<string>();
  const refreshTokens = new Set<string>();
  const assertionIds = new Set<string>();
  const be: Misbehaviour = {};
  let refreshes = 0;
  const must = (holds: boolean, what: string): void => {
    if (!holds) violations.push(what);
  };

  app.use((req, _res, next) => {
    requests.push(`${req.method} ${req.path}`);
    next();
  });
  app.get('/fhir/.well-known/smart-configuration', (req, res) => {
    must(req.headers.accept?.includes('application/json') === true, 'discovery: Accept');
    must(req.headers.authorization === undefined, 'discovery: Authorization');
    const document = {
      issuer: iss,
      jwks_uri: `${origin}/jwks`,
      authorization_endpoint: `${origin}/authorize`,
      // Relative ones are tolerated.
      token_endpoint: '../token',
      revocation_endpoint: `${origin}/revoke`,
      capabilities: ['launch-ehr', 'sso-openid-connect'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      ...(assertions === undefined ? {} : { token_endpoint_auth_signing_alg_values_supported: assertions }),
    };
    res.json(be.smartConfiguration?.(document) ?? document);
  });
  app.get('/fhir/.well-known/openid-configuration', (_req, res) => {
    const document = { issuer: iss, jwks_uri: `${origin}/jwks`, authorization_response_iss_parameter_supported: true };
    res.json(be.openIdConfiguration?.(document) ?? document);
  });
  app.get('/jwks', (_req, res) => void res.json({ keys: [jwk] }));

  app.get('/authorize', (req, res) => {
    const query = Object.fromEntries(new URL(req.originalUrl, origin).searchParams);
    authorizations.push(query);
    // A-02, in its order.
    must(query['response_type'] === 'code', 'authorize: response_type');
    must(query['client_id'] === clientId, 'authorize: client_id');
    must(query['redirect_uri']?.endsWith('/launch/callback/strict') === true, 'authorize: redirect_uri');
    must(query['launch'] === 'the launch+handle/==', 'authorize: launch');
    must((query['state'] ?? '').length >= 21, 'authorize: state');
    must(query['aud'] === iss, 'authorize: aud');
    must(/^[\w-]{43}$/.test(query['code_challenge'] ?? ''), 'authorize: code_challenge');
    must(query['code_challenge_method'] === 'S256', 'authorize: code_challenge_method');
    must((query['scope'] ?? '').includes('openid fhirUser launch'), 'authorize: scope');
    must(query['max_age'] === undefined, 'authorize: max_age');
    const code = randomUUID();
    codes.set(code, query);
    const to = new URL(query['redirect_uri'] ?? 'about:blank');
    to.searchParams.set('code', code);
    to.searchParams.set('state', query['state'] ?? '');
    to.searchParams.set('iss', iss);
    be.redirect?.(to);
    res.redirect(302, to.href);
  });

  async function checkClient(req: Request, form: Json): Promise<void> {
    switch (clientAuth) {
      case 'none':
        must(form['client_id'] === clientId, 'token: client_id');
        must(req.headers.authorization === undefined, 'token: Authorization of a public client');
        return;
      case 'client_secret_basic': {
        const exact = Buffer.from(`${clientId}:${secret}`).toString('base64');
        must(req.headers.authorization === `Basic ${exact}`, 'token: Authorization');
        must(form['client_id'] === undefined, 'token: client_id of a confidential client');
        return;
      }
      case 'private_key_jwt': {
        must(
          form['client_assertion_type'] === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          'token: client_assertion_type',
        );
        must(form['client_id'] === undefined, 'token: client_id of a confidential client');
        const { payload, protectedHeader } = await jwtVerify(
          String(form['client_assertion']),
          createLocalJWKSet(appKeys),
          {
            issuer: clientId,
            subject: clientId,
            audience: `${origin}/token`,
            typ: 'JWT',
            algorithms: [...(assertions ?? ['RS384', 'ES384'])],
            requiredClaims: ['exp', 'jti'],
          },
        );
        must(protectedHeader.kid !== undefined, 'token: kid');
        must((payload.exp ?? Infinity) <= Date.now() / 1000 + 300, 'token: exp');
        must(!assertionIds.has(payload.jti ?? ''), 'token: jti');
        assertionIds.add(payload.jti ?? '');
      }
    }
  }

  async function idTokenFor(nonce: unknown): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const whole: Json = {
      iss,
      aud: clientId,
      sub: 'okafor@epr',
      iat: now,
      exp: now + 300,
      nonce,
      fhirUser: `${iss}/Practitioner/p-77`,
    };
    const claims = be.idToken?.(whole) ?? whole;
    if (be.signed !== undefined) return be.signed(claims);
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'host-1' }).sign(privateKey);
  }

  app.post('/token', express.urlencoded(), async (req, res) => {
    const form = req.body as Json;
    const fresh = { access_token: randomUUID(), token_type: 'Bearer', expires_in: lifeSeconds, scope: 'all of it' };
    await checkClient(req, form).catch((error: unknown) => violations.push(`token: ${String(error)}`));
    const next = randomUUID();
    if (form['grant_type'] === 'refresh_token') {
      refreshes += 1;
      if (be.refreshFails !== undefined)
        return void res.status(be.refreshFails.status).json({ error: be.refreshFails.error });
      const used = String(form['refresh_token']);
      // It works once: whoever loses the chain has lost it.
      if (!refreshTokens.delete(used)) return void res.status(400).json({ error: 'invalid_grant' });
      tokens.add(fresh.access_token);
      refreshTokens.add(next);
      // As the public launcher does: a second id token without aud.
      const id_token = await new SignJWT({ iss, sub: 'okafor@epr' })
        .setProtectedHeader({ alg: 'RS256' })
        .sign(privateKey);
      return void res.json({ ...fresh, refresh_token: next, id_token });
    }
    must(form['grant_type'] === 'authorization_code', 'token: grant_type');
    const begun = codes.get(String(form['code']));
    if (begun === undefined) return void res.status(400).json({ error: 'invalid_grant' });
    codes.delete(String(form['code']));
    must(form['redirect_uri'] === begun['redirect_uri'], 'token: redirect_uri');
    const challenge = createHash('sha256').update(String(form['code_verifier'])).digest('base64url');
    must(challenge === begun['code_challenge'], 'token: code_verifier');
    tokens.add(fresh.access_token);
    refreshTokens.add(next);
    const body: Json = {
      ...fresh,
      refresh_token: next,
      id_token: await idTokenFor(begun['nonce']),
      patient: 'pat-1',
      encounter: 'enc-1',
      need_patient_banner: false,
      intent: 'summary',
    };
    return void res.json(be.tokenResponse?.(body) ?? body);
  });

  app.post('/revoke', express.urlencoded(), async (req, res) => {
    await checkClient(req, req.body as Json).catch((error: unknown) => violations.push(`revoke: ${String(error)}`));
    const token = String((req.body as Json)['token']);
    revoked.push(token);
    tokens.delete(token);
    refreshTokens.delete(token);
    res.end();
  });

  const resources = new Map<string, unknown>(
    [drOkafor, okaforsRole, ashby, visitor].map((one) => [`${one.resourceType}/${one.id}`, one]),
  );
  app.get('/fhir/:type/:id', (req, res) => {
    const path = `${req.params.type}/${req.params.id}`;
    const token = req.headers.authorization?.replace(/^Bearer /, '') ?? '';
    bearers.push({ path, token });
    if (!tokens.has(token)) return void res.status(401).end();
    const told = be.fhir?.[path];
    const body = told?.body ?? resources.get(path);
    return void res.status(told?.status ?? (body === undefined ? 404 : 200)).json(body ?? {});
  });

  const host = hostSchema.parse({
    id: 'strict',
    name: 'Strict EPR',
    organisation: 'RJE',
    organisationName: 'University Hospitals of North Midlands',
    door: 'smart',
    iss,
    clientId,
    clientAuth,
    secretEnv,
    origins: ['https://epr.example'],
    roles: ['R8000', 'R8008'],
    selfDeclared: 'allowed',
    showsBanner: true,
    launchesPerMinute: 1_000_000,
  });
  if (host.door !== 'smart') throw new Error('a SMART host');

  return {
    host,
    iss,
    origin,
    be,
    violations,
    requests,
    authorizations,
    revoked,
    bearers,
    tokens,
    refreshTokens,
    refreshes: () => refreshes,
    /** Ends every token that is out, as a host does at log-off. */
    endTokens: () => {
      tokens.clear();
      refreshTokens.clear();
    },
    reset: () => {
      for (const key of Object.keys(be) as (keyof Misbehaviour)[]) delete be[key];
      for (const list of [violations, requests, authorizations, revoked, bearers]) list.length = 0;
      refreshes = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
