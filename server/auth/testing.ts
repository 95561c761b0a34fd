import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { exportJWK, generateKeyPair } from 'jose';
import type { Config } from '../config/config.ts';
import { createFacadeIds, type FacadeIds } from '../federation/facade-id.ts';
import { Fault } from '../fault.ts';
import { openDoors, type Claimed, type DoorOptions } from '../launch/testing.ts';
import { createAuthorization, type Authorization, type AuthorizationDeps } from './authorization.ts';

/** A whole way in on a loopback port: the doors, and the authorization server behind them. */
export type WayIn = Awaited<ReturnType<typeof openWayIn>>;

/** What a test may set otherwise. */
export type WayInOptions = DoorOptions &
  Pick<AuthorizationDeps, 'beginStandalone' | 'fetch'> & {
    /** What answers all that is neither a door nor under `/auth`; absent: discovery alone. */
    readonly rest?: (way: {
      readonly authorization: Authorization;
      readonly config: Config;
      readonly base: string;
      readonly ids: FacadeIds;
      readonly idKey: Buffer;
    }) => RequestHandler;
  };

/** Opens a way in. */
export async function openWayIn(options: WayInOptions = {}) {
  const doors = await openDoors(options);
  const { app, base, config, handle, post } = doors;
  const signing = await generateKeyPair('RS256', { extractable: true });
  const ids = createFacadeIds(doors.idKey);
  const patientId = ids.patient;
  const deps: AuthorizationDeps = {
    ...doors,
    ...(options.beginStandalone === undefined ? {} : { beginStandalone: options.beginStandalone }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    secrets: {
      signingKeys: [{ ...(await exportJWK(signing.privateKey)), kid: 's1', alg: 'RS256', use: 'sig' }],
      cookieKeys: [randomBytes(32).toString('base64url')],
    },
    ids,
  };
  const authorization = createAuthorization(deps);
  doors.above.endLaunches = authorization.endLaunchesOfUser;
  let current = authorization;
  app.use('/auth', (req, res, next) => current.router(req, res, next));
  // A second server of the same deployment, with nothing in common with the first but the database and its secrets.
  const second = createAuthorization(deps);
  app.use('/second/auth', second.router);
  if (options.rest !== undefined) app.use(options.rest({ authorization, config, base, ids, idKey: doors.idKey }));
  else
    app.get('/fhir/.well-known/smart-configuration', (_req, res) => {
      res.json(authorization.smartConfiguration);
    });

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
      // OpenID's own parameter, refused without its scope.
      nonce: more['scope'] === undefined ? randomUUID() : undefined,
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

  /** Asks an endpoint for programs. */
  async function ask(
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }> {
    const answer = await post(path, form, headers);
    const body = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
    };
  }

  /** Asks the token endpoint, as the viewer where the form names no other client. */
  const token = (form: Record<string, string>, headers: Record<string, string> = { origin: base }) =>
    ask('/auth/token', { client_id: clientId, ...form }, headers);

  /** The whole way: from a signed context to a token response. */
  async function session(claims: Claimed = {}, more: Record<string, string | undefined> = {}) {
    const { to, verifier } = await authorize(await handle(claims), more);
    const code = to.get('code');
    if (code === null) throw new Error(`authorize: ${to.toString()}`);
    const exchange = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
    const answer = await token(exchange);
    if (answer.status !== 200) throw new Error(`token: ${JSON.stringify(answer.body)}`);
    return { ...answer, exchange };
  }

  return {
    ...doors,
    authorization,
    ids,
    patientId,
    clientId,
    redirectUri,
    authorize,
    ask,
    token,
    second,
    /** Puts a new authorization server in the place of the one before, as the server does when its keys change. */
    useKeys: (signingKeys: AuthorizationDeps['secrets']['signingKeys']): void => {
      current = createAuthorization({ ...deps, secrets: { ...deps.secrets, signingKeys } });
    },
    session,
    verify: (answer: { readonly body: Record<string, unknown> }) =>
      authorization.verify(`Bearer ${String(answer.body['access_token'])}`),
    close: async () => {
      await authorization.close();
      await doors.close();
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
