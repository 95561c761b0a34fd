import type { IncomingMessage, ServerResponse } from 'node:http';
import { Client as FhirKitClient } from 'fhir-kit-client';
import smart from 'fhirclient';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people } from '../launch/testing.ts';
import { appClient, asApp, keyedClient, type KeyedClient } from './client.testing.ts';
import { secretHashOf } from './client-metadata.ts';
import { introspectScope } from './scope.ts';
import { openWayIn, type WayIn } from './testing.ts';

const secret = 'correct horse battery staple';
const scope = 'openid fhirUser launch online_access patient/*.rs user/Practitioner.r';
let way: WayIn;
let fhir: string;
let keyed: KeyedClient;
let backend: KeyedClient;

beforeAll(async () => {
  keyed = await keyedClient('keyed', 'k1');
  backend = await keyedClient('backend', 'b1', 'RS384');
  way = await openWayIn({
    change: (config) => ({
      ...config,
      clients: [
        ...config.clients,
        appClient({ clientId: 'app' }),
        appClient({ clientId: 'secret', clientAuth: 'client_secret_basic', secretHash: secretHashOf(secret) }),
        appClient({ clientId: 'keyed', clientAuth: 'private_key_jwt', jwks: { keys: [keyed.jwk] } }),
        appClient({
          clientId: 'backend',
          redirectUris: [],
          scope: introspectScope,
          clientAuth: 'private_key_jwt',
          jwks: { keys: [backend.jwk] },
        }),
      ],
    }),
  });
  fhir = `${way.base}/fhir`;
  // Two resources of the facade, for the peers that read with what they are given.
  way.app.get('/fhir/Patient/:id', async (request, response) => {
    const { context } = await way.authorization.verify(request.headers.authorization);
    const mine = context.patient !== undefined && way.patientId(context.patient.nhsNumber) === request.params['id'];
    response
      .status(mine ? 200 : 404)
      .json({ resourceType: mine ? 'Patient' : 'OperationOutcome', id: request.params['id'] });
  });
  way.app.get('/fhir/metadata', (_request, response) => void response.json({ resourceType: 'CapabilityStatement' }));
});
afterAll(() => way.close());

const launchOf = (client: string): Promise<string> => way.handle({ client });
/** What the browser is sent to by the authorization endpoint. */
async function walk(url: string | URL): Promise<URL> {
  const answer = await fetch(url, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? 'about:blank');
}

