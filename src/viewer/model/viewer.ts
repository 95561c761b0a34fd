import { createContext, use } from 'react';
import { withinRole } from './role.ts';
import type { Viewer } from './viewer-state.ts';

export const ViewerContext = createContext<Viewer | undefined>(undefined);

/** The viewer's state; only inside the frame. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (viewer === undefined) throw new Error('No viewer around this part');
  return withinRole(viewer);
}
