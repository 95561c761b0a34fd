import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

function listen(path: string): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.end());
    server.once('error', fail);
    server.listen(path, () => done(server.unref()));
  });
}

/** True where a process listens on the socket. What a killed process left behind is a file that nobody answers at. */
export function isAnswered(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** Runs `act` in one process at a time; a turnstile that a killed process left closed opens again after ten seconds. */
async function oneAtATime<Result>(turnstile: string, act: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      await mkdir(turnstile);
      break;
    } catch {
      const since = await stat(turnstile).then(
        (info) => info.mtimeMs,
        () => Date.now(),
      );
      if (Date.now() - since > 10_000) await rmdir(turnstile).catch(() => undefined);
      await sleep(20);
    }
  }
  try {
    return await act();
  } finally {
    await rmdir(turnstile).catch(() => undefined);
  }
}

/**
 * Locks a store's folder for this process by listening on a socket beside it: the system lets go of it with the process,
 * also after a crash, so that no stale lock ever has to be judged by its age.
 * @returns what unlocks it
 */
export function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, '..', 'store.lock');
  return oneAtATime(`${path}.turn`, async () => {
    if (await isAnswered(path)) {
      throw new Error(
        `Another process has the store in ${folder} open. Stop it first, or set DATA_DIR to another folder.`,
      );
    }
    await rm(path, { force: true });
    const server = await listen(path);
    return () => new Promise<void>((done) => server.close(() => done()));
  });
}
