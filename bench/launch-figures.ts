import { startChild } from './child.ts';
import type { BareReady } from './bare-provider.ts';
import { median, ms, quantile, type Figure } from './figure.ts';
import { codeFlow, endpointsOf, openSession, type Session } from './launch.ts';
import { people } from './people.ts';
import type { Region } from './region.ts';

const [warmUp, measured] = [10, 40] as const;
const atOnce = 20;
const manySeconds = 5;

async function bareFlowMs(): Promise<number> {
  const bare = await startChild<BareReady, never, never>('bare-provider.ts');
  try {
    const { base } = bare.ready;
    const times: number[] = [];
    for (let i = 0; i < warmUp + measured; i += 1) {
      const flow = await codeFlow(
        { authorize: `${base}/auth`, token: `${base}/token` },
        { clientId: 'bare', redirectUri: `${base}/callback`, scope: 'openid' },
        { launch: 'one' },
      );
      if (i >= warmUp) times.push(flow.ms);
    }
    return median(times);
  } finally {
    await bare.stop();
  }
}

/** A launch for each person; the first of them goes over the name-and-role page. */
export async function openSessions(region: Region): Promise<readonly Session[]> {
  const endpoints = await endpointsOf(region);
  const sessions: Session[] = [];
  for (const person of people) sessions.push(await openSession(region, endpoints, person));
  return sessions;
}

/** Launch to token one after the other, beside a bare code flow; then as many at once as one process takes. */
export async function launchFigures(region: Region, signal: AbortSignal): Promise<readonly Figure[]> {
  const endpoints = await endpointsOf(region);
  const personAt = (i: number) => {
    const person = people[i % people.length];
    if (person === undefined) throw new Error('no people');
    return person;
  };
  const times: number[] = [];
  for (let i = 0; i < warmUp + measured; i += 1) {
    signal.throwIfAborted();
    const { requestsMs } = await openSession(region, endpoints, personAt(i));
    if (i >= warmUp) times.push(requestsMs);
  }
  const bareMs = await bareFlowMs();
  const ratio = median(times) / bareMs;

  let launched = 0;
  let failure: string | undefined;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async (_, i) => {
      while (performance.now() - began < manySeconds * 1000 && failure === undefined) {
        try {
          await openSession(region, endpoints, personAt(i));
          launched += 1;
        } catch (error) {
          failure = error instanceof Error ? error.message : String(error);
        }
      }
    }),
  );
  const perSecond = launched / ((performance.now() - began) / 1000);
  return [
    {
      what: 'launch to token, sum of our requests, p50',
      measured: { value: median(times), unit: 'ms' },
      ratio,
      target: '2.50 x a bare code flow',
      met: ratio <= 2.5,
      note: `the ratio is to a bare oidc-provider code flow with its store in memory, ${ms(bareMs)} in this run; p95 ${ms(quantile(times, 0.95))}`,
    },
    {
      what: `launches a second, ${atOnce} at once, one process`,
      measured: failure === undefined ? { value: perSecond, unit: '/s' } : undefined,
      target: '300 /s, two on PostgreSQL',
      met: failure === undefined ? perSecond >= 300 : undefined,
      note:
        failure === undefined
          ? 'one process on the embedded database, the client on the same cores: the target is for two processes on PostgreSQL'
          : `stopped after ${launched}: ${failure}`,
    },
  ];
}
