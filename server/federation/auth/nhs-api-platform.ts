import type { Source, SourceAuthOf } from '../../config/schema.ts';
import { assertionAlgorithms } from '../../config/source-credentials.ts';
import { requestToken } from './access-token.ts';
import { authorized } from './authorization.ts';
import { createKept } from './kept.ts';
import type { AuthOptions, SourceAuth } from './reach.ts';

/**
 * NHS England's API platform, application-restricted by signed JWT. Each request says for which organisation it is made
 * (its ODS code as it is; the base64 of an Organization is another header, of Booking and Referral), and in which role
 * session where the user has one.
 */
export function createNhsApiPlatformAuth(
  source: Source,
  auth: SourceAuthOf<'nhs-api-platform'>,
  { http, credentials }: AuthOptions,
): SourceAuth {
  const { baseUrl, deadlineMs } = source;
  const { clientId, keyId } = auth;
  const tokenUrl = auth.tokenUrl ?? new URL('/oauth2/token', baseUrl).href;
  const token = createKept<string>(
    (signal) =>
      requestToken(
        http,
        { tokenUrl, clientId, keys: credentials.keys, algorithms: assertionAlgorithms['nhs-api-platform'], keyId },
        signal,
      ),
    deadlineMs,
  );
  return {
    reach: async ({ asker }) => ({
      baseUrl,
      http: authorized(http, baseUrl, token.get, {
        'nhsd-end-user-organisation-ods': asker.organisation.ods,
        ...(asker.sds === undefined ? {} : { 'nhsd-session-urid': asker.sds.roleProfileId }),
      }),
    }),
  };
}
