import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { Fault, undecided } from '../../fault.ts';
import { refuse } from '../page/refusal.ts';
import { UnfitAnswer } from './relying-party.ts';

/** The error codes that a detail may repeat: a server's own words go nowhere. */
const known: ReadonlySet<string> = new Set([
  'access_denied',
  'consent_required',
  'interaction_required',
  'invalid_client',
  'invalid_grant',
  'invalid_launch',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
]);

/** An OAuth error code as far as it is one. */
export function errorCodeOf(code: string): string {
  return known.has(code) ? code : 'an error that is not registered';
}

/** Codes of the client library for what never arrived. */
const notAnswered: ReadonlySet<unknown> = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT']);

function faultAt(error: unknown, whole: unknown): Fault | undefined {
  if (error instanceof Fault) return error;
  if (error instanceof UnfitAnswer) return refuse('host-answer', error.message, whole);
  if (error instanceof AuthorizationResponseError)
    return refuse('sign-in-failed', `authorization: ${errorCodeOf(error.error)}`, whole);
  if (error instanceof ResponseBodyError) {
    const why = `token: ${errorCodeOf(error.error)}`;
    return refuse(error.error === 'invalid_grant' ? 'sign-in-failed' : 'host-answer', why, whole);
  }
  // An answer that is no OAuth error: the library puts it whole into the cause.
  if (error instanceof Response && error.status >= 500) return undecided(`status ${error.status}`, whole);
  if (error instanceof ClientError && notAnswered.has(error.code)) return undecided('no answer in time', whole);
  if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return undecided('no answer in time', whole);
  // The platform's fetch, where there was no connection.
  if (error instanceof TypeError && error.message === 'fetch failed') return undecided('no connection', whole);
  return undefined;
}

/**
 * Why another server's answer leads nowhere: `sign-in-failed` where it says that the user is not let in, `undecided`
 * where it could not be asked, `host-answer` where what it answered cannot be trusted. Nothing that it wrote is in it.
 */
export function faultOfAnswer(error: unknown): Fault {
  let here = error;
  for (let depth = 0; depth < 6 && here !== undefined; depth += 1) {
    const fault = faultAt(here, error);
    if (fault !== undefined) return fault;
    here = here instanceof Error ? here.cause : undefined;
  }
  const code = error instanceof ClientError && typeof error.code === 'string' ? error.code : 'not as agreed';
  return refuse('host-answer', `answer: ${code}`, error);
}
