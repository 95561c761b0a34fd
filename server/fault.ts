/**
 * Everything that can be refused or go wrong, as one closed set.
 * `undecided`: it could not be checked whether the record may be shown; the system's failure, not the person's choice.
 */
export type FaultCode =
  | 'context-malformed'
  | 'context-signature'
  | 'context-issuer'
  | 'context-audience'
  | 'context-expired'
  | 'context-replayed'
  | 'context-role'
  | 'context-client'
  | 'nhs-number-invalid'
  | 'nhs-number-missing'
  | 'birth-date-differs'
  | 'host-answer'
  | 'sign-in-failed'
  | 'sign-in-not-allowed'
  | 'sign-in-elsewhere'
  | 'sign-in-ended'
  | 'link-malformed'
  | 'link-stale'
  | 'person-not-found'
  | 'user-stopped'
  | 'in-a-frame'
  | 'ticket-unknown'
  | 'form-invalid'
  | 'handle-unknown'
  | 'too-large'
  | 'too-many'
  | 'token-missing'
  | 'token-invalid'
  | 'not-permitted'
  | 'not-found'
  | 'not-supported'
  | 'read-only'
  | 'not-acceptable'
  | 'unsupported-type'
  | 'invalid-request'
  | 'record-refused'
  | 'undecided'
  | 'source-unavailable'
  | 'range-not-satisfiable'
  | 'objection-refused'
  | 'conflict'
  | 'exception';

/**
 * An error that says two things: to the person or program outside, a public text with what to do next; to the log, a
 * private detail and the cause. It becomes a page, an OperationOutcome or an OAuth error once, at the rim.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly detail: string | undefined;

  constructor(
    code: FaultCode,
    publicText: string,
    options: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(publicText, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.detail = options.detail;
  }
}

/** The words of DESIGN.md for what cannot be decided. */
export const undecidedWords =
  'This record cannot be shown just now, because it could not be checked whether it may be. Try again in a few minutes, or phone the organisations that care for the person.';

/** It could not be checked whether something may be released: nothing is, and the caller may try again. */
export function undecided(detail: string, cause?: unknown): Fault {
  return new Fault('undecided', undecidedWords, { detail, ...(cause === undefined ? {} : { cause }) });
}
