/** Why a launch did not reach a record. */
export type LaunchFailureCode =
  /** The page was reloaded, bookmarked or opened without a launch. */
  | 'no-launch'
  /** The address names another FHIR server than ours, or carries parameters that no launch of ours has. */
  | 'foreign-launch'
  /** The browser gives no Web Crypto (a page over plain http). */
  | 'insecure-page'
  /** The authorization server could not be reached, or did not answer in time. */
  | 'unreachable'
  /** The handle was used, is too old, or is another app's. */
  | 'launch-used'
  /** The answer was not the one to our question: state, issuer, id token or token response. */
  | 'untrusted-answer'
  /** The launch names no person. */
  | 'no-person'
  /** The session ended: its token is no longer good. */
  | 'session-ended';

/** A launch that failed. The words for each code stand in the viewer; the detail is for a developer, never for the screen. */
export class LaunchFailure extends Error {
  override readonly name = 'LaunchFailure';
  readonly code: LaunchFailureCode;

  constructor(code: LaunchFailureCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }
}

/** The error as a failure of the launch; anything that is none yet counts as `unreachable`. */
export function asLaunchFailure(error: unknown): LaunchFailure {
  return error instanceof LaunchFailure ? error : new LaunchFailure('unreachable', 'launch', { cause: error });
}
