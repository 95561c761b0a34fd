/**
 * The same, begun now: an async generator does nothing before it is first asked, and whoever reads this may have other
 * things to wait for before that. It fails to its reader alone; where nobody reads it, its own signal has to end it.
 */
export function atOnce<Value>(values: AsyncIterable<Value>): AsyncIterable<Value> {
  const begun = values[Symbol.asyncIterator]();
  const first = begun.next();
  first.catch(() => undefined);
  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (let next = await first; next.done !== true; next = await begun.next()) yield next.value;
      } finally {
        await begun.return?.();
      }
    },
  };
}
