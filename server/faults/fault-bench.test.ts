import { resolve } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { format } from 'prettier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { object } from '../../src/fhir/json.ts';
import { budgetSchema } from '../config/schema.ts';
import { Allowance } from '../federation/allowance.ts';
import { createHttp } from '../federation/http.ts';
import {
  costOf,
  openRegion,
  sourceIds,
  startSources,
  type Answer,
  type Region,
  type Setting,
  type SourceId,
  type Sources,
} from './bench.testing.ts';
import { marker } from './behaviour.ts';
import { endingAtPractice, faultIds, faultOf, type Ending, type FaultId } from './fault.ts';
import { faultsPage } from './faults-page.ts';

let sources: Sources;
let faultless: Answer;
/** What keeps a process busy, by kind, before anything was opened. */
let idle: ReadonlyMap<string, number>;

const mebibyte = 1024 * 1024;
const waitMs = 1_000;

function resources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (/TCP|TLS|Timeout|FS|GetAddrInfo|Zlib/.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

async function within<Result>(setting: Setting, act: (region: Region) => Promise<Result>): Promise<Result> {
  const region = await openRegion(sources, setting);
  try {
    return await act(region);
  } finally {
    await region.close();
  }
}

/** Waits until nothing of a run is under way at its source any more; a leak never ends. */
async function untilIdle(region: Region): Promise<void> {
  while ((await region.state()).underWay > 0) await wait(10);
}

beforeAll(async () => {
  sources = await startSources();
  setDefaultCACertificates([...getCACertificates('default'), sources.ca]);
  faultless = await within({}, (region) => region.ask());
  await wait(50);
  idle = resources();
});
afterAll(() => sources.close());

/** Everything that holds of every fault: the others are whole, to the byte; the faulty one ended as it should; no word of it. */
function expectRight(answer: Answer, at: SourceId, ending: Ending, waits: boolean): void {
  const faulty = answer.came.get(at);
  expect(answer.status).toBe(200);
  expect({ status: faulty?.status, text: faulty?.text }).toEqual({ status: ending.status, text: ending.text });
  expect(answer.record).toBe(ending.status === 'complete' ? 'complete' : 'partial');
  expect(answer.body).not.toContain(marker);
  for (const id of sourceIds.filter((one) => one !== at)) {
    const [came, alone] = [answer.came.get(id), faultless.came.get(id)];
    expect([id, came?.status, came?.lines]).toEqual([id, 'complete', alone?.lines]);
    if (waits) expect(came?.place).toBeLessThan(faulty?.place ?? 0);
  }
  const own = faultless.came.get(at)?.lines ?? [];
  const shown = own.filter((line) => faulty?.lines.includes(line));
  if (ending.shown === 'all') expect(shown).toEqual(own);
  else if (ending.shown === 'nothing') expect(faulty?.lines).toEqual([]);
  else {
    expect(faulty?.lines).toEqual(own.slice(0, shown.length));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(own.length);
  }
}

test('the region without a fault is whole', () => {
  expect(faultless.record).toBe('complete');
  for (const id of sourceIds) expect(faultless.came.get(id)?.lines).toHaveLength(8);
});

const cases = faultIds.flatMap((fault) =>
  (['acute', 'council', 'gp'] as const).flatMap((at) => {
    const ending = at === 'gp' ? endingAtPractice(faultOf(fault)) : faultOf(fault).ends;
    return ending === undefined ? [] : [{ fault, at, ending, title: faultOf(fault).title }];
  }),
);

describe('a source with a fault', () => {
  test.concurrent.for(cases)('$at $title ($fault)', async ({ fault, at, ending }, { expect }) => {
    const waits = ending.status === 'timeout' || (faultOf(fault).waits === true && ending.status === 'partial');
    await within({ fault, at, ...(waits ? { deadlineMs: waitMs } : {}) }, async (region) => {
      expectRight(await region.ask(), at, ending, waits);
      await untilIdle(region);
      expect((await region.state()).trapped).toBe(0);
    });
  });
});

describe('the demographics service with a fault', () => {
  const failing = faultIds.filter((fault) => faultOf(fault).demographics !== undefined);
  test.concurrent.for(failing)('%s decides nothing, or does no harm', async (fault, { expect }) => {
    const { demographics, waits = false } = faultOf(fault);
    await within({ fault, at: 'pds', ...(waits ? { deadlineMs: waitMs } : {}) }, async (region) => {
      const answer = await region.ask();
      expect(answer.status).toBe(demographics === 'fine' ? 200 : 503);
      expect(answer.body).not.toContain(marker);
      if (demographics === 'undecided') expect(answer.body).toContain('could not be checked');
      else expect(answer.record).toBe('complete');
      await untilIdle(region);
    });
  });
});

describe('an address that cannot be reached', () => {
  const dead: Ending = { status: 'unavailable', text: 'Cannot be reached', shown: 'nothing' };
  test.each<[string, () => string]>([
    ['refuses every connection', () => `http://127.0.0.1:${sources.closedPort}/fhir`],
    // Too long for a name: no resolver on any network finds it.
    ['has a name that is not known any more', () => `http://${'a'.repeat(64)}.invalid/fhir`],
    [
      'shows a certificate that nobody signed',
      () => `https://127.0.0.1:${sources.tls['self-signed']}/x/none/everything/fhir`,
    ],
    ['shows a certificate that has ended', () => `https://127.0.0.1:${sources.tls.expired}/x/none/everything/fhir`],
    ['shows a certificate of another host', () => `https://localhost:${sources.tls.good}/x/none/everything/fhir`],
  ])('%s', async (_name, baseUrl) => {
    await within({ at: 'acute', baseUrl: baseUrl() }, async (region) =>
      expectRight(await region.ask(), 'acute', dead, false),
    );
  });

  test('a certificate that is in order is taken', async () => {
    const baseUrl = `https://127.0.0.1:${sources.tls.good}/x/none/everything/fhir`;
    const answer = await within({ at: 'acute', baseUrl }, (region) => region.ask());
    expect(answer.record).toBe('complete');
  });
});

describe('what a fault costs', () => {
  const heavy: readonly FaultId[] = ['flood', 'gzip-bomb', 'tiny-entries', 'long-string', 'deep', 'deep-beside'];
  test.each(heavy)('%s neither holds the event loop nor fills the memory', async (fault) => {
    const bytes = 16 * mebibyte;
    const setting: Setting = { fault, at: 'acute', budget: { bytes } };
    await within(setting, async (region) => {
      // Once for the compiler: what is measured is the fault.
      await region.ask();
      // What else runs on the machine only adds to it: the lesser of two is nearer to what it is.
      const costs = [await costOf(() => region.ask()), await costOf(() => region.ask())];
      expect(Math.min(...costs.map((one) => one.longestTurnMs))).toBeLessThan(50);
      expect(Math.min(...costs.map((one) => one.peakBytes))).toBeLessThan(6 * bytes);
    });
  });
});

test('a body of 20 MB is read in slices, and does not hold the event loop', async () => {
  const http = createHttp();
  const url = `http://127.0.0.1:${sources.port}/large/none/large/fhir`;
  const ask = async (): Promise<number> => {
    const allowance = new Allowance(budgetSchema.parse({}), 60_000);
    const signal = AbortSignal.timeout(60_000);
    const { body } = await http.request({ address: url, method: 'GET', url, signal, allowance });
    expect(object(body)?.['entry']).toHaveLength(20_001);
    return allowance.spent;
  };
  const bytes = await ask();
  expect(bytes).toBeGreaterThan(17 * mebibyte);
  const { longestTurnMs, peakBytes } = await costOf(ask);
  await http.close();
  expect(longestTurnMs).toBeLessThan(50);
  expect(peakBytes).toBeLessThan(6 * bytes);
});

describe('who need not wait', () => {
  test('a client who goes away ends what was asked for it', async () => {
    await within({ fault: 'hang-in-body', at: 'acute' }, async (region) => {
      await region.leave();
      await untilIdle(region);
    });
  });

  test.each(['acute', 'gp'] as const)('after five failures in a row %s is not asked any more', async (at) => {
    await within({ fault: 'hang', at, deadlineMs: 200 }, async (region) => {
      for (let i = 0; i < 5; i += 1) expect((await region.ask()).came.get(at)?.status).toBe('timeout');
      const before = (await region.state()).asked;
      const answer = await region.ask();
      expect(answer.came.get(at)).toMatchObject({ status: 'unavailable', text: 'Cannot be reached' });
      expect((await region.state()).asked).toBe(before);
      expect(answer.came.get('other')?.lines).toEqual(faultless.came.get('other')?.lines);
    });
  });
});

test('nothing is left behind: no connection, no timer, no file', async () => {
  let left = resources();
  // Connections close in turns of their own; one that leaks never does.
  while ([...left].some(([kind, count]) => count > (idle.get(kind) ?? 0))) {
    await wait(20);
    left = resources();
  }
});

test('docs/faults.md tells of the faults as they are (vitest -u writes it anew)', async () => {
  const page = await format(faultsPage(), { parser: 'markdown', printWidth: 120 });
  await expect(page).toMatchFileSnapshot(resolve('docs/faults.md'));
});
