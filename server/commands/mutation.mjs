// `npm run mutation`: mutates withholding and disclosure, and tells which mutants no test sees.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, installedNode, installMissing, root, run, Sentence } from './install.mjs';

const usage = `npm run mutation -- [--only <files>] [--at-once <n>]

Changes one thing at a time in server/privacy and server/disclosure and runs the tests that see that place. A mutant that
no test kills is a rule that could be lost without a word. Fetches StrykerJS when it is first run; takes an hour or so.
What was tried before is not tried again unless its code or its tests have changed.

  --only <files>   only these, for instance server/privacy/clean.ts or 'server/privacy/*.ts'; may be given more than once
  --at-once <n>    how many mutants are tried at a time; the number of cores less one where it is not given
  --help           says this

Ends with 1 where fewer than 95 % are killed. Writes test-results/mutation/report.html and report.json.`;

/** Needed by this rare run alone: no dependency, but pinned as one. */
const version = '10.1.1';
const tools = join(root, 'test-results', 'mutation', 'tools');
const stryker = join(tools, 'node_modules', '@stryker-mutator', 'core');

function isFetched() {
  const manifest = join(stryker, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version;
}

await command(async () => {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        'at-once': { type: 'string' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    throw new Sentence(`${error.message}\n\n${usage}`, 2);
  }
  if (values.help) {
    console.log(usage);
    return;
  }
  const atOnce = values['at-once'];
  if (atOnce !== undefined && !/^[1-9]\d?$/.test(atOnce)) throw new Sentence('--at-once is a number from 1 to 99.', 2);
  await installMissing(console.log);
  if (!isFetched()) {
    const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${version}`);
    // Its peers are this project's own packages, found from where it lies.
    const quiet = ['--no-audit', '--no-fund', '--no-save', '--legacy-peer-deps'];
    const { code, output } = await run('npm', ['install', '--prefix', tools, ...quiet, ...packages]);
    if (code !== 0) throw new Sentence(`StrykerJS could not be fetched:\n${output.trimEnd()}`);
  }
  const { code } = await run(
    installedNode(),
    [
      join(stryker, 'bin', 'stryker.js'),
      'run',
      'server/mutation/stryker.config.mjs',
      ...(values.only === undefined
        ? []
        : ['--mutate', [...values.only, '!**/*.test.ts', '!**/*.testing.ts'].join(',')]),
      ...(atOnce === undefined ? [] : ['--concurrency', atOnce]),
    ],
    { show: true },
  );
  process.exitCode = code;
});
