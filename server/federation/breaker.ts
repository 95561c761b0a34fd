import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { SourceError, type SourceErrorKind } from './source-error.ts';

/** What counts against an address: it is dead, slow or broken. That whoever asked went away does not. */
const counted: ReadonlySet<SourceErrorKind> = new Set(['timeout', 'connection', 'status', 'not-fhir', 'too-large']);

export type Breakers = {
  /** Runs `ask` unless the address is known to be dead. @throws {SourceError} `circuit-open` then */
  readonly guard: <Answer>(address: string, ask: () => Promise<Answer>) => Promise<Answer>;
};

/**
 * One circuit breaker an address (a base URL): it opens after `afterFailures` failures in a row, and lets one request
 * through as a probe after `probeAfterMs`.
 */
export function createBreakers(options: { readonly afterFailures: number; readonly probeAfterMs: number }): Breakers {
  const policies = new Map<string, CircuitBreakerPolicy>();
  const policyOf = (address: string): CircuitBreakerPolicy => {
    const known = policies.get(address);
    if (known !== undefined) return known;
    const made = circuitBreaker(
      handleWhen((error) => error instanceof SourceError && counted.has(error.kind)),
      { halfOpenAfter: options.probeAfterMs, breaker: new ConsecutiveBreaker(options.afterFailures) },
    );
    policies.set(address, made);
    return made;
  };
  return {
    guard: async (address, ask) => {
      try {
        return await policyOf(address).execute(ask);
      } catch (error) {
        if (error instanceof BrokenCircuitError)
          throw new SourceError('circuit-open', 'not asked: it failed too often of late', { cause: error });
        throw error;
      }
    },
  };
}
