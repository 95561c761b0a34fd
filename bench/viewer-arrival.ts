import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession, Frame, Page } from '@playwright/test';
import { ms, quantile, type Figure } from './figure.ts';
import { firstRowText } from './people.ts';
import type { Region } from './region.ts';
import { traceThread } from './trace.ts';
import { numberIn, slowDown, withHostPage } from './viewer-page.ts';
import { watchForRow } from './viewer-start.ts';

const resources = 20_000;

/** What the page's own thread was seen to do. Times in ms of the frame's clock. */
type Seen = {
  readonly tasks: readonly (readonly [start: number, duration: number])[];
  readonly inputs: readonly (readonly [start: number, delay: number])[];
  readonly shifts: readonly (readonly [at: number, value: number, of: string])[];
  readonly bytes: number;
};

/** In the frame: notes long tasks, how long an input waits for its handler, what moves, and how many bytes have come. */
function watchThread(): void {
  if (window.parent === window) return;
  const seen: { tasks: number[][]; inputs: number[][]; shifts: (number | string)[][]; bytes: number; endedAt: number } =
    {
      tasks: [],
      inputs: [],
      shifts: [],
      bytes: 0,
      endedAt: 0,
    };
  Object.assign(window, { seen });
  const movedIn = (entry: PerformanceEntry): string =>
    ('sources' in entry && Array.isArray(entry.sources) ? (entry.sources as readonly { node?: Node | null }[]) : [])
      .map(({ node }) => (node?.textContent ?? '').slice(0, 30))
      .join(' + ');
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) seen.tasks.push([one.startTime, one.duration]);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries())
      if ('hadRecentInput' in one && one.hadRecentInput === false && 'value' in one)
        seen.shifts.push([one.startTime, Number(one.value), movedIn(one)]);
  }).observe({ type: 'layout-shift', buffered: true });
  const note = (event: Event): void => void seen.inputs.push([event.timeStamp, performance.now() - event.timeStamp]);
  document.addEventListener('mousemove', note, { capture: true });
  document.addEventListener('keydown', note, { capture: true });
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its own reader below
  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader<unknown>) {
    const result = await read.call(this);
    if (result.value instanceof Uint8Array) seen.bytes += result.value.length;
    if (result.done && seen.bytes > 1_000_000) seen.endedAt = performance.now();
    return result;
  };
}

/** Moves the pointer about over the rows until told to stop. */
async function moving(tab: Page, signal: AbortSignal): Promise<void> {
  for (let at = 0; !signal.aborted; at += 1) {
    await tab.mouse.move(400 + (at % 40) * 10, 300 + (at % 20) * 10);
    await wait(20);
  }
}

/** From a press on a section in the rail to the paint in which its rows stand, ms. */
function switchMs(frame: Frame, section: string, mark: string): Promise<number> {
  return frame.evaluate(
    async ([name = '', mark = '']) => {
      const entry = [...document.querySelectorAll<HTMLElement>('[data-rail]')].find(
        (one) => one.querySelector('.name')?.textContent === name,
      );
      if (entry === undefined) throw new Error(`no ${name} in the rail`);
      const began = performance.now();
      performance.mark(`bench ${mark}`);
      // A press is a task of its own.
      setTimeout(() => entry.click(), 0);
      return new Promise<number>((done) => {
        const look = (): void => {
          const main = document.querySelector('main');
          const here = main?.getAttribute('aria-label') === name && main.querySelector('[data-row], td, svg') !== null;
          if (here && main.querySelector('[aria-busy]') === null)
            setTimeout(() => {
              performance.mark(`bench ${mark} done`);
              done(performance.now() - began);
            }, 0);
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      });
    },
    [section, mark],
  );
}

/** What the page and its worker hold after the collector went through, bytes. */
async function heapBytes(devtools: CDPSession): Promise<number> {
  let workerBytes = 0;
  const sessions: string[] = [];
  let next = 0;
  const answers = new Map<number, (result: { readonly usedSize?: number }) => void>();
  devtools.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') sessions.push(sessionId);
  });
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message) as { readonly id: number; readonly result: { usedSize?: number } };
    answers.get(id)?.(result);
  });
  const ask = (sessionId: string, method: string): Promise<{ readonly usedSize?: number }> =>
    new Promise((done) => {
      next += 1;
      answers.set(next, done);
      void devtools.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: next, method }) });
    });
  await devtools.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  await wait(500);
  if (sessions.length === 0) throw new Error('the worker was not found');
  for (const session of sessions) {
    await ask(session, 'HeapProfiler.collectGarbage');
    workerBytes += (await ask(session, 'Runtime.getHeapUsage')).usedSize ?? 0;
  }
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize + workerBytes;
}

