/**
 * `node bench/privacy.ts`: what withholding takes beside parsing and stringifying the same bytes, on the bench's record and
 * on its worst case, ten thousand resources that all hang together; and how long 1 MB of text is searched for words.
 */
import { loadConfig } from '../server/config/config.ts';
import { createRecordWithholding } from '../server/privacy/withhold.ts';
import { createWordTest } from '../server/privacy/words.ts';
import { entriesOf, isResource, type Resource } from '../src/fhir/resource.ts';
import { median } from './figure.ts';
import { everythingOf, localId, people, shape } from './people.ts';

/** Processor time, ms: what this machine's other work does not change. */
export type PrivacyFigures = {
  readonly record: { readonly floorMs: number; readonly withholdMs: number };
  readonly worst: { readonly floorMs: number; readonly withholdMs: number };
  readonly wordsMs: number;
};

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const { categories } = await loadConfig('smart-config');
const begin = createRecordWithholding(categories);

/** The floor and the filter turn by turn, so that both have the same machine. */
function measure(
  bodies: readonly string[],
  read: (body: string) => readonly Resource[],
  rounds: number,
): { readonly floorMs: number; readonly withholdMs: number } {
  const floors: number[] = [];
  const filters: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    floors.push(processorMs(() => bodies.forEach((body) => JSON.stringify(JSON.parse(body) as unknown))));
    const answers = bodies.map(read);
    filters.push(
      processorMs(() => {
        const filter = begin();
        for (const left of answers.map((answer) => filter(answer))) left();
      }),
    );
  }
  const warm = Math.floor(rounds / 4);
  return { floorMs: median(floors.slice(warm)), withholdMs: median(filters.slice(warm)) };
}

const [person] = people;
if (person === undefined) throw new Error('no people');
const bodies = Array.from({ length: shape.sources }, (_, source) => everythingOf(person, source, localId(person)));
const record = measure(bodies, (body) => entriesOf(JSON.parse(body)), 200);

const count = 10_000;
const together = JSON.stringify(
  Array.from({ length: count }, (_, index) => ({
    resourceType: 'Observation',
    id: `o${index}`,
    status: 'final',
    code: {
      coding: [
        { system: 'http://snomed.info/sct', code: index === 0 ? '15628003' : '365636006', display: 'Glucose level' },
      ],
    },
    subject: { reference: 'Patient/p' },
    effectiveDateTime: '2026-05-01T10:00:00Z',
    partOf: [{ reference: `Observation/o${(index + 1) % count}` }],
    hasMember: [{ reference: `Observation/o${(index * 7) % count}` }],
    valueQuantity: { value: index, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  })),
);
const parsed = (body: string): readonly Resource[] => {
  const json: unknown = JSON.parse(body);
  return Array.isArray(json) ? json.filter(isResource) : [];
};
const left = begin()(parsed(together))().length;
if (left !== 0) throw new Error(`${left} resources are left of those that all hang together`);
const worst = measure([together], parsed, 24);

const line =
  'Reviewed in the respiratory clinic today: inhaler technique good, peak flow 420, transferred back to her own GP. Top of the shoulder still sore. ';
const text = line.repeat(Math.ceil(1_000_000 / line.length)).slice(0, 1_000_000);
const tells = createWordTest(categories);
if (tells(text)) throw new Error('the text holds a word that must be withheld');
const wordsMs = median(Array.from({ length: 25 }, () => processorMs(() => void tells(text))));

process.send?.({ record, worst, wordsMs } satisfies PrivacyFigures);
console.log(`the bench's record     ${(record.withholdMs / record.floorMs).toFixed(2)} x the floor  (target 0.60)`);
console.log(`all hang together      ${(worst.withholdMs / worst.floorMs).toFixed(2)} x the floor  (target 1.50)`);
console.log(`words in 1 MB          ${wordsMs.toFixed(1)} ms  (target 10 ms)`);
