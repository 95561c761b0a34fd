import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockWhenIdle } from './idle-lock.ts';

const minute = 60_000;

describe('the idle lock', () => {
  let time: { wall: number; steady: number };
  let locked: ReturnType<typeof vi.fn<() => void>>;
  let stop: () => void;
  /** Lets time pass on both clocks, timers with it. */
  const pass = (ms: number): void => {
    for (let at = 0; at < ms; at += 5_000) {
      time = { wall: time.wall + 5_000, steady: time.steady + 5_000 };
      vi.advanceTimersByTime(5_000);
    }
  };
  beforeEach(() => {
    vi.useFakeTimers();
    time = { wall: 1_000_000, steady: 0 };
    locked = vi.fn<() => void>();
    stop = lockWhenIdle(15 * minute, locked, { wall: () => time.wall, steady: () => time.steady });
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('locks after fifteen minutes without use, once', () => {
    pass(15 * minute - 5_000);
    expect(locked).not.toHaveBeenCalled();
    pass(10_000);
    expect(locked).toHaveBeenCalledTimes(1);
    pass(60 * minute);
    expect(locked).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a press', () => new PointerEvent('pointerdown')],
    ['a pointer that moves', () => new PointerEvent('pointermove', { screenX: Math.random() * 1000, screenY: 3 })],
    ['a key', () => new KeyboardEvent('keydown', { key: 'a' })],
    ['the wheel', () => new WheelEvent('wheel')],
    ['a scroll', () => new Event('scroll')],
    ['a touch', () => new Event('touchstart')],
  ])('counts %s as use', (_name, make) => {
    for (let quarter = 0; quarter < 4; quarter += 1) {
      pass(10 * minute);
      window.dispatchEvent(make());
    }
    expect(locked).not.toHaveBeenCalled();
    pass(15 * minute);
    expect(locked).toHaveBeenCalledTimes(1);
  });

  it('does not count the page moving under a pointer that lies still', () => {
    window.dispatchEvent(new PointerEvent('pointermove', { screenX: 5, screenY: 5 }));
    for (let at = 0; at < 4; at += 1) {
      pass(4 * minute);
      window.dispatchEvent(new PointerEvent('pointermove', { screenX: 5, screenY: 5 }));
    }
    expect(locked).toHaveBeenCalledTimes(1);
  });

  it('locks a laptop on waking, before the touch that woke it counts', () => {
    // Asleep: no timer runs, and the steady clock stands still.
    time = { ...time, wall: time.wall + 40 * minute };
    window.dispatchEvent(new PointerEvent('pointerdown'));
    expect(locked).toHaveBeenCalledTimes(1);
  });

  it('locks a page that is shown again after its time', () => {
    time = { ...time, wall: time.wall + 40 * minute };
    window.dispatchEvent(new Event('pageshow'));
    expect(locked).toHaveBeenCalledTimes(1);
  });

  it('is not kept open by a clock that is set back', () => {
    time = { wall: time.wall - 24 * 60 * minute, steady: time.steady + 15 * minute };
    vi.advanceTimersByTime(5_000);
    expect(locked).toHaveBeenCalledTimes(1);
  });
});
