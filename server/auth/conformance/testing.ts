import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { SignJWT, type CryptoKey } from 'jose';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { Config } from '../../config/config.ts';
import type { Client } from '../../config/schema.ts';
import { answer, condition, house } from '../../disclosure/house.testing.ts';
import { createApp } from '../../app.ts';
import { patientIdOf } from '../../launch/context.ts';
import { people, type Claimed } from '../../launch/testing.ts';
import { createLog } from '../../log.ts';
import { openWayIn, type WayInOptions } from '../testing.ts';
import { practitionerId } from '../token-context.ts';

/** The whole server on a loopback port, as an app sees it: doors, authorization server and facade. */
export type Server = Awaited<ReturnType<typeof openServer>>;

/** What a token endpoint, or any other that answers JSON, has said. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
};

/** An app to register beside the viewer. */
export type App = Partial<Client> & { readonly clientId: string };

/** What an EHR launch of the viewer asks for where a test does not say otherwise. */
export const ehrScope = 'openid fhirUser launch online_access patient/*.rs user/Practitioner.r';

/** What each app of this suite is registered for: more than any role has. */
const registeredScope =
  'openid fhirUser launch launch/patient launch/encounter online_access offline_access patient/*.cruds user/Practitioner.ru';

export const redirectOf = (clientId: string): string => `https://${clientId}.example/callback`;

function observation(id: string, category: string): Resource {
  return {
    ...condition(id, '271649006'),
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: category }] }],
  };
}

/** What the sources hold about everybody: one of each that a test asks for. */
const held: readonly Resource[] = [
  condition('asthma', '195967001'),
  observation('potassium', 'laboratory'),
  observation('pressure', 'vital-signs'),
];

/** A stand-in for the house behind the facade, whose one Patient is the person of the launch. */
function houseOf(config: Config, patientId: (nhsNumber: string) => string): ReturnType<typeof house> {
  const shut = house({
    answers: [answer('gp', { practiceConsent: 'answered' }), answer('acute', { resources: held })],
  });
  return {
    ...shut,
    config: { ...shut.config, hosts: config.hosts, clients: config.clients, roles: config.roles },
    federation: {
      ...shut.federation,
      demographics: async (nhsNumber) => {
        const person = Object.values(people).find((one) => one.nhsNumber === nhsNumber);
        if (person === undefined) return { kind: 'unknown' };
        return {
          kind: 'found',
          person: { ...person, patient: { resourceType: 'Patient', id: patientId(nhsNumber) } },
        };
      },
    },
  };
}

function withApps(config: Config, apps: readonly App[]): Config {
  return {
    ...config,
    clients: [
      ...config.clients.map((client) => ({ ...client, scope: registeredScope })),
      ...apps.map((app) => ({
        name: app.clientId,
        redirectUris: [redirectOf(app.clientId)],
        launchUri: `https://${app.clientId}.example/launch`,
        scope: registeredScope,
        clientAuth: 'none' as const,
        owner: 'The suite',
        purpose: 'To be tested',
        ...app,
      })),
    ],
  };
}

