import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';
import type { Client, Host, Source } from '../server/config/schema.ts';
import { freePort } from '../server/free-port.testing.ts';
import { startChild, type Child } from './child.ts';
import { practiceCode, shape } from './people.ts';
import { startPostgresql } from '../server/store/postgresql.ts';
import type { SourcesAnswer, SourcesQuestion, SourcesReady } from './sources.ts';

/** A host EPR that signs, some sources, and the server between them. */
export type Region = {
  readonly base: string;
  readonly fhir: string;
  readonly issuer: string;
  readonly key: CryptoKey;
  readonly keyId: string;
  readonly viewer: Client;
  /** Ids of the hospital sources in their order. */
  readonly trustIds: readonly string[];
  readonly sources: Child<SourcesReady, SourcesQuestion, SourcesAnswer>;
  /** The process that was started; the server is among those that it started. */
  readonly serverPid: number;
  /** Where each server process listens: the base URL's own first. */
  readonly servers: readonly { readonly origin: string; readonly pid: number }[];
  readonly hostOrigin: string;
  readonly hostPort: number;
  readonly stop: () => Promise<void>;
};

const root = join(import.meta.dirname, '..');
const wait = (delayMs: number): Promise<void> => new Promise((done) => setTimeout(done, delayMs));

async function newKey(): Promise<{ readonly key: CryptoKey; readonly jwk: JWK & { kty: string; kid: string } }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const { kty = 'EC', ...rest } = await exportJWK(publicKey);
  return { key: privateKey, jwk: { ...rest, kty, kid: 'bench-1', alg: 'ES256', use: 'sig' } };
}

const sourceOf = (
  more: Pick<Source, 'id' | 'name' | 'ods' | 'label' | 'kind' | 'baseUrl'> & Partial<Source>,
): object => ({
  auth: { type: 'none' },
  contributes: ['allergies', 'problems', 'medicines', 'results', 'encounters', 'people'],
  ...more,
});

/** The shipped configuration with the bench's host and sources in the place of the demo's. */
async function writeConfig(
  folder: string,
  jwk: JWK & { kty: string; kid: string },
  issuer: string,
  hostOrigin: string,
  ready: SourcesReady,
  deadlineMs: number,
): Promise<{ readonly viewer: Client; readonly trustIds: readonly string[] }> {
  await cp(join(root, 'smart-config'), folder, { recursive: true });
  const read = async <Content>(file: string): Promise<Content> =>
    JSON.parse(await readFile(join(folder, file), 'utf8')) as Content;
  const write = (file: string, content: object): Promise<void> =>
    writeFile(join(folder, file), JSON.stringify(content));
  const { roles } = await read<{ roles: readonly { readonly code: string }[] }>('roles.json');
  const host: Omit<Extract<Host, { door: 'signed-context' }>, 'jwksUri'> = {
    id: 'bench-epr',
    name: 'Bench EPR',
    organisation: 'RJE',
    organisationName: 'Bench hospital',
    door: 'signed-context',
    origins: [hostOrigin],
    roles: roles.map((role) => role.code),
    showsBanner: false,
    selfDeclared: 'allowed',
    launchesPerMinute: 1_000_000,
    issuer,
    jwks: { keys: [jwk] },
  };
  await write('hosts.json', { hosts: [host] });
  const region = await read<object>('region.json');
  await write('region.json', { ...region, gatherDeadlineMs: deadlineMs + 2_000 });
  const trustIds = ready.trusts.map((_, i) => `trust-${i}`);
  await write('sources.json', {
    sources: [
      sourceOf({
        deadlineMs,
        id: 'pds',
        name: 'Demographics',
        ods: 'X26',
        label: 'PDS',
        kind: 'pds',
        baseUrl: ready.pds,
      }),
      sourceOf({
        deadlineMs,
        id: 'gp',
        name: 'GP practices',
        ods: 'QNC',
        label: 'GP',
        kind: 'gp-connect',
        auth: { type: 'gp-connect-jwt' },
        setting: 'gp',
        baseUrl: ready.practice,
        practices: { [practiceCode]: { name: 'Etruria Vale Surgery', baseUrl: ready.practice, sharing: true } },
      }),
      ...ready.trusts.map((baseUrl, i) =>
        sourceOf({
          deadlineMs,
          id: `trust-${i}`,
          name: `Hospital ${i}`,
          ods: `RZ${i}`,
          label: `H${i}`,
          kind: 'fhir-r4',
          setting: 'acute',
          baseUrl,
        }),
      ),
    ],
    viewOnly: [],
  });
  const { clients } = await read<{ clients: readonly Client[] }>('clients.json');
  const viewer = clients.find((client) => client.launchUri.endsWith('/app/launch'));
  if (viewer === undefined) throw new Error('clients.json has no client whose launchUri ends in /app/launch');
  await write('clients.json', { clients: clients.filter((client) => !client.clientId.startsWith('demo-')) });
  return { viewer, trustIds };
}

