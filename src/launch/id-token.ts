import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LaunchFailure } from './failure.ts';
import { text } from '../fhir/json.ts';

/** What the id token says of the user: an absolute URL of a Practitioner, and the subject. */
export type Identity = { readonly subject: string; readonly fhirUser: string | undefined };

/** The published keys of the authorization server. */
export function keysAt(jwksUri: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUri));
}

/**
 * Verifies an id token: RS256 by a published key, our client as audience, the issuer, the nonce of this launch.
 * fhirclient only decodes it, and garbles accents.
 * @throws LaunchFailure `untrusted-answer`
 */
export async function verifyIdToken(
  idToken: unknown,
  keys: JWTVerifyGetKey,
  expected: { readonly issuer: string; readonly clientId: string; readonly nonce: string },
): Promise<Identity> {
  if (typeof idToken !== 'string') throw new LaunchFailure('untrusted-answer', 'no id token');
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      issuer: expected.issuer,
      audience: expected.clientId,
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
      clockTolerance: 60,
    });
    if (payload['nonce'] !== expected.nonce) throw new LaunchFailure('untrusted-answer', 'nonce differs');
    return { subject: payload.sub ?? '', fhirUser: text(payload['fhirUser']) };
  } catch (cause) {
    if (cause instanceof LaunchFailure) throw cause;
    throw new LaunchFailure('untrusted-answer', 'id token', { cause });
  }
}
