import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ports of the region under test: apart from those that `npm start` takes, so that both can run. */
export const port = 3100;
export const demoPort = 3101;
/** The viewer's site and the hosts' site: two sites, so that the frame is cross-site. */
export const viewerOrigin = `http://localhost:${port}`;
export const hostOrigin = `http://127.0.0.1:${demoPort}`;

const dataDirVariable = 'OHC_E2E_DATA_DIR';

/** What the server has logged so far. */
export function serverLog(): Promise<string> {
  return readFile(join(process.env[dataDirVariable] ?? '', 'demo', 'server.log'), 'utf8');
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      if (/^Ready /m.test(said)) done();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => fail(new Error(`the demo region ended with ${code}:\n${said.slice(-2000)}`)));
  });
}

/** Starts the demo region and the server, on a fresh data folder, for the whole run; stops both at its end. */
export default async function startRegion(): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ohc-e2e-'));
  // Playwright's workers inherit this: they read the server's log there.
  process.env[dataDirVariable] = dataDir;
  const child = spawn(process.execPath, ['server/demo/main.ts'], {
    env: {
      ...process.env,
      PORT: String(port),
      DEMO_PORT: String(demoPort),
      BASE_URL: viewerOrigin,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await ready(child);
  return async () => {
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill('SIGINT');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
}
