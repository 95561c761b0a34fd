import { describe, expect, test } from 'vitest';
import { createBreakers, type Breakers } from './breaker.ts';
import { SourceError, type SourceErrorKind } from './source-error.ts';

const address = 'http://127.0.0.1:9/fhir';

/** Breakers on a clock of their own; `ask` tells how an asking ended, and counts those that were really made. */
function setUp(): {
  readonly breakers: Breakers;
  readonly ask: (outcome: SourceErrorKind | 'answered', at?: string) => Promise<string>;
  readonly asked: () => number;
  readonly pass: (ms: number) => void;
} {
  let now = 0;
  let asked = 0;
  const breakers = createBreakers({ afterFailures: 5, probeAfterMs: 30_000, now: () => now });
  return {
    breakers,
    ask: (outcome, at = address) =>
      breakers
        .guard(at, async () => {
          asked += 1;
          if (outcome !== 'answered') throw new SourceError(outcome, 'failed');
          return outcome;
        })
        .catch((error: unknown) => (error instanceof SourceError ? error.kind : String(error))),
    asked: () => asked,
    pass: (ms) => (now += ms),
  };
}

async function times(count: number, act: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i += 1) await act();
}

describe('the breaker of an address', () => {
  test.each(['timeout', 'connection', 'status', 'not-fhir'] as const)(
    'opens after five in a row that ended by %s, and nobody waits for the address then',
    async (kind) => {
      const { ask, asked } = setUp();
      await times(5, () => ask(kind));
      expect(await ask('answered')).toBe('circuit-open');
      expect(asked()).toBe(5);
    },
  );

  test('stays closed where one between them succeeds', async () => {
    const { ask } = setUp();
    await times(4, () => ask('timeout'));
    await ask('answered');
    await times(4, () => ask('timeout'));
    expect(await ask('answered')).toBe('answered');
  });

  test.each(['aborted', 'paging', 'too-large', 'busy'] as const)(
    'does not count one that ended by %s',
    async (kind) => {
      const { ask } = setUp();
      await times(4, () => ask('timeout'));
      await times(20, () => ask(kind));
      expect(await ask('answered')).toBe('answered');
    },
  );

  test('lets one through to probe, within thirty seconds, and closes where that succeeds', async () => {
    const { ask, pass, breakers } = setUp();
    await times(5, () => ask('connection'));
    pass(30_000);
    let settle: ((value: string) => void) | undefined;
    const probe = breakers.guard(address, () => new Promise<string>((done) => (settle = done)));
    expect(await ask('answered')).toBe('circuit-open');
    settle?.('answered');
    expect(await probe).toBe('answered');
    expect(await ask('answered')).toBe('answered');
  });

  test('opens again where the probe fails; a probe that nobody waits for any more is made by the next', async () => {
    const { ask, pass } = setUp();
    await times(5, () => ask('connection'));
    pass(30_000);
    expect(await ask('aborted')).toBe('aborted');
    expect(await ask('timeout')).toBe('timeout');
    expect(await ask('answered')).toBe('circuit-open');
    pass(30_000);
    expect(await ask('answered')).toBe('answered');
  });

  test('is of that address alone', async () => {
    const { ask } = setUp();
    await times(5, () => ask('connection'));
    expect(await ask('answered', 'http://127.0.0.1:9/other')).toBe('answered');
  });
});
