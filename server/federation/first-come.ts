/** Yields what the given promises bring, first come, each once. A promise that fails ends the stream with its error. */
export async function* firstCome<Value>(promises: readonly Promise<Value>[]): AsyncGenerator<Value, void, undefined> {
  const arrived: Value[] = [];
  let wake: (() => void) | undefined;
  let failure: { readonly error: unknown } | undefined;
  let open = promises.length;
  const settle = async (promise: Promise<Value>): Promise<void> => {
    try {
      arrived.push(await promise);
    } catch (error) {
      failure ??= { error };
    }
    open -= 1;
    wake?.();
  };
  for (const promise of promises) void settle(promise);
  for (;;) {
    const next = arrived.shift();
    if (next !== undefined) yield next;
    else if (failure !== undefined) throw failure.error;
    else if (open === 0) return;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
