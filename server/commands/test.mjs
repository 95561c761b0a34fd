// `npm test`: installs what is missing, then every check there is, and one line that counts them all.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './chromium.mjs';
import { buildMissing, command, installedNode, installMissing, root, run, Sentence } from './install.mjs';

const usage = `npm test

Installs what is missing (Chromium too), then checks types, lint, the lock file and the configuration, and runs the
unit, integration and end-to-end tests. The last line counts them all.

  --full   runs whole what is otherwise a fixed sample (the same as npm run test:full)
  --help   says this

Environment
  CHROMIUM_PATH  the Chromium to use`;

const results = join(root, 'test-results');
/** What the run has shown of SMART's requirements: `docs/smart-conformance.md` must say the same. */
const requirements = join(results, 'smart-requirements.json');
const bin = (...path) => join(root, 'node_modules', ...path);
const say = (line) => console.log(line);

/** @typedef {{ passed: number, failed: number, skipped: { title: string, reason: string }[] }} Counts */

/** A check that passes or fails as one. @returns {Promise<Counts>} */
async function check(name, steps) {
  let failed = false;
  for (const args of steps) {
    const { code, output } = await run(installedNode(), args);
    if (code === 0) continue;
    failed = true;
    console.log(output.trimEnd());
  }
  say(`${failed ? 'FAILED' : 'passed'}  ${name}`);
  return { passed: failed ? 0 : 1, failed: failed ? 1 : 0, skipped: [] };
}

/** Runs a test runner and reads what it counted; one that ends badly without a failed test counts as a failure. */
async function counted(name, args, env, read) {
  say(`${name} …`);
  const { code } = await run(installedNode(), args, { show: true, env: { ...process.env, ...env } });
  try {
    const counts = read();
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } catch {
    say(`${name} ended with ${code} and counted nothing.`);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

function unit() {
  const file = join(results, 'counts', 'vitest.json');
  return counted(
    'Unit and integration tests',
    [
      bin('vitest', 'vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=./server/commands/vitest-counts.mjs',
      '--reporter=./server/commands/vitest-requirements.ts',
    ],
    { OHC_COUNTS: file, OHC_REQUIREMENTS: requirements },
    () => JSON.parse(readFileSync(file, 'utf8')),
  );
}

/** The counts in a report of Playwright's JSON reporter. @returns {Counts} */
function readPlaywright(file) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const skipped = [];
  const walk = (suite) => {
    for (const spec of suite.specs ?? [])
      for (const test of spec.tests) {
        if (test.status !== 'skipped') continue;
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
        skipped.push({ title: `${spec.file}: ${spec.title}`, reason: reason ?? 'no reason given' });
      }
    for (const inner of suite.suites ?? []) walk(inner);
  };
  for (const suite of report.suites) walk(suite);
  const { expected, unexpected, flaky } = report.stats;
  // An error outside any test (a file that does not load, a server that does not start) is a failure too.
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
}

async function endToEnd() {
  const file = join(results, 'counts', 'playwright.json');
  let chromium;
  try {
    chromium = await findChromium(say);
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    say(error.message);
    return { passed: 0, failed: 1, skipped: [] };
  }
  return counted(
    'End-to-end tests',
    [bin('@playwright', 'test', 'cli.js'), 'test', '--reporter=line,json'],
    { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    () => readPlaywright(file),
  );
}

function readOptions(args) {
  for (const one of args)
    if (!['--full', '--help', '-h'].includes(one))
      throw new Sentence(`${one} is not an option: npm test -- --help tells what there is.`, 2);
  return { full: args.includes('--full'), help: args.includes('--help') || args.includes('-h') };
}

await command(async () => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(usage);
    return;
  }
  if (options.full) process.env.OHC_FULL = '1';
  await installMissing(say);
  await buildMissing(say, { fresh: true });
  rmSync(results, { recursive: true, force: true });
  mkdirSync(join(results, 'counts'), { recursive: true });
  const all = [
    await check('types', [[bin('typescript', 'bin', 'tsc'), '-p', '.']]),
    await check('lint', [
      [bin('oxlint', 'bin', 'oxlint'), '--deny-warnings'],
      [bin('prettier', 'bin', 'prettier.cjs'), '--check', '.'],
    ]),
    await check('lock file', [[join(root, 'server', 'commands', 'lock-file.mjs')]]),
    await check('configuration', [[join(root, 'server', 'commands', 'config-check.ts'), 'smart-config']]),
    await unit(),
    await check('conformance document', [
      [join(root, 'server', 'commands', 'conformance.ts'), '--check', '--of', requirements],
    ]),
    await endToEnd(),
  ];
  const skipped = all.flatMap((one) => one.skipped);
  for (const { title, reason } of skipped) say(`skipped ${title}: ${reason}`);
  const sum = (of) => all.reduce((total, one) => total + one[of], 0);
  const failed = sum('failed');
  say(`${sum('passed')} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed === 0 ? 0 : 1;
});