/** Opens the server; the apps given are registered beside the viewer. */
export async function openServer({
  apps = [],
  change = (config) => config,
  ...options
}: Omit<WayInOptions, 'rest'> & { readonly apps?: readonly App[] } = {}) {
  const way = await openWayIn({
    ...options,
    change: (config) => change(withApps(config, apps)),
    rest: ({ authorization, config, base, ids, idKey }) =>
      createApp({
        config,
        baseUrl: base,
        log: createLog('silent'),
        launch: Router(),
        authorization,
        facade: {
          house: houseOf(config, ids.patient),
          patientIdOf: (context) => patientIdOf(ids, context),
          pageKey: Buffer.alloc(32, 1),
          userId: (host, id) => practitionerId(idKey, { host, id }),
        },
        ready: async () => undefined,
        warnings: () => [],
        metricsToken: undefined,
      }),
  });
  const { base } = way;

  async function jsonOf(response: Response): Promise<Answer> {
    const text = await response.text();
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, body };
  }

  const redirectUriOf = (clientId: string): string =>
    clientId === way.clientId ? way.redirectUri : redirectOf(clientId);

  /** Asks to authorize after an EHR launch of an app, or with the launch that `more` gives. */
  async function authorize(
    more: Readonly<Record<string, string | undefined>> = {},
    claims: Claimed = {},
    clientId: string = way.clientId,
  ) {
    const handle =
      'launch' in more
        ? more['launch']
        : await way.handle({ ...claims, ...(clientId === way.clientId ? {} : { client: clientId }) });
    const asked = { client_id: clientId, redirect_uri: redirectUriOf(clientId), scope: ehrScope, ...more };
    return way.authorize(handle, {
      ...asked,
      ...(asked.scope?.includes('openid') && !('nonce' in more) ? { nonce: randomUUID() } : {}),
    });
  }

  /** Asks the token endpoint for exactly this, with no authentication but what is given. */
  const tokenOf = async (
    form: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => jsonOf(await way.post('/auth/token', { ...form }, { ...headers }));

  /** The form that redeems the code of an answer to authorize. */
  const redeeming = (
    { to, verifier }: { readonly to: URLSearchParams; readonly verifier: string },
    clientId: string = way.clientId,
  ): Record<string, string> => ({
    grant_type: 'authorization_code',
    code: to.get('code') ?? '',
    redirect_uri: redirectUriOf(clientId),
    code_verifier: verifier,
  });

  return {
    ...way,
    authorize,
    tokenOf,
    redeeming,
    /** A whole EHR launch of the viewer, a public client. */
    launched: async (more: Readonly<Record<string, string | undefined>> = {}, claims: Claimed = {}): Promise<Answer> =>
      tokenOf({ ...redeeming(await authorize(more, claims)), client_id: way.clientId }, { origin: base }),
    refreshed: (refreshToken: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      tokenOf({
        grant_type: 'refresh_token',
        refresh_token: String(refreshToken),
        client_id: way.clientId,
        ...more,
      }),
    /** Introspects as the client that the form names; the viewer where it names none. */
    introspected: async (
      token: unknown,
      form: Readonly<Record<string, string>> = { client_id: way.clientId },
      headers: Readonly<Record<string, string>> = {},
    ): Promise<Answer> =>
      jsonOf(await way.post('/auth/token/introspection', { token: String(token), ...form }, { ...headers })),
    revoked: async (token: unknown, clientId: string = way.clientId): Promise<number> =>
      (await way.post('/auth/token/revocation', { token: String(token), client_id: clientId })).status,
    /** Reads from the facade. */
    fhir: async (path: string, token?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      jsonOf(
        await fetch(new URL(path, `${base}/fhir/`), {
          headers: { ...(typeof token === 'string' ? { authorization: `Bearer ${token}` } : {}), ...headers },
        }),
      ),
    /** `smart-configuration`, asked as `headers` say. */
    discovered: async (headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
      jsonOf(await fetch(`${base}/fhir/.well-known/smart-configuration`, { headers })),
  };
}

/** The authentication of an asymmetric client: a JWT signed with its key, good unless a claim or header says otherwise. */
export async function assertion(
  key: { readonly privateKey: CryptoKey; readonly alg: string; readonly kid: string },
  clientId: string,
  audience: string,
  more: { readonly claims?: Record<string, unknown>; readonly header?: Record<string, unknown> } = {},
): Promise<Record<string, string>> {
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    exp: Math.floor(Date.now() / 1000) + 240,
    jti: randomUUID(),
    ...more.claims,
  };
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await new SignJWT(JSON.parse(JSON.stringify(claims)) as Record<string, unknown>)
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...more.header })
      .sign(key.privateKey),
  };
}
