import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Ports of the region under test: apart from those that `npm start` takes, so that both can run; `OHC_E2E_PORT` moves them. */
const port = Number(process.env['OHC_E2E_PORT'] ?? 3100);
const demoPort = port + 1;
/** The viewer's site and the hosts' site: two sites, so that the frame is cross-site. */
export const viewerOrigin = `http://localhost:${port}`;
export const hostOrigin = `http://127.0.0.1:${demoPort}`;

const dataDirVariable = 'OHC_E2E_DATA_DIR';

/** What the server has logged so far. */
export function serverLog(): Promise<string> {
  return readFile(join(process.env[dataDirVariable] ?? '', 'demo', 'server.log'), 'utf8');
}

/** A folder of this run alone, gone at its end. */
export function runFolder(): string | undefined {
  return process.env[dataDirVariable];
}

/** Where the demo keeps the keys of its hosts. */
export function hostKeysFile(): string {
  return join(process.env[dataDirVariable] ?? '', 'demo', 'host-keys.json');
}

/** A demo region with its server, on a fresh data folder. */
export type Region = {
  readonly viewerOrigin: string;
  readonly hostOrigin: string;
  readonly dataDir: string;
  /** What it said until it was ready. */
  readonly said: string;
  /** Asks everything to end, as Ctrl-C does, and waits for it. */
  readonly stop: () => Promise<void>;
};

/** Starts the demo region and the server on these ports; `args` as of `npm start --`. */
export async function openRegion(
  ports: { readonly port: number; readonly demoPort: number },
  args: readonly string[] = [],
): Promise<Region> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ohc-e2e-'));
  const child = spawn(process.execPath, ['server/demo/main.ts', ...args], {
    env: {
      ...process.env,
      PORT: String(ports.port),
      DEMO_PORT: String(ports.demoPort),
      BASE_URL: `http://localhost:${ports.port}`,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let said = '';
  await new Promise<void>((done, fail) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      if (/^Ready /m.test(said)) done();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => fail(new Error(`the demo region ended:\n${said.slice(-2000)}`)));
  });
  return {
    viewerOrigin: `http://localhost:${ports.port}`,
    hostOrigin: `http://127.0.0.1:${ports.demoPort}`,
    dataDir,
    said,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts the region of the whole run; Playwright calls what this returns at its end. */
export default async function startRegion(): Promise<() => Promise<void>> {
  const region = await openRegion({ port, demoPort });
  // Playwright's workers inherit this: they read the server's log there.
  process.env[dataDirVariable] = region.dataDir;
  return region.stop;
}
