/** What counts as use: a hand on pointer, wheel, key or screen. */
const uses = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'scroll', 'touchstart', 'touchmove'] as const;
/** When a page that slept may be awake again. */
const wakings = ['focus', 'pageshow', 'online'] as const;
const checkMs = 5_000;

/** How the lock sees time, for tests. `wall` jumps when a laptop wakes; `steady` cannot be set back. */
export type Clocks = { readonly wall: () => number; readonly steady: () => number };
const realClocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * Calls `onIdle`, once, when nobody has used the page for `limitMs`: by the clock, not by a timer alone, so that a laptop
 * that slept locks when it wakes, before the touch that woke it counts as use.
 * @returns a function that ends the watch
 */
export function lockWhenIdle(limitMs: number, onIdle: () => void, clocks: Clocks = realClocks): () => void {
  let last = { wall: clocks.wall(), steady: clocks.steady() };
  let place = '';
  const check = (): boolean => {
    // The longer of the two: neither a clock set back nor one that stands still in sleep keeps the page open.
    const idleMs = Math.max(clocks.wall() - last.wall, clocks.steady() - last.steady);
    if (idleMs < limitMs) return false;
    stop();
    onIdle();
    return true;
  };
  const used = (event: Event): void => {
    if (event instanceof MouseEvent && event.type === 'pointermove') {
      // The page moves under a pointer that lies still: nobody is there.
      const now = `${event.screenX} ${event.screenY}`;
      if (now === place) return;
      place = now;
    }
    if (!check()) last = { wall: clocks.wall(), steady: clocks.steady() };
  };
  const seen = (): void => {
    if (document.visibilityState === 'visible') check();
  };
  const timer = setInterval(check, checkMs);
  for (const use of uses) window.addEventListener(use, used, { capture: true, passive: true });
  for (const waking of wakings) window.addEventListener(waking, check);
  document.addEventListener('visibilitychange', seen);
  const stop = (): void => {
    clearInterval(timer);
    for (const use of uses) window.removeEventListener(use, used, { capture: true });
    for (const waking of wakings) window.removeEventListener(waking, check);
    document.removeEventListener('visibilitychange', seen);
  };
  return stop;
}
