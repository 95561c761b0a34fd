import type { Config } from '../config/config.ts';
import { introspectScope, staticScopes } from './scope.ts';

/** What the document says depends on. */
export type SmartConfigurationDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  /** True where an app may begin by itself, and its user signs in here. */
  readonly standalone: boolean;
};

/** True where the encounter that is open at some host can be read at the facade: its system is asked for its record. */
function knowsEncounters({ hosts, sources }: Config): boolean {
  return hosts.some(
    (host) =>
      (host.door === 'smart' && host.recordAsSource) ||
      sources.some((source) => source.kind === 'fhir-r4' && source.ods === host.organisation),
  );
}

/** `<base>/fhir/.well-known/smart-configuration`: what this server really does, and nothing that it does not. */
export function smartConfiguration({ config, baseUrl, standalone }: SmartConfigurationDeps): object {
  const issuer = `${baseUrl}/auth`;
  const encounters = knowsEncounters(config);
  const styled = config.hosts.some((host) => host.style !== undefined);
  return {
    issuer,
    jwks_uri: `${issuer}/jwks`,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/token/introspection`,
    revocation_endpoint: `${issuer}/token/revocation`,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    scopes_supported: [
      ...staticScopes.filter((scope) => encounters || scope !== 'launch/encounter'),
      'patient/*.rs',
      'patient/*.read',
      'user/Practitioner.ru',
      introspectScope,
    ],
    capabilities: [
      'launch-ehr',
      ...(standalone ? ['launch-standalone', 'context-standalone-patient'] : []),
      'authorize-post',
      'client-public',
      'client-confidential-symmetric',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-banner',
      ...(styled ? ['context-style'] : []),
      'context-ehr-patient',
      ...(encounters ? ['context-ehr-encounter'] : []),
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
      'permission-v1',
      'permission-v2',
    ],
  };
}
