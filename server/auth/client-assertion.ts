import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** How far a client's clock may be from ours. */
export const clockSkewSeconds = 60;

/** An assertion lives for five minutes at most. */
const longestSeconds = 300;

/**
 * What SMART 2.2 ("Client Authentication: Asymmetric") asks of a client's assertion beyond what the library checks, which
 * has verified its signature, its `iss`, `exp` and `jti` by then.
 * @param jwksUri the address of the key set that the client is registered with, if it has one
 * @throws {errors.InvalidClientAuth} with the private reason
 */
export function checkClientAssertion(
  ctx: KoaContextWithOIDC,
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>>,
  jwksUri: string | undefined,
): void {
  const { exp, iss, sub, aud } = claims;
  const { typ, kid, jku } = header;
  const refused = (why: string): Error => new errors.InvalidClientAuth(why);
  if (typeof exp !== 'number' || exp > Math.floor(Date.now() / 1000) + longestSeconds + clockSkewSeconds)
    throw refused('exp is over 5 min away');
  if (iss !== sub) throw refused('iss and sub differ');
  if (typ !== 'JWT') throw refused('typ is not JWT');
  if (typeof kid !== 'string') throw refused('no kid');
  // The address is never fetched from a header; it may only repeat the registered one.
  if (jku !== undefined && jku !== jwksUri) throw refused('jku is not the registered one');
  // The library takes the issuer as well; SMART's clients name the token endpoint, or the one that they ask.
  const { oidc } = ctx;
  const here = [oidc.urlFor('token'), oidc.urlFor(oidc.route)];
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!named.every((one) => typeof one === 'string' && here.includes(one))) throw refused('aud is not this endpoint');
}
