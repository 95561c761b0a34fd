import type { ReactElement, ReactNode } from 'react';
import { RowContext, useRowState } from './rows.ts';
import { ViewerContext } from './viewer.ts';
import type { Viewer } from './viewer-state.ts';

/** Gives the parts of the page the viewer's state, and its rows what they alone read. */
export function ViewerProvider({
  viewer,
  children,
}: {
  readonly viewer: Viewer;
  readonly children: ReactNode;
}): ReactElement {
  const rows = useRowState(viewer);
  return (
    <ViewerContext value={viewer}>
      <RowContext value={rows}>{children}</RowContext>
    </ViewerContext>
  );
}
