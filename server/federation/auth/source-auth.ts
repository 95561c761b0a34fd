import { randomUUID } from 'node:crypto';
import type { Source } from '../../config/schema.ts';
import type { Asker } from '../answer.ts';
import type { Http, SourceRequest } from '../http.ts';
import { createGpConnectAuth } from './gp-connect-auth.ts';
import { createNhsApiPlatformAuth } from './nhs-api-platform.ts';
import type { AuthOptions, SourceAuth } from './reach.ts';
import { createSmartBackendAuth } from './smart-backend.ts';
import { createSpineProxyAuth } from './spine-proxy.ts';

/**
 * The same HTTP, each request of which can be traced: by an id of its own, under which the other side may know a request
 * that is sent again, and by that of what it belongs to. The platform's services refuse requests without the first.
 */
function traced(http: Http, asker: Asker): Http {
  const named = (request: SourceRequest): SourceRequest => ({
    ...request,
    headers: { 'x-request-id': randomUUID(), 'x-correlation-id': asker.traceId, ...request.headers },
  });
  return { ...http, request: (request) => http.request(named(request)), open: (request) => http.open(named(request)) };
}

function authOf(source: Source, options: AuthOptions): SourceAuth {
  const { auth } = source;
  switch (auth.type) {
    case 'none':
      // A practice is never asked without the JWT, which names who asks and proves nothing.
      return source.kind === 'gp-connect'
        ? createGpConnectAuth(options)
        : { reach: async () => ({ baseUrl: source.baseUrl, http: options.http }) };
    case 'smart-backend':
      return createSmartBackendAuth(source, auth, options);
    case 'nhs-api-platform':
      return createNhsApiPlatformAuth(source, auth, options);
    case 'gp-connect-jwt':
      return createGpConnectAuth(options);
    case 'spine-proxy':
      return createSpineProxyAuth(source, auth, options);
  }
}

/** How a configured source is authenticated to. Made once a source: tokens and addresses are kept in it. */
export function createSourceAuth(source: Source, options: AuthOptions): SourceAuth {
  const auth = authOf(source, options);
  return {
    reach: async (reaching) => {
      const { baseUrl, http } = await auth.reach(reaching);
      return { baseUrl, http: traced(http, reaching.asker) };
    },
  };
}
