// A Chromium for the end-to-end tests: found, else fetched, else one sentence that says what to do.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installedNode, root, run, Sentence } from './install.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next folder.
    }
  }
  return undefined;
}

/** True where it starts: what a distribution calls `chromium-browser` may be a stub, and a download may lack libraries. */
async function starts(path) {
  const { code } = await run(path, ['--version'], { timeoutMs: 30_000 });
  return code === 0;
}

const playwright = (...args) => [join(root, 'node_modules', 'playwright-core', 'cli.js'), ...args];

async function playwrightsOwn() {
  const script = "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
  const { code, output } = await run(installedNode(), ['--eval', script]);
  const path = output.trim().split('\n').at(-1) ?? '';
  return code === 0 && existsSync(path) && (await starts(path)) ? path : undefined;
}

async function onSystem() {
  for (const name of names) {
    const path = onPath(name);
    if (path !== undefined && (await starts(path))) return path;
  }
  return undefined;
}

const isDebianRoot = () => process.getuid?.() === 0 && onPath('apt-get') !== undefined;

/**
 * Finds a Chromium, or fetches one: what CHROMIUM_PATH names, the system's, Playwright's, Debian's package.
 * @param {(line: string) => void} say progress in plain words
 * @returns {Promise<string>} the path of the program
 */
export async function findChromium(say) {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (await starts(named)) return named;
    throw new Sentence(`CHROMIUM_PATH names ${named}, which does not start: set it to a Chromium, or unset it.`);
  }
  const found = (await onSystem()) ?? (await playwrightsOwn());
  if (found !== undefined) return found;
  say('Fetching Chromium …');
  await run(installedNode(), playwright('install', 'chromium'), {
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
    timeoutMs: 300_000,
  });
  const fetched = await playwrightsOwn();
  if (fetched !== undefined) return fetched;
  if (isDebianRoot()) {
    say('Installing the package chromium …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env, timeoutMs: 180_000 });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      env,
      timeoutMs: 600_000,
    });
    const installed = await onSystem();
    if (installed !== undefined) return installed;
  }
  throw new Sentence(
    'No Chromium was found and none could be fetched: install the package chromium, or set CHROMIUM_PATH to one.',
  );
}
