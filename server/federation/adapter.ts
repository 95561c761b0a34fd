import type { SourceStatus } from '../../src/fhir/status.ts';
import type { Source } from '../config/schema.ts';
import type { Origin, Person, SourceAnswer } from './answer.ts';
import type { PracticeServer, Reached } from './auth/reach.ts';
import type { RawRecord } from './proved-record.ts';
import type { PartialReason } from './words.ts';

/** What an adapter is given to ask one source about one person. */
export type Asking = {
  readonly source: Source;
  readonly person: Person;
  /** The way to the source, or to one practice behind it: HTTP that carries our proof (auth/). */
  readonly reach: (practice?: PracticeServer) => Promise<Reached>;
  /** Where the person's Patient at this source is known already, its id: it is read and not searched for. */
  readonly patientId?: string;
  /** Ends at the source's deadline or when whoever asked goes away; every request must carry it. */
  readonly signal: AbortSignal;
};

/** How asking one source ended. */
export type Asked =
  | (RawRecord & {
      readonly kind: 'record';
      /** Why it may be only a part; empty where all of it came. */
      readonly reasons: readonly PartialReason[];
      readonly dataAsOf?: string;
      /** At the registered practice: whether all of its record is here to be read for dissent. */
      readonly practiceConsent?: 'answered' | 'unreachable';
    })
  | {
      readonly kind: 'nothing';
      readonly status: Exclude<SourceStatus, 'complete' | 'partial'>;
      /** Where the status's own words do not say enough. */
      readonly text?: string;
      readonly origin?: Origin;
      readonly differsOn?: readonly string[];
      readonly practiceConsent?: NonNullable<SourceAnswer['practiceConsent']>;
    };

/**
 * One kind of source. Adding a kind is one file with one of these and its line in `kinds.ts`: it asks, checks that
 * the Patient in the answer is the person (identity.ts), and hands on R4 entries as the source has them. That each
 * belongs to the person, ids, references, labels and words are done for every kind alike afterwards. It throws a
 * SourceError where it cannot go on; a part that came before that it hands on with its reasons.
 */
export type Adapter = {
  readonly ask: (asking: Asking) => Promise<Asked>;
  /** The base URL that it would ask, which a breaker stands before; undefined where it would ask none. */
  readonly addressOf: (source: Source, person: Person) => string | undefined;
  /** The practice at which documents are asked for, where the source has several behind it; `ods` is whose answer it was. */
  readonly documentsAt?: (source: Source, ods: string) => PracticeServer;
  /** What a SourceError means at this kind of source beyond its status; the practice's consent, for GP Connect. */
  readonly onError?: Pick<SourceAnswer, 'practiceConsent'>;
};

/** How a source stands in labels where no organisation behind it answers. */
export function originOf(source: Source): Origin {
  return { ods: source.ods, name: source.name, label: source.label };
}
