/** What Ashgrove says of itself at `/.well-known/smart-configuration`. */
export function smartConfiguration(issuer: string, staticScopes: readonly string[]): object {
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/token/introspection`,
    revocation_endpoint: `${issuer}/token/revocation`,
    grant_types_supported: ['authorization_code', 'refresh_token'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES384', 'RS384'],
    scopes_supported: [...staticScopes, 'patient/*.rs', 'user/Practitioner.r', 'user/PractitionerRole.r'],
    capabilities: [
      'launch-ehr',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-banner',
      'context-style',
      'context-ehr-patient',
      'context-ehr-encounter',
      'permission-online',
      'permission-patient',
      'permission-user',
      'permission-v2',
    ],
  };
}
