import { randomBytes } from 'node:crypto';
import express, { Router } from 'express';
import { interactionPolicy, Provider, type Configuration } from 'oidc-provider';
import { isObject, text } from '../../../src/fhir/json.ts';
import { memoryAdapter } from '../memory-adapter.ts';
import { providerFetch } from '../provider-fetch.ts';
import { newProviderKey } from '../provider-key.ts';
import { choicePage, noChoicePage, refusedPage } from './page.ts';
import { identityUsers, idTokenClaims, userInfoClaims, type IdentityUser } from './users.ts';

/** Where the provider stands below the demo's origin. */
export const identityPath = '/identity';

/** The id under which One Health and Care is registered with the demo's servers. */
export const careClientId = 'one-health-and-care';

/** What the provider has to know of the rest. */
export type IdentityOptions = {
  readonly demoUrl: string;
  /** The base URL of the server that signs its users in here. */
  readonly baseUrl: string;
  /** Ids of the hosts whose users sign in here: each has a redirect URI of its own. */
  readonly hostIds: readonly string[];
};

/** Asks at every sign-in who one is: whoever tries the demo wants to be another each time. */
function alwaysAsk(): interactionPolicy.DefaultPolicy {
  const { base, Check } = interactionPolicy;
  const policy = base();
  const asked = new Check('choose', 'the user is chosen at each sign-in', 'login_required', (ctx) =>
    ctx.oidc.result?.login === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
  );
  policy.get('login')?.checks.add(asked);
  return policy;
}

const claimsOfScope = {
  openid: ['sub', 'nhsid_useruid', 'idassurancelevel', 'authentication_assurance_level'],
  profile: ['name', 'display_name', 'given_name', 'family_name', 'title', 'initials'],
  nhsperson: ['uid'],
  nationalrbacaccess: ['nhsid_nrbac_roles'],
  associatedorgs: ['nhsid_user_orgs'],
  selectedrole: ['selected_roleid'],
};

function configurationOf({ baseUrl, hostIds }: IdentityOptions): Configuration {
  const users: readonly IdentityUser[] = identityUsers;
  return {
    adapter: memoryAdapter(),
    fetch: providerFetch,
    clients: [
      {
        client_id: careClientId,
        client_name: 'One Health and Care',
        redirect_uris: hostIds.map((id) => `${baseUrl}/launch/callback/${id}`),
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `${baseUrl}/launch/jwks.json`,
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES384', 'RS384'] },
    jwks: { keys: [newProviderKey('identity')] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    claims: claimsOfScope,
    // As at CIS2, an ID token says how strongly someone has signed in; the roles come from the UserInfo endpoint.
    conformIdTokenClaims: false,
    scopes: ['openid'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    interactions: { policy: alwaysAsk(), url: (_ctx, { uid }) => `${identityPath}/interaction/${uid}` },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Interaction: 600, Session: 600, Grant: 600 },
    findAccount: (_ctx, id) => {
      const user = users.find((one) => one.id === id);
      if (user === undefined) return undefined;
      return {
        accountId: id,
        claims: (use) => ({ sub: id, ...(use === 'id_token' ? idTokenClaims(user) : userInfoClaims(user)) }),
      };
    },
    // No page that asks for consent: an employer's provider decides what an employer's app may know.
    loadExistingGrant: async (ctx) => {
      const { client, session, provider } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(Object.keys(claimsOfScope).join(' '));
      await grant.save();
      return grant;
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = refusedPage(out.error_description ?? out.error);
    },
  };
}

/**
 * Demo Care Identity: an OpenID provider with users and claims in the shape of CIS2. There is no password: whoever tries
 * the demo chooses who they are.
 */
export function createIdentity(options: IdentityOptions): Router {
  const provider = new Provider(`${options.demoUrl}${identityPath}`, configurationOf(options));
  const router = Router();
  router.get('/interaction/:uid', async (request, response) => {
    response.set('Cache-Control', 'no-store').type('html');
    try {
      await provider.interactionDetails(request, response);
      response.send(choicePage(`${identityPath}/interaction/${request.params.uid}`, identityUsers));
    } catch {
      response.status(400).send(noChoicePage());
    }
  });
  const form = express.urlencoded({ extended: false, limit: '10kb' });
  router.post('/interaction/:uid', form, async (request, response) => {
    const chosen = isObject(request.body) ? text(request.body['user']) : undefined;
    const user = identityUsers.find((one) => one.id === chosen);
    const result =
      user === undefined
        ? { error: 'access_denied', error_description: 'nobody was chosen' }
        : { login: { accountId: user.id, remember: false } };
    try {
      await provider.interactionFinished(request, response, result);
    } catch {
      response.status(400).type('html').send(noChoicePage());
    }
  });
  router.use(provider.callback());
  return router;
}
