import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from './notice.ts';

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

/** Listens, and keeps what it is told. */
export async function listener(notices: Notices, channel = 'news') {
  const heard: string[] = [];
  const states: string[] = [];
  const listening = await notices.listen(channel, {
    heard: (payload) => heard.push(payload),
    connected: () => states.push('connected'),
    lost: () => states.push('lost'),
  });
  await until(() => states.includes('connected'));
  return { heard, states, close: listening.close };
}
