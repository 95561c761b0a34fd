import { createContext, use, useMemo, useState } from 'react';
import type { SourceView } from '../../fhir/region.ts';
import type { ClinicalRecord } from '../../record/record.ts';
import type { Viewer } from './viewer-state.ts';

/**
 * What a row reads of the page. Apart from the rest of its state, so that what arrives draws the rows anew that it
 * changes, and not every row.
 */
export type RowState = {
  /** A member id of the group whose drawer is open. */
  readonly open: string | undefined;
  readonly openGroup: (id: string | undefined) => void;
  /** Who a source is, by its id. How it stands is not known here. */
  readonly sources: ReadonlyMap<string, SourceView>;
};

export const RowContext = createContext<RowState | undefined>(undefined);

/** What a row reads of the page; only inside the frame. */
export function useRows(): RowState {
  const rows = use(RowContext);
  if (rows === undefined) throw new Error('No viewer around this row');
  return rows;
}

const sourcesOf = (record: ClinicalRecord): readonly SourceView[] => record.sources.map(({ source }) => source);

function isSame(a: readonly SourceView[], b: readonly SourceView[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ id, name, setting }, at) => id === b[at]?.id && name === b[at].name && setting === b[at].setting)
  );
}

/** The same object for as long as nothing of it has changed: each snapshot brings its sources anew. */
export function useRowState({ record, open, openGroup }: Viewer): RowState {
  const [known, setKnown] = useState(() => sourcesOf(record));
  const now = sourcesOf(record);
  const same = isSame(known, now);
  if (!same) setKnown(now);
  const views = same ? known : now;
  return useMemo(
    () => ({ open, openGroup, sources: new Map(views.map((one) => [one.id, one])) }),
    [open, openGroup, views],
  );
}
