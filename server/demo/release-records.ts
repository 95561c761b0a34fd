import { mock } from 'node:test';
import { parseArgs } from 'node:util';
import { people } from './people.ts';
import { releaseRecords } from './released.ts';

/*
 * Prints records of the demo's people as JSON (`Released`), for the viewer without a server:
 *   node server/demo/release-records.ts [--at 2026-11-20T09:41:00Z] [--all] [smith:R8009 …]
 * `--all`: everyone but the one of 20,000 resources, as a clinician sees them. With `--at` the clock stands still, so that each run prints the same.
 */
const { values, positionals } = parseArgs({
  options: { at: { type: 'string' }, all: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (values.at !== undefined) mock.timers.enable({ apis: ['Date'], now: Date.parse(values.at) });
const everyone = people.map(({ key }) => key).filter((key) => key !== 'cope');
const wanted = [...(values.all ? everyone : []), ...positionals].map((one) => {
  const [person = '', role = 'R8000'] = one.split(':');
  return { person, role };
});
process.stdout.write(JSON.stringify(await releaseRecords(wanted, new Date())));
