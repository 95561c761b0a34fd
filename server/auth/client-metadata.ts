import { createHash, timingSafeEqual } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import type { Client } from '../config/schema.ts';
import type { ClientKeys } from './client-keys.ts';
import { backendScopes } from './scope.ts';

/** What a client may ask the token endpoint for: a launch's tokens where it opens, its own where it acts without a user. */
function grantTypesOf({ redirectUris, clientAuth, scope }: Client): string[] {
  const opens = redirectUris.length > 0;
  // SMART Backend Services: with a key, never with a secret or without either.
  const actsAlone = clientAuth === 'private_key_jwt' && backendScopes(scope, scope).length > 0;
  return [...(opens ? ['authorization_code', 'refresh_token'] : []), ...(actsAlone ? ['client_credentials'] : [])];
}

/**
 * A registered client as oidc-provider knows it, its URIs absolute; undefined for one that could not prove who it is.
 * The library sees keys by value alone: when a key set is read again is decided in `client-keys.ts`.
 */
export async function clientMetadata(client: Client, keys: ClientKeys): Promise<AdapterPayload | undefined> {
  const { clientAuth, secretHash, jwks, jwksUri } = client;
  if (clientAuth === 'client_secret_basic' && secretHash === undefined) return undefined;
  if (clientAuth === 'private_key_jwt' && jwks === undefined && jwksUri === undefined) return undefined;
  const opens = client.redirectUris.length > 0;
  return {
    client_id: client.clientId,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    response_types: opens ? ['code'] : [],
    // A code is for an app's address, never for a page of ours that sends it on by script.
    response_modes: ['query', 'fragment'],
    grant_types: grantTypesOf(client),
    token_endpoint_auth_method: clientAuth,
    ...(clientAuth === 'client_secret_basic' ? { client_secret: secretHash } : {}),
    ...(clientAuth === 'private_key_jwt'
      ? { jwks: { keys: [...(jwks?.keys ?? (jwksUri === undefined ? [] : await keys(jwksUri)))] } }
      : {}),
  };
}

/** The hash of a client secret as `clients.json` has it: SHA-256 in base64url. */
export function secretHashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** True where a secret has this hash; takes the same time whether it is nearly right or not at all. */
export function isSecretOf(secretHash: string, secret: string): boolean {
  const [expected, given] = [Buffer.from(secretHash), Buffer.from(secretHashOf(secret))];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
