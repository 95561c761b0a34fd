import { object, objects, text } from './json.ts';
import { isResource, type Resource } from './resource.ts';
import { recordStatuses, sourceStatuses, type RecordStatus, type SourceStatus } from './status.ts';
import { codeOf } from './coding.ts';
import { ohc } from './systems.ts';

/** FHIR's IssueType codes that this server uses. */
export type IssueCode =
  | 'invalid'
  | 'required'
  | 'value'
  | 'not-supported'
  | 'not-found'
  | 'forbidden'
  | 'login'
  | 'expired'
  | 'security'
  | 'throttled'
  | 'transient'
  | 'timeout'
  | 'incomplete'
  | 'exception'
  | 'informational'
  | 'too-costly'
  | 'conflict'
  | 'business-rule';

/** One OperationOutcome with one issue. `text` is fit for the screen; `code` is one of ours, in the named system. */
export function outcome(options: {
  readonly id?: string;
  readonly severity: 'fatal' | 'error' | 'warning' | 'information';
  readonly issue: IssueCode;
  readonly system: string;
  readonly code: string;
  readonly text: string;
  readonly meta?: unknown;
  readonly extension?: readonly unknown[];
}): Resource {
  return {
    resourceType: 'OperationOutcome',
    ...(options.id === undefined ? {} : { id: options.id }),
    ...(options.meta === undefined ? {} : { meta: options.meta }),
    ...(options.extension === undefined || options.extension.length === 0 ? {} : { extension: options.extension }),
    issue: [
      {
        severity: options.severity,
        code: options.issue,
        details: { coding: [{ system: options.system, code: options.code }], text: options.text },
      },
    ],
  };
}

/** An error as an OperationOutcome. */
export function errorOutcome(issue: IssueCode, code: string, words: string): Resource {
  return outcome({ severity: 'error', issue, system: ohc.errorCode, code, text: words });
}

/** The id of the outcome that closes a source. */
export function sourceOutcomeId(sourceId: string): string {
  return `source-${sourceId}`;
}

function firstIssue(resource: Resource): { readonly code: string | undefined; readonly text: string | undefined } {
  const details = object(objects(resource['issue'])[0]?.['details']);
  return { code: codeOf(details), text: text(details?.['text']) };
}

/** What an outcome in the stream says: how one source ended, how the record ended, or nothing of the kind. */
export type Ending =
  | { readonly of: 'source'; readonly sourceId: string; readonly status: SourceStatus; readonly text: string }
  | { readonly of: 'record'; readonly status: RecordStatus; readonly text: string };

/** Reads a closing outcome of the stream; undefined for any other resource. */
export function endingOf(resource: unknown): Ending | undefined {
  if (!isResource(resource) || resource.resourceType !== 'OperationOutcome') return undefined;
  const id = text(resource['id']);
  const { code, text: words = '' } = firstIssue(resource);
  if (id === 'record') {
    const status = recordStatuses.find((one) => one === code);
    return status === undefined ? undefined : { of: 'record', status, text: words };
  }
  const status = sourceStatuses.find((one) => one === code);
  if (id === undefined || !id.startsWith('source-') || status === undefined) return undefined;
  return { of: 'source', sourceId: id.slice('source-'.length), status, text: words };
}

/** The words of an OperationOutcome that are fit for the screen, or undefined. */
export function wordsOf(resource: unknown): string | undefined {
  return isResource(resource) && resource.resourceType === 'OperationOutcome' ? firstIssue(resource).text : undefined;
}
