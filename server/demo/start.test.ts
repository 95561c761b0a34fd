import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts } from '../free-port.testing.ts';
import { object, objects } from '../../src/fhir/json.ts';
import { registerObjections } from './people.ts';

/** A server in the place of the real one: ready at once, ends when told to. */
const standInServer = `
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const config = JSON.parse(readFileSync(process.env.SMART_CONFIG + '/sources.json', 'utf8'));
const server = createServer((request, response) => {
  if (request.url === '/die') process.exit(7);
  if (request.url === '/hosts') response.end(readFileSync(process.env.SMART_CONFIG + '/hosts.json', 'utf8'));
  else if (request.url === '/link-key') response.end(process.env.DEMO_LINK_KEY);
  else response.end(request.url === '/sources' ? JSON.stringify(config) : '{}');
}).listen(Number(process.env.PORT));
process.on('SIGTERM', () => { server.close(() => process.exit(0)); server.closeAllConnections(); });
`;
const failingServer = `console.error('hosts.json hosts[0].id: found nothing, expected an id'); process.exit(1);`;
/** A register in the place of the real one: writes down what it was asked. */
const standInRegister = `
import { appendFileSync } from 'node:fs';
const [command, ...args] = process.argv.slice(2);
appendFileSync(process.env.DATA_DIR + '/asked', JSON.stringify([command, ...args]) + '\\n');
console.log(command === 'list' ? '[]' : '{"id":"o-1"}');
`;

type Run = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly output: () => string;
  readonly said: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<number | null>;
  readonly port: number;
  readonly demoPort: number;
  readonly dataDir: string;
};

/** Starts the command in a process group of its own, so that what it leaves behind can be found. */
async function start(server = standInServer, args: readonly string[] = [], by = 'node'): Promise<Run> {
  const dataDir = await mkdtemp(join(tmpdir(), 'start-'));
  await writeFile(join(dataDir, 'server.mjs'), server);
  await writeFile(join(dataDir, 'register.mjs'), standInRegister);
  const [port, demoPort] = await freePorts();
  const [program, first] =
    by === 'npm'
      ? (['npm', ['start', '--']] as const)
      : ([process.execPath, [join('server', 'commands', 'start.mjs')]] as const);
  const child = spawn(program, [...first, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: String(port),
      DEMO_PORT: String(demoPort),
      BASE_URL: '',
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      SMART_CONFIG: 'smart-config',
      OHC_SERVER_ENTRY: join(dataDir, 'server.mjs'),
      OHC_OBJECTIONS_ENTRY: join(dataDir, 'register.mjs'),
    },
  });
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      for (const check of waiting) check();
    });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const pid = child.pid ?? 0;
  onTestFinished(async () => {
    if (isAlive(pid)) process.kill(-pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });
  const said = (pattern: RegExp): Promise<void> =>
    new Promise((done, fail) => {
      const check = (): void => {
        if (pattern.test(output)) done();
      };
      waiting.add(check);
      check();
      void ended.then(() => fail(new Error(`it ended before it said ${String(pattern)}:\n${output}`)));
    });
  return { child, pid, output: () => output, said, ended, port, demoPort, dataDir };
}

/** True while any process of the group lives. */
function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

async function goneSoon(group: number): Promise<boolean> {
  for (let turn = 0; turn < 200 && isAlive(group); turn += 1) await new Promise((done) => setTimeout(done, 50));
  return !isAlive(group);
}

test('it says in plain lines what it does, ends with one Ready line, and Ctrl-C leaves no process', async () => {
  const run = await start();
  await run.said(/^Ready /m);
  const lines = run.output().trim().split('\n');
  expect(lines.at(-1)).toBe(`Ready http://localhost:${run.port}`);
  expect(lines.filter((line) => line.startsWith('Ready'))).toHaveLength(1);
  expect(lines).toContain('Starting the demo region …');

  const list = await fetch(`http://127.0.0.1:${run.demoPort}/millbrook/`);
  expect(await list.text()).toContain('SMITH, John');
  const config: unknown = await (await fetch(`http://localhost:${run.port}/sources`)).json();
  const urls = objects(object(config)?.['sources']).map((source) => String(source['baseUrl']));
  expect(urls.every((url) => url.startsWith(`http://127.0.0.1:${run.demoPort}/`))).toBe(true);
  expect((await fetch(urls[0] ?? '').catch(() => undefined))?.status).toBeGreaterThan(199);

  process.kill(-run.pid, 'SIGINT');
  expect(await run.ended).toBe(0);
  expect(await goneSoon(run.pid)).toBe(true);
});

