import { mkdir, readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../config/environment.ts';
import { writeDemoConfig } from './config.ts';
import { createDemo, readDemoRecords } from './demo.ts';
import { newLinkKey } from './hosts/link.ts';
import { hostKeys } from './hosts/signing.ts';
import { raiseObjections, registerCommand } from './objections.ts';
import { registerObjections } from './people.ts';
import { recordsPracticeOf, recordsSource } from './records/records.ts';
import { sandboxEntries, sandboxHosts, sandboxWords } from './sandbox.ts';
import { lastWords, readiness, startServer } from './server-process.ts';

/** Something that ends the start, told in one sentence. */
class Sentence extends Error {}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function listen(app: ReturnType<typeof createDemo>, port: number): Promise<Server> {
  return new Promise((done, fail) => {
    // On this address alone: another site than localhost, and never the network.
    const server = app.listen(port, '127.0.0.1', (error) => {
      if (error === undefined) done(server);
      else if ('code' in error && error.code === 'EADDRINUSE')
        fail(new Sentence(`Port ${port} is taken: end what uses it, or set DEMO_PORT to another port.`));
      else fail(error);
    });
  });
}

/** `roles.json` as it stands; what is broken in it the server says. */
async function readRoles(configDir: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(configDir, 'roles.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** What was started, to be ended in reverse. */
const running: (() => Promise<void>)[] = [];
let stopping: Promise<void> | undefined;

/** Ends everything that was started; whoever asks while it is under way waits for the same end. */
function stop(): Promise<void> {
  stopping ??= (async () => {
    for (const end of running.toReversed()) await end();
  })();
  return stopping;
}

for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])
  process.on(event, () => void stop().then(() => process.exit(0)));
process.channel?.unref();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string' },
      sandbox: { type: 'boolean' },
      iss: { type: 'string', multiple: true, default: [] },
    },
  });
  const environment = readEnvironment(process.env);
  const { baseUrl, dataDir, demoPort, port } = environment;
  const demoUrl = `http://127.0.0.1:${demoPort}`;
  const folder = join(dataDir, 'demo');
  await mkdir(folder, { recursive: true, mode: 0o700 });

  say('Starting the demo region …');
  const records = await readDemoRecords(values.records);
  if (values.records !== undefined) say([`Records from ${values.records}:`, ...records.listing].join('\n'));
  const keys = await hostKeys(join(folder, 'host-keys.json'));
  const linkKey = newLinkKey();
  const sandboxes = values.sandbox === true ? sandboxHosts(values.iss) : [];
  const log = (): void => undefined;
  const demo = createDemo({ demoUrl, baseUrl, keys, linkKey, sandboxes, records, now: new Date(), log });
  const http = await listen(demo, demoPort);
  running.push(async () => {
    http.close();
    http.closeAllConnections();
  });
  const configDir = join(folder, 'smart-config');
  await writeDemoConfig(environment.configDir, configDir, {
    demoUrl,
    source: recordsSource(records, demoUrl),
    practices: recordsPracticeOf(records, demoUrl),
    hosts: sandboxEntries(sandboxes, await readRoles(environment.configDir)),
  });

  say('Starting the server …');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: String(port),
    BASE_URL: baseUrl,
    SMART_CONFIG: configDir,
    DATA_DIR: dataDir,
    DEMO_PORT: String(demoPort),
    OHC_DEMO: '1',
    DEMO_LINK_KEY: linkKey.toString('hex'),
  };
  const logFile = join(folder, 'server.log');
  // OHC_SERVER_ENTRY and OHC_OBJECTIONS_ENTRY: what a test puts in the place of the real ones.
  const server = await startServer(process.env['OHC_SERVER_ENTRY'] ?? at('../main.ts'), env, logFile);
  running.push(() => server.stop(12_000));
  void server.ended.then(async (code) => {
    if (stopping !== undefined) return;
    const words = await lastWords(logFile);
    if (words !== '') process.stderr.write(`${words}\n`);
    process.stderr.write(`The server ended with code ${code}: ${relative(process.cwd(), logFile)} has the rest.\n`);
    await stop();
    process.exit(1);
  });
  const state = await readiness(`http://localhost:${port}/health/ready`, server, 60_000);
  // Where it ended, that is said above.
  if (state === 'ended') return;
  if (state === 'late')
    throw new Sentence(`The server was not ready within a minute: ${relative(process.cwd(), logFile)} says why.`);
  const asking = new AbortController();
  running.push(async () => asking.abort());
  const ask = registerCommand(
    process.env['OHC_OBJECTIONS_ENTRY'] ?? at('../commands/objections.ts'),
    env,
    asking.signal,
  );
  await raiseObjections(registerObjections, ask).catch((error: unknown) => {
    if (stopping !== undefined) return;
    const why = error instanceof Error ? error.message : String(error);
    say(`The demo's objections could not be raised, so those who objected in the register are shown: ${why}`);
  });
  if (stopping !== undefined) return;
  if (sandboxes.length > 0) say(sandboxWords(sandboxes, baseUrl).join('\n'));
  say(`Ready ${baseUrl}`);
}

try {
  await main();
} catch (error) {
  if (stopping === undefined) {
    process.stderr.write(`${error instanceof Sentence ? error.message : String(error)}\n`);
    await stop();
    process.exit(1);
  }
}
