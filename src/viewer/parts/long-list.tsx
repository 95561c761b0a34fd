import { useVirtualizer } from '@tanstack/react-virtual';
import { use, useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import type { Group } from '../../record/record.ts';
import { List, ListRow, onRowKeys, ScrollContext, type RenderRow } from './list.tsx';

/** A list of which only the rows near the view are made; heights are measured as they come. */
export function LongList(props: {
  readonly groups: readonly Group[];
  readonly render: RenderRow;
  readonly height: number;
}): ReactElement {
  const scroll = use(ScrollContext);
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => setScrollMargin(list.current?.offsetTop ?? 0), []);
  const virtual = useVirtualizer({
    count: props.groups.length,
    getScrollElement: () => scroll?.current ?? null,
    estimateSize: () => props.height,
    overscan: 4,
    scrollMargin,
    initialRect: { width: 800, height: 600 },
    getItemKey: (index) => props.groups[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const before = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return (
    <List
      ref={list}
      onKeyDown={onRowKeys}
      data-after={props.groups.length - 1 - (items.at(-1)?.index ?? 0)}
      style={{ paddingTop: Math.max(0, before), paddingBottom: Math.max(0, after) }}
    >
      {items.map((item) => {
        const group = props.groups[item.index];
        return group === undefined ? null : (
          <ListRow
            key={group.id}
            group={group}
            render={props.render}
            measure={virtual.measureElement}
            index={item.index}
          />
        );
      })}
    </List>
  );
}
