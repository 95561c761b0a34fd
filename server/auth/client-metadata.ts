import type { AdapterPayload } from 'oidc-provider';
import type { Client } from '../config/schema.ts';

/**
 * A registered client as oidc-provider knows it, its URIs absolute. Undefined for one with a shared secret, for which
 * the configuration has no place: it is unknown to the authorization server.
 */
export function clientMetadata(client: Client): AdapterPayload | undefined {
  if (client.clientAuth === 'client_secret_basic') return undefined;
  const opens = client.redirectUris.length > 0;
  return {
    client_id: client.clientId,
    client_name: client.name,
    redirect_uris: [...client.redirectUris],
    response_types: opens ? ['code'] : [],
    grant_types: opens ? ['authorization_code', 'refresh_token'] : [],
    token_endpoint_auth_method: client.clientAuth,
    ...(client.jwks === undefined ? {} : { jwks: client.jwks }),
    ...(client.jwksUri === undefined ? {} : { jwks_uri: client.jwksUri }),
  };
}
