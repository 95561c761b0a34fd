import type { JWK } from 'jose';
import {
  allowInsecureRequests,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  type CustomFetch,
  type ServerMetadata,
} from 'openid-client';
import { isLoopback } from '../../config/environment.ts';
import { undecided } from '../../fault.ts';
import { openIdAuthOf, smartAuthOf, type Registered } from './client-auth.ts';

export type { Registered } from './client-auth.ts';

/** Fetches for us at another server; the platform's `fetch` but for tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** No answer of another authorization server is nearly this long: 1 MiB. */
const longestAnswer = 1_048_576;
const patienceSeconds = 8;

/** An answer that is not taken, whatever it says: a redirect, or one that is far too long. */
export class UnfitAnswer extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'UnfitAnswer';
  }
}

/**
 * Fetches as another server must be fetched: no redirect followed (it could lead to an internal address), no more taken
 * than an answer can need, no longer waited than a person waits.
 * The fetch it gives throws {@link UnfitAnswer}, and what the platform's throws where no answer came.
 */
export function guardedFetch(
  fetchIt: Fetch = fetch,
  { longestBytes = longestAnswer, patienceMs = patienceSeconds * 1000 } = {},
): Fetch {
  return async (url, init) => {
    const late = AbortSignal.timeout(patienceMs);
    const signal = init.signal === undefined || init.signal === null ? late : AbortSignal.any([init.signal, late]);
    const answer = await fetchIt(url, { ...init, redirect: 'manual', signal });
    if (answer.type === 'opaqueredirect' || (answer.status >= 300 && answer.status < 400 && answer.status !== 304)) {
      await answer.body?.cancel();
      throw new UnfitAnswer('answered with a redirect');
    }
    const reader = answer.body?.getReader();
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
      size += part.value.length;
      if (size > longestBytes) {
        await reader?.cancel();
        throw new UnfitAnswer('answered at too great a length');
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
  const auth = await openIdAuthOf(registered, launchKeys);
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

/**
 * This server as a client of a SMART host whose metadata is known already.
 * @throws {Fault} `undecided` where the secret or the key that it is registered with is missing
 */
export async function relyingPartyAt(
  server: ServerMetadata,
  registered: Registered,
  launchKeys: readonly JWK[],
  fetchIt?: Fetch,
): Promise<Configuration> {
  const auth = await smartAuthOf(registered, launchKeys);
  return prepared(
    new Configuration(server, registered.clientId, undefined, auth),
    isLoopback(server.token_endpoint ?? server.issuer),
    fetchIt,
  );
}