const sectionNames = ['Results', 'Problems', 'Medicines', 'Contacts', 'Timeline', 'Allergies', 'Overview'];

/**
 * A record of 20,000 resources arriving in the page, its thread slowed down four times: how long it is held, how long an
 * input waits, what moves, how fast a section is changed, and what all of it takes.
 */
export async function viewerArrivalFigures(region: Region, signal: AbortSignal): Promise<readonly Figure[]> {
  await region.sources.ask({ resources });
  const [figures = []] = await withHostPage<readonly Figure[]>(region, async (launch) => [
    await launch(
      {
        slowDown,
        watch: async (context) => {
          await context.addInitScript(watchForRow, firstRowText);
          await context.addInitScript(watchThread);
        },
      },
      async ({ browser, tab, frame }) => {
        signal.throwIfAborted();
        const traced = await traceThread(browser, 'bench row');
        const rowAt = await numberIn(frame, 'window.rowAt ?? 0', 'clinical row', 40_000);
        const started = rowAt - Number(await frame.evaluate('performance.timeOrigin'));
        const stop = new AbortController();
        const pointer = moving(tab, stop.signal);
        await numberIn(frame, 'window.seen.endedAt', 'end of the stream', 60_000);
        // What came last is still on its way through the worker.
        await wait(4_000);
        stop.abort();
        await pointer;
        await frame.evaluate(`performance.mark('bench whole')`);
        const seen = (await frame.evaluate('window.seen')) as Seen;
        const inputs = seen.inputs.map(([, delay]) => delay);
        const shift = seen.shifts.reduce((sum, [, value]) => sum + value, 0);
        const clocks: number[] = [];
        for (const time of ['first', 'again'])
          for (const name of sectionNames) clocks.push(await switchMs(frame, name, `${name} ${time}`));
        const { tasks: tasksOf } = await traced();
        const tasks = tasksOf('bench row', 'bench whole');
        const switches = ['first', 'again'].map((time) =>
          sectionNames.map((name) => {
            const ran = tasksOf(`bench ${name} ${time}`, `bench ${name} ${time} done`);
            return ran.reduce((sum, one) => sum + one, 0);
          }),
        );
        const [firsts = [], again = []] = switches;
        const slowest = Math.max(...again);
        const named = (times: readonly number[]): string =>
          sectionNames.map((name, at) => `${name} ${(times[at] ?? 0).toFixed(0)}`).join(', ');
        const heap = await heapBytes(await tab.context().newCDPSession(tab));
        const longest = Math.max(0, ...tasks);
        const times = heap / seen.bytes;
        return [
          {
            what: `20,000 resources arriving, ${slowDown} x slow-down: longest task`,
            measured: { value: longest, unit: 'ms' },
            target: '50 ms',
            met: longest <= 50,
            note: `processor time of the page's thread, from the first row on; ${tasks.filter((one) => one > 50).length} above 50 ms: ${tasks
              .toSorted((a, b) => b - a)
              .slice(0, 12)
              .map((one) => one.toFixed(0))
              .join(', ')}; by the clock ${seen.tasks
              .filter(([at]) => at > started)
              .map(([, one]) => one)
              .toSorted((a, b) => b - a)
              .slice(0, 6)
              .map((one) => one.toFixed(0))
              .join(', ')}`,
          },
          {
            what: `20,000 resources arriving, ${slowDown} x slow-down: input delay`,
            measured: { value: Math.max(0, ...inputs), unit: 'ms' },
            target: '100 ms',
            met: Math.max(0, ...inputs) < 100,
            note: `the longest of ${inputs.length} moves of the pointer; p95 ${ms(quantile(inputs, 0.95))}`,
          },
          {
            what: `section switch with 20,000 resources, ${slowDown} x slow-down`,
            measured: { value: slowest, unit: 'ms' },
            target: '100 ms',
            met: slowest < 100,
            note: `processor time of the page's thread: ${named(again)}; the first time ${named(firsts)}; by the clock ${named(clocks.slice(sectionNames.length))}`,
          },
          {
            what: 'heap at 20,000 resources, to the bytes received',
            measured: { value: times, unit: '' },
            target: '6 x',
            met: times < 6,
            note: `page and worker ${(heap / 1e6).toFixed(0)} MB, received ${(seen.bytes / 1e6).toFixed(1)} MB`,
          },
          {
            what: 'layout shift after first paint',
            measured: { value: shift, unit: '' },
            target: '0.00',
            met: shift < 0.005,
            note: seen.shifts.map(([at, value, of]) => `${value.toFixed(4)} at ${at.toFixed(0)} (${of})`).join(', '),
          },
        ];
      },
    ),
  ]);
  await region.sources.ask({});
  return figures;
}
