import type { Request, Response } from 'express';
import { errorOutcome, type IssueCode } from '../../src/fhir/outcome.ts';
import { object } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { sendBody } from '../content-coding.ts';
import { Fault, type FaultCode } from '../fault.ts';
import type { Logger } from '../log.ts';

/** Sends one resource as FHIR JSON. No ETag and no length that could tell of what is not there (DESIGN.md). */
export function sendFhir(response: Response, status: number, resource: Resource): void {
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
  'form-invalid': { status: 422, issue: 'value' },
  'invalid-request': { status: 400, issue: 'invalid' },
  'too-large': { status: 413, issue: 'too-costly' },
  'too-many': { status: 429, issue: 'throttled' },
  undecided: { status: 503, issue: 'transient' },
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

/** Turns any error into an OperationOutcome, once, at the rim. An answer that is under way is cut instead. */
export function sendFault(error: unknown, request: Request, response: Response, log: Logger): void {
  const fault = faultOf(error);
  if (fault.code === 'exception' || fault.code === 'undecided') {
    log.error(
      {
        requestId: request.id,
        code: fault.code,
        detail: fault.detail,
        err: error instanceof Fault ? error.cause : error,
      },
      'a request failed',
    );
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, issue } = answers[fault.code] ?? { status: 500, issue: 'exception' as const };
  if (status === 401)
    response.set('WWW-Authenticate', fault.code === 'token-missing' ? 'Bearer' : 'Bearer error="invalid_token"');
  if (fault.code === 'not-permitted') response.set('WWW-Authenticate', 'Bearer error="insufficient_scope"');
  if (status === 405) response.set('Allow', 'GET, HEAD, OPTIONS');
  if (status === 503 || status === 429) response.set('Retry-After', '60');
  sendFhir(response, status, errorOutcome(issue, fault.code, fault.message));
}
