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

/**
 * A pure reading of an object that remembers what it read for as long as the object is held: lists of a record stay the
 * same objects until they change.
 */
export function rememberingEach<Of extends object, Result>(read: (of: Of) => Result): (of: Of) => Result {
  const known = new WeakMap<Of, { readonly result: Result }>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before.result;
    const result = read(of);
    known.set(of, { result });
    return result;
  };
}
