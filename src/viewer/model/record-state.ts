import { useDeferredValue, useMemo, useSyncExternalStore } from 'react';
import type { RecordSource, RecordState } from '../record-source.ts';

/**
 * How the record stands. One that grows is drawn in slices, behind whatever the user does, so that no input waits for what
 * arrives. Whatever puts another page in its place is drawn at once: nothing of a closed record stays (H9), nor of another
 * person's (H1).
 */
export function useRecordState(source: RecordSource): RecordState {
  const now = useSyncExternalStore(source.subscribe, source.state);
  const drawn = useDeferredValue(useMemo(() => ({ source, state: now }), [source, now]));
  return now.kind === 'shown' && drawn.source === source && drawn.state.kind === 'shown' ? drawn.state : now;
}
