import type { Request, Response } from 'express';
import { errorOutcome, type IssueCode } from '../../src/fhir/outcome.ts';
import { object } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { sendBody } from '../content-coding.ts';
import { Fault, type FaultCode } from '../fault.ts';
import type { Logger } from '../log.ts';
import { checkLook } from './disclosed.ts';

/**
 * Sends one resource as FHIR JSON. No ETag and no length that could tell of what is not there (DESIGN.md).
 * @throws {Fault} `record-refused`, `undecided` where the record that it came of may not be shown any more
 */
export function sendFhir(response: Response, status: number, resource: Resource): void {
  if (status < 400) checkLook(response);
  sendBody(response.status(status).type('application/fhir+json; charset=utf-8'), JSON.stringify(resource));
}

/** How a fault looks to a FHIR client. What stands for none here is this server's own failure. */
const answers: Partial<Record<FaultCode, { readonly status: number; readonly issue: IssueCode }>> = {
  'token-missing': { status: 401, issue: 'login' },
  'token-invalid': { status: 401, issue: 'login' },
  'not-permitted': { status: 403, issue: 'forbidden' },
  'record-refused': { status: 403, issue: 'forbidden' },
  'not-found': { status: 404, issue: 'not-found' },
  'not-supported': { status: 404, issue: 'not-supported' },
  'read-only': { status: 405, issue: 'not-supported' },
  'not-acceptable': { status: 406, issue: 'not-supported' },
  'unsupported-type': { status: 415, issue: 'not-supported' },
  'form-invalid': { status: 422, issue: 'value' },
  conflict: { status: 409, issue: 'conflict' },
  'invalid-request': { status: 400, issue: 'invalid' },
  'too-large': { status: 413, issue: 'too-costly' },
  'too-many': { status: 429, issue: 'throttled' },
  undecided: { status: 503, issue: 'transient' },
  'source-unavailable': { status: 503, issue: 'transient' },
  'range-not-satisfiable': { status: 416, issue: 'value' },
};

const unexpected = new Fault(
  'exception',
  'Something went wrong here. Try again; if it happens again, tell the records team when it was.',
);

/** What Express and its parsers say of a request that cannot be read, in this server's words. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const status = object(error)?.['status'];
  if (status === 413)
    return new Fault('too-large', 'What was sent is far larger than a search can be.', { cause: error });
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Fault('invalid-request', 'The request cannot be read: its address or its body is malformed.', {
      cause: error,
    });
  return unexpected;
}

/** How an error is answered: by itself, or as an entry of a batch. What is this server's own failure is logged. */
export function answerTo(
  error: unknown,
  request: Pick<Request, 'id'>,
  log: Logger,
): { readonly code: FaultCode; readonly status: number; readonly outcome: Resource } {
  const fault = faultOf(error);
  const { code } = fault;
  if (code === 'exception' || code === 'undecided') {
    log.error(
      { requestId: request.id, code, detail: fault.detail, err: error instanceof Fault ? error.cause : error },
      'a request failed',
    );
  }
  const { status, issue } = answers[code] ?? { status: 500, issue: 'exception' as const };
  return { code, status, outcome: errorOutcome(issue, code, fault.message) };
}

/**
 * Turns any error into an OperationOutcome, once, at the rim. An answer that is under way is cut instead.
 * @param allowed the methods that the path answers
 */
export function sendFault(
  error: unknown,
  request: Request,
  response: Response,
  { log, allowed }: { readonly log: Logger; readonly allowed: readonly string[] },
): void {
  const { code, status, outcome } = answerTo(error, request, log);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (status === 401)
    response.set('WWW-Authenticate', code === 'token-missing' ? 'Bearer' : 'Bearer error="invalid_token"');
  if (code === 'not-permitted') response.set('WWW-Authenticate', 'Bearer error="insufficient_scope"');
  if (status === 405) response.set('Allow', allowed.join(', '));
  if (status === 503 || status === 429) response.set('Retry-After', '60');
  sendFhir(response, status, outcome);
}
