import { Agent, request } from 'node:http';
import { serveParent } from './child.ts';

/** What the clients are to ask for, over and over: one client a target, so many seconds. */
export type LoadQuestion = {
  readonly targets: readonly { readonly url: string; readonly token: string }[];
  readonly accept: string;
  readonly seconds: number;
};
export type LoadAnswer = {
  readonly latenciesMs: readonly number[];
  /** From the first request to the last answer. */
  readonly elapsedMs: number;
  readonly bytes: number;
  /** Status codes or messages of answers that were not 200. */
  readonly failures: readonly string[];
};

/** The body is counted and thrown away: a client that parsed it would take the processor that is measured. */
function get(agent: Agent, url: string, token: string, accept: string): Promise<number> {
  return new Promise((done, fail) => {
    const asked = request(url, { agent, headers: { accept, authorization: `Bearer ${token}` } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('error', fail);
      response.on('end', () =>
        response.statusCode === 200 ? done(bytes) : fail(new Error(`answered ${response.statusCode}`)),
      );
    });
    asked.setTimeout(20_000, () => asked.destroy(new Error('no answer in 20 s')));
    asked.on('error', fail);
    asked.end();
  });
}

async function run({ targets, accept, seconds }: LoadQuestion): Promise<LoadAnswer> {
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  let bytes = 0;
  // New for each run: a connection that was idle between two may be closed by the server just as it is used again.
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const start = performance.now();
  await Promise.all(
    targets.map(async ({ url, token }) => {
      while (performance.now() - start < seconds * 1000 && failures.length < 20) {
        const began = performance.now();
        try {
          const received = await get(agent, url, token, accept);
          bytes += received;
          latenciesMs.push(performance.now() - began);
        } catch (error) {
          failures.push(error instanceof Error ? error.message : String(error));
        }
      }
    }),
  );
  const elapsedMs = performance.now() - start;
  agent.destroy();
  return { latenciesMs, elapsedMs, bytes, failures };
}

serveParent('ready', (question) => run(question as LoadQuestion));
