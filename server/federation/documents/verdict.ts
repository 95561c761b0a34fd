/**
 * What is known of a document's words. `read`: the categories that they meet, mostly none. `unreadable`: a scan, a picture, an
 * unknown type; it stands for what its reference says of it. `beyond`: it has words, but more than can be read.
 */
export type Verdict =
  | { readonly kind: 'read'; readonly categories: readonly string[] }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'beyond' };

/** A verdict as it is kept, and by what the document it was given on is known again. All of it is hashes and codes. */
export type KeptVerdict = {
  readonly verdict: Verdict;
  /** Keyed hash of the document's bytes. */
  readonly content: string;
  /** Keyed hash of what the source calls this state of the document (ETag, Last-Modified); absent where it does not. */
  readonly state?: string;
};

/** Verdicts by keyed hash of source, id, version and rules. Never a text, and nothing of whom it is about. */
export type Verdicts = {
  /** Those that are kept of these keys. */
  readonly of: (keys: readonly string[]) => Promise<ReadonlyMap<string, KeptVerdict>>;
  /** Keeps verdicts; `days` is how long. One that is known already is replaced. */
  readonly keep: (kept: readonly (KeptVerdict & { readonly key: string; readonly days: number })[]) => Promise<void>;
};

/** What documents' words are held against. */
export type DocumentRules = {
  /** Another text whenever anything would be decided otherwise. */
  readonly version: string;
  /** The ids of the enabled categories that words, or codes in markup, of a text meet. Pure. */
  readonly categoriesIn: (text: string) => readonly string[];
};
