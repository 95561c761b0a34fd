import type { LaunchView, RegionView } from '../../fhir/region.ts';
import type { Documents } from '../../launch/documents.ts';
import type { Looks } from '../../launch/looks.ts';
import type { OwnProfile } from '../../launch/own-profile.ts';
import type { ClinicalRecord, GroupDetail, SearchAnswer, SectionId } from '../../record/record.ts';
import type { Connection } from './connection.ts';
import type { Filter } from './filter.ts';
import type { Help } from './help.ts';

/** Everything the parts of the page read: one record, who looks at it, and how to move about in it. */
export type Viewer = {
  readonly record: ClinicalRecord;
  readonly region: RegionView;
  readonly launchView: LaunchView | undefined;
  readonly scopes: readonly string[];
  readonly needPatientBanner: boolean;
  /** The user's own profile; absent where there is none to ask for. */
  readonly own: OwnProfile | undefined;
  /** Reports what is looked at, so that the person can be told. */
  readonly look: Looks['look'];
  /** Opens documents of the record. */
  readonly documents: Documents;
  /** Which records' documents were opened since the page was, by member id, and when (ms since 1970). Kept nowhere else. */
  readonly read: ReadonlyMap<string, number>;
  readonly markRead: (memberIds: readonly string[]) => void;
  /** Which safeguarding concerns' details were asked for since the page was opened, by member id. */
  readonly revealed: ReadonlySet<string>;
  readonly reveal: (memberIds: readonly string[]) => void;
  /** The record with the details of every safeguarding concern, for a print that is to have them. */
  readonly unveiled: ClinicalRecord;
  readonly connection: Connection;
  readonly offline: boolean;
  /** When the organisations were asked, and now; ms since 1970. */
  readonly askedAt: number;
  readonly now: number;
  /** Reads the clock at once: a print carries its minute. */
  readonly refreshNow: () => void;
  readonly section: SectionId;
  readonly filter: Filter;
  /** A member id of the group whose drawer is open. */
  readonly open: string | undefined;
  readonly goTo: (section: SectionId) => void;
  readonly openGroup: (id: string | undefined) => void;
  readonly setFilter: (filter: Filter) => void;
  /** Asks everyone anew. */
  readonly askAgain: () => void;
  /** Asks those again who failed. */
  readonly tryAgain: () => void;
  /** The ways to learn to read the record, of which one at a time stands above the section. */
  readonly help: Help;
  /** Closes the record and signs out. */
  readonly close: () => void;
  readonly detail: (id: string) => Promise<GroupDetail | undefined>;
  readonly search: (query: string) => Promise<SearchAnswer | undefined>;
};
