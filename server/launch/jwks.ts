import type { JWK } from 'jose';

/** Where the public halves of the launch keys are served, by the launch router. */
export const jwksPath = '/launch/jwks.json';

/** The members of a public key that a reader of the set needs; nothing else of a private key is let out. */
const publicMembers = ['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e'] as const;

/**
 * The public key set of this server towards hosts and OpenID providers: by it they check client assertions and encrypt
 * contexts.
 */
export function launchJwks(launchKeys: readonly JWK[]): { readonly keys: readonly JWK[] } {
  return {
    keys: launchKeys.map((key) =>
      Object.fromEntries(publicMembers.flatMap((member) => (key[member] === undefined ? [] : [[member, key[member]]]))),
    ),
  };
}
