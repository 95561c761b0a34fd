import { isObject } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';

/** What a system answers: a FHIR resource, or bytes of another type. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Resource | { readonly type: string; readonly bytes: Buffer };
  /** Media type of a FHIR body. */
  readonly type?: string;
  /** About whom was asked, for the log. */
  readonly nhsNumber?: string;
};

/** A request as the systems see it. */
export type Asked = {
  readonly method: string;
  /** The path below the system's own, without the leading slash. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body: string;
  /** The system's base URL as the caller knows it. */
  readonly base: string;
  /** The request's own URL below the host. */
  readonly url: string;
};

/** An OperationOutcome with one issue, coded in the given system. */
export function operationOutcome(
  severity: 'error' | 'warning' | 'information',
  issue: string,
  coding: { readonly system: string; readonly code: string; readonly display?: string },
  diagnostics?: string,
  profile?: string,
): Resource {
  return {
    resourceType: 'OperationOutcome',
    ...(profile === undefined ? {} : { meta: { profile: [profile] } }),
    issue: [
      {
        severity,
        code: issue,
        details: { coding: [coding] },
        ...(diagnostics === undefined ? {} : { diagnostics }),
      },
    ],
  };
}

/** The bytes of a reply and the type that goes with them. */
export function written(reply: Reply): { readonly bytes: Buffer; readonly type: string } {
  const { body } = reply;
  if (isObject(body) && 'bytes' in body && Buffer.isBuffer(body['bytes']))
    return { bytes: body['bytes'], type: typeof body['type'] === 'string' ? body['type'] : 'application/octet-stream' };
  return { bytes: Buffer.from(JSON.stringify(body)), type: reply.type ?? 'application/fhir+json' };
}
