import { errors, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { object, text } from '../../src/fhir/json.ts';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';
import type { FacadeIds } from '../federation/facade-id.ts';
import { Fault } from '../fault.ts';
import { lookedAt, type LaunchContext } from '../launch/context.ts';
import { registeredClient } from '../launch/client.ts';
import { faultPage, faultStatus } from '../launch/page/page.ts';
import { refuse } from '../launch/page/refusal.ts';
import type { Database } from '../store/store.ts';
import { createAdapter } from './adapter.ts';
import { clientMetadata } from './client-metadata.ts';
import { launchSeconds, type LaunchGrants } from './launch-grant.ts';
import { grantedScopes, staticScopes } from './scope.ts';
import { fhirUserOf, launchView, practitionerId, tokenContext } from './token-context.ts';

/** What the provider is built from. */
export type ProviderDeps = {
  readonly config: Config;
  readonly secrets: Pick<Secrets, 'signingKeys' | 'cookieKeys'>;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Audit;
  readonly grants: LaunchGrants;
  /** The ids under which the facade knows people and things. */
  readonly ids: FacadeIds;
};

/** A launch that an authorization request has just begun. */
type Begun = {
  readonly grantId: string;
  readonly context: LaunchContext;
  readonly scopes: readonly string[];
  readonly accountId: string;
};

function isStatic(scope: string): boolean {
  return staticScopes.some((one) => one === scope);
}

function paramOf(ctx: KoaContextWithOIDC, name: string): string | undefined {
  return text(ctx.oidc.params?.[name]);
}

/**
 * oidc-provider, made into a SMART App Launch 2.2 server that needs no cookie and shows no screen: the one-time handle
 * in `launch` signs the user in. One grant for each launch: a grant, its context and its scopes are never taken from a
 * session, a user or a client, so that no launch inherits another's person.
 */
export function createProvider(deps: ProviderDeps): Provider {
  const { config, secrets, baseUrl, idKey, audit, grants } = deps;
  const fhirBase = `${baseUrl}/fhir`;
  const begun = new WeakMap<KoaContextWithOIDC, Begun>();
  const registered = (id: string) => registeredClient(config, baseUrl, id, Date.now());

  /** Takes the handle, narrows the scopes to client and role, and signs the user in for this one request. */
  async function beginLaunch(ctx: KoaContextWithOIDC, handle: string | undefined, clientId: string): Promise<void> {
    const { params, session } = ctx.oidc;
    const client = registered(clientId);
    if (client === undefined || params === undefined || session === undefined)
      throw new errors.InvalidClient('client is not registered');
    if (handle === undefined) throw new errors.InvalidRequest('launch is required');
    try {
      const { grantId, context } = await grants.begin(handle, clientId);
      const role = config.roles.find((one) => one.code === context.role)?.scopes ?? [];
      const scopes = grantedScopes(paramOf(ctx, 'scope') ?? '', client.scope, role);
      const accountId = practitionerId(idKey, { host: context.host, id: context.user.id });
      begun.set(ctx, { grantId, context, scopes, accountId });
      // A partial grant: from here on the request asks for what the role may have, in the narrower words.
      params['scope'] = scopes.join(' ');
      session.loginAccount({ accountId, transient: true });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'handle-unknown') throw error;
      const why = error.detail ?? error.code;
      await audit.record({
        type: 'authorization',
        action: 'E',
        outcome: 'refused',
        reason: error.code,
        clientId,
        detail: { why },
      });
      throw new errors.InvalidRequest('launch is unknown, used or expired', 400, why);
    }
  }

  async function newGrant(ctx: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
    const launch = begun.get(ctx);
    const clientId = ctx.oidc.client?.clientId;
    if (launch === undefined || clientId === undefined) return undefined;
    const { grantId, context, scopes, accountId } = launch;
    const grant = new ctx.oidc.provider.Grant({ accountId, clientId });
    grant.jti = grantId;
    grant.addOIDCScope(scopes.filter(isStatic));
    // All of them: a token's `scope` says what its resource server's are, the static ones included.
    grant.addResourceScope(fhirBase, [...scopes]);
    await grant.save();
    const { user, organisation, role, host } = context;
    await audit.record({
      type: 'authorization',
      action: 'E',
      outcome: 'success',
      user: { host, id: user.id, name: user.name },
      organisation,
      role,
      clientId,
      launchId: grantId,
      ...lookedAt(context),
      detail: { scopes },
    });
    return grant;
  }

  const configuration: Configuration = {
    adapter: createAdapter({
      ...deps,
      client: (id) => {
        const client = registered(id);
        return client === undefined ? undefined : clientMetadata(client);
      },
    }),
    jwks: { keys: [...secrets.signingKeys] },
    cookies: { keys: [...secrets.cookieKeys], long: { sameSite: 'none', signed: true }, short: { signed: true } },
    clientAuthMethods: ['none', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS384', 'ES384'], idTokenSigningAlgValues: ['RS256'] },
    responseTypes: ['code'],
    scopes: [...staticScopes],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    enableHttpPostMethods: true,
    // No interaction at all: who has no launch gets an error, never a screen.
    interactions: { policy: [] },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      IdToken: 300,
      Interaction: 600,
      Grant: launchSeconds,
      Session: launchSeconds,
      // A rotated token does not outlive the one before it: the launch ends with the shift.
      RefreshToken: (ctx) => ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? launchSeconds,
    },
    extraParams: {
      // Before the launch, which the request uses up.
      aud: (ctx, value) => {
        if (value === undefined) throw new errors.InvalidRequest('aud is required');
        if (paramOf(ctx, 'state') === undefined) throw new errors.InvalidRequest('state is required');
      },
      launch: (ctx, value, client) => beginLaunch(ctx, value, client.clientId),
    },
    loadExistingGrant: newGrant,
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('online_access'),
    rotateRefreshToken: true,
    revokeGrantPolicy: () => true,
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: (_use, scope) => ({
        sub: accountId,
        ...(scope.split(' ').includes('fhirUser') ? { fhirUser: fhirUserOf(baseUrl, accountId) } : {}),
      }),
    }),
    extraTokenClaims: async (_ctx, token) => {
      const grantId = 'grantId' in token ? token.grantId : undefined;
      const context = grantId === undefined ? undefined : await grants.find(grantId);
      if (context === undefined) throw new errors.InvalidGrant('the launch has ended');
      const scopes = [...token.scopes];
      return {
        ...tokenContext(deps, context, scopes),
        ...(scopes.includes('fhirUser')
          ? { fhirUser: fhirUserOf(baseUrl, practitionerId(idKey, { host: context.host, id: context.user.id })) }
          : {}),
      };
    },
    clientBasedCORS: (_ctx, origin, client) =>
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header, client) => {
      // SMART 2.2, "Client Authentication: Asymmetric": what the library leaves to its user.
      const { exp, iss, sub } = claims;
      const now = Math.floor(Date.now() / 1000);
      if (typeof exp !== 'number' || exp > now + 300 + 15) throw new errors.InvalidClientAuth('exp is over 5 min away');
      if (iss !== sub) throw new errors.InvalidClientAuth('iss and sub differ');
      if (header['typ'] !== 'JWT') throw new errors.InvalidClientAuth('typ is not JWT');
      if (header['jku'] !== undefined && header['jku'] !== client.jwksUri)
        throw new errors.InvalidClientAuth('jku is not the registered one');
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) =>
          token.clientId === client.clientId || client.clientAuthMethod !== 'none',
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx, _client, oneOf) => oneOf?.[0] ?? paramOf(ctx, 'aud') ?? fhirBase,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => {
          if (resource !== fhirBase) throw new errors.InvalidTarget();
          const { AuthorizationCode: code, RefreshToken: refreshToken } = ctx.oidc.entities;
          const scopes = [paramOf(ctx, 'scope'), code?.scope, refreshToken?.scope];
          return {
            scope: scopes.filter((one) => one !== undefined).join(' '),
            audience: fhirBase,
            accessTokenFormat: 'opaque',
          };
        },
      },
    },
    renderError: (ctx, out) => {
      const fault =
        out.error === 'server_error'
          ? new Fault('exception', '')
          : refuse(out.error === 'invalid_client' ? 'context-client' : 'invalid-request', out.error);
      ctx.status = out.error === 'server_error' ? 500 : faultStatus(fault) === 403 ? 400 : faultStatus(fault);
      ctx.type = 'html';
      ctx.set(
        'Content-Security-Policy',
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      ctx.body = faultPage(fault, config.region);
    },
  };

  const provider = new Provider(`${baseUrl}/auth`, configuration);
  // With the two headers that the router sets from the base URL: see authorization.ts.
  provider.proxy = true;
  provider.use(async (ctx, next) => {
    await next();
    // Nothing here depends on a cookie, and a cookie that is not set is not sent with another launch.
    ctx.remove('Set-Cookie');
    const { oidc } = ctx as KoaContextWithOIDC;
    if (oidc.route !== 'token') return;
    ctx.set('Pragma', 'no-cache');
    const token = oidc.entities.AccessToken;
    const body = object(ctx.body);
    if (token?.grantId === undefined || body?.['access_token'] === undefined) return;
    const context = await grants.find(token.grantId);
    if (context === undefined) {
      ctx.status = 400;
      ctx.body = { error: 'invalid_grant', error_description: 'the launch has ended' };
      return;
    }
    ctx.body = {
      ...body,
      ...tokenContext(deps, context, [...token.scopes]),
      __ohc: launchView(config, context),
    };
  });
  return provider;
}
