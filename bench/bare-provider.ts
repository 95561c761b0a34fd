import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { exportJWK, generateKeyPair } from 'jose';
import { serveParent } from './child.ts';

/** Where the bare authorization server listens. */
export type BareReady = { readonly base: string };

/**
 * An authorization server with nothing of ours in it: oidc-provider as it comes, its store in memory, one client, PKCE.
 * It signs a user in as the library does, by an interaction, but shows no page and believes whoever comes. With `launch`
 * it leaves even that out: the least that the library can do from an authorization request to a token. What a launch costs
 * above these is what we added.
 */
const { privateKey } = await generateKeyPair('RS256', { extractable: true });
const server = createServer();
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const provider = new Provider(base, {
  clients: [
    {
      client_id: 'bare',
      redirect_uris: [`${base}/callback`],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'bare', alg: 'RS256', use: 'sig' }] },
  cookies: { keys: ['bare-provider-of-the-bench-only-0123456789'] },
  features: { devInteractions: { enabled: false } },
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 600, IdToken: 300, Session: 600, Interaction: 600 },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => Promise.resolve({ sub }) }),
  extraParams: {
    launch: (ctx, value) => {
      if (value !== undefined) ctx.oidc.session?.loginAccount({ accountId: 'someone', transient: true });
    },
  },
  loadExistingGrant: async (ctx) => {
    const accountId = ctx.oidc.session?.accountId;
    const clientId = ctx.oidc.client?.clientId;
    if (accountId === undefined || clientId === undefined) return undefined;
    const grant = new ctx.oidc.provider.Grant({ accountId, clientId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});
const handle = provider.callback();
server.on('request', (request, response) => {
  if (request.url?.startsWith('/interaction/') !== true) void handle(request, response);
  else void provider.interactionFinished(request, response, { login: { accountId: 'someone' } });
});

serveParent({ base } satisfies BareReady, () => Promise.resolve(true));
