import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import type { SignedContextHost } from '../../config/schema.ts';
import { undecided } from '../../fault.ts';
import type { Fetch } from '../openid/relying-party.ts';

/** Finds the key of a host that a JWS header names. */
export type HostKeys = (host: SignedContextHost) => JWTVerifyGetKey;

function remote(url: URL, fetchJwks: Fetch | undefined): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: 4_000,
    // A key that is not in the set is looked for again, at most twice a minute: hosts change keys without telling.
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
    ...(fetchJwks === undefined ? {} : { [customFetch]: fetchJwks }),
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw undecided('the key set of the host could not be read', error);
    }
  };
}

/**
 * The keys of every host: those in `hosts.json`, or the set that its `jwksUri` serves, kept for ten minutes.
 * The finder throws the fault `undecided` where a key set cannot be read.
 */
export function createHostKeys(fetchJwks?: Fetch): HostKeys {
  const sets = new Map<string, JWTVerifyGetKey>();
  return (host) => {
    const known = sets.get(host.id);
    if (known !== undefined) return known;
    const keys: JWTVerifyGetKey =
      host.jwksUri === undefined
        ? createLocalJWKSet(host.jwks ?? { keys: [] })
        : remote(new URL(host.jwksUri), fetchJwks);
    sets.set(host.id, keys);
    return keys;
  };
}
