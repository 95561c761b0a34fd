import { useEffect, useState, type RefObject } from 'react';

/** True while someone is at it: the pointer stands over it, or focus is within. */
function isAttended(area: HTMLElement): boolean {
  return area.matches(':hover') || (document.activeElement !== null && area.contains(document.activeElement));
}

/**
 * Whether an area keeps the room that it was given while organisations were still asked, so that nothing in it moves as
 * they answer. When all have answered it closes up, but never under the pointer: then as soon as that has left.
 */
export function useHeldRoom(asking: boolean, area: RefObject<HTMLElement | null>): boolean {
  const [held, setHeld] = useState(asking);
  useEffect(() => {
    const element = area.current;
    if (!held || asking || element === null) return undefined;
    const release = (): void => {
      if (!isAttended(element)) setHeld(false);
    };
    release();
    element.addEventListener('pointerleave', release);
    element.addEventListener('focusout', release);
    return () => {
      element.removeEventListener('pointerleave', release);
      element.removeEventListener('focusout', release);
    };
  }, [asking, held, area]);
  return held;
}
