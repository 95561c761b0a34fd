import { spawn } from 'node:child_process';
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { conformanceDocument } from '../auth/conformance/document.ts';
import { answersFile, loadTables, withoutShown, type Proofs } from '../auth/conformance/requirement.ts';
import { judge } from '../auth/conformance/statement.ts';
import type { RequirementsShown } from './vitest-requirements.ts';

const usage = `npm run conformance

Runs the tests that name a requirement of SMART App Launch, and writes docs/smart-conformance.md from what they show. An answer in
words to what a test shows by now is taken out of server/auth/conformance/answers.tsv.

  --check      writes nothing; fails where the document says something else
  --of <file>  takes a run's results from a file and runs no test (npm test does so)
  --help       says this`;

const root = join(import.meta.dirname, '..', '..');
const page = join(root, 'docs', 'smart-conformance.md');
const resultsSchema = z.object({ failed: z.number(), shown: z.record(z.string(), z.array(z.string())) });

/** The test files of the repository in which a title ends in the number of a requirement. */
async function namingFiles(): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob('{server,src}/**/*.test.{ts,tsx}', { cwd: root }))
    if (/\s@\d{1,3}(?:'|"|`)/.test(await readFile(join(root, file), 'utf8'))) files.push(file);
  return files.sort();
}

/** Runs those files and nothing else; the database tests on the embedded database alone. */
async function runTests(): Promise<RequirementsShown> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  const results = join(folder, 'shown.json');
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const projects = ['--project', 'server', '--project', 'viewer'];
  const reporters = ['--reporter=default', '--reporter=./server/commands/vitest-requirements.ts'];
  const child = spawn(process.execPath, [vitest, 'run', ...projects, ...reporters, ...(await namingFiles())], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, OHC_REQUIREMENTS: results },
  });
  try {
    await new Promise((done, fail) => child.once('close', done).once('error', fail));
    return await readShown(results);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readShown(file: string): Promise<RequirementsShown> {
  return resultsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

function proofsOf(run: RequirementsShown): Proofs {
  return new Map(Object.entries(run.shown).map(([id, files]) => [Number(id), files]));
}

/** What tests show by now is answered in words no longer. */
async function takeOutShown(run: RequirementsShown): Promise<void> {
  const before = await readFile(answersFile, 'utf8');
  const { left, out } = withoutShown(before, proofsOf(run));
  if (out.length === 0) return;
  await writeFile(answersFile, left);
  console.log(`Shown by a test now, and taken out of answers.tsv: ${out.map((id) => `@${id}`).join(' ')}`);
}

/** What the document should say after a run, and what is wrong with the run or with the answers. */
export async function conformanceOf(
  run: RequirementsShown,
): Promise<{ readonly document: string; readonly faults: readonly string[] }> {
  const { requirements, answers } = await loadTables();
  const { judged, faults } = judge(requirements, answers, proofsOf(run));
  const failed = run.failed === 0 ? [] : [`${run.failed} tests failed: what they show cannot be told.`];
  return { document: conformanceDocument(judged), faults: [...failed, ...faults] };
}

async function main(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--of');
  const file = at < 0 ? undefined : args[at + 1];
  const known = args.every((arg, index) => ['--check', '--of', '--help'].includes(arg) || index === at + 1);
  if (!known || args.includes('--help') || (at >= 0 && file === undefined)) {
    console.log(usage);
    return args.includes('--help') ? 0 : 2;
  }
  const run = await (file === undefined ? runTests() : readShown(file)).catch(() => undefined);
  if (run === undefined) {
    console.log('The run of the tests has said nothing of the requirements of SMART App Launch.');
    return 1;
  }
  if (!args.includes('--check') && run.failed === 0) await takeOutShown(run);
  const { document, faults } = await conformanceOf(run);
  if (faults.length > 0) {
    for (const fault of faults) console.log(fault);
    console.log('docs/smart-conformance.md cannot be judged until that is put right.');
    return 1;
  }
  if (args.includes('--check')) {
    if ((await readFile(page, 'utf8').catch(() => '')) === document) return 0;
    console.log('docs/smart-conformance.md is out of date: run "npm run conformance" and look at what it changes.');
    return 1;
  }
  await writeFile(page, document);
  console.log('Wrote docs/smart-conformance.md.');
  return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
