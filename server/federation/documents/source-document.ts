import type { KeptVerdict, Verdict } from './verdict.ts';

/** Where a document's bytes are: they came with the answer, or are to be had at an address of the source's own. */
export type Place =
  { readonly kind: 'inline'; readonly bytes: Buffer } | { readonly kind: 'address'; readonly url: string };

/** A document of a source's answer: what it is to the facade, and how it is come by. It never leaves the server. */
export type SourceDocument = {
  /** Its id as a Binary of the facade. */
  readonly id: string;
  /** `Type/id`, as the facade has them, of the resources that hold it; `Type/id#contained` where one inside holds it. */
  readonly holders: readonly string[];
  readonly contentType?: string;
  readonly place: Place;
  /** What its words meet. Absent: it has not been read. */
  readonly verdict?: Verdict;
  /** By which it was known when that was decided. */
  readonly known?: Omit<KeptVerdict, 'verdict'>;
  /** Under which the verdict is kept. */
  readonly key: string;
};

/** The bytes that a document holds in memory. */
export function heldBytes(documents: readonly SourceDocument[] | undefined): number {
  return (documents ?? []).reduce((sum, { place }) => sum + (place.kind === 'inline' ? place.bytes.byteLength : 0), 0);
}
