/** What a search in a document found: how many places, and how many pages are pictures that nobody can search. */
export type Found = { readonly count: number; readonly unread: number };

/** A document that stands on the screen: what the reader's bar can do with it. */
export type Shown = {
  /** How many pages it has; undefined where it has none. */
  readonly pages?: number;
  readonly turnTo?: (page: number) => void;
  /** Marks what the pattern finds and says how often; without a pattern it takes the marks away. Absent: a picture has no words. */
  readonly find?: (pattern: RegExp | undefined) => Promise<Found>;
  /** Scrolls to one of what was found last, counted from 0. */
  readonly reveal?: (index: number) => void;
  /** What of it is not shown here, in words. */
  readonly left?: string | undefined;
};

/** Why a document that came is not shown. */
export type Unshown = 'password' | 'broken' | 'too-large';

/** What each way of showing a document is given. */
export type ViewProps = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string | undefined;
  /** What it is called, for those who listen. */
  readonly name: string;
  /** 1: as wide as there is room. */
  readonly zoom: number;
  readonly onShown: (shown: Shown) => void;
  readonly onPage: (page: number) => void;
  readonly onUnshown: (why: Unshown) => void;
  /** What has been copied out of it goes with whose it is. */
  readonly onCopy: (event: ClipboardEvent) => void;
};
