/**
 * A pure reading of a text that remembers what it read: a record says the same few thousand units, dates and names many
 * times over. What it remembers is bounded, whatever a source sends.
 */
export function remembering<Result>(read: (said: string) => Result, most = 20_000): (said: string) => Result {
  const known = new Map<string, Result>();
  return (said) => {
    const before = known.get(said);
    if (before !== undefined || known.has(said)) return before as Result;
    const result = read(said);
    if (known.size >= most) known.clear();
    known.set(said, result);
    return result;
  };
}
