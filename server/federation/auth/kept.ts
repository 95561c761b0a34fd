import { abandoned, SourceError } from '../source-error.ts';

/** A value that is asked for once for all who want it, and kept for a while. */
export type Kept<Value> = {
  /**
   * The value, asked for where there is none. `refused`: what the caller was given and cannot use; where that is still
   * what is kept, it is asked for anew.
   * @throws what asking throws; {SourceError} where the caller's own signal ends first, and then the others still get it
   */
  readonly get: (signal: AbortSignal, refused?: Value) => Promise<Value>;
};

/** Asked again at once we would be refused again, and the other side counts. */
const refusalMs = 5_000;

function within<Value>(asked: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(abandoned(signal));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/**
 * Keeps what `ask` gives for as long as it says. Of all who want it at once, one asks for all, on a clock of its own
 * (`patienceMs`): whoever goes away takes nothing from the others. A failure is not kept, but for refused credentials,
 * which stay refused for some seconds.
 */
export function createKept<Value>(
  ask: (signal: AbortSignal) => Promise<{ readonly value: Value; readonly keepMs: number }>,
  patienceMs: number,
): Kept<Value> {
  let kept: { readonly value: Value; readonly until: number } | undefined;
  let refusal: { readonly error: SourceError; readonly until: number } | undefined;
  let asked: Promise<Value> | undefined;

  const begin = async (): Promise<Value> => {
    try {
      const { value, keepMs } = await ask(AbortSignal.timeout(patienceMs));
      kept = { value, until: Date.now() + keepMs };
      return value;
    } catch (error) {
      if (error instanceof SourceError && error.kind === 'credentials')
        refusal = { error, until: Date.now() + refusalMs };
      throw error;
    } finally {
      asked = undefined;
    }
  };

  return {
    get: async (signal, refused) => {
      if (kept !== undefined && (kept.until <= Date.now() || kept.value === refused)) kept = undefined;
      if (kept !== undefined) return kept.value;
      if (refusal !== undefined && refusal.until > Date.now()) throw refusal.error;
      asked ??= begin();
      return within(asked, signal);
    },
  };
}
