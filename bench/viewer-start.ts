import { median, ms, type Figure } from './figure.ts';
import { firstRowText } from './people.ts';
import type { Region } from './region.ts';
import { numberIn, slowDown, withHostPage } from './viewer-page.ts';

const runs = 3;

/** In every frame: notes when the awaited text is in the page and has been painted. */
export function watchForRow(awaited: string): void {
  const look = (): boolean => document.body.textContent.includes(awaited);
  const note = (): void => {
    requestAnimationFrame(() =>
      setTimeout(() => {
        Object.assign(window, { rowAt: performance.timeOrigin + performance.now() });
        performance.mark('bench row');
      }, 0),
    );
  };
  const start = (): void => {
    if (look()) {
      note();
      return;
    }
    const observer = new MutationObserver((changes) => {
      const here = changes.some((change) =>
        [...change.addedNodes, change.target].some((node) => node.textContent?.includes(awaited) === true),
      );
      if (!here) return;
      observer.disconnect();
      note();
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  };
  if (window.parent === window) return;
  document.addEventListener('DOMContentLoaded', start);
}

/** Notes when the line with the awaited text comes off the wire, before the page reads it. */
export function watchForLine(awaited: string): void {
  if (window.parent === window) return;
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its own reader below
  const { read } = ReadableStreamDefaultReader.prototype;
  const decoder = new TextDecoder();
  let found = false;
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader<unknown>) {
    const result = await read.call(this);
    if (!found && result.value instanceof Uint8Array && decoder.decode(result.value).includes(awaited)) {
      found = true;
      Object.assign(window, { lineAt: performance.timeOrigin + performance.now() });
    }
    return result;
  };
}

/**
 * From the click in the host's page to the first clinical row painted in the frame, with the page's thread slowed down
 * four times and nothing in the browser's cache; then, at the machine's own speed, from the line of that row on the wire
 * to the row.
 */
export async function viewerStartFigures(region: Region, signal: AbortSignal): Promise<readonly Figure[]> {
  const failures: string[] = [];
  const timesOf = (rate: number, from: 'click' | 'line'): Promise<readonly number[]> =>
    withHostPage<number>(region, async (launch) => {
      const times: number[] = [];
      for (let i = 0; i < runs; i += 1) {
        signal.throwIfAborted();
        try {
          times.push(
            await launch(
              {
                slowDown: rate,
                watch: async (context) => {
                  await context.addInitScript(watchForRow, firstRowText);
                  if (from === 'line') await context.addInitScript(watchForLine, firstRowText);
                },
              },
              async ({ frame, clickedAt }) => {
                const rowAt = await numberIn(frame, 'window.rowAt ?? 0', 'clinical row');
                return rowAt - (from === 'click' ? await clickedAt() : await numberIn(frame, 'window.lineAt', 'line'));
              },
            ),
          );
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
        }
      }
      if (times.length === 0) throw new Error(failures[0]);
      return times;
    });
  const said = (times: readonly number[]): string =>
    `the middle of ${times.map((time) => ms(time)).join(', ')}; cold cache${failures.length === 0 ? '' : `; ${failures.length} failed: ${failures[0]}`}`;
  const clicks = await timesOf(slowDown, 'click');
  const lines = await timesOf(1, 'line');
  return [
    {
      what: `viewer, click in the host to first clinical row, ${slowDown} x slow-down`,
      measured: { value: median(clicks), unit: 'ms' },
      target: '1,500 ms',
      met: median(clicks) < 1500,
      note: said(clicks),
    },
    {
      what: 'viewer, first line on the wire to its row on the screen',
      measured: { value: median(lines), unit: 'ms' },
      target: '100 ms',
      met: median(lines) < 100,
      note: said(lines),
    },
  ];
}
