import {
  allowInsecureRequests,
  ClientSecretBasic,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  None,
  PrivateKeyJwt,
  type ClientAuth,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client';
import { importJWK, type JWK } from 'jose';
import { isLoopback } from '../../config/environment.ts';
import { undecided } from '../../fault.ts';
import { refuse } from '../page/refusal.ts';

/** How this server is registered at another authorization server. */
export type Registered = {
  readonly clientId: string;
  readonly clientAuth: 'none' | 'private_key_jwt' | 'client_secret_basic';
  /** Name of the environment variable that holds the secret, for `client_secret_basic`. */
  readonly secretEnv?: string | undefined;
};

/** Fetches for us at another server; the platform's `fetch` but for tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** No answer of another authorization server is nearly this long. */
const longestAnswer = 1_048_576;
const patienceSeconds = 8;

/**
 * Fetches as another server must be fetched: no redirect followed (it could lead to an internal address), no more taken
 * than an answer can need.
 */
export function guardedFetch(fetchIt: Fetch = fetch): Fetch {
  return async (url, init) => {
    const answer = await fetchIt(url, {
      ...init,
      redirect: 'error',
      signal: init.signal ?? AbortSignal.timeout(patienceSeconds * 1000),
    });
    const reader = answer.body?.getReader();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
      size += part.value.length;
      if (size > longestAnswer) {
        await reader?.cancel();
        throw new Error('an answer that is too long');
      }
      chunks.push(part.value);
    }
    const { status, statusText, headers } = answer;
    return new Response(status === 204 || status === 304 ? null : Buffer.concat(chunks), {
      status,
      statusText,
      headers,
    });
  };
}

async function clientAuthOf(registered: Registered, launchKeys: readonly JWK[]): Promise<ClientAuth> {
  switch (registered.clientAuth) {
    case 'none':
      return None();
    case 'client_secret_basic': {
      const secret = process.env[registered.secretEnv ?? ''];
      if (secret === undefined || secret === '')
        throw undecided(`the environment has no ${registered.secretEnv ?? 'secretEnv'} for ${registered.clientId}`);
      return ClientSecretBasic(secret);
    }
    case 'private_key_jwt': {
      const jwk = launchKeys.find((key) => key.alg === 'ES384') ?? launchKeys.find((key) => key.alg === 'RS384');
      if (jwk === undefined) throw undecided('SECRETS_DIR has no launch-keys.json to sign client assertions with');
      const key = await importJWK(jwk, jwk.alg ?? 'ES384');
      if (key instanceof Uint8Array) throw undecided('launch-keys.json holds no private key');
      return PrivateKeyJwt({ key, kid: jwk.kid ?? '' });
    }
  }
}

function prepared(config: Configuration, insecure: boolean, fetchIt: Fetch | undefined): Configuration {
  if (insecure) allowInsecureRequests(config);
  // The signature of an id token is checked also where it came over TLS from its issuer.
  enableNonRepudiationChecks(config);
  config.timeout = patienceSeconds;
  config[customFetch] = guardedFetch(fetchIt) as CustomFetch;
  return config;
}

/**
 * This server as a client of an OpenID provider, by the provider's own discovery document.
 * @throws {Fault} `undecided` where the provider cannot be asked
 */
export async function relyingPartyOf(
  issuer: string,
  registered: Registered,
  launchKeys: readonly JWK[],
  fetchIt?: Fetch,
): Promise<Configuration> {
  const auth = await clientAuthOf(registered, launchKeys);
  const insecure = isLoopback(issuer);
  try {
    const config = await discovery(new URL(issuer), registered.clientId, undefined, auth, {
      timeout: patienceSeconds,
      execute: insecure ? [allowInsecureRequests] : [],
      [customFetch]: guardedFetch(fetchIt) as CustomFetch,
    });
    return prepared(config, insecure, fetchIt);
  } catch (error) {
    throw undecided('the OpenID provider could not be asked', error);
  }
}

/** This server as a client of a server whose metadata is known already: a SMART host that has no OpenID discovery. */
export async function relyingPartyAt(
  server: ServerMetadata,
  registered: Registered,
  launchKeys: readonly JWK[],
  fetchIt?: Fetch,
): Promise<Configuration> {
  const auth = await clientAuthOf(registered, launchKeys);
  if (server.token_endpoint === undefined) throw refuse('host-answer', 'the host names no token endpoint');
  return prepared(
    new Configuration(server, registered.clientId, undefined, auth),
    isLoopback(server.token_endpoint),
    fetchIt,
  );
}
