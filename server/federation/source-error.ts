/** The ways in which asking a source fails. */
export type SourceErrorKind =
  /** It had not answered when its time was up. */
  | 'timeout'
  /** Whoever asked went away. */
  | 'aborted'
  /** No connection, or it broke. */
  | 'connection'
  /** We have nothing to prove ourselves with that it takes: no token, no certificate that counts, no address listed. */
  | 'credentials'
  /** It has failed so often that it is not asked for a while. */
  | 'circuit-open'
  /** As many wait for it already as may. */
  | 'busy'
  /** It answered with an error status, or a redirect. */
  | 'status'
  /** What it answered is no JSON, or not the FHIR that was asked for. */
  | 'not-fhir'
  /** It sent more than is taken. */
  | 'too-large'
  /** Its paging loops, leads elsewhere, or does not end. */
  | 'paging';

/** A source's fault. `detail` is for the log alone and never holds the source's own text or a patient's data. */
export class SourceError extends Error {
  readonly kind: SourceErrorKind;
  readonly status: number | undefined;
  /** The JSON that came with an error status, where any did. */
  readonly body: unknown;
  /** For a fault that may be gone in a moment: how long the source asks to be left alone, 0 where it does not say. */
  readonly passesInMs: number | undefined;

  constructor(
    kind: SourceErrorKind,
    detail: string,
    options: {
      readonly status?: number;
      readonly body?: unknown;
      readonly passesInMs?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SourceError';
    this.kind = kind;
    this.status = options.status;
    this.body = options.body;
    this.passesInMs = options.passesInMs;
  }
}

/** Why an asking ended before its answer: its time was up, or whoever asked is gone. */
export function abandoned(signal: AbortSignal): SourceError {
  const reason: unknown = signal.reason;
  return reason instanceof DOMException && reason.name === 'TimeoutError'
    ? new SourceError('timeout', 'no answer in time')
    : new SourceError('aborted', 'the caller went away');
}
