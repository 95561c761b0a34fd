import { SourceError, type SourceErrorKind } from './source-error.ts';

/** What counts against an address: it is dead, slow or broken. That whoever asked went away does not. */
const counted: ReadonlySet<SourceErrorKind> = new Set(['timeout', 'connection', 'status', 'not-fhir']);

export type Breakers = {
  /** Runs `ask` unless the address is known to be dead. @throws {SourceError} `circuit-open` then, at once */
  readonly guard: <Answer>(address: string, ask: () => Promise<Answer>) => Promise<Answer>;
  /** Forgets an address, and that it is dead. */
  readonly forget: (address: string) => void;
};

type Circuit = {
  /** Askings in a row that failed. */
  failures: number;
  /** Where it is open: from when on it may be probed. */
  probeAt: number;
  probing: boolean;
};

/**
 * One circuit breaker an address (a base URL; for GP Connect the practice's): it opens after `afterFailures` askings in a
 * row have failed. While it is open nobody waits for the address, but for one who probes it, `probeAfterMs` after the last
 * failure at most; where that succeeds it is closed again.
 */
export function createBreakers(options: {
  readonly afterFailures: number;
  readonly probeAfterMs: number;
  /** Milliseconds on a clock that only goes forward. */
  readonly now?: () => number;
}): Breakers {
  const { afterFailures, probeAfterMs, now = () => performance.now() } = options;
  const circuits = new Map<string, Circuit>();

  const circuitOf = (address: string): Circuit => {
    const known = circuits.get(address);
    if (known !== undefined) return known;
    const made: Circuit = { failures: 0, probeAt: 0, probing: false };
    circuits.set(address, made);
    return made;
  };

  return {
    guard: async (address, ask) => {
      const circuit = circuitOf(address);
      const probe = circuit.failures >= afterFailures;
      if (probe && (circuit.probing || now() < circuit.probeAt))
        throw new SourceError('circuit-open', 'not asked: it failed too often of late');
      if (probe) circuit.probing = true;
      try {
        const answer = await ask();
        circuit.failures = 0;
        return answer;
      } catch (error) {
        if (error instanceof SourceError && counted.has(error.kind)) {
          circuit.failures += 1;
          // Not all servers that failed together come back together.
          circuit.probeAt = now() + probeAfterMs * (0.8 + Math.random() * 0.2);
        }
        throw error;
      } finally {
        if (probe) circuit.probing = false;
      }
    },
    forget: (address) => void circuits.delete(address),
  };
}