test('the objections of the stories are raised through the command, and withdrawn where someone changed their mind', async () => {
  const run = await start();
  await run.said(/^Ready /m);
  process.kill(run.pid, 'SIGTERM');
  await run.ended;
  const asked = await readFile(join(run.dataDir, 'asked'), 'utf8').catch(() => '');
  const commands = asked
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as string[])[0]);
  expect(commands.filter((one) => one === 'raise')).toHaveLength(registerObjections.length);
  expect(commands.filter((one) => one === 'withdraw')).toHaveLength(
    registerObjections.filter((one) => one.thenWithdrawn === true).length,
  );
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  '%s to the command alone ends everything that it started',
  async (signal) => {
    const run = await start();
    await run.said(/^Ready /m);
    process.kill(run.pid, signal);
    await run.ended;
    expect(await goneSoon(run.pid)).toBe(true);
    expect(await fetch(`http://localhost:${run.port}/`).catch(() => 'closed')).toBe('closed');
  },
);

test('a command that npm started ends where npm was told to end, which its shell does not pass on', async () => {
  const run = await start(standInServer, [], 'npm');
  await run.said(/^Ready /m);
  process.kill(run.pid, 'SIGTERM');
  await run.ended;
  expect(await goneSoon(run.pid)).toBe(true);
});

test('where the server dies the whole ends, with a sentence', async () => {
  const run = await start();
  await run.said(/^Ready /m);
  await fetch(`http://localhost:${run.port}/die`).catch(() => undefined);
  expect(await run.ended).toBe(1);
  expect(run.output()).toMatch(/^The server ended with code 7: .*server\.log has the rest\.$/m);
  expect(await goneSoon(run.pid)).toBe(true);
});

test('a server that refuses to start is quoted', async () => {
  const run = await start(failingServer);
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain('hosts.json hosts[0].id: found nothing, expected an id\nThe server ended with code 1');
  expect(run.output()).not.toContain('Ready');
});

test('a records folder is listed, its people are in the host lists, and its source is in the configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'records-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const patient = {
    resourceType: 'Patient',
    id: 'p',
    name: [{ family: 'Vane', given: ['Ada'] }],
    birthDate: '1961-04-17',
  };
  const bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient }] };
  await writeFile(join(folder, 'vane.json'), JSON.stringify(bundle));
  await writeFile(join(folder, 'notes.txt'), 'words');
  const run = await start(standInServer, ['--records', folder]);
  await run.said(/^Ready /m);
  expect(run.output()).toMatch(/^ {2}taken {6}vane\.json: VANE, Ada, 1 resources, R4, from the source Records$/m);
  expect(run.output()).toMatch(/^ {2}not taken {2}notes\.txt: it is not a \.json file$/m);
  expect(await (await fetch(`http://127.0.0.1:${run.demoPort}/millbrook/`)).text()).toContain('VANE, Ada');
  const config: unknown = await (await fetch(`http://localhost:${run.port}/sources`)).json();
  expect(objects(object(config)?.['sources']).map((source) => source['label'])).toContain('Records');
  process.kill(run.pid, 'SIGTERM');
  await run.ended;
});

test('a sandbox is registered for the run, and it is said what to paste', async () => {
  const iss = 'http://127.0.0.1:4999/r4/fhir';
  const run = await start(standInServer, ['--sandbox', '--iss', iss]);
  await run.said(/^Ready /m);
  const base = `http://localhost:${run.port}`;
  for (const words of [
    `launch URL    ${base}/launch\n`,
    `redirect URI  ${base}/launch/callback/sandbox-launcher\n`,
    `redirect URI  ${base}/launch/callback/sandbox-1\n`,
    'client id     one-health-and-care',
    'https://launch.smarthealthit.org/v/r4/fhir',
  ])
    expect(run.output()).toContain(words);
  const hosts: unknown = await (await fetch(`${base}/hosts`)).json();
  expect(objects(object(hosts)?.['hosts']).map((host) => host['iss'])).toContain(iss);
  expect(await (await fetch(`${base}/link-key`)).text()).toMatch(/^[0-9a-f]{64}$/);
  expect(await (await fetch(`http://127.0.0.1:${run.demoPort}/`)).text()).toContain(iss);
  process.kill(run.pid, 'SIGTERM');
  await run.ended;
});
