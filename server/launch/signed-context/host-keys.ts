import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { SignedContextHost } from '../../config/schema.ts';
import { undecided } from '../../fault.ts';
import { guardedFetch, type Fetch } from '../openid/relying-party.ts';

/** Finds the key of a host that a JWS header names. */
export type HostKeys = (host: SignedContextHost) => JWTVerifyGetKey;

/** How long a key set that was read stands: a key that its host has withdrawn is of no use after that. */
const cacheMs = 600_000;
/** A key that is not in the set is looked for again at most this often: hosts change keys without telling. */
const cooldownMs = 30_000;
const patienceMs = 4_000;

/** A set of public keys. One that holds a private key is not believed at all: who else has read it? */
const keySet = z.looseObject({
  keys: z
    .array(z.looseObject({ kty: z.string() }).refine((key) => !('d' in key || 'k' in key), 'a private key'))
    .max(100),
});

/** Reads a key set as nothing else is read: 200 alone, no redirect, no more than 1 MB, every key a public one. */
function readingKeySets(fetchJwks: Fetch | undefined): Fetch {
  const guarded = guardedFetch(fetchJwks);
  return async (url, init) => {
    const answer = await guarded(url, init);
    if (answer.status !== 200) return answer;
    return Response.json(keySet.parse(await answer.json()));
  };
}

function remote(url: URL, fetchJwks: Fetch): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: patienceMs,
    cooldownDuration: cooldownMs,
    cacheMaxAge: cacheMs,
    [customFetch]: fetchJwks,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported) throw error;
      throw undecided('the key set of the host could not be read', error);
    }
  };
}

/**
 * The keys of every host: those in `hosts.json`, or the set that its `jwksUri` serves. The finder throws the fault
 * `undecided` where a key set cannot be read, or is none that can be believed.
 */
export function createHostKeys(fetchJwks?: Fetch): HostKeys {
  const sets = new Map<string, JWTVerifyGetKey>();
  const reading = readingKeySets(fetchJwks);
  return (host) => {
    const known = sets.get(host.id);
    if (known !== undefined) return known;
    const keys: JWTVerifyGetKey =
      host.jwksUri === undefined
        ? createLocalJWKSet(host.jwks ?? { keys: [] })
        : remote(new URL(host.jwksUri), reading);
    sets.set(host.id, keys);
    return keys;
  };
}