/** `npm run serve` in a process group of its own, on a fresh data folder; waits until it says it is ready. */
async function startServer(env: NodeJS.ProcessEnv, base: string): Promise<{ pid: number; stop: () => Promise<void> }> {
  const child = spawn('npm', ['run', '--silent', 'serve'], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString('utf8')).slice(-600)));
  let ended = false;
  const exit = new Promise<void>((done) => {
    child.once('error', () => done());
    child.once('exit', () => done());
  }).then(() => (ended = true));
  const { pid } = child;
  if (pid === undefined) throw new Error('npm could not be started');
  const stop = async (): Promise<void> => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (ended) return;
      try {
        process.kill(-pid, signal);
      } catch {
        return;
      }
      await Promise.race([exit, wait(5000)]);
    }
  };
  for (const until = Date.now() + 90_000; Date.now() < until; await wait(100)) {
    if (ended) throw new Error(`the server ended at its start: ${tail.trim().replaceAll(/\s+/g, ' ')}`);
    const ready = await fetch(`${base}/health/ready`).then(
      (answer) => answer.status === 200,
      () => false,
    );
    if (ready) return { pid, stop };
  }
  await stop();
  throw new Error(`the server was not ready in 90 s: ${tail.trim().replaceAll(/\s+/g, ' ')}`);
}

/**
 * Starts sources and server; everything that was started or made ends with `stop`. `pair`: two server processes on one
 * PostgreSQL in the place of one on the embedded database.
 */
export async function startRegion({
  pair = false,
  sources: count = shape.sources,
  deadlineMs = 8_000,
}: {
  readonly pair?: boolean;
  readonly sources?: number;
  /** How long a source and the whole record may take. */
  readonly deadlineMs?: number;
} = {}): Promise<Region> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of undo.splice(0).toReversed()) await one().catch(() => undefined);
  };
  try {
    const sources = await startChild<SourcesReady, SourcesQuestion, SourcesAnswer>('sources.ts', String(count));
    undo.push(sources.stop);
    const folder = async (name: string): Promise<string> => {
      const path = await mkdtemp(join(tmpdir(), name));
      undo.push(() => rm(path, { recursive: true, force: true }));
      return path;
    };
    const config = await folder('bench-config-');
    const data = await folder('bench-data-');
    const [port, hostPort] = [await freePort(), await freePort()];
    const base = `http://localhost:${port}`;
    const hostOrigin = `http://127.0.0.1:${hostPort}`;
    const issuer = 'https://epr.bench.example';
    const { key, jwk } = await newKey();
    const { viewer, trustIds } = await writeConfig(config, jwk, issuer, hostOrigin, sources.ready, deadlineMs);
    const { DATABASE_URL: _ours, SECRETS_DIR: _secrets, ...outside } = process.env;
    const database = pair ? await startPostgresql() : undefined;
    if (database !== undefined) undo.push(database.stop);
    const env = {
      ...outside,
      BASE_URL: base,
      SMART_CONFIG: config,
      DATA_DIR: data,
      NODE_ENV: 'production',
      ...(database === undefined ? {} : { DATABASE_URL: database.url }),
    };
    const server = await startServer({ ...env, PORT: String(port) }, base);
    undo.push(server.stop);
    const servers = [{ origin: base, pid: server.pid }];
    if (pair) {
      const origin = `http://localhost:${await freePort()}`;
      const second = await startServer({ ...env, PORT: new URL(origin).port }, origin);
      undo.push(second.stop);
      servers.push({ origin, pid: second.pid });
    }
    return {
      servers,
      base,
      fhir: `${base}/fhir`,
      issuer,
      key,
      keyId: jwk.kid,
      viewer,
      trustIds,
      sources,
      serverPid: server.pid,
      hostOrigin,
      hostPort,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
