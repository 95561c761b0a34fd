import { expect, test } from 'vitest';
import { atOnce } from './at-once.ts';

test('begins before it is read, gives the same values, and ends what it reads from', async () => {
  const done: string[] = [];
  async function* values() {
    try {
      done.push('begun');
      yield 1;
      yield 2;
      yield 3;
    } finally {
      done.push('ended');
    }
  }
  const reading = atOnce(values());
  expect(done).toEqual(['begun']);
  const read: number[] = [];
  for await (const one of reading) {
    read.push(one);
    if (one === 2) break;
  }
  expect([read, done]).toEqual([
    [1, 2],
    ['begun', 'ended'],
  ]);
});

test('fails to its reader alone', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield await Promise.reject<number>(new Error('broken'));
  }
  const reading = atOnce(failing());
  await new Promise((done) => setTimeout(done, 5));
  await expect(async () => {
    for await (const _ of reading);
  }).rejects.toThrow('broken');
});
