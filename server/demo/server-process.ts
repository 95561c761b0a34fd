import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { object, text } from '../../src/fhir/json.ts';

/** A process that the demo started. */
export type Started = {
  /** Settles when it has ended, with its exit code; a signal counts as 1. */
  readonly ended: Promise<number>;
  /** Tells it to end; where it does not within `graceMs`, it is killed. Settles when it is gone. */
  readonly stop: (graceMs: number) => Promise<void>;
};

function started(child: ChildProcess): Started {
  const ended = new Promise<number>((done) => {
    child.on('exit', (code) => done(code ?? 1));
    child.on('error', () => done(127));
  });
  return {
    ended,
    stop: async (graceMs) => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** Starts the server; what it says goes to `logFile`. */
export async function startServer(entry: string, env: NodeJS.ProcessEnv, logFile: string): Promise<Started> {
  const log = await open(logFile, 'w', 0o600);
  const leash = fileURLToPath(new URL('leash.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', leash, entry], {
    env,
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  child.channel?.unref();
  const server = started(child);
  await log.close();
  return server;
}

/** The last words of a server that ended: what an operator would read, without the JSON of its log. */
export async function lastWords(logFile: string, count = 12): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '');
  const words = lines.flatMap((line) => {
    if (!line.startsWith('{')) return [line];
    try {
      const entry = object(JSON.parse(line));
      return Number(entry?.['level']) >= 50 ? [text(entry?.['msg']) ?? line] : [];
    } catch {
      return [line];
    }
  });
  return words.slice(-count).join('\n');
}

/**
 * Asks until the server answers that it is ready. `ended`: it ended before that; `late`: it was not ready in time.
 */
export async function readiness(url: string, server: Started, withinMs: number): Promise<'ready' | 'ended' | 'late'> {
  const until = performance.now() + withinMs;
  const ended = server.ended.then(() => true);
  const pause = (): Promise<boolean> => new Promise((done) => setTimeout(() => done(false), 50));
  while (performance.now() < until) {
    const answered = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return 'ready';
    if (await Promise.race([ended, pause()])) return 'ended';
  }
  return 'late';
}
