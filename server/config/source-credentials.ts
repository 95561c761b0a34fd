import type { JWK } from 'jose';
import type { Source } from './schema.ts';

/** The algorithms by which an assertion may be signed, by type of `auth`; the first is preferred. */
export const assertionAlgorithms = {
  'smart-backend': ['RS384', 'ES384'],
  'nhs-api-platform': ['RS512'],
} as const;

/**
 * The key that signs an assertion: the one of that `kid`, else the newest in force. Undefined where there is none of the
 * algorithms that may be used.
 * @param keys see `Secrets.launchKeys`
 */
export function assertionKey(
  keys: readonly JWK[],
  algorithms: readonly string[],
  keyId: string | undefined,
): JWK | undefined {
  return algorithms
    .map((alg) => keys.find((key) => key.alg === alg && (keyId === undefined || key.kid === keyId)))
    .find((key) => key !== undefined);
}

/**
 * What this server lacks to prove itself to the sources, a sentence each. Refused at the start: it would be found out by a
 * clinician. Client certificates are read, and said, apart.
 * @param keys see `Secrets.launchKeys`
 */
export function missingSourceCredentials(
  sources: readonly Pick<Source, 'id' | 'auth'>[],
  env: NodeJS.ProcessEnv,
  keys: readonly JWK[],
): readonly string[] {
  return sources.flatMap(({ id, auth }) => {
    switch (auth.type) {
      case 'none':
      case 'gp-connect-jwt':
        return [];
      case 'spine-proxy': {
        const { apiKeyEnv } = auth.directory;
        return env[apiKeyEnv]
          ? []
          : [`sources.json: ${id} wants the API key of its directory in ${apiKeyEnv}, and the environment has none.`];
      }
      case 'smart-backend':
      case 'nhs-api-platform': {
        const algorithms = assertionAlgorithms[auth.type];
        if (assertionKey(keys, algorithms, auth.keyId) !== undefined) return [];
        const what = `${algorithms.join(' or ')} key${auth.keyId === undefined ? '' : ` of kid ${auth.keyId}`}`;
        return [
          auth.keyId === undefined
            ? `sources.json: ${id} has auth ${auth.type}, and SECRETS_DIR has no launch-keys.json with an ${what}. Bring one in with \`npm run keys:rotate\`.`
            : `sources.json: ${id} has auth ${auth.type}, and SECRETS_DIR has no launch-keys.json with an ${what}. Name one of those at /launch/jwks.json, or leave keyId out.`,
        ];
      }
    }
  });
}
