import type { SourceStatus } from '../../src/fhir/status.ts';
import type { SourceError } from './source-error.ts';

/** What stands on the screen for each way in which a source may end (viewer-look.md §6). Never the source's own words. */
export const statusWords: Readonly<Record<SourceStatus, string>> = {
  complete: 'Answered',
  partial: 'Answered in part',
  timeout: 'Has not answered',
  unavailable: 'Cannot be reached',
  'no-record': 'Gave no record to show',
  'not-sharing': 'Does not share with One Health and Care',
  'identity-mismatch': 'Answered about someone whose details differ: not shown',
  'not-permitted': 'Not shown to your role',
};

/** Why an answer is only a part, as the screen says it behind "Answered in part". */
export const partialReasons = {
  'did-not-arrive': 'not everything arrived',
  'source-says-so': 'the organisation’s system says that something is missing',
  'not-proved': 'something could not be proved to be about this person',
  unreadable: 'something could not be read',
  'allergies-not-given': 'allergies are missing or incomplete',
  'medicines-not-given': 'medicines are missing or incomplete',
  'problems-not-given': 'problems are missing or incomplete',
  'consultations-not-given': 'consultations and documents are missing or incomplete',
  'immunisations-not-given': 'immunisations are missing or incomplete',
  'uncategorised-not-given': 'measurements and other entries are missing or incomplete',
  'investigations-not-given': 'test results are missing or incomplete',
  'referrals-not-given': 'referrals are missing or incomplete',
  'diary-not-given': 'recalls are missing or incomplete',
  'place-unread': 'where something was done could not be checked, so it is not shown',
  'documents-unread': 'a document has not been checked yet and is left out',
} as const;
export type PartialReason = keyof typeof partialReasons;

/** What a fault that left a part of an answer did to the rest. */
export function lossOf(fault: SourceError): PartialReason {
  return fault.kind === 'not-fhir' ? 'unreadable' : 'did-not-arrive';
}

/** "Answered in part: …" with each reason once, in the order above. */
export function partialWords(reasons: ReadonlySet<PartialReason>): string {
  const said = (Object.keys(partialReasons) as PartialReason[])
    .filter((reason) => reasons.has(reason))
    .map((reason) => partialReasons[reason]);
  return said.length === 0 ? statusWords.partial : `${statusWords.partial}: ${said.join('; ')}`;
}

/** For everyone else, where a host knows no NHS number for the person. */
export function notAskedWords(host: string): string {
  return `Was not asked: ${host} knows no NHS number for this person`;
}

/** For GP practices that are not asked, in words of their own. */
export const practiceWords = {
  outsideRegion: 'Gave no record to show: the person is registered with a GP practice outside the region',
  notRegistered: 'Gave no record to show: the person is not registered with a GP practice',
} as const;
