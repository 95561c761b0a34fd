import type { EventEmitter } from 'node:events';
import express, { type Router } from 'express';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import { Fault } from '../fault.ts';
import { causeOf } from '../launch/cause.ts';
import { registeredClient } from '../launch/client.ts';
import type { LaunchSession, LaunchUser } from '../launch/context.ts';
import type { Handles } from '../launch/handle.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import { createLaunchGrants } from './launch-grant.ts';
import { createProvider } from './provider.ts';
import { narrow } from './scope.ts';
import { smartConfiguration } from './smart-configuration.ts';

export { permits } from './scope.ts';

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
  /** The facade's opaque id of a person. */
  readonly patientId: (nhsNumber: string) => string;
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
   * @throws {Fault} `token-missing`, `token-invalid`
   */
  readonly verify: (authorizationHeader: string | undefined) => Promise<LaunchSession>;
  /** Ends every launch on a person, by the hash of {@link personHash}: their tokens are invalid from then on. */
  readonly endLaunches: (personHash: string) => Promise<void>;
  /** Ends every launch of a user but offline ones, by the hash of `userHash`: they signed out at their host. */
  readonly endLaunchesOfUser: (userHash: string) => Promise<void>;
  /** Tells a launch that is open who its user is from now on: they corrected their name or number. */
  readonly correctUser: (launchId: string, user: LaunchUser) => Promise<void>;
  /** Waits until what was refused is on the audit trail. */
  readonly close: () => Promise<void>;
};

function bearerOf(header: string | undefined): string {
  if (header === undefined) throw new Fault('token-missing', 'An access token is needed.');
  const [, token] = /^Bearer ([A-Za-z0-9._~+/-]{1,500}=*)$/i.exec(header) ?? [];
  if (token === undefined) throw invalid('no bearer token');
  return token;
}

function invalid(detail: string): Fault {
  return new Fault('token-invalid', 'The access token is not valid, or no longer.', { detail });
}

/** Builds the authorization server: authorize, token, introspection, revocation and discovery under `/auth`. */
export function createAuthorization(deps: AuthorizationDeps): Authorization {
  const { config, baseUrl, audit, log } = deps;
  const base = new URL(baseUrl);
  const grants = createLaunchGrants(deps);
  const provider = createProvider({ ...deps, grants });

  const pending = new Set<Promise<void>>();
  /** The library's own answers are generic; what really was wrong goes to the log and the audit trail. */
  const refused = (ctx: KoaContextWithOIDC, error: { error: string; error_detail?: string | undefined }): void => {
    const why = error.error_detail ?? '';
    const clientId = ctx.oidc.client?.clientId;
    log.info({ route: ctx.oidc.route, error: error.error, why, clientId }, 'refused');
    const written = audit
      .record({
        type: 'authorization',
        action: 'E',
        outcome: 'refused',
        reason: error.error,
        ...(clientId === undefined ? {} : { clientId }),
        detail: { route: ctx.oidc.route, why },
      })
      .catch((cause: unknown) => log.error({ cause: causeOf(cause) }, 'a refusal could not be audited'))
      .finally(() => pending.delete(written));
    pending.add(written);
  };
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('introspection.error', refused);
  provider.on('revocation.error', refused);
  // Koa's own: a connection that broke while it was answered. Without a listener it goes to the console.
  const koa: EventEmitter = provider;
  koa.on('error', (error: Error) => log.warn({ cause: causeOf(error) }, 'authorization server: broken answer'));
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) =>
    log.error({ route: ctx.oidc.route, cause: causeOf(error) }, 'authorization server failed'),
  );

  const router = express.Router();
  router.use((req, _res, next) => {
    // The library builds its URLs from these headers. They come from the configuration, whoever is in front of us and
    // whatever a client sends.
    req.headers.host = base.host;
    req.headers['x-forwarded-proto'] = base.protocol.slice(0, -1);
    delete req.headers['x-forwarded-host'];
    next();
  });
  router.use(provider.callback());

  return {
    router,
    smartConfiguration: smartConfiguration(baseUrl),
    verify: async (header) => {
      const token = await provider.AccessToken.find(bearerOf(header));
      if (token === undefined || !token.isValid || token.aud !== `${baseUrl}/fhir` || token.grantId === undefined)
        throw invalid('unknown, expired or for another audience');
      const context = await grants.find(token.grantId);
      if (context === undefined) throw invalid('the launch has ended');
      if (token.clientId === undefined || registeredClient(config, baseUrl, token.clientId, Date.now()) === undefined)
        throw invalid('the client is not registered, or has ended');
      // What a role has lost since the token was made, it has lost in open launches too.
      const role = config.roles.find((one) => one.code === context.role)?.scopes ?? [];
      return {
        launchId: token.grantId,
        clientId: token.clientId,
        scopes: narrow([...token.scopes], role),
        context,
      };
    },
    endLaunches: (personHash) => grants.endOf(personHash),
    endLaunchesOfUser: (userHash) => grants.endOfUser(userHash),
    correctUser: (launchId, user) => grants.correctUser(launchId, user),
    close: async () => {
      await Promise.all(pending);
    },
  };
}
