import type { Request } from 'express';
import type { JWK } from 'jose';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomPKCECodeVerifier,
  type IDToken,
} from 'openid-client';
import { z } from 'zod';
import { viewerOf, type Config } from '../../config/config.ts';
import type { SmartHost } from '../../config/schema.ts';
import type { Attempt } from '../attempt.ts';
import type { DoorHandler } from '../door.ts';
import type { AskDemographics } from '../identity.ts';
import { newSecret } from '../once.ts';
import { faultOfAnswer } from '../openid/answer-fault.ts';
import type { PendingAuthorizations } from '../openid/pending.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { refuse } from '../page/refusal.ts';
import type { LaunchRate } from '../rate.ts';
import { cleanName } from './fhir-user.ts';
import { proveContext } from './host-context.ts';
import type { HostTokens } from './host-token.ts';
import { createSmartHosts } from './smart-host.ts';
import { readTokenResponse, type TokenResponse } from './token-response.ts';

/** What the door needs. */
export type SmartDeps = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly pending: PendingAuthorizations;
  readonly launchKeys: readonly JWK[];
  readonly demographics: AskDemographics;
  readonly hostTokens: HostTokens;
  readonly rate: Pick<LaunchRate, 'begin'>;
  readonly fetch?: Fetch;
};

/** The door. */
export type SmartDoor = { readonly enter: DoorHandler; readonly finish: DoorHandler };

/** What is kept while the user is at the host's authorization server. */
const keptSchema = z.object({ door: z.literal('smart'), host: z.string() });

/** Far longer than any, far shorter than what a header holds. */
const longestLaunch = 4_096;

/** The one value of a parameter; undefined where there is none, several, or an empty one. */
function only(query: Request['query'], name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The host that a launch request names, compared letter by letter with those registered before anything is asked of
 * anybody (phishing, SSRF).
 */
function launchingHost(config: Config, query: Request['query']): { readonly host: SmartHost; readonly launch: string } {
  const iss = only(query, 'iss');
  const launch = only(query, 'launch');
  if (iss === undefined || launch === undefined || launch.length > longestLaunch)
    throw refuse('context-malformed', 'not one iss and one launch');
  const host = config.hosts.find((one): one is SmartHost => one.door === 'smart' && one.iss === iss);
  if (host === undefined) throw refuse('context-issuer', 'iss is not a registered host');
  return { host, launch };
}

/** Who signed in, by an id token that was verified whole. A host may send any text: what goes on is one line. */
function subjectOf(claims: IDToken | undefined): string {
  const sub = claims?.sub;
  if (sub === undefined || sub === '' || sub.length > 255 || cleanName(sub) !== sub)
    throw refuse('host-answer', 'the id token names no user');
  return sub;
}

/**
 * The door of SMART hosts: this server is an app of theirs (SMART App Launch 2.2, "EHR launch"). Each host has a
 * redirect URI of its own, so that the answer of one is never taken for another's.
 */
export function createSmartDoor(deps: SmartDeps): SmartDoor {
  const { config, baseUrl, pending, hostTokens, rate } = deps;
  const hosts = createSmartHosts(deps);
  const redirectUriOf = (host: SmartHost): string => `${baseUrl}/launch/callback/${host.id}`;

  const enter: DoorHandler = async (req, attempt) => {
    const { host, launch } = launchingHost(config, req.query);
    attempt.known = { detail: { claimedHost: host.id } };
    await rate.begin(host);
    const { launch: party } = await hosts(host);
    const [state, nonce, codeVerifier] = [newSecret(), newSecret(), randomPKCECodeVerifier()];
    const asked = {
      response_type: 'code',
      client_id: host.clientId,
      redirect_uri: redirectUriOf(host),
      scope: host.scope,
      state,
      nonce,
      aud: host.iss,
      launch,
      code_challenge: await calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    };
    const location = buildAuthorizationUrl(party, asked);
    // An address that brings parameters of its own may, but none of these.
    if (Object.keys(asked).some((name) => location.searchParams.getAll(name).length !== 1))
      throw refuse('host-answer', 'authorization_endpoint brings parameters that are ours');
    const cookie = await pending.begin({ state, nonce, codeVerifier, kept: { door: 'smart', host: host.id } });
    return { kind: 'elsewhere', location: location.href, cookies: [cookie] };
  };

  /** The host's answer, with its id token verified whole: signature, issuer, audience, time, nonce. */
  async function exchange(
    req: Request,
    host: SmartHost,
    begun: { readonly state: string; readonly nonce: string; readonly codeVerifier: string },
  ): Promise<{ readonly response: TokenResponse; readonly sub: string; readonly claims: IDToken | undefined }> {
    const { launch: party } = await hosts(host);
    const here = new URL(redirectUriOf(host));
    here.search = new URL(req.originalUrl, baseUrl).search;
    const answer = await authorizationCodeGrant(party, here, {
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      pkceCodeVerifier: begun.codeVerifier,
      idTokenExpected: true,
    }).catch((error: unknown) => {
      throw faultOfAnswer(error);
    });
    const claims = answer.claims();
    return { response: readTokenResponse(answer, host.origins), sub: subjectOf(claims), claims };
  }

  const finish: DoorHandler = async (req, attempt: Attempt) => {
    const state = only(req.query, 'state');
    if (state === undefined) throw refuse('sign-in-elsewhere', 'not one state');
    const { pending: begun, spent } = await pending.take(state, req.headers.cookie);
    const kept = keptSchema.safeParse(begun.kept);
    const host = config.hosts.find((one): one is SmartHost => one.door === 'smart' && one.id === kept.data?.host);
    if (host === undefined || host.id !== req.params['host'])
      throw refuse('host-answer', 'the answer came to the address of another host');
    attempt.known = { detail: { claimedHost: host.id } };

    const { response, sub, claims } = await exchange(req, host, begun);
    const { tokens } = response;
    let isKept = false;
    try {
      const proved = await proveContext(
        { ...deps, clientId: viewerOf(config).clientId },
        { host, sub, claims: claims ?? {}, response },
        attempt,
      );
      if (!host.recordAsSource || response.patient === undefined)
        return { kind: 'proved', context: proved, cookies: [spent] };
      const id = await hostTokens.keep(tokens, host.id);
      isKept = true;
      const hostRecord = { patientId: response.patient, tokens: id };
      return { kind: 'proved', context: { ...proved, hostRecord }, cookies: [spent] };
    } finally {
      // Read, and not needed again.
      if (!isKept) hostTokens.discard(tokens, host.id);
    }
  };

  return { enter, finish };
}
