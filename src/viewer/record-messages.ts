import type { RegionView } from '../fhir/region.ts';
import type { Patch, Portion } from '../record/patch.ts';
import type { GroupDetail, SearchAnswer } from '../record/record.ts';

/** What the page tells the worker that holds the record. */
export type ToWorker =
  /** The organisations are asked (again): lines from now on belong to this asking. */
  | {
      readonly kind: 'begin';
      readonly region: RegionView;
      readonly now: number;
      /** Absent: everyone is asked. */
      readonly sources?: readonly string[];
    }
  /** When the user last looked, ms since 1970. */
  | { readonly kind: 'since'; readonly at: number }
  | { readonly kind: 'lines'; readonly lines: readonly string[]; readonly at: number }
  /** The stream ended, whole or not: show what came. */
  | { readonly kind: 'end'; readonly run: number }
  /** The record may not be shown: nothing of it is kept. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'detail'; readonly question: number; readonly id: string }
  | { readonly kind: 'search'; readonly question: number; readonly query: string };

export type FromWorker =
  /** Groups of the record that follows. */
  | { readonly kind: 'groups'; readonly forgotten: number; readonly portion: Portion }
  /**
   * `askedAt`: when the organisations were asked of whom it is made, the first of them. `ended`: the asking that had ended
   * when it was made; all that came in it is in there.
   */
  /** `forgotten`: how often the worker has been told to forget; what it said before the last time is not to be shown. */
  | {
      readonly kind: 'record';
      readonly forgotten: number;
      readonly ended: number | undefined;
      readonly patch: Patch;
      readonly askedAt: number;
    }
  | { readonly kind: 'detail'; readonly question: number; readonly detail: GroupDetail | undefined }
  /** Never ahead of the record that it was found in: that is sent first. */
  | { readonly kind: 'found'; readonly question: number; readonly answer: SearchAnswer | undefined };
