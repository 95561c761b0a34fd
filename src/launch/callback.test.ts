import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

it('the callback page hands its query to its own origin, and leads nowhere (A-17) @6', async () => {
  const sent = vi.fn<(message: string, origin: string) => void>();
  vi.stubGlobal('parent', { postMessage: sent });
  const before = window.location.href;
  await import('./callback.ts');
  expect(sent.mock.calls).toEqual([[window.location.search, window.location.origin]]);
  expect(window.location.href).toBe(before);
});
