import { lazy, Suspense, type ReactElement } from 'react';
import type { Group } from '../../record/record.ts';
import { List, ListRow, onRowKeys, type RenderRow } from './list.tsx';

const many = 200;
/** What stands while the part that windows a list comes: as many as a screen holds. */
const aScreen = 20;
const LongList = lazy(async () => ({ default: (await import('./long-list.tsx')).LongList }));

/** The rows of a list, in their order; over 200 of them only those near the view are made. */
export function RowList(props: {
  readonly groups: readonly Group[];
  readonly render: RenderRow;
  /** What a row is likely to be high, px. */
  readonly height?: number;
}): ReactElement {
  const { groups, render, height = 48 } = props;
  const plain = (most: number): ReactElement => (
    <List onKeyDown={onRowKeys} data-after={Math.max(0, groups.length - most)}>
      {groups.slice(0, most).map((group) => (
        <ListRow key={group.id} group={group} render={render} />
      ))}
    </List>
  );
  if (groups.length <= many) return plain(many);
  return (
    <Suspense fallback={plain(aScreen)}>
      <LongList groups={groups} render={render} height={height} />
    </Suspense>
  );
}
