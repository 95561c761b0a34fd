import type { Resource } from '../../src/fhir/resource.ts';
import type { Audit } from '../audit/entry.ts';
import type { Config } from '../config/config.ts';
import type { Federation, SourceAnswer } from '../federation/answer.ts';
import type { LaunchSession } from '../launch/context.ts';
import type { Logger } from '../log.ts';
import type { ConsentAnswers } from '../privacy/consent-answer.ts';
import type { ReadConsentState } from '../privacy/consent-state.ts';
import type { ObjectionWatch } from '../privacy/objection-watch.ts';
import type { Withholding } from '../privacy/withhold.ts';
import type { Early } from './early.ts';
import type { Held } from './held.ts';

/** What a disclosure works with; put together once for each configuration, in `edition.ts`. */
export type House = {
  readonly config: Config;
  readonly federation: Federation;
  /** The objections register, asked and heeded. */
  readonly register: Pick<ObjectionWatch, 'hides' | 'watch'>;
  readonly consentState: ReadConsentState;
  readonly consentAnswers: Pick<ConsentAnswers, 'remember'>;
  /** Begins to drop what is never shown, and everything that would betray it, from the answers of one record. Pure. */
  readonly beginWithholding: Withholding;
  readonly held: Held;
  readonly early: Early;
  /** Whether what a source brought may still be shown, as the configuration stands at this moment. */
  readonly isShared: (answer: Pick<SourceAnswer, 'source' | 'origin'>) => boolean;
  readonly audit: Audit;
  /** The value of `Authorization` at a SMART host, by the key under which its tokens are kept. */
  readonly hostAuthorization: (tokens: string) => Promise<string>;
  readonly log: Logger;
};

/** One request for a person's record. */
export type DisclosureRequest = {
  readonly session: LaunchSession;
  /** What is asked for, as it stands in the audit trail: `Patient`, `$everything`, `search Observation`. */
  readonly what: string;
  /** More for the audit trail: names and counts, nothing clinical. */
  readonly detail?: Readonly<Record<string, readonly string[]>>;
  /** A part of the record. Absent: all of it, asked of the sources anew. */
  readonly part?: {
    readonly interaction: 'read' | 'search' | 'everything';
    /** What is asked for, of what the role may see: nothing else leaves. Pure. */
    readonly includes: (resource: Resource) => boolean;
    /**
     * Absent: it may be answered from what the launch's last gathering brought. `stream`: asked of the sources anew, each
     * answer handed on as it comes. `hold`: asked of them anew, and held for the pages that follow.
     */
    readonly anew?: 'stream' | 'hold';
    /** True where nothing is wanted but what holds documents, and the documents with it. */
    readonly documents?: boolean;
  };
  /** True where nothing leaves before every source has been read: what goes in one then goes in all. */
  readonly together?: boolean;
  /** True where the one Patient is all that is wanted: what the launch has begun to gather stays for the record. */
  readonly patientAlone?: boolean;
  /**
   * The ids of the sources to ask anew, where the app has what the others gave. The practice is asked besides, unless it
   * said yes a short while ago.
   */
  readonly sources?: ReadonlySet<string>;
  /**
   * Aborted when the client goes away, and with a Fault where the look may not go on: everything asked for it is then
   * given up.
   */
  readonly signal: AbortSignal;
  /** Id of the HTTP request, for the log and the sources' trace headers. */
  readonly requestId: string;
};
