import { readFile } from 'node:fs/promises';
import { startChild } from './child.ts';
import type { BareReady } from './bare-provider.ts';
import { median, ms, quantile, type Figure } from './figure.ts';
import { codeFlow, endpointsOf, openSession, type Session } from './launch.ts';
import { people } from './people.ts';
import { startRegion, type Region } from './region.ts';

/** Enough that both servers run the code that they would run all day. */
const [warmUp, measured] = [150, 60] as const;
const atOnce = 20;
const manySeconds = 5;

/** A launch for each person; the first of them goes over the name-and-role page. */
export async function openSessions(region: Region): Promise<readonly Session[]> {
  const endpoints = await endpointsOf(region);
  const sessions: Session[] = [];
  for (const person of people) sessions.push(await openSession(region, endpoints, person));
  return sessions;
}

/** Resident memory of a process and of those that it started, bytes. */
async function memoryOf(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')).trim();
  const below = await Promise.all(children === '' ? [] : children.split(' ').map((one) => memoryOf(Number(one))));
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024 + below.reduce((sum, one) => sum + one, 0);
}

/**
 * Two server processes on one PostgreSQL, each step of a launch at the other one than the step before: one launch after
 * the other beside a bare code flow, then as many as they take, with the memory before and after.
 */
export async function launchPairFigures(signal: AbortSignal): Promise<readonly Figure[]> {
  const region = await startRegion({ pair: true });
  try {
    await openSessions(region);
    const perLaunch = await oneAfterTheOther(region, signal);
    const memory = async (): Promise<number> =>
      (await Promise.all(region.servers.map(({ pid }) => memoryOf(pid)))).reduce((sum, one) => sum + one, 0);
    await manyAtOnce(region, 3);
    const before = await memory();
    const { perSecond, failure, launched } = await manyAtOnce(region, 12);
    const grown = (await memory()) / before;
    return [
      perLaunchFigure('launch to token on PostgreSQL, p50', perLaunch),
      {
        what: `launches a second, ${atOnce} at once, two processes on PostgreSQL`,
        measured: failure === undefined ? { value: perSecond, unit: '/s' } : undefined,
        target: '300 /s',
        met: failure === undefined ? perSecond >= 300 : undefined,
        note:
          failure === undefined
            ? `${launched} launches; memory of both ${grown.toFixed(2)} x what it was; the client, the servers and PostgreSQL share the cores`
            : `stopped after ${launched}: ${failure}`,
      },
    ];
  } finally {
    await region.stop();
  }
}

function perLaunchFigure(what: string, { launch, launchP95, bare, barest }: PerLaunch): Figure {
  const ratio = launch / bare;
  return {
    what,
    measured: { value: launch, unit: 'ms' },
    ratio,
    target: '2.50 x a bare code flow',
    met: ratio <= 2.5,
    note: `the ratio is to a code flow of oidc-provider with its sign-in and its store in memory, ${ms(bare)} in this run; without its sign-in that takes ${ms(barest)}, ${(launch / barest).toFixed(2)} x; p95 ${ms(launchP95)}`,
  };
}

const personAt = (i: number) => {
  const person = people[i % people.length];
  if (person === undefined) throw new Error('no people');
  return person;
};

/** What one launch takes, and what two bare code flows take, ms at the median. */
type PerLaunch = {
  readonly launch: number;
  readonly launchP95: number;
  /** With its sign-in, as a launch has one: the host's signed word. */
  readonly bare: number;
  /** From the authorization request straight to the code. */
  readonly barest: number;
};

/**
 * What a launch takes where nothing else is asked, and what a bare code flow takes: one of each in turn, so that all see
 * the same machine.
 */
async function oneAfterTheOther(region: Region, signal: AbortSignal): Promise<PerLaunch> {
  const endpoints = await endpointsOf(region);
  const bare = await startChild<BareReady, never, never>('bare-provider.ts');
  try {
    const { base } = bare.ready;
    const bareEndpoints = { authorize: `${base}/auth`, token: `${base}/token` };
    const bareClient = { clientId: 'bare', redirectUri: `${base}/callback`, scope: 'openid' };
    const flow = async (more: Record<string, string>): Promise<number> =>
      (await codeFlow(bareEndpoints, bareClient, more)).ms;
    const [launches, flows, shortest]: [number[], number[], number[]] = [[], [], []];
    for (let i = 0; i < warmUp + measured; i += 1) {
      signal.throwIfAborted();
      const { requestsMs } = await openSession(region, endpoints, personAt(i), i);
      const [bareMs, barestMs] = [await flow({}), await flow({ launch: 'one' })];
      if (i < warmUp) continue;
      launches.push(requestsMs);
      flows.push(bareMs);
      shortest.push(barestMs);
    }
    return {
      launch: median(launches),
      launchP95: quantile(launches, 0.95),
      bare: median(flows),
      barest: median(shortest),
    };
  } finally {
    await bare.stop();
  }
}

/** Launches as fast as they are answered, `atOnce` at a time, for some seconds. */
async function manyAtOnce(
  region: Region,
  seconds: number,
): Promise<{ readonly perSecond: number; readonly launched: number; readonly failure: string | undefined }> {
  const endpoints = await endpointsOf(region);
  let launched = 0;
  let failure: string | undefined;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async (_, i) => {
      while (performance.now() - began < seconds * 1000 && failure === undefined) {
        try {
          await openSession(region, endpoints, personAt(i), i + launched);
          launched += 1;
        } catch (error) {
          failure = error instanceof Error ? error.message : String(error);
        }
      }
    }),
  );
  return { perSecond: launched / ((performance.now() - began) / 1000), launched, failure };
}

/** One server process on the embedded database: one launch after the other, then as many as it takes. */
export async function launchFigures(region: Region, signal: AbortSignal): Promise<readonly Figure[]> {
  const perLaunch = await oneAfterTheOther(region, signal);
  const { perSecond, failure, launched } = await manyAtOnce(region, manySeconds);
  return [
    perLaunchFigure('launch to token on the embedded database, p50', perLaunch),
    {
      what: `launches a second, ${atOnce} at once, one process on the embedded database`,
      measured: failure === undefined ? { value: perSecond, unit: '/s' } : undefined,
      note: failure === undefined ? 'the client shares the cores' : `stopped after ${launched}: ${failure}`,
    },
  ];
}
