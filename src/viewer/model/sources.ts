import { isWhole } from '../../fhir/status.ts';
import { dayOf, formatDate, formatTime, type FhirDate } from '../../fhir/date.ts';
import type { ClinicalRecord, SourceState } from '../../record/record.ts';
import { endedWords, listed, notAskedWords, stateWords } from '../words.ts';

/** The sources of these ids, in the region's order. */
export function sourcesOf(record: ClinicalRecord, ids: readonly string[]): readonly SourceState[] {
  return record.sources.filter((one) => ids.includes(one.source.id));
}

/** A source whose answer is not whole and will not come of itself. `not-permitted` is the role's doing, no gap in the answer. */
export function isGap(source: SourceState): boolean {
  return source.status !== 'asking' && source.status !== 'not-permitted' && !isWhole(source.status);
}

/** Answered, in whole or in part: what the meter fills. */
export function hasAnswered(source: SourceState): boolean {
  return source.status !== 'asking' && source.status !== 'timeout' && source.status !== 'unavailable';
}

/** How the sources stand, in numbers. */
export type SourceCount = {
  readonly all: number;
  readonly asking: number;
  readonly answered: number;
  readonly gaveRecord: number;
  readonly gaveNone: number;
};

export function countSources(record: ClinicalRecord): SourceCount {
  const { sources } = record;
  const answered = sources.filter(hasAnswered);
  const gaveRecord = answered.filter((one) => one.status === 'complete' || one.status === 'partial').length;
  return {
    all: sources.length,
    asking: sources.filter((one) => one.status === 'asking').length,
    answered: answered.length,
    gaveRecord,
    gaveNone: answered.length - gaveRecord,
  };
}

/** How a source ended, in the middle of a sentence after its name; empty while it is asked. */
export function endedOf({ status, notAsked }: SourceState): string {
  if (notAsked) return notAskedWords;
  return status === 'asking' ? '' : endedWords[status];
}

/** Why a source answered in part, the first of its reasons; undefined where it did not say. */
export function reasonOf({ text }: SourceState): string | undefined {
  const [, reasons] = text.split(/:\s*/, 2);
  return reasons?.split(';', 1)[0];
}

/** `WMShCR has not answered. UHDB and SCC cannot be reached.` One sentence for each way of not having answered. */
export function gapSentences(sources: readonly SourceState[]): string {
  const gaps = sources.filter(isGap);
  const kinds = [...new Set(gaps.map(endedOf))];
  return kinds
    .map((ended) => {
      const labels = gaps.filter((one) => endedOf(one) === ended).map((one) => one.source.label);
      return `${listed(labels)} ${labels.length > 1 ? ended.replace(/^has /, 'have ').replace(/^was /, 'were ') : ended}.`;
    })
    .join(' ');
}

/** How fresh a source's data is: `as of 17-Nov-2026`, on the same day `as of today 07:10`. @param now ms since 1970 */
export function asOfWords(date: FhirDate, now: number): string {
  const today = formatDate(dayOf(now)) === formatDate({ ...date, precision: 'day' });
  if (!today || date.precision !== 'time') return `as of ${formatDate(date)}`;
  return `as of today ${formatTime(date.instant)}`;
}

/** The state of a source, standing by itself. */
export function stateOf(state: SourceState): string {
  return state.notAsked ? 'Was not asked' : stateWords(state.status, answeredTime(state));
}

/** The time of day at which a source answered, London. */
export function answeredTime(source: SourceState): string {
  return source.answeredAt === undefined ? '' : formatTime(source.answeredAt);
}
