import type { Asker } from '../answer.ts';
import { SourceError } from '../source-error.ts';
import { authorized, type Authorization } from './authorization.ts';
import { gpConnectJwt } from './gp-connect-jwt.ts';
import type { AuthOptions, PracticeServer, Reaching, SourceAuth } from './reach.ts';

/** The practice that is asked. @throws {SourceError} where none is named: GP Connect is asked at a practice alone */
export function practiceOf({ practice }: Reaching): PracticeServer {
  if (practice === undefined) throw new SourceError('credentials', 'GP Connect is asked at a practice alone');
  return practice;
}

/** The JWT of the real user for one practice, new at each request. One that is refused would be refused again. */
export function userJwt(asker: Asker, practiceBase: string, ownBase: string): Authorization {
  return async (_signal, refused) =>
    refused ?? `Bearer ${gpConnectJwt(asker, practiceBase, ownBase, Math.floor(Date.now() / 1000))}`;
}

/** The headers by which the Spine routes and audits a request. `from` and `to` are accredited system ids. */
export function spineHeaders(
  asker: Asker,
  { from, to, interaction }: { readonly from: string; readonly to: string; readonly interaction: string },
): Readonly<Record<string, string>> {
  return { 'ssp-traceid': asker.traceId, 'ssp-from': from, 'ssp-to': to, 'ssp-interactionid': interaction };
}

/** GP Connect without the Spine between: the organisations' ODS codes stand where the accredited systems' ids would. */
export function createGpConnectAuth({ http, baseUrl: ownBase }: AuthOptions): SourceAuth {
  return {
    reach: async (reaching) => {
      const { asker } = reaching;
      const { ods, baseUrl, interaction } = practiceOf(reaching);
      if (baseUrl === undefined) throw new SourceError('credentials', 'no address for this practice');
      const headers = spineHeaders(asker, { from: asker.organisation.ods, to: ods, interaction });
      return { baseUrl, http: authorized(http, baseUrl, userJwt(asker, baseUrl, ownBase), headers) };
    },
  };
}
