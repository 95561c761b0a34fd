import { Fault } from '../fault.ts';

/**
 * The Fault for which a look ended while it was under way: its signal is aborted with it. Undefined while it stands, and
 * where its reader has gone.
 */
function endedWith(signal: AbortSignal): Fault | undefined {
  return signal.reason instanceof Fault ? signal.reason : undefined;
}

/** To be asked right before anything leaves, with no wait between. @throws {Fault} the one that the look ended with */
export function checkStanding(signal: AbortSignal): void {
  const ended = endedWith(signal);
  if (ended !== undefined) throw ended;
}

/**
 * What comes of a promise, unless the look ends first: then it is not waited for any longer.
 * @throws {Fault} the one that the look ended with
 */
export async function whileStanding<Value>(signal: AbortSignal, value: Promise<Value>): Promise<Value> {
  let end = (): void => undefined;
  const ended = new Promise<never>((_done, fail) => {
    end = () => {
      const fault = endedWith(signal);
      if (fault !== undefined) fail(fault);
    };
  });
  // Where the value came first nobody waits for it.
  ended.catch(() => undefined);
  signal.addEventListener('abort', end);
  try {
    checkStanding(signal);
    const settled = await Promise.race([value, ended]);
    checkStanding(signal);
    return settled;
  } finally {
    signal.removeEventListener('abort', end);
    // It may still fail, of the same cause.
    value.catch(() => undefined);
  }
}

/** The items of a sequence, for as long as the look stands. @throws {Fault} the one that the look ended with */
export async function* standingItems<Item>(signal: AbortSignal, items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = await whileStanding(signal, iterator.next());
      if (next.done === true) {
        isOver = true;
        return;
      }
      yield next.value;
    }
  } finally {
    const ending = isOver ? undefined : iterator.return?.();
    // Where the look has ended it hears of that by its signal: a source that is slow to hear holds nobody up.
    if (endedWith(signal) === undefined) await ending;
    else ending?.catch(() => undefined);
  }
}
