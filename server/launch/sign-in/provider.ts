import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import type { Request } from 'express';
import type { JWK } from 'jose';
import type { JsonObject } from '../../../src/fhir/json.ts';
import type { Fault } from '../../fault.ts';
import type { DoorCookie } from '../door.ts';
import { faultOfAnswer } from '../openid/answer-fault.ts';
import type { PendingAuthorizations } from '../openid/pending.ts';
import { relyingPartyOf, type Fetch } from '../openid/relying-party.ts';
import { refuse } from '../page/refusal.ts';
import type { LaunchRate } from '../rate.ts';
import type { OpenIdHost } from './claims.ts';

/** What the way through a provider needs. */
export type ProviderDeps = {
  readonly baseUrl: string;
  readonly pending: PendingAuthorizations;
  readonly rate: Pick<LaunchRate, 'begin'>;
  readonly launchKeys: readonly JWK[];
  readonly fetch?: Fetch;
};

/** The OpenID providers of the hosts whose users sign in. `Way` is what is carried through. */
export type Providers<Way> = {
  /** Where to send the browser, and the cookie that ties its return to it. */
  readonly begin: (
    host: OpenIdHost,
    way: Way,
  ) => Promise<{ readonly location: string; readonly cookies: readonly DoorCookie[] }>;
  /**
   * Back from the provider: the code is exchanged, the id_token verified, the userinfo read where there is one.
   * @throws {Fault} `sign-in-elsewhere`, `sign-in-failed`; `undecided` where the provider cannot be asked
   */
  readonly finish: (
    host: OpenIdHost,
    request: Pick<Request, 'originalUrl' | 'headers'>,
  ) => Promise<{ readonly claims: JsonObject; readonly way: Way; readonly cookies: readonly DoorCookie[] }>;
};

/** How long a provider's discovery document is kept. */
const metadataMs = 5 * 60_000;

/** The provider's trouble, which passes, or an answer that cannot be trusted: nobody is signed in by it. */
function faultOf(error: unknown): Fault {
  const fault = faultOfAnswer(error);
  return fault.code === 'host-answer' ? refuse('sign-in-failed', fault.detail ?? 'not as agreed', error) : fault;
}

/** Signs users in by the code flow of OpenID Connect with PKCE; each host has a redirect URI of its own (no mix-up). */
export function createProviders<Way>({ baseUrl, pending, rate, launchKeys, fetch }: ProviderDeps): Providers<Way> {
  const known = new Map<string, { readonly party: Promise<Configuration>; readonly until: number }>();
  const partyOf = (host: OpenIdHost): Promise<Configuration> => {
    const kept = known.get(host.id);
    if (kept !== undefined && kept.until > Date.now()) return kept.party;
    const party = relyingPartyOf(host.issuer, host, launchKeys, fetch);
    known.set(host.id, { party, until: Date.now() + metadataMs });
    party.catch(() => known.delete(host.id));
    return party;
  };
  const redirectUri = (host: OpenIdHost): string => `${baseUrl}/launch/callback/${host.id}`;

  return {
    begin: async (host, way) => {
      await rate.begin(host);
      const party = await partyOf(host);
      const [state, nonce, codeVerifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      const location = buildAuthorizationUrl(party, {
        response_type: 'code',
        redirect_uri: redirectUri(host),
        scope: host.scope,
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
      const cookie = await pending.begin({ state, nonce, codeVerifier, kept: { host: host.id, way } });
      return { location: location.href, cookies: [cookie] };
    },

    finish: async (host, request) => {
      // Only what stands behind the question mark is the request's: where it went is ours to say.
      const here = new URL(redirectUri(host));
      here.search = new URL(request.originalUrl, 'http://localhost').search;
      const state = here.searchParams.get('state');
      if (state === null) throw refuse('sign-in-failed', 'no state');
      const { pending: begun, spent } = await pending.take(state, request.headers.cookie);
      // Only `begin` writes it; the door that began it is known by its host.
      const kept = begun.kept as { readonly host: string; readonly way: Way };
      if (kept.host !== host.id) throw refuse('sign-in-failed', 'begun for another host');
      try {
        const party = await partyOf(host);
        const tokens = await authorizationCodeGrant(party, here, {
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          pkceCodeVerifier: begun.codeVerifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw refuse('sign-in-failed', 'no id_token');
        const { userinfo_endpoint: userinfo } = party.serverMetadata();
        const more = userinfo === undefined ? {} : await fetchUserInfo(party, tokens.access_token, claims.sub);
        // Where both say something, what is signed counts.
        return { claims: { ...more, ...claims }, way: kept.way, cookies: [spent] };
      } catch (error) {
        throw faultOf(error);
      }
    },
  };
}
