import { generateKeyPairSync } from 'node:crypto';
import { isObject } from '../../src/fhir/json.ts';

/** A private signing key as the authorization servers of the demo take it. */
export type ProviderKey = { readonly kty: 'RSA'; readonly kid: string; readonly alg: 'RS256'; readonly use: 'sig' };

/** A new RS256 key; it lives as long as this process, and its id says whose it is. */
export function newProviderKey(owner: string): ProviderKey {
  const jwk: unknown = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return { ...(isObject(jwk) ? jwk : {}), kty: 'RSA', kid: `demo-${owner}-${Date.now()}`, alg: 'RS256', use: 'sig' };
}
