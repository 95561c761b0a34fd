import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { added, table, totalOf, type Tally } from '../canaries/tally.ts';
import { timings, timingTable } from '../canaries/timing.ts';
import type { Progress, Shown, Work } from '../canaries/work.ts';

const usage = `npm run canaries -- [--cases <n>] [--seed <text>] [--processes <n>] [--timing [--each <n>]]

Makes records with what is never shown in every place where it can stand, each with a twin in which nothing is secret, and
sends them through the filter and the facade, one in 200 through a whole server over every route. A marker that appears
anywhere is a leak; a twin that does not come through leaf for leaf is lost. docs/privacy-proof.md tells of it.

  --cases      how many (20000); each is a canary and its twin
  --seed       another makes other cases (1)
  --processes  one a core
  --timing     measures instead whether time tells of what is withheld, and prints the likelihood of each difference
  --each       measurements of each question, with it and without it (200)`;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: String(availableParallelism()) },
    timing: { type: 'boolean', default: false },
    each: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
});
const [cases, processes, each] = [Number(values.cases), Number(values.processes), Number(values.each)];

if (values.help) console.log(usage);
else if (![cases, processes, each].every((one) => Number.isSafeInteger(one) && one > 0)) {
  console.error(usage);
  process.exitCode = 2;
} else if (values.timing) console.log(timingTable(await timings(values.seed, each)));
else await run();

/** One process's part. @throws where it ends before it has done it */
function part(work: Work, hear: (progress: Progress) => void): Promise<void> {
  return new Promise((done, fail) => {
    const child = fork(fileURLToPath(new URL('../canaries/work.ts', import.meta.url)), ['work']);
    let ended = false;
    child.on('message', (message) => {
      // The process runs work.ts, which says nothing else.
      const progress = message as Progress;
      ended ||= progress.ended;
      hear(progress);
    });
    child.once('exit', (code) => (ended && code === 0 ? done() : fail(new Error(`a process ended with ${code}`))));
    child.send(work);
  });
}

function show({ kind, index, isTwin, category, channel, what, record }: Shown): void {
  console.log(
    `\n${kind.toUpperCase()} ${isTwin ? 'twin' : 'canary'} ${index} of seed ${values.seed}: ${category}, ${channel}`,
  );
  console.log(what);
  for (const resource of record) console.log(JSON.stringify(resource));
}

async function run(): Promise<void> {
  const began = performance.now();
  let tally: Tally = {};
  let questions = 0;
  let left = 0;
  let told = began;
  const hear = (progress: Progress): void => {
    tally = added(tally, progress.tally);
    questions += progress.questions;
    progress.shown.forEach(show);
    if (progress.ended) left += progress.shown.length;
    if (performance.now() - told < 10_000) return;
    told = performance.now();
    const { cases: done, leaks, lost } = totalOf(tally);
    console.error(
      `${done} cases, ${leaks} leaks, ${lost} lost twins, ${(done / ((told - began) / 1000)).toFixed(0)} a second`,
    );
  };
  const share = Math.ceil(cases / processes);
  const parts = Array.from({ length: processes }, (_, index) => ({
    seed: values.seed,
    from: index * share,
    cases: Math.min(share, cases - index * share),
  })).filter((one) => one.cases > 0);
  await Promise.all(parts.map((one) => part(one, hear)));
  const seconds = (performance.now() - began) / 1000;
  const { cases: done, whole, leaks, lost } = totalOf(tally);
  console.log(`\nCases · leaks · lost twins, seed ${values.seed}:\n\n${table(tally)}\n`);
  console.log(
    `${done} cases (${done - whole} through filter and facade, ${whole} through ${parts.length} whole servers with ${questions} requests) in ${seconds.toFixed(0)} s on ${parts.length} processes: ${(done / seconds).toFixed(0)} a second. ${leaks} leaks, ${lost} lost twins, ${left} markers left behind.`,
  );
  if (leaks + lost + left > 0) process.exitCode = 1;
}
