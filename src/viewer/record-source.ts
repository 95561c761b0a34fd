import type { ClinicalRecord, GroupDetail, SearchAnswer } from '../record/record.ts';
import type { Connection, Ending } from './model/connection.ts';

/** How the record of a launch stands: still nothing to show, something, or a page of its own. */
export type RecordState =
  | {
      readonly kind: 'shown';
      readonly record: ClinicalRecord;
      readonly connection: Connection;
      /** When the organisations were asked, ms since 1970. */
      readonly askedAt: number;
    }
  | { readonly kind: 'opening' }
  | { readonly kind: 'undecided' }
  | { readonly kind: Ending };

/** Where the page gets its record: from the server through the worker, or from a fixture. React subscribes to it. */
export type RecordSource = {
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => RecordState;
  /** Asks everyone again, or those sources alone whose ids are given: the record of the others stays. */
  readonly askAgain: (sources?: readonly string[]) => void;
  /** Closes the record: nothing of it stays, requests under way are broken off, the tokens are given back. */
  readonly end: (why: Ending) => void;
  readonly ended: () => boolean;
  readonly detail: (id: string) => Promise<GroupDetail | undefined>;
  /** Undefined where the record is closed. */
  readonly search: (query: string) => Promise<SearchAnswer | undefined>;
};
