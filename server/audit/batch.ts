/** How many are written at once at most. */
const largest = 100;

type Waiting<Item> = { readonly item: Item; readonly done: () => void; readonly fail: (error: unknown) => void };

/**
 * Writes what is handed in while an earlier write is under way in one batch behind it: rows of a chain can only be added
 * one after the other, and a commit for each would hold everyone up. Each caller waits for the commit of its own row.
 * Where a batch fails each of its items is written alone, so that one that cannot be written takes no other with it.
 * @param prepare made of an item at the moment when it is handed in
 */
export function inBatches<Given, Item>(
  prepare: (given: Given) => Item,
  write: (items: readonly Item[]) => Promise<void>,
): (given: Given) => Promise<void> {
  const waiting: Waiting<Item>[] = [];
  let writing = false;

  async function settle(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await write(batch.map((one) => one.item));
      for (const one of batch) one.done();
    } catch (error) {
      const [only, ...others] = batch;
      if (others.length === 0) only?.fail(error);
      else for (const one of batch) await settle([one]);
    }
  }

  async function drain(): Promise<void> {
    writing = true;
    while (waiting.length > 0) await settle(waiting.splice(0, largest));
    writing = false;
  }

  return (given) =>
    new Promise((done, fail) => {
      waiting.push({ item: prepare(given), done, fail });
      if (!writing) void drain();
    });
}
