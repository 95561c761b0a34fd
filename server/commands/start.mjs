// `npm start`: the demo region and the server on a machine that has nothing but Node 20 and npm.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { existsSync, statSync } from 'node:fs';
import { buildMissing, command, installedNode, installMissing, onOrphaned, root, Sentence } from './install.mjs';

const usage = `npm start [-- --records <folder>] [-- --sandbox [--iss <url>]…]

Starts the demo region and the server, and says where to look.

  --records <folder>  serves the FHIR files of a folder (R4 and STU3 Bundles, GP Connect, Synthea,
                      International Patient Summary) as further people of the demo
  --sandbox           registers the public SMART App Launcher as a host that may open the viewer, and
                      says what to paste there (docs/sandbox.md)
  --iss <url>         with --sandbox: registers this SMART FHIR server too; may stand more than once
  --help              says this

Environment
  PORT          port of the server (3000)
  DEMO_PORT     port of the demo's hosts and source systems (PORT + 1)
  BASE_URL      public URL of the server (http://localhost:PORT)
  DATA_DIR      where the server keeps its data (.data)
  DATABASE_URL  a PostgreSQL database instead of the embedded one
  SMART_CONFIG  folder of the configuration (smart-config)
  LOG_LEVEL     how much the server logs (info); its log is in DATA_DIR/demo/server.log`;

/** A server may be asked for tokens over https, or over http on this machine. */
function issOf(value) {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) return value;
  throw new Sentence(`--iss ${value}: give the FHIR base URL of a SMART server, https off this machine.`, 2);
}

/** @returns {{ help: boolean, records?: string, sandbox: boolean, iss: string[] }} */
function readOptions(args) {
  const options = { help: false, sandbox: false, iss: [] };
  const left = [...args];
  while (left.length > 0) {
    const [name, inline] = left.shift().split(/=(.*)/s);
    if (name === '--help' || name === '-h') options.help = true;
    else if (name === '--records') {
      const folder = inline ?? left.shift();
      if (folder === undefined || folder === '') throw new Sentence('--records needs a folder.', 2);
      options.records = resolve(folder);
    } else if (name === '--sandbox') options.sandbox = true;
    else if (name === '--iss') {
      const iss = inline ?? left.shift();
      if (iss === undefined || iss === '') throw new Sentence('--iss needs a URL.', 2);
      options.iss.push(issOf(iss));
    } else throw new Sentence(`${name} is not an option: npm start -- --help tells what there is.`, 2);
  }
  if (options.iss.length > 0 && !options.sandbox) throw new Sentence('--iss goes with --sandbox.', 2);
  return options;
}

function demoArguments({ records, sandbox, iss }) {
  return [
    ...(records === undefined ? [] : ['--records', records]),
    ...(sandbox ? ['--sandbox'] : []),
    ...iss.flatMap((one) => ['--iss', one]),
  ];
}

function portOf(name, fallback) {
  const set = process.env[name];
  const port = set === undefined || set === '' ? fallback : Number(set);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Sentence(`${name} is ${set || port}, which is not a port: set a number from 1 to 65535.`, 2);
}

function listens(port, host) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => done(error.code));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => done(undefined)));
  });
}

async function checkPort(name, port) {
  // One address after the other: another program may hold only one of them, and a browser may try any.
  for (const host of [undefined, '127.0.0.1', '::1']) {
    const fault = await listens(port, host);
    if (fault === 'EADDRINUSE')
      throw new Sentence(`Port ${port} is taken: end what uses it, or set ${name} to another port.`);
    if (fault === 'EACCES')
      throw new Sentence(`Port ${port} may not be used by this user: set ${name} to a port above 1023.`);
  }
}

/** Node keeps here what it made of our files, so that the next start is quicker. */
const compileCache = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node') };

/** Runs the demo in a process of its own until it ends or this one is told to. */
function runDemo(options) {
  return new Promise((done) => {
    const child = spawn(
      installedNode(),
      [join(root, 'server', 'demo', 'main.ts'), ...demoArguments(options)],
      // The channel is a leash: where this process dies without a word, the demo sees it close and ends too.
      { cwd: root, stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...compileCache, ...process.env } },
    );
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 15_000).unref();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
    onOrphaned(stop);
    child.on('error', (error) => {
      console.error(`The demo could not be started: ${error.message}.`);
      done(1);
    });
    child.on('exit', (code) => done(stopping ? 0 : (code ?? 1)));
  });
}

await command(async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    return;
  }
  if (options.records !== undefined && !(existsSync(options.records) && statSync(options.records).isDirectory()))
    throw new Sentence(`There is no folder ${options.records}: --records needs one that exists.`, 2);
  const port = portOf('PORT', 3000);
  const demoPort = portOf('DEMO_PORT', port + 1);
  if (port === demoPort) throw new Sentence(`PORT and DEMO_PORT are both ${port}: set them to two different ports.`, 2);
  await checkPort('PORT', port);
  await checkPort('DEMO_PORT', demoPort);
  const say = (line) => console.log(line);
  await installMissing(say);
  await buildMissing(say, { fresh: true });
  process.exitCode = await runDemo(options);
});
