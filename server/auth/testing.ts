import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import type { AuditEntry } from '../audit/entry.ts';
import { loadConfig, type Config } from '../config/config.ts';
import type { SignedContextHost } from '../config/schema.ts';
import type { Demographics } from '../federation/answer.ts';
import { Fault } from '../fault.ts';
import { createHandles } from '../launch/handle.ts';
import { createLaunchRouter } from '../launch/launch.ts';
import { createLog } from '../log.ts';
import { openTestStore } from '../store/testing.ts';
import { createAuthorization, type Authorization } from './authorization.ts';

/** A whole way in on a loopback port: both routers, a store of its own, a host EPR with keys, two people. */
export type WayIn = Awaited<ReturnType<typeof openWayIn>>;

/** Two people whom the demographics service of the test knows, by NHS number. */
export const people = {
  ashby: { nhsNumber: '9990000018', birthDate: '1961-04-17' },
  dunmore: { nhsNumber: '9990000042', birthDate: '1970-01-02' },
} as const;

function found(nhsNumber: string): Demographics {
  const person = Object.values(people).find((one) => one.nhsNumber === nhsNumber);
  if (person === undefined) return { kind: 'unknown' };
  return { kind: 'found', person: { ...person, patient: { resourceType: 'Patient', id: 'p' } } };
}

/** Opens a way in. `change` edits the shipped configuration's host and the rest before it is used. */
export async function openWayIn(
  options: {
    readonly change?: (config: Config) => Config;
    readonly demographics?: (nhsNumber: string) => Promise<Demographics>;
  } = {},
) {
  const keys = await generateKeyPair('ES256');
  const signing = await generateKeyPair('RS256', { extractable: true });
  const store = await openTestStore();
  const idKey = randomBytes(32);
  const app = express();
  const server: Server = await new Promise((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening));
  });
  const base = `http://localhost:${(server.address() as AddressInfo).port}`;

  const shipped = await loadConfig('smart-config');
  const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const host: SignedContextHost = {
    id: 'epr',
    name: 'Millbrook Clinical Desktop',
    organisation: 'RJE',
    organisationName: 'University Hospitals of North Midlands',
    door: 'signed-context',
    issuer: 'https://epr.example',
    origins: ['https://epr.example'],
    roles: shipped.roles.map((role) => role.code),
    jwks: { keys: [publicJwk as { kty: string; kid: string }] },
    showsBanner: true,
    selfDeclared: 'allowed',
  };
  const config = (options.change ?? ((one) => one))({ ...shipped, hosts: [host] });
  const trail: AuditEntry[] = [];
  const audit = { record: async (entry: AuditEntry) => void trail.push(entry) };
  const log = createLog('silent');
  const handles = createHandles({ db: store.db, idKey });
  const patientId = (nhsNumber: string): string => createHash('sha256').update(nhsNumber).digest('hex');
  const common = { config, baseUrl: base, db: store.db, idKey, audit, log, handles };
  const authorization: Authorization = createAuthorization({
    ...common,
    secrets: {
      signingKeys: [{ ...(await exportJWK(signing.privateKey)), kid: 's1', alg: 'RS256', use: 'sig' }],
      cookieKeys: [randomBytes(32).toString('base64url')],
    },
    patientId,
  });
  app.use('/auth', authorization.router);
  app.use(
    createLaunchRouter({
      ...common,
      demographics: async (nhsNumber) => (options.demographics ?? (async (one: string) => found(one)))(nhsNumber),
    }),
  );
  app.get('/fhir/.well-known/smart-configuration', (_req, res) => {
    res.json(authorization.smartConfiguration);
  });

  /** A context as the host signs it; a claim given as undefined is left out. */
  async function sign(claims: JWTPayload = {}, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = {
      iss: host.issuer,
      aud: base,
      iat: now,
      exp: now + 120,
      jti: randomUUID(),
      sub: 'dr-okafor',
      name: 'Dr Peter OKAFOR',
      role: 'R8000',
      organisation: 'RJE',
      patient: { ...people.ashby, family: 'Ashby' },
      ...claims,
    };
    return new SignJWT(JSON.parse(JSON.stringify(all)) as JWTPayload)
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
      .sign(keys.privateKey);
  }

  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${base}${path}`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

  const launch = async (claims: JWTPayload = {}): Promise<Response> => post('/launch', { context: await sign(claims) });

  /** Sends the name-and-role page back, filled in. */
  async function fillIn(page: string, more: Record<string, string> = {}): Promise<Response> {
    const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1];
    if (ticket === undefined) throw new Error(`no ticket in: ${page.slice(0, 300)}`);
    const form = { ticket, registrationBody: 'GMC', registrationNumber: '7654321', promise: 'yes', ...more };
    return post('/launch/registration', form, { origin: base });
  }

  /** Launches to a handle, through the name-and-role page where it comes. */
  async function handle(claims: JWTPayload = {}): Promise<string> {
    let answer = await launch(claims);
    if (answer.status === 200) answer = await fillIn(await answer.text());
    const to = new URL(answer.headers.get('location') ?? 'about:blank', base);
    const value = to.searchParams.get('launch');
    if (value === null) throw new Error(`launch answered ${answer.status}`);
    return value;
  }

  const client = config.clients.find((one) => one.launchUri.endsWith('/app/launch'));
  const clientId = client?.clientId ?? '';
  const redirectUri = `${base}/app/callback`;

  /** Asks to authorize; gives where the answer leads, and the verifier. */
  async function authorize(
    launchHandle: string | undefined,
    more: Record<string, string | undefined> = {},
    headers: Record<string, string> = {},
  ): Promise<{
    readonly status: number;
    readonly to: URLSearchParams;
    readonly verifier: string;
    readonly answer: Response;
  }> {
    const verifier = randomBytes(48).toString('base64url');
    const query = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: client?.scope,
      state: randomUUID(),
      nonce: randomUUID(),
      aud: `${base}/fhir`,
      launch: launchHandle,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    };
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const answer = await fetch(`${base}/auth/auth?${new URLSearchParams(given)}`, { redirect: 'manual', headers });
    const location = answer.headers.get('location');
    const to = location === null ? new URLSearchParams() : new URL(location, base).searchParams;
    return { status: answer.status, to, verifier, answer };
  }

  /** Asks the token endpoint. */
  async function token(
    form: Record<string, string>,
    headers: Record<string, string> = { origin: base },
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }> {
    const answer = await post('/auth/token', { client_id: clientId, ...form }, headers);
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
  }

  /** The whole way: from a signed context to a token response. */
  async function session(claims: JWTPayload = {}, more: Record<string, string | undefined> = {}) {
    const { to, verifier } = await authorize(await handle(claims), more);
    const code = to.get('code');
    if (code === null) throw new Error(`authorize: ${to.toString()}`);
    const exchange = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const answer = await token(exchange);
    if (answer.status !== 200) throw new Error(`token: ${JSON.stringify(answer.body)}`);
    return { ...answer, exchange };
  }

  return {
    base,
    config,
    host,
    store,
    idKey,
    handles,
    trail,
    authorization,
    patientId,
    clientId,
    redirectUri,
    sign,
    post,
    launch,
    fillIn,
    handle,
    authorize,
    token,
    session,
    verify: (answer: { readonly body: Record<string, unknown> }) =>
      authorization.verify(`Bearer ${String(answer.body['access_token'])}`),
    close: async () => {
      authorization.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await store.close();
    },
  };
}

/** The code of the fault that a promise is rejected with. */
export async function faultOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return 'none';
}
