import express, { type Router } from 'express';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { FacadeIds } from '../federation/facade-id.ts';
import { registeredClient } from '../launch/client.ts';
import type { LaunchContext, LaunchSession, LaunchUser } from '../launch/context.ts';
import type { Handles } from '../launch/handle.ts';
import type { Fetch } from '../launch/openid/relying-party.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import { createClientKeys } from './client-keys.ts';
import { createIntrospector } from './introspector.ts';
import { createLaunchGrants } from './launch-grant.ts';
import type { BeginStandalone } from './launch-request.ts';
import { createProgramEndpoints } from './program-endpoint.ts';
import { createProvider } from './provider.ts';
import { createRequestWork } from './request-work.ts';
import { introspectScope, understood } from './scope.ts';
import { createSessions } from './session.ts';
import { smartConfiguration } from './smart-configuration.ts';
import { keepTrail } from './trail.ts';

export { permits, permittedBy } from './scope.ts';

/** What the authorization server needs. */
export type AuthorizationDeps = {
  readonly config: Config;
  readonly secrets: Pick<Secrets, 'signingKeys' | 'cookieKeys'>;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly handles: Handles;
  readonly audit: Audit;
  readonly log: Logger;
  /** The ids under which the facade knows people and things. */
  readonly ids: FacadeIds;
  /**
   * Keeps the authorization request of an app that begins by itself, and gives the URL at which its user signs in.
   * Absent: a launch always begins at a host.
   */
  readonly beginStandalone?: BeginStandalone;
  /** Fetches the key sets of clients; the platform's `fetch` where absent. */
  readonly fetch?: Fetch;
  /** Ends what else is held for a launch that has ended. */
  readonly onLaunchEnded?: (context: LaunchContext, launchId: string) => Promise<void>;
};

/** The authorization server. */
export type Authorization = {
  /** To be mounted at `/auth`, before any parser of bodies. */
  readonly router: Router;
  /** The document at `<base>/fhir/.well-known/smart-configuration`. */
  readonly smartConfiguration: object;
  /**
   * The launch whose access token a request carries, asked of the database each time.
   * @param authorizationHeader the value of `Authorization`
   * @throws {Fault} `token-missing`, `token-invalid`; `not-permitted` for the token of a client without a user
   */
  readonly verify: (authorizationHeader: string | undefined) => Promise<LaunchSession>;
  /**
   * Ends every launch on a person, by the hash of {@link personHash}, in a transaction of the caller's: their tokens are
   * invalid from its commit on. What is given back ends the rest that is held for them, and is done after that.
   */
  readonly endLaunches: (personHash: string, within: Database) => Promise<() => Promise<void>>;
  /** Ends every launch of a user, by {@link userHash}, but those that were granted to go on without the user. */
  readonly endLaunchesOfUser: (userHash: string) => Promise<void>;
  /** Tells a launch that is open who its user is from now on: they corrected their name or number. */
  readonly correctUser: (launchId: string, user: LaunchUser) => Promise<void>;
  /** Waits until what was refused is on the audit trail. */
  readonly close: () => Promise<void>;
};

/** Builds the authorization server: authorize, token, introspection, revocation and discovery under `/auth`. */
export function createAuthorization(deps: AuthorizationDeps): Authorization {
  const { config, baseUrl, log } = deps;
  const base = new URL(baseUrl);
  // Nobody can sign in where no host has a sign-in of its own.
  const signsIn = config.hosts.some((host) => host.door === 'sign-in');
  const beginStandalone = signsIn ? deps.beginStandalone : undefined;
  const work = createRequestWork(deps.db);
  const grants = createLaunchGrants({ ...deps, work });
  const introspector = createIntrospector();
  const clientKeys = createClientKeys(log, deps.fetch);
  const { provider, signInOf } = createProvider({ ...deps, beginStandalone, grants, work, introspector, clientKeys });
  const trail = keepTrail(provider, deps, (ctx) => signInOf(ctx.req) !== undefined);
  const isRegistered = (clientId: string | undefined): boolean =>
    clientId !== undefined && registeredClient(config, baseUrl, clientId, Date.now()) !== undefined;
  warnOfScopes(config, log);

  const router = express.Router();
  router.use((req, _res, next) => {
    // The library builds its URLs from these headers. They come from the configuration, whoever is in front of us and
    // whatever a client sends.
    req.headers.host = base.host;
    req.headers['x-forwarded-proto'] = base.protocol.slice(0, -1);
    delete req.headers['x-forwarded-host'];
    next();
  });
  const forward = provider.callback();
  router.use(
    createProgramEndpoints(
      {
        isAppOrigin: (origin) =>
          config.clients.some(({ redirectUris }) =>
            redirectUris.some((uri) => new URL(uri, baseUrl).origin === origin),
          ),
        publicClientOf: async (refreshToken) => {
          const clientId = (await provider.RefreshToken.find(refreshToken))?.clientId;
          const client = clientId === undefined ? undefined : await provider.Client.find(clientId);
          return client?.clientAuthMethod === 'none' ? client.clientId : undefined;
        },
        introspectAs: async (bearer) => {
          const token = await provider.ClientCredentials.find(bearer);
          const may = token?.isValid === true && token.scopes.has(introspectScope) && isRegistered(token.clientId);
          return may ? introspector.authorization : undefined;
        },
        refused: trail.refused,
      },
      (request, response) => void forward(request, response),
    ),
  );
  router.use(forward);

  return {
    router,
    smartConfiguration: smartConfiguration({ config, baseUrl, standalone: beginStandalone !== undefined }),
    verify: createSessions({ config, baseUrl, provider, grants, work, isRegistered }),
    endLaunches: grants.endOf,
    endLaunchesOfUser: (userHash) => grants.endOfUser(userHash),
    correctUser: (launchId, user) => grants.correctUser(launchId, user),
    close: trail.written,
  };
}

/** A scope of the configuration that cannot be held to grants nothing: whoever wrote it should hear of it. */
function warnOfScopes({ roles, clients }: Config, log: Logger): void {
  const written = [...roles.flatMap(({ scopes }) => scopes), ...clients.flatMap(({ scope }) => scope.split(' '))];
  const lost = new Set(written.filter((scope) => /^(patient|user|system)\//.test(scope) && !understood(scope)));
  if (lost.size > 0) log.warn({ scopes: [...lost] }, 'scopes of the configuration that grant nothing');
}
