import { object, text, texts } from '../../../src/fhir/json.ts';
import type { Source, SourceAuthOf } from '../../config/schema.ts';
import { assertionAlgorithms } from '../../config/source-credentials.ts';
import type { Http } from '../http.ts';
import { baseOf } from '../resolver.ts';
import { SourceError } from '../source-error.ts';
import { requestToken } from './access-token.ts';
import { authorized } from './authorization.ts';
import { createKept } from './kept.ts';
import type { AuthOptions, SourceAuth } from './reach.ts';

const hourMs = 3_600_000;
const ours = assertionAlgorithms['smart-backend'];

type TokenEndpoint = { readonly tokenUrl: string; readonly algorithms: readonly string[] };

/**
 * Reads where a source gives tokens. An assertion is worth a token to whoever holds it, so that its endpoint is taken on
 * the source's word only at the source's own origin; one elsewhere is named in the configuration.
 * @throws {SourceError} `credentials` where there is no such endpoint
 */
async function discover(http: Http, base: string, signal: AbortSignal): Promise<TokenEndpoint> {
  const { status, body } = await http.request({
    address: base,
    method: 'GET',
    url: `${baseOf(base)}/.well-known/smart-configuration`,
    headers: { accept: 'application/json' },
    signal,
  });
  const document = status < 300 ? object(body) : undefined;
  const endpoint = text(document?.['token_endpoint']);
  if (document === undefined || endpoint === undefined || !URL.canParse(endpoint))
    throw new SourceError('credentials', `no smart-configuration with a token endpoint: status ${status}`);
  const url = new URL(endpoint);
  if (url.origin !== new URL(base).origin || url.username !== '' || url.password !== '')
    throw new SourceError('credentials', 'its token endpoint is elsewhere: name it as tokenUrl in sources.json');
  const listed = texts(document['token_endpoint_auth_signing_alg_values_supported']);
  return { tokenUrl: endpoint, algorithms: listed.length === 0 ? ours : ours.filter((alg) => listed.includes(alg)) };
}

/** SMART App Launch 2.2, Backend Services. */
export function createSmartBackendAuth(
  source: Source,
  auth: SourceAuthOf<'smart-backend'>,
  { http, credentials }: AuthOptions,
): SourceAuth {
  const { clientId, keyId, scope, tokenUrl } = auth;
  const { baseUrl, deadlineMs } = source;
  const endpoint = createKept<TokenEndpoint>(
    async (signal) => ({
      value: tokenUrl === undefined ? await discover(http, baseUrl, signal) : { tokenUrl, algorithms: ours },
      keepMs: hourMs,
    }),
    deadlineMs,
  );
  const token = createKept<string>(
    async (signal) =>
      requestToken(http, { ...(await endpoint.get(signal)), clientId, scope, keys: credentials.keys, keyId }, signal),
    deadlineMs,
  );
  const reached = { baseUrl, http: authorized(http, baseUrl, token.get) };
  return { reach: async () => reached };
}
