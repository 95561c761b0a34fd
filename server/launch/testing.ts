import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { AuditEntry } from '../audit/entry.ts';
import { loadConfig, type Config } from '../config/config.ts';
import type { SignedContextHost } from '../config/schema.ts';
import type { Demographics } from '../federation/answer.ts';
import { createLog, type Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import type { OnHandedOver } from './hand-over.ts';
import { createHandles } from './handle.ts';
import type { AskTrace } from './identity.ts';
import type { Fetch } from './openid/relying-party.ts';
import { createLaunchRouter } from './launch.ts';
import { createHostTokens } from './smart/host-token.ts';
import { createLaunchRate } from './rate.ts';
import { createEndUser } from './sign-out.ts';

/** The doors on a loopback port, with a store of their own, a host EPR that has keys, and two people. */
export type Doors = Awaited<ReturnType<typeof openDoors>>;

/** Two people whom the demographics service of the test knows. */
export const people = {
  ashby: { nhsNumber: '9990000018', birthDate: '1961-04-17' },
  dunmore: { nhsNumber: '9990000042', birthDate: '1970-01-02' },
} as const;

function answerFor(nhsNumber: string): Demographics {
  const person = Object.values(people).find((one) => one.nhsNumber === nhsNumber);
  if (person === undefined) return { kind: 'unknown' };
  return { kind: 'found', person: { ...person, patient: { resourceType: 'Patient', id: 'p' } } };
}

/** Claims as a test gives them; one that is undefined is left out. */
export type Claimed = Readonly<Record<string, unknown>>;

/** What a test may set otherwise. */
export type DoorOptions = {
  /** Changes the host's entry. */
  readonly host?: Partial<SignedContextHost>;
  /** Changes the rest of the configuration. */
  readonly change?: (config: Config) => Config;
  readonly demographics?: (nhsNumber: string) => Promise<Demographics>;
  readonly trace?: AskTrace;
  readonly hides?: (nhsNumber: string) => Promise<boolean>;
  readonly endLaunchesOfUser?: (userHash: string) => Promise<void>;
  readonly onHandedOver?: OnHandedOver;
  /** A store to share with other doors; it is left open. */
  readonly store?: Store;
  /** The key of the store's hashes, where doors that share a store are to be as one. */
  readonly idKey?: Buffer;
  /** Sees the host's public key set and answers for its `jwksUri`. */
  readonly fetchJwks?: (keySet: object) => Fetch;
  /** Fetches at other hosts and providers. */
  readonly fetch?: Fetch;
  /** Private keys of this server towards hosts. */
  readonly launchKeys?: readonly JWK[];
  /** The base URL that this server answers for, where another listens at it. */
  readonly publicBase?: string;
  readonly log?: Logger;
  /** The clock of the counts. */
  readonly now?: () => number;
};

/** Opens the doors. */
export async function openDoors(options: DoorOptions = {}) {
  const keys = await generateKeyPair('ES256');
  const store = options.store ?? (await openTestStore());
  const idKey = options.idKey ?? randomBytes(32);
  const app = express();
  const server: Server = await new Promise((done) => {
    const listening = app.listen(0, '127.0.0.1', () => done(listening));
  });
  const base = `http://localhost:${(server.address() as AddressInfo).port}`;

  const shipped = await loadConfig('smart-config');
  const publicJwk = { ...(await exportJWK(keys.publicKey)), kty: 'EC', kid: 'k1', alg: 'ES256', use: 'sig' };
  const keySet = { keys: [publicJwk] };
  const host: SignedContextHost = {
    id: 'epr',
    name: 'Millbrook Clinical Desktop',
    organisation: 'RJE',
    organisationName: 'University Hospitals of North Midlands',
    door: 'signed-context',
    issuer: 'https://epr.example',
    origins: ['https://epr.example'],
    roles: shipped.roles.map((role) => role.code),
    ...(options.host?.jwksUri === undefined ? { jwks: keySet } : {}),
    showsBanner: true,
    selfDeclared: 'allowed',
    launchesPerMinute: 1_000_000,
    ...options.host,
  };
  const config = (options.change ?? ((one) => one))({ ...shipped, hosts: [host] });
  const trail: AuditEntry[] = [];
  const audit = { record: async (entry: AuditEntry) => void trail.push(entry) };
  const log = options.log ?? createLog('silent');
  const handles = createHandles({ db: store.db, idKey });
  const demographics = options.demographics ?? (async (nhsNumber: string) => answerFor(nhsNumber));
  const launchKeys = options.launchKeys ?? [];
  const fetchIt = options.fetchJwks?.(keySet) ?? options.fetch;
  const elsewhere = { launchKeys, ...(fetchIt === undefined ? {} : { fetch: fetchIt }) };
  const hostTokens = createHostTokens({ config, db: store.db, idKey, ...elsewhere });
  const rate = createLaunchRate({ db: store.db, idKey, audit, log, ...(options.now ? { now: options.now } : {}) });
  /** What is above this room, for a test that has it. */
  const above = { endLaunches: options.endLaunchesOfUser ?? (async (_userHash: string): Promise<void> => undefined) };
  const endUser = createEndUser({ db: store.db, idKey, endLaunches: (hash) => above.endLaunches(hash) });
  const common = { config, baseUrl: options.publicBase ?? base, db: store.db, idKey, audit, log, handles };
  app.use(
    createLaunchRouter({
      ...common,
      demographics: (nhsNumber) => demographics(nhsNumber),
      trace: options.trace ?? (async () => undefined),
      hides: options.hides ?? (async () => false),
      hostTokens,
      rate,
      endLaunchesOfUser: (hash) => above.endLaunches(hash),
      endUser,
      ...(options.onHandedOver === undefined ? {} : { onHandedOver: options.onHandedOver }),
      ...elsewhere,
    }),
  );

  /** The claims that the host gives, with some of them otherwise; one given as undefined is left out. */
  function claims(more: Claimed = {}): JWTPayload {
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
      ...more,
    };
    return JSON.parse(JSON.stringify(all)) as JWTPayload;
  }

  /** A context as somebody else signs it, under the host's key id. */
  const signWith = (key: CryptoKey, more: Claimed = {}, header: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT(claims(more)).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
  /** A context as the host signs it. */
  const sign = (more: Claimed = {}, header: Record<string, unknown> = {}): Promise<string> =>
    new SignJWT(claims(more)).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(keys.privateKey);

  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${base}${path}`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

  const launch = async (more: Claimed = {}): Promise<Response> => post('/launch', { context: await sign(more) });

  /** Sends the name-and-role page back, filled in; a field given as empty is left out. */
  async function fillIn(
    page: string,
    more: Record<string, string> = {},
    headers: Record<string, string> = { origin: base },
  ): Promise<Response> {
    const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1];
    if (ticket === undefined) throw new Error(`no ticket in: ${page.slice(0, 300)}`);
    const form = { ticket, registrationBody: 'GMC', registrationNumber: '7654321', promise: 'yes', ...more };
    const filled = Object.entries(form).filter(([, value]) => value !== '');
    return post('/launch/registration', Object.fromEntries(filled), headers);
  }

  /** The handle in the redirect that a launch ends in, through the name-and-role page where it comes. */
  async function handle(more: Claimed = {}): Promise<string> {
    let answer = await launch(more);
    if (answer.status === 200) answer = await fillIn(await answer.text());
    const value = new URL(answer.headers.get('location') ?? 'about:blank', base).searchParams.get('launch');
    if (value === null) throw new Error(`launch answered ${answer.status}`);
    return value;
  }

  return {
    ...common,
    hostTokens,
    above,
    app,
    base,
    host,
    keys,
    rate,
    store,
    trail,
    claims,
    sign,
    signWith,
    post,
    launch,
    fillIn,
    handle,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      if (options.store === undefined) await store.close();
    },
  };
}
