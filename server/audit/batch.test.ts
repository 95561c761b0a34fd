import { expect, test } from 'vitest';
import { inBatches } from './batch.ts';

test('what comes while a write is under way is written in one batch behind it, in its order', async () => {
  const written: (readonly number[])[] = [];
  const gate = Promise.withResolvers<undefined>();
  const write = inBatches(
    (one: number) => one * 10,
    async (items) => {
      written.push(items);
      await gate.promise;
    },
  );
  const all = [1, 2, 3, 4].map((one) => write(one));
  gate.resolve(undefined);
  await Promise.all(all);
  expect(written).toEqual([[10], [20, 30, 40]]);
});

test('nobody is told that a row stands before it does', async () => {
  const gate = Promise.withResolvers<undefined>();
  const write = inBatches(
    (one: string) => one,
    () => gate.promise,
  );
  let told = false;
  const done = write('one').then(() => (told = true));
  await new Promise((next) => setTimeout(next, 5));
  expect(told).toBe(false);
  gate.resolve(undefined);
  await done;
  expect(told).toBe(true);
});

test('one that cannot be written fails alone', async () => {
  const write = inBatches(
    (one: string) => one,
    async (items) => {
      await Promise.resolve();
      if (items.includes('bad')) throw new Error('bad');
    },
  );
  const ends = await Promise.allSettled(['first', 'good', 'bad', 'fine'].map((one) => write(one)));
  expect(ends.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

test('it goes on after a failure', async () => {
  let broken = true;
  const write = inBatches(
    (one: string) => one,
    async () => {
      if (broken) throw new Error('down');
    },
  );
  await expect(write('one')).rejects.toThrow('down');
  broken = false;
  await expect(write('two')).resolves.toBeUndefined();
});
