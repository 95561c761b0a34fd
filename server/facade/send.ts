import type { Request, Response } from 'express';
import { errorOutcome, type IssueCode } from '../../src/fhir/outcome.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { Fault, type FaultCode } from '../fault.ts';
import type { Logger } from '../log.ts';

/** Sends one resource as FHIR JSON. No ETag and no length that could tell of what is not there (DESIGN.md). */
export function sendFhir(response: Response, status: number, resource: Resource): void {
  response.status(status).type('application/fhir+json; charset=utf-8').end(JSON.stringify(resource));
}

/** How a fault looks to a FHIR client. What stands for none here is this server's own failure. */
const answers: Partial<Record<FaultCode, { readonly status: number; readonly issue: IssueCode }>> = {
  'token-missing': { status: 401, issue: 'login' },
  'token-invalid': { status: 401, issue: 'login' },
  'not-permitted': { status: 403, issue: 'forbidden' },
  'record-refused': { status: 403, issue: 'forbidden' },
  'not-found': { status: 404, issue: 'not-found' },
  'not-supported': { status: 404, issue: 'not-supported' },
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

/** Turns any error into an OperationOutcome, once, at the rim. An answer that is under way is cut instead. */
export function sendFault(error: unknown, request: Request, response: Response, log: Logger): void {
  const fault = error instanceof Fault ? error : unexpected;
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
  if (status === 503 || status === 429) response.set('Retry-After', '60');
  sendFhir(response, status, errorOutcome(issue, fault.code, fault.message));
}
