import type { Browser } from '@playwright/test';

type TraceEvent = {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly tdur?: number;
};

/**
 * What the page's thread did: its tasks with their own processor time, so that other work on the machine does not count,
 * and when the page set its marks.
 */
export type Thread = {
  /** The processor time of each task that began between two marks, ms. */
  readonly tasks: (from: string, to: string) => readonly number[];
};

/** Traces tasks and marks in a browser from now on. @param page a mark that the page's thread sets */
export async function traceThread(browser: Browser, page: string): Promise<() => Promise<Thread>> {
  const devtools = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as readonly TraceEvent[])));
  const whole = new Promise<void>((done) => devtools.once('Tracing.tracingComplete', () => done()));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      recordMode: 'recordUntilFull',
      traceBufferSizeInKb: 400_000,
      includedCategories: ['blink.user_timing', 'toplevel'],
    },
  });
  return async () => {
    await devtools.send('Tracing.end');
    await whole;
    const set = events.find((one) => one.name === page);
    if (set === undefined) throw new Error(`${page} is not in the trace`);
    const own = events.filter((one) => one.pid === set.pid && one.tid === set.tid);
    const at = (mark: string): number => {
      const found = own.find((one) => one.name === mark);
      if (found === undefined) throw new Error(`${mark} is not in the trace`);
      return found.ts;
    };
    return {
      tasks: (from, to) => {
        const [start, end] = [at(from), at(to)];
        return own.flatMap(({ name, ts, tdur }) =>
          name === 'ThreadControllerImpl::RunTask' && tdur !== undefined && ts >= start && ts < end
            ? [tdur / 1000]
            : [],
        );
      },
    };
  };
}
