import type { ClientTls } from '../../config/client-certificate.ts';
import type { Source, SourceAuthOf } from '../../config/schema.ts';
import type { Http, SourceRequest } from '../http.ts';
import { baseOf } from '../resolver.ts';
import { SourceError } from '../source-error.ts';
import { authorized } from './authorization.ts';
import { practiceOf, spineHeaders, userJwt } from './gp-connect-auth.ts';
import type { AuthOptions, Credentials, SourceAuth } from './reach.ts';
import { createSpineDirectory } from './spine-directory.ts';

/** @throws {SourceError} `credentials` where there is none that counts now */
function certificateOf(source: Source, certificates: Credentials['certificates']): ClientTls {
  const certificate = certificates.of(source.id);
  if (certificate === undefined) throw new SourceError('credentials', 'no client certificate');
  const now = Date.now();
  if (certificate.endsAt <= now) throw new SourceError('credentials', 'the client certificate is past its end');
  if (certificate.startsAt > now) throw new SourceError('credentials', 'the client certificate does not count yet');
  return certificate.tls;
}

/**
 * GP Connect through the Spine Secure Proxy: the practice's system and address are looked up, and each request goes to the
 * proxy, with the address behind the proxy's own, our client certificate, both accredited system ids and the user's JWT.
 * A practice keeps connections and a breaker of its own, though all go to one proxy.
 */
export function createSpineProxyAuth(
  source: Source,
  auth: SourceAuthOf<'spine-proxy'>,
  { http, credentials, baseUrl: ownBase }: AuthOptions,
): SourceAuth {
  const proxy = baseOf(source.baseUrl);
  const directory = createSpineDirectory({
    http,
    baseUrl: auth.directory.baseUrl,
    apiKey: () => credentials.env[auth.directory.apiKeyEnv],
    patienceMs: source.deadlineMs,
  });
  return {
    reach: async (reaching) => {
      const { asker, signal } = reaching;
      const { ods, interaction } = practiceOf(reaching);
      // Before the directory is asked: without it nothing can be done with the address.
      const tls = certificateOf(source, credentials.certificates);
      const { asid, baseUrl } = await directory.find(ods, interaction, signal);
      const headers = spineHeaders(asker, { from: auth.asid, to: asid, interaction });
      const behind = (request: SourceRequest): SourceRequest => ({ ...request, url: `${proxy}/${request.url}`, tls });
      const proxied: Http = {
        ...http,
        request: (request) => http.request(behind(request)),
        open: (request) => http.open(behind(request)),
      };
      return { baseUrl, http: authorized(proxied, baseUrl, userJwt(asker, baseUrl, ownBase), headers) };
    },
  };
}
