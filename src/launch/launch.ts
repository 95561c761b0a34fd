import type { LaunchView } from '../fhir/region.ts';
import { boolean, object, text, texts } from '../fhir/json.ts';
import { LaunchFailure } from './failure.ts';
import { keysAt, verifyIdToken } from './id-token.ts';
import { readLaunchUrl } from './launch-url.ts';
import { readLaunchView } from './launch-view.ts';
import { MemoryAdapter } from './memory-adapter.ts';
import { openSession, type Session } from './session.ts';
import { askInFrame, type CallbackAnswer } from './silent-frame.ts';

const clientId = 'viewer';
const scope = 'openid fhirUser launch online_access patient/*.rs user/Practitioner.ru';
const timeoutMs = 15_000;

/** A launch that succeeded: who is looked at, by whom, and the way to ask for more. */
export type Launched = {
  readonly session: Session;
  readonly patientId: string;
  /** The scopes that were granted. */
  readonly scopes: readonly string[];
  readonly view: LaunchView | undefined;
  /** False where the host shows the person's banner itself. */
  readonly needPatientBanner: boolean;
  readonly userName: string;
  /** The user's own Practitioner, relative to the FHIR base; undefined where the id token names none of ours. */
  readonly ownPath: string | undefined;
  /** Where the host's look is kept, where it has one (SMART styling). */
  readonly styleUrl: string | undefined;
};

type Discovery = {
  readonly issuer: string;
  readonly authorize: string;
  readonly jwks: string;
  readonly revocation: string | undefined;
};

async function discover(iss: string, signal: AbortSignal): Promise<Discovery> {
  const response = await fetch(`${iss}/.well-known/smart-configuration`, { signal, credentials: 'omit' });
  const found = response.ok ? object(await response.json()) : undefined;
  const issuer = text(found?.['issuer']);
  const authorize = text(found?.['authorization_endpoint']);
  const jwks = text(found?.['jwks_uri']);
  if (issuer === undefined || authorize === undefined || jwks === undefined)
    throw new LaunchFailure('unreachable', 'no smart-configuration');
  return { issuer, authorize, jwks, revocation: text(found?.['revocation_endpoint']) };
}

/** The code in a callback, once it is proved to be the answer to this launch's question. */
function codeOf(answer: CallbackAnswer, expected: { readonly state: string; readonly issuer: string }): string {
  if (answer.get('state') !== expected.state) throw new LaunchFailure('untrusted-answer', 'state differs');
  const issuer = answer.get('iss');
  if (issuer !== null && issuer !== expected.issuer) throw new LaunchFailure('untrusted-answer', 'iss differs');
  const error = answer.get('error');
  if (error !== null) throw new LaunchFailure(error === 'invalid_request' ? 'launch-used' : 'unreachable', error);
  const code = answer.get('code');
  if (code === null) throw new LaunchFailure('untrusted-answer', 'no code');
  return code;
}

/**
 * From the URL to a token, without a page, a cookie or storage: SMART App Launch 2.2 with PKCE and a nonce through a
 * hidden frame. Called once for each document, outside React (a code can be redeemed once).
 * @throws LaunchFailure
 */
export async function launch(url: URL): Promise<Launched> {
  const { iss, launch: handle } = readLaunchUrl(url);
  if (globalThis.crypto?.subtle === undefined) throw new LaunchFailure('insecure-page', 'no crypto.subtle');
  const state = crypto.randomUUID();
  const nonce = crypto.randomUUID();
  const smart = new MemoryAdapter(new URL('/app/launch', url)).getSmartApi();

  const [server, asked] = await Promise.all([
    discover(iss, AbortSignal.timeout(timeoutMs)),
    smart.authorize({
      iss,
      launch: handle,
      clientId,
      scope,
      redirectUri: new URL('/app/callback', url).href,
      noRedirect: true,
      pkceMode: 'required',
      stateKey: state,
      completeInTarget: true,
    }),
  ]);
  const authorizeUrl = new URL(asked ?? '');
  const endpoint = new URL(server.authorize);
  // fhirclient falls back to other ways of finding the server; only what smart-configuration names is taken.
  if (authorizeUrl.origin + authorizeUrl.pathname !== endpoint.origin + endpoint.pathname)
    throw new LaunchFailure('untrusted-answer', 'authorize endpoint differs from smart-configuration');
  authorizeUrl.searchParams.set('nonce', nonce);

  const code = codeOf(await askInFrame(authorizeUrl.href, timeoutMs), { state, issuer: server.issuer });
  const client = await smart.ready({ code, stateKey: state });
  const answer = object(client.state.tokenResponse) ?? {};
  const { fhirUser } = await verifyIdToken(answer['id_token'], keysAt(server.jwks), {
    issuer: server.issuer,
    clientId,
    nonce,
  });

  const patientId = text(answer['patient']);
  if (patientId === undefined) throw new LaunchFailure('no-person', 'no patient in the token response');
  const view = readLaunchView(answer['__ohc']);
  return {
    session: openSession(client, server.revocation === undefined ? undefined : { url: server.revocation, clientId }),
    patientId,
    scopes: texts(text(answer['scope'])?.split(' ')),
    view,
    needPatientBanner: boolean(answer['need_patient_banner']) ?? true,
    userName: view?.userName ?? '',
    styleUrl: text(answer['smart_style_url']),
    ownPath: fhirUser?.startsWith(`${iss}/Practitioner/`) === true ? fhirUser.slice(iss.length + 1) : undefined,
  };
}
