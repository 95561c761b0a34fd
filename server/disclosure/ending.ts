import { outcome, sourceOutcomeId } from '../../src/fhir/outcome.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { isWhole, type RecordStatus, type SourceStatus } from '../../src/fhir/status.ts';
import { ohc, sourceUri } from '../../src/fhir/systems.ts';
import type { SourceAnswer } from '../federation/answer.ts';
import { tagsOf } from '../federation/provenance.ts';
import { refusalWords } from './refusal.ts';

/** The outcome that closes one source: how it ended, who it is, when it answered, how fresh its data is. */
export function sourceEnding(answer: Omit<SourceAnswer, 'resources' | 'contacts' | 'documents'>): Resource {
  const { source, origin, status, text, answeredAt, dataAsOf, differsOn, notAsked } = answer;
  return outcome({
    id: sourceOutcomeId(source.id),
    severity: isWhole(status) ? 'information' : 'warning',
    issue: isWhole(status) ? 'informational' : 'incomplete',
    system: ohc.sourceStatus,
    code: status,
    text,
    meta: {
      lastUpdated: answeredAt,
      source: sourceUri(source.id),
      tag: tagsOf(origin, origin),
    },
    extension: [
      ...(notAsked === true ? [{ url: ohc.notAsked, valueBoolean: true }] : []),
      ...(dataAsOf === undefined ? [] : [{ url: ohc.dataAsOf, valueDateTime: dataAsOf }]),
      ...differsOn.map((field) => ({ url: ohc.differsOn, valueCode: field })),
    ],
  });
}

const recordWords: Record<RecordStatus, string> = {
  complete: 'Every organisation has answered in whole.',
  partial: 'Not every organisation has answered in whole: something may be missing.',
  refused: refusalWords,
};

/** The last line: whether the record is whole. */
export function recordEnding(status: RecordStatus): Resource {
  return outcome({
    id: 'record',
    severity: status === 'refused' ? 'error' : status === 'partial' ? 'warning' : 'information',
    issue: status === 'refused' ? 'forbidden' : status === 'partial' ? 'incomplete' : 'informational',
    system: ohc.sourceStatus,
    code: status,
    text: recordWords[status],
  });
}

/** The words for an answer that the filter could not finish: all of it stays behind. */
export const withheldWholeWords = 'Answered in part: what it sent could not be checked in full and is not shown';

/** How a source stands for whom nothing could be checked. */
export function unchecked(answer: SourceAnswer): SourceAnswer {
  const status: SourceStatus = 'partial';
  return { ...answer, status, text: withheldWholeWords, resources: [], contacts: [], documents: [] };
}
