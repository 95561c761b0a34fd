import {
  errors,
  interactionPolicy,
  Provider,
  type AdapterPayload,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { text } from '../../src/fhir/json.ts';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { FacadeIds } from '../federation/facade-id.ts';
import type { LaunchContext } from '../launch/context.ts';
import { registeredClient } from '../launch/client.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import { createAdapter } from './adapter.ts';
import { checkClientAssertion, clockSkewSeconds } from './client-assertion.ts';
import type { ClientKeys } from './client-keys.ts';
import { clientMetadata, isSecretOf } from './client-metadata.ts';
import { errorPage } from './error-page.ts';
import type { Introspector } from './introspector.ts';
import { launchSeconds, type LaunchGrant, type LaunchGrants } from './launch-grant.ts';
import { createLaunchRequest, paramOf, type BeginStandalone } from './launch-request.ts';
import type { RequestWork } from './request-work.ts';
import { backendScopes, introspectScope, staticScopes } from './scope.ts';
import { answerAsSmart } from './token-answer.ts';
import { fhirUserOf, practitionerId, tokenContext } from './token-context.ts';

/** What the provider is built from. */
export type ProviderDeps = {
  readonly config: Config;
  readonly secrets: Pick<Secrets, 'signingKeys' | 'cookieKeys'>;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Audit;
  readonly log: Logger;
  readonly grants: LaunchGrants;
  readonly work: RequestWork;
  readonly clientKeys: ClientKeys;
  /** This server's own client, in whose name the holder of a token introspects. */
  readonly introspector: Introspector;
  /** The ids under which the facade knows people and things. */
  readonly ids: FacadeIds;
  readonly beginStandalone?: BeginStandalone | undefined;
};

const accessTokenSeconds = 300;

function isStatic(scope: string): boolean {
  return staticScopes.some((one) => one === scope);
}

/** Seconds that are left until then: a token needs one at least, and a grant that has ended is found no more. */
function secondsUntil(epochSeconds: number | undefined): number {
  return Math.max(1, (epochSeconds ?? 0) - Math.floor(Date.now() / 1000));
}

/** A prompt that a request may ask for, and that is answered already: whoever launches has just been vouched for. */
function answered(name: 'login' | 'consent'): interactionPolicy.Prompt {
  const prompt = new interactionPolicy.Prompt({ name, requestable: true });
  prompt.checks.clear();
  return prompt;
}

/**
 * oidc-provider, made into a SMART App Launch 2.2 server that needs no cookie and shows no screen: the one-time handle
 * in `launch` signs the user in. One grant for each launch: a grant, its context and its scopes are never taken from a
 * session, a user or a client, so that no launch inherits another's person.
 * @returns the provider, and `signInOf`: where a standalone request was sent instead of being answered
 */
export function createProvider(deps: ProviderDeps) {
  const { config, secrets, baseUrl, idKey, grants, introspector } = deps;
  const fhirBase = `${baseUrl}/fhir`;
  const fhirServer = { audience: fhirBase, accessTokenFormat: 'opaque' } as const;
  const registered = (id: string) => registeredClient(config, baseUrl, id, Date.now());
  const accountId = ({ host, user }: LaunchContext): string => practitionerId(idKey, { host, id: user.id });

  /** A launch as the library's Grant: whatever is in a code or a token, no more than this comes out of it. */
  const grantPayload = (grant: LaunchGrant): AdapterPayload => ({
    jti: grant.grantId,
    kind: 'Grant',
    accountId: accountId(grant.context),
    clientId: grant.context.clientId,
    openid: { scope: grant.scopes.filter(isStatic).join(' ') },
    // All of them: a token's `scope` says what its resource server's are, the static ones included.
    resources: { [fhirBase]: grant.scopes.join(' ') },
    exp: Math.floor(grant.endsAt.getTime() / 1000),
  });
  const request = createLaunchRequest({ ...deps, client: registered, accountId, grantPayload });

  const configuration: Configuration = {
    adapter: createAdapter({
      ...deps,
      grantPayload,
      client: async (id) => {
        if (id === introspector.clientId) return introspector.metadata;
        const client = registered(id);
        return client === undefined ? undefined : clientMetadata(client, deps.clientKeys);
      },
    }),
    jwks: { keys: [...secrets.signingKeys] },
    cookies: { keys: [...secrets.cookieKeys], long: { sameSite: 'none', signed: true }, short: { signed: true } },
    clientAuthMethods: ['none', 'client_secret_basic', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS384', 'ES384'], idTokenSigningAlgValues: ['RS256'] },
    clockTolerance: clockSkewSeconds,
    responseTypes: ['code'],
    scopes: [...staticScopes],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'], profile: ['name'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    enableHttpPostMethods: true,
    allowOmittingSingleRegisteredRedirectUri: false,
    // No interaction at all: who has no launch gets an error, never a screen.
    interactions: { policy: [answered('login'), answered('consent')] },
    ttl: {
      AccessToken: (ctx) => Math.min(accessTokenSeconds, secondsUntil(ctx.oidc.entities.Grant?.exp)),
      AuthorizationCode: 60,
      ClientCredentials: accessTokenSeconds,
      IdToken: accessTokenSeconds,
      Interaction: 600,
      Grant: launchSeconds,
      Session: launchSeconds,
      // A launch ends with the shift; before that, once its user has been idle. Without a user nobody is.
      RefreshToken: (ctx, token) => {
        const left = secondsUntil(ctx.oidc.entities.Grant?.exp);
        return token.scopes.has('offline_access') ? left : Math.min(left, config.region.idleLockMinutes * 60);
      },
    },
    extraParams: {
      aud: (ctx, value) => request.checkAudience(ctx, value),
      launch: (ctx, value, client) => request.begin(ctx, value, client.clientId),
    },
    loadExistingGrant: async (ctx) => {
      const grant = await request.grantOf(ctx);
      return grant === undefined ? undefined : new ctx.oidc.provider.Grant(grant);
    },
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (source.scopes.has('online_access') || source.scopes.has('offline_access')),
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    findAccount: (_ctx, id, token) => ({
      accountId: id,
      claims: async (_use, scope) => {
        const scopes = scope.split(' ');
        const grantId = token !== undefined && 'grantId' in token ? token.grantId : undefined;
        const launch = grantId === undefined || !scopes.includes('profile') ? undefined : await grants.find(grantId);
        return {
          sub: id,
          ...(scopes.includes('fhirUser') ? { fhirUser: fhirUserOf(baseUrl, id) } : {}),
          ...(launch === undefined ? {} : { name: launch.context.user.name }),
        };
      },
    }),
    extraTokenClaims: async (_ctx, token) => {
      if (token.kind === 'ClientCredentials') return undefined;
      const grantId = 'grantId' in token ? token.grantId : undefined;
      const launch = grantId === undefined ? undefined : await grants.find(grantId);
      if (launch === undefined) throw new errors.InvalidGrant('the launch has ended');
      const { context } = launch;
      const scopes = [...token.scopes];
      return {
        ...tokenContext(deps, context, scopes),
        ...(scopes.includes('fhirUser') ? { fhirUser: fhirUserOf(baseUrl, accountId(context)) } : {}),
      };
    },
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    assertJwtClientAuthClaimsAndHeader: (ctx, claims, header, client) =>
      checkClientAssertion(ctx, claims, header, registered(client.clientId)?.jwksUri),
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => {
          const ours = token.clientId === client.clientId;
          // What is left of an ended client's tokens is told to nobody, and a refresh token to its own client alone.
          if (token.clientId === undefined || registered(token.clientId) === undefined) return false;
          return ours || (client.clientAuthMethod !== 'none' && token.kind !== 'RefreshToken');
        },
      },
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => {
          if (token.clientId === client.clientId) return true;
          throw new errors.UnauthorizedClient('the token was issued to another client');
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx, _client, oneOf) => oneOf?.[0] ?? paramOf(ctx, 'aud') ?? fhirBase,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource, client) => {
          if (resource !== fhirBase) throw new errors.InvalidTarget();
          if (paramOf(ctx, 'grant_type') === 'client_credentials')
            return { ...fhirServer, scope: askAlone(ctx, registered(client.clientId)?.scope ?? '') };
          const { AuthorizationCode: code, RefreshToken: refreshToken } = ctx.oidc.entities;
          const scopes = [paramOf(ctx, 'scope'), code?.scope, refreshToken?.scope];
          return { ...fhirServer, scope: scopes.filter((one) => one !== undefined).join(' ') };
        },
      },
    },
    discovery: {
      scopes_supported: [...staticScopes, introspectScope],
      claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'fhirUser', 'name'],
      response_modes_supported: ['query', 'fragment'],
    },
    renderError: errorPage(config.region),
  };

  const provider = new Provider(`${baseUrl}/auth`, configuration);
  // `clients.json` has the hash of a secret, and so has the library; what a client sends is hashed to compare them.
  provider.Client.prototype.compareClientSecret = function compareClientSecret(secret) {
    return isSecretOf(this.clientSecret ?? '', secret);
  };
  // With the two headers that the router sets from the base URL: see authorization.ts.
  provider.proxy = true;
  provider.use(answerAsSmart({ config, grants, work: deps.work, log: deps.log, signInOf: request.signInOf }));
  return { provider, signInOf: request.signInOf };
}

/**
 * Narrows the request of a client without a user to what it may have.
 * @throws {errors.InvalidScope} where it asked for nothing, or for nothing of that
 */
function askAlone({ oidc }: KoaContextWithOIDC, registered: string): string {
  const asked = text(oidc.params?.['scope']);
  if (oidc.params === undefined || asked === undefined) throw new errors.InvalidScope('scope is required', '');
  const scope = backendScopes(asked, registered).join(' ');
  if (scope === '') throw new errors.InvalidScope('nothing of this scope is registered for the client', '');
  // From here on it asks for what it may have, in the narrower words.
  oidc.params['scope'] = scope;
  return scope;
}
