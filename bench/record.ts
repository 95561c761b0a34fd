/**
 * `node bench/record.ts`: how long it takes to make one record of 20,000 resources, beside what parsing them alone takes.
 * Its input is made here, so that it runs without any data beside the project.
 */
import { createRecord } from '../src/record/builder.ts';
import { dataClasses } from '../src/fhir/status.ts';
import type { RegionView } from '../src/fhir/region.ts';

/** What `npm run bench` takes into its table when it runs this in a process of its own. */
export type RecordFigures = {
  readonly count: number;
  readonly recordMs: number;
  readonly parseMs: number;
  readonly searchMs: number;
};

const sources = ['gp', 'uhnm', 'mpft'] as const;
const region: RegionView = {
  name: 'Bench',
  test: true,
  contacts: { pals: '', email: '' },
  neverShown: '',
  idleLockMinutes: 15,
  notices: [],
  sources: sources.map((id, index) => ({
    id,
    label: id.toUpperCase(),
    name: id,
    ods: id,
    setting: index === 0 ? 'gp' : 'acute',
    contributes: dataClasses,
    usualDelayHours: 24,
    sharing: true,
    aggregate: false,
  })),
  viewOnly: [],
};

const own = 'https://one-health-and-care.nhs.uk';
const day = (index: number): string => new Date(Date.UTC(2026, 10, 20) - index * 3_600_000).toISOString();
const code = (id: number, display: string): unknown => ({
  coding: [{ system: 'http://snomed.info/sct', code: String(1000000 + id), display }],
});

function resource(index: number): unknown {
  const source = sources[index % 3] ?? 'gp';
  const meta = {
    source: `${own}/source/${source}`,
    tag: [
      { system: 'https://fhir.nhs.uk/Id/ods-organization-code', code: source, display: source },
      { system: `${own}/CodeSystem/source-label`, code: source.toUpperCase() },
    ],
  };
  const base = { id: `r${index}`, meta, subject: { reference: 'Patient/p' } };
  switch (index % 10) {
    case 0:
      return {
        ...base,
        resourceType: 'Encounter',
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        type: [code(index % 7, 'Clinic')],
        period: { start: day(index), end: day(index - 1) },
        participant: [{ individual: { reference: 'Practitioner/a', display: 'Dr A' } }],
      };
    case 1:
      return {
        ...base,
        resourceType: 'MedicationRequest',
        status: index % 4 === 1 ? 'active' : 'completed',
        intent: 'order',
        medicationCodeableConcept: code(index % 300, `Medicine ${index % 300}`),
        authoredOn: day(index),
        dosageInstruction: [{ text: 'One tablet once a day' }],
        dispenseRequest: { quantity: { value: 28, unit: 'tablet' } },
      };
    case 2:
      return {
        ...base,
        resourceType: 'Condition',
        clinicalStatus: { coding: [{ code: 'active' }] },
        code: code(index % 500, `Problem ${index % 500}`),
        onsetDateTime: day(index).slice(0, 10),
      };
    case 3:
      return {
        ...base,
        resourceType: 'DocumentReference',
        status: 'current',
        type: code(3, 'Letter'),
        date: day(index),
        content: [{ attachment: { contentType: 'application/pdf', url: `Binary/${index}`, title: `Letter ${index}` } }],
      };
    default:
      return {
        ...base,
        resourceType: 'Observation',
        status: 'final',
        category: [{ coding: [{ code: 'laboratory' }] }],
        code: code(index % 60, `Test ${index % 60}`),
        effectiveDateTime: day(index),
        encounter: { reference: `Encounter/r${index - (index % 10)}` },
        valueQuantity: { value: index % 200, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
        referenceRange: [{ low: { value: 20, unit: 'mmol/L' }, high: { value: 150, unit: 'mmol/L' } }],
      };
  }
}

const count = 20_000;
const text = Array.from({ length: count }, (_, index) => JSON.stringify(resource(index))).join('\n') + '\n';
const now = Date.UTC(2026, 10, 20, 12);

/** Processor time of this thread, ms: what else the machine does meanwhile is not counted. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The least of so many runs, ms: what the work takes where nothing else runs. */
function timed(work: () => void, runs = 7): number {
  const times = Array.from({ length: runs }, () => {
    const start = threadMs();
    work();
    return threadMs() - start;
  });
  return Math.min(...times);
}

const parsed = (): readonly unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const parse = timed(parsed);
const lines = parsed();
const once = (): void => {
  const builder = createRecord(region, now);
  builder.add(lines);
  builder.snapshot();
};
const first = timed(once, 1);
const record = timed(once);
const stepwise = timed(() => {
  const builder = createRecord(region, now);
  for (let at = 0; at < count; at += 2000) {
    builder.add(lines.slice(at, at + 2000));
    builder.snapshot();
  }
});
const whole = createRecord(region, now);
whole.add(lines);
const snapshot = whole.snapshot();
const groups = Object.values(snapshot.sections).reduce((sum, one) => sum + one.groups.length, 0);
const details = 100;
const detail =
  timed(() => {
    for (let at = 0; at < details; at += 1) whole.detail(`gp|Encounter/r0`);
  }) / details;

/** The slowest key of each query, typed letter by letter on a record that was read for it; the least of seven runs. */
const queries = ['medicine 299 tablet', 'test 41 mmol', '19-Nov-2026 clinic', '1000417', 'e'];
const readMs = ((): number => {
  const start = threadMs();
  whole.prepareSearch(count);
  return threadMs() - start;
})();
const slowest = queries.map((query) =>
  Math.max(...Array.from(query, (_letter, at) => timed(() => void whole.search(query.slice(0, at + 1))))),
);
const searchMs = Math.max(...slowest);

const per = (ms: number): string => `${((ms * 1000) / count).toFixed(1)} µs a resource`;
console.log(`${count} resources, ${(text.length / 1e6).toFixed(1)} MB, ${groups} rows`);
console.log(`JSON.parse of the lines      ${per(parse)}`);
console.log(`record, one snapshot         ${per(record)}  (${(record / parse).toFixed(2)} x parse; target 10 µs)`);
console.log(`record, the very first time  ${per(first)}`);
console.log(`record, ten snapshots        ${per(stepwise)}`);
console.log(`read for the search          ${per(readMs)}`);
console.log(`search, the slowest key      ${searchMs.toFixed(1)} ms  (target 50 ms)`);
process.send?.({ count, recordMs: record, parseMs: parse, searchMs } satisfies RecordFigures);
console.log(`drawer of one row            ${detail.toFixed(2)} ms`);
