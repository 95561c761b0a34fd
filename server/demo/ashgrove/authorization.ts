import { randomBytes } from 'node:crypto';
import { errors, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { object, text } from '../../../src/fhir/json.ts';
import { careClientId } from '../identity/provider.ts';
import { memoryAdapter } from '../memory-adapter.ts';
import { providerFetch } from '../provider-fetch.ts';
import { newProviderKey } from '../provider-key.ts';
import type { AshgroveLaunch, AshgroveLaunches } from './launches.ts';
import { smartConfiguration } from './smart-configuration.ts';
import { ashgrovePaths } from './system.ts';

/** The id of Ashgrove in `hosts.json`, which stands in the redirect URI. */
export const ashgroveHostId = 'demo-ashgrove';

/** Whom a token of Ashgrove is for. */
export type AshgroveAccess = {
  readonly userId: string;
  /** Id of the Patient that was open. */
  readonly patientId: string;
  readonly scopes: readonly string[];
};

/** Ashgrove's authorization server. */
export type AshgroveAuthorization = {
  readonly callback: ReturnType<Provider['callback']>;
  /** `/.well-known/smart-configuration` of the FHIR server. */
  readonly smartConfiguration: object;
  /** Whom the token in an `Authorization` header is for; undefined where it is none, or no longer. */
  readonly access: (header: string | undefined) => Promise<AshgroveAccess | undefined>;
};

export type AshgroveAuthorizationOptions = {
  readonly demoUrl: string;
  /** The base URL of the server that is launched as an app. */
  readonly baseUrl: string;
  readonly launches: AshgroveLaunches;
  /** What the ID token names as the user: a path below the FHIR server. */
  readonly fhirUserOf: (userId: string) => string;
};

const staticScopes = ['openid', 'fhirUser', 'launch', 'online_access', 'offline_access'];
/** Ashgrove lets apps read; what else is asked for is not granted. */
const readScope = /^(patient|user)\/(\*|[A-Z][A-Za-z]+)\.(rs|r|s|read)$/;

function granted(asked: string | undefined): readonly string[] {
  return [...new Set((asked ?? '').split(' '))].filter((one) => staticScopes.includes(one) || readScope.test(one));
}

/** The context of a launch, as a token response and an introspection say it (SMART App Launch 2.2). */
function contextOf(launch: AshgroveLaunch, demoUrl: string): Readonly<Record<string, unknown>> {
  return {
    patient: launch.patientId,
    ...(launch.encounterId === undefined ? {} : { encounter: launch.encounterId }),
    need_patient_banner: false,
    intent: 'summary-timeline-view',
    tenant: 'ashgrove-main',
    smart_style_url: `${demoUrl}/ashgrove/style.json`,
    smart_web_messaging_origin: demoUrl,
    smart_web_messaging_handle: launch.messagingHandle,
  };
}

/**
 * The authorization server of a hospital's EPR. Its user is signed in to the EPR already, in the page around the app: the
 * one-time `launch` says who it is, so that authorizing shows no page and needs no cookie, in a frame of another site too.
 */
export function createAshgroveAuthorization(options: AshgroveAuthorizationOptions): AshgroveAuthorization {
  const { demoUrl, baseUrl, launches } = options;
  const fhirBase = `${demoUrl}${ashgrovePaths.fhir}`;
  const issuer = `${demoUrl}${ashgrovePaths.authorization}`;
  const claimed = new WeakMap<KoaContextWithOIDC, AshgroveLaunch>();
  const launchOfGrant = new Map<string, AshgroveLaunch>();
  const param = (ctx: KoaContextWithOIDC, name: string): string | undefined => text(ctx.oidc.params?.[name]);

  const configuration: Configuration = {
    adapter: memoryAdapter(),
    fetch: providerFetch,
    clients: [
      {
        client_id: careClientId,
        client_name: 'One Health and Care',
        redirect_uris: [`${baseUrl}/launch/callback/${ashgroveHostId}`],
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `${baseUrl}/launch/jwks.json`,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES384', 'RS384'] },
    jwks: { keys: [newProviderKey('ashgrove')] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: staticScopes,
    claims: { openid: ['sub'], fhirUser: ['fhirUser'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    // No page at all: who comes without a launch gets an error.
    interactions: { policy: [] },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, RefreshToken: 28_800, Grant: 28_800, Session: 60 },
    extraParams: {
      aud: (_ctx, value) => {
        if (value !== fhirBase) throw new errors.InvalidRequest('aud is not this FHIR server');
      },
      launch: (ctx, value) => {
        const launch = value === undefined ? undefined : launches.take(value);
        if (launch === undefined) throw new errors.InvalidRequest('launch is missing, used or too old');
        claimed.set(ctx, launch);
        if (ctx.oidc.params !== undefined) ctx.oidc.params['scope'] = granted(param(ctx, 'scope')).join(' ');
        ctx.oidc.session?.loginAccount({ accountId: launch.userId, transient: true });
      },
    },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, fhirUser: `${fhirBase}/${options.fhirUserOf(accountId)}` }),
    }),
    // One grant for each launch: what was open in another window has no part in it.
    loadExistingGrant: async (ctx) => {
      const launch = claimed.get(ctx);
      const { client, provider } = ctx.oidc;
      if (launch === undefined || client === undefined) return undefined;
      const scopes = granted(param(ctx, 'scope'));
      const grant = new provider.Grant({ clientId: client.clientId, accountId: launch.userId });
      grant.addOIDCScope(scopes.filter((one) => staticScopes.includes(one)).join(' '));
      grant.addResourceScope(fhirBase, scopes.join(' '));
      launchOfGrant.set(await grant.save(), launch);
      return grant;
    },
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') && source.scopes.has('online_access'),
    rotateRefreshToken: true,
    extraTokenClaims: (_ctx, token) => {
      const launch = 'grantId' in token ? launchOfGrant.get(token.grantId ?? '') : undefined;
      return launch === undefined ? {} : contextOf(launch, demoUrl);
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => oneOf?.[0] ?? fhirBase,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => {
          if (resource !== fhirBase) throw new errors.InvalidTarget();
          const { AuthorizationCode: code, RefreshToken: refreshToken } = ctx.oidc.entities;
          const scopes = [param(ctx, 'scope'), code?.scope, refreshToken?.scope].filter((one) => one !== undefined);
          return { scope: scopes.join(' '), audience: fhirBase, accessTokenFormat: 'opaque' };
        },
      },
    },
    renderError: (ctx, out) => {
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = `Ashgrove Chart refused this request: ${out.error_description ?? out.error}\n`;
    },
  };

  const provider = new Provider(issuer, configuration);
  provider.use(async (ctx, next) => {
    await next();
    ctx.remove('Set-Cookie');
    const { oidc } = ctx as KoaContextWithOIDC;
    if (oidc.route !== 'token') return;
    ctx.set('Pragma', 'no-cache');
    const body = object(ctx.body);
    const extra = oidc.entities.AccessToken?.extra;
    if (body?.['access_token'] !== undefined && extra !== undefined) ctx.body = { ...body, ...extra };
  });

  return {
    callback: provider.callback(),
    smartConfiguration: smartConfiguration(issuer, staticScopes),
    access: async (header) => {
      const [, value] = /^Bearer (\S+)$/i.exec(header ?? '') ?? [];
      const token = value === undefined ? undefined : await provider.AccessToken.find(value);
      const patientId = text(token?.extra?.['patient']);
      if (token === undefined || !token.isValid || patientId === undefined) return undefined;
      return { userId: token.accountId ?? '', patientId, scopes: [...token.scopes] };
    },
  };
}
