// What every command needs before it can run: the packages, Node 24, the built viewer. Runs on Node 20 with nothing
// installed, so it imports nothing but Node's own.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const modules = join(root, 'node_modules');
const installStamp = join(modules, '.installed-from');
const buildStamp = join(root, 'dist', '.built-from');

const parent = process.ppid;

/** Node 24, brought by the package `node`. */
export const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** A failure that is told in one sentence, without a stack. */
export class Sentence extends Error {
  /**
   * @param {string} message the whole sentence
   * @param {number} [exitCode] what the command ends with
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'Sentence';
    this.exitCode = exitCode;
  }
}

/** Runs a command's body; a {@link Sentence} becomes one line on stderr and the exit code. */
export async function command(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}

/**
 * npm ends its shell when it is told to end, and the shell does not pass that on: a command that npm started sees it by
 * its parent, which is then another.
 * @param {() => void} stop what to do then
 * @returns {() => void} ends the watch
 */
export function onOrphaned(stop) {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 250);
  watch.unref();
  return () => clearInterval(watch);
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, show?: boolean, timeoutMs?: number, shell?: boolean }} [options]
 *   `show`: its output goes straight to the terminal; else it is collected, to be shown where it fails
 * @returns {Promise<{ code: number, output: string }>} a program that cannot be started has code 127
 */
export function run(program, args, options = {}) {
  return new Promise((done) => {
    const chunks = [];
    const child = spawn(program, args, {
      cwd: root,
      env: options.env ?? process.env,
      stdio: options.show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: options.shell ?? false,
      timeout: options.timeoutMs ?? 0,
    });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    let stoppedBy;
    const onSignal = (signal) => {
      stoppedBy = signal;
      forward(signal);
    };
    for (const signal of signals) process.on(signal, onSignal);
    const unwatch = onOrphaned(() => onSignal('SIGTERM'));
    const end = (code, output) => {
      unwatch();
      for (const signal of signals) process.off(signal, onSignal);
      if (stoppedBy !== undefined) process.exit(stoppedBy === 'SIGINT' ? 130 : 143);
      done({ code, output });
    };
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code) => end(code ?? 1, Buffer.concat(chunks).toString('utf8')));
  });
}

const hashOf = (content) => createHash('sha256').update(content).digest('hex');
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** True where what npm says it installed is what the lock file asks for: someone ran `npm ci` by hand. */
function installedByHand() {
  try {
    const asked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
    return Object.entries(asked).every(
      ([path, entry]) => path === '' || entry.optional || entry.link || installed[path]?.version === entry.version,
    );
  } catch {
    return false;
  }
}

/** The environment without this project's own `.bin` on the PATH: an install must not run on the Node that it replaces. */
function outsideEnvironment() {
  const entries = (process.env.PATH ?? '').split(delimiter);
  return { ...process.env, PATH: entries.filter((one) => !one.startsWith(modules + sep)).join(delimiter) };
}

/**
 * Installs the packages where they are missing or the lock file has changed since.
 * @param {(line: string) => void} say progress in plain words
 */
export async function installMissing(say) {
  const lock = hashOf(readFileSync(join(root, 'package-lock.json')));
  const linked = lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (existsSync(modules) && (linked || read(installStamp) === lock)) return;
  if (installedByHand()) {
    writeFileSync(installStamp, lock);
    return;
  }
  say('Installing what is missing …');
  const { code, output } = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    env: outsideEnvironment(),
    shell: process.platform === 'win32',
  });
  if (code !== 0) {
    console.error(output.trimEnd());
    throw new Sentence('The packages could not be installed: npm says why above.');
  }
  writeFileSync(installStamp, lock);
}

/** Node 24 of the package `node`, or a sentence that says why it is not there. */
export function installedNode() {
  if (existsSync(node)) return node;
  throw new Sentence(
    'Node 24 is not in node_modules: run "npm ci" with install scripts and optional packages allowed.',
  );
}

/** Every file that the viewer is built from, in a fixed order. */
function viewerSources() {
  const files = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (!/\.test\.tsx?$/.test(entry.name)) files.push(path);
    }
  };
  for (const folder of ['src', 'public']) if (existsSync(join(root, folder))) walk(join(root, folder));
  for (const name of readdirSync(root))
    if (name.endsWith('.html') || ['vite.config.ts', 'package-lock.json', 'tsconfig.json'].includes(name))
      files.push(join(root, name));
  return files.sort((a, b) => (a < b ? -1 : 1));
}

function viewerHash() {
  const hash = createHash('sha256');
  for (const file of viewerSources()) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Builds the viewer where `dist/` is missing, or (`fresh`) where it was built from other sources than these.
 * @param {(line: string) => void} say progress in plain words
 * @param {{ fresh: boolean }} options
 */
export async function buildMissing(say, { fresh }) {
  const sources = fresh ? viewerHash() : undefined;
  const built = existsSync(join(root, 'dist'));
  if (built && (!fresh || read(buildStamp) === sources)) return;
  if (!existsSync(join(root, 'vite.config.ts'))) return;
  say('Building the viewer …');
  const { code, output } = await run(installedNode(), [join(modules, 'vite', 'bin', 'vite.js'), 'build']);
  if (code !== 0) {
    console.error(output.trimEnd());
    throw new Sentence('The viewer could not be built: vite says why above.');
  }
  writeFileSync(buildStamp, sources ?? viewerHash());
}