describe('openid-client', () => {
  const metadata = { execute: [openid.allowInsecureRequests] };
  /** SMART names the token endpoint and the type, where OpenID has come to name the issuer and no type. */
  const asSmart: openid.ModifyAssertionOptions = {
    [openid.modifyAssertion]: (header, payload) => {
      header['typ'] = 'JWT';
      payload['aud'] = `${way.base}/auth/token`;
    },
  };
  const privateKeyJwt = (client: KeyedClient): openid.ClientAuth =>
    openid.PrivateKeyJwt({ key: client.privateKey, kid: client.jwk.kid }, asSmart);

  it.each<[string, () => openid.ClientAuth]>([
    ['app', () => openid.None()],
    ['secret', () => openid.ClientSecretBasic(secret)],
    ['keyed', () => privateKeyJwt(keyed)],
  ])('goes the whole way as %s: discovery, code, refresh, introspection, revocation', async (clientId, auth) => {
    const client = await openid.discovery(new URL(`${way.base}/auth`), clientId, undefined, auth(), metadata);
    const verifier = openid.randomPKCECodeVerifier();
    const [state, nonce] = [openid.randomState(), openid.randomNonce()];
    const url = openid.buildAuthorizationUrl(client, {
      redirect_uri: asApp(clientId)['redirect_uri'] ?? '',
      scope,
      aud: fhir,
      launch: await launchOf(clientId),
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const tokens = await openid.authorizationCodeGrant(client, await walk(url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    expect(tokens['patient']).toBe(way.patientId(people.ashby.nhsNumber));
    const renewed = await openid.refreshTokenGrant(client, tokens.refresh_token ?? '');
    expect([renewed['patient'], renewed.scope]).toEqual([tokens['patient'], tokens.scope]);
    const seen = await openid.tokenIntrospection(client, renewed.access_token);
    expect(seen).toMatchObject({
      active: true,
      client_id: clientId,
      patient: tokens['patient'],
      sub: tokens.claims()?.sub,
    });
    await openid.tokenRevocation(client, renewed.access_token);
    expect(await openid.tokenIntrospection(client, renewed.access_token)).toEqual({ active: false });
  });

  it('gets a token without a user', async () => {
    const issuer = new URL(`${way.base}/auth`);
    const client = await openid.discovery(issuer, 'backend', undefined, privateKeyJwt(backend), metadata);
    const tokens = await openid.clientCredentialsGrant(client, { scope: introspectScope });
    expect([tokens.scope, tokens.expires_in, tokens.refresh_token]).toEqual([introspectScope, 300, undefined]);
  });
});

describe('oauth4webapi', () => {
  it('goes the whole way, and finds the id_token signed', async () => {
    const insecure = { [oauth.allowInsecureRequests]: true };
    const issuer = new URL(`${way.base}/auth`);
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
    const client: oauth.Client = { client_id: 'app' };
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(as.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      ...asApp('app'),
      response_type: 'code',
      scope,
      aud: fhir,
      launch: await launchOf('app'),
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const params = oauth.validateAuthResponse(as, client, await walk(url), state);
    const redirectUri = asApp('app')['redirect_uri'] ?? '';
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      params,
      redirectUri,
      verifier,
      insecure,
    );
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    await oauth.validateApplicationLevelSignature(as, answer, insecure);
    expect(tokens['patient']).toBe(way.patientId(people.ashby.nhsNumber));
    const again = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token ?? '', insecure);
    const renewed = await oauth.processRefreshTokenResponse(as, client, again);
    expect([renewed['patient'], renewed.scope]).toEqual([tokens['patient'], tokens.scope]);
    expect(oauth.getValidatedIdTokenClaims(renewed)).toMatchObject({
      aud: 'app',
      sub: oauth.getValidatedIdTokenClaims(tokens)?.sub,
    });
    const asked = await oauth.introspectionRequest(as, client, oauth.None(), renewed.access_token, insecure);
    const seen = await oauth.processIntrospectionResponse(as, client, asked);
    expect(seen).toMatchObject({ active: true, scope: tokens.scope, patient: tokens['patient'] });
  });
});

describe('fhirclient in Node', () => {
  it.each([
    ['app', {}],
    ['secret', { clientSecret: secret }],
  ])('goes the whole way as %s, reads with its token and refreshes it', async (clientId, more) => {
    const session = new Map<string, unknown>();
    const storage = {
      get: async (key: string) => session.get(key),
      set: async (key: string, value: unknown) => {
        session.set(key, value);
        return value;
      },
      unset: async (key: string) => session.delete(key),
    };
    // The two requests that the app's own server would get; the library looks at no more of them than this.
    const requestOf = (url: string) =>
      ({
        url,
        headers: { host: 'apps.example', 'x-forwarded-proto': 'https' },
        socket: {},
      }) as unknown as IncomingMessage;
    const response = {} as ServerResponse;
    const launch = new URLSearchParams({ iss: fhir, launch: await launchOf(clientId) });
    const url = await smart(requestOf(`/launch?${launch}`), response, storage).authorize({
      clientId,
      scope,
      redirectUri: 'https://apps.example/',
      pkceMode: 'required',
      noRedirect: true,
      ...more,
    });
    const callback = await walk(String(url));
    const client = await smart(requestOf(`/${callback.search}`), response, storage).ready();
    expect(client.patient.id).toBe(way.patientId(people.ashby.nhsNumber));
    expect(client.user.resourceType).toBe('Practitioner');
    expect(await client.patient.read()).toMatchObject({ resourceType: 'Patient', id: client.patient.id });
    const before = client.state.tokenResponse?.access_token;
    // It names no client when it refreshes.
    await client.refresh();
    expect(client.state.tokenResponse?.access_token).not.toBe(before);
    expect(client.state.tokenResponse?.patient).toBe(client.patient.id);
    expect(await client.patient.read()).toMatchObject({ resourceType: 'Patient' });
  });
});

describe('fhir-kit-client', () => {
  it('finds the endpoints, and reads with a token', async () => {
    const client = new FhirKitClient({ baseUrl: fhir });
    const found = await client.smartAuthMetadata();
    expect(String(found.authorizeUrl)).toBe(`${way.base}/auth/auth`);
    expect(String(found.tokenUrl)).toBe(`${way.base}/auth/token`);
    const { body } = await way.session();
    client.bearerToken = String(body['access_token']);
    const id = String(body['patient']);
    expect(await client.read({ resourceType: 'Patient', id })).toMatchObject({ resourceType: 'Patient', id });
    await expect(client.read({ resourceType: 'Patient', id: 'another' })).rejects.toThrow();
    expect(decodeJwt(String(body['id_token'])).aud).toBe(way.clientId);
  });
});
