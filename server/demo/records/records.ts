import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Router } from 'express';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import { dataClasses } from '../../../src/fhir/status.ts';
import type { HostPerson } from '../hosts/host.ts';
import { practiceOutside } from '../systems.ts';
import { asSource, demographicsOf } from './as-source.ts';
import { bundleOf, readRecordFile, type FilePerson } from './record-file.ts';
import { recordsPath, recordsServer, type ServedPerson } from './server.ts';
import { testNumber } from './test-number.ts';

/** The practice at which people from GP Connect files are registered. */
export const recordsPractice = { ods: 'M83999', name: 'Records Folder Surgery' } as const;

/** The people of a folder of FHIR files, as the demo takes them in. */
export type Records = {
  readonly people: readonly HostPerson[];
  readonly served: readonly ServedPerson[];
  /** A line a file: who it is about and how much it holds, or why it was not taken. */
  readonly listing: readonly string[];
};

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

function kindOf(version: 'R4' | 'STU3'): string {
  return version === 'STU3' ? 'GP Connect (STU3), from a practice' : 'R4, from the source Records';
}

/** Makes the id of a Patient another where one of an earlier file has the same. */
function unique(patientId: string, resources: readonly Resource[], used: Set<string>): readonly Resource[] {
  if (!used.has(patientId)) return resources;
  let id = patientId;
  for (let copy = 2; used.has(id); copy += 1) id = `${patientId.slice(0, 56)}-${copy}`;
  const text = JSON.stringify(resources).replaceAll(`"Patient/${patientId}"`, `"Patient/${id}"`);
  return (JSON.parse(text) as Resource[]).map((one) =>
    one.resourceType === 'Patient' && idOf(one) === patientId ? { ...one, id } : one,
  );
}

function serve(
  person: FilePerson,
  version: 'R4' | 'STU3',
  bundle: Resource,
  nhsNumber: string,
  used: Set<string>,
): ServedPerson {
  const own = asSource(person, nhsNumber, version);
  if (version === 'STU3') {
    return {
      nhsNumber,
      demographics: demographicsOf(person, nhsNumber, recordsPractice.ods),
      record: { kind: 'gp-connect', bundle: bundleOf(own, { meta: bundle['meta'], type: 'collection' }) },
    };
  }
  const resources = unique(idOf(person.patient) ?? '', own, used);
  const patientId = resources.filter((one) => one.resourceType === 'Patient').map(idOf)[0] ?? '';
  used.add(patientId);
  return {
    nhsNumber,
    // Registered outside the region: no practice here is asked, and none is waited for.
    demographics: demographicsOf(person, nhsNumber, practiceOutside.ods),
    record: { kind: 'fhir-r4', patientId, resources },
  };
}

/**
 * Reads every file below a folder. Each person in it gets an NHS number of the test range by the name of the file.
 * @param taken NHS numbers that others have
 */
export async function readRecords(folder: string, taken: ReadonlySet<string>): Promise<Records> {
  const numbers = new Set(taken);
  const people: HostPerson[] = [];
  const served: ServedPerson[] = [];
  const listing: string[] = [];
  const seen = new Map<string, string>();
  const usedIds = new Set<string>();
  for (const file of await filesIn(folder)) {
    const notTaken = (reason: string): number => listing.push(`  not taken  ${file}: ${reason}`);
    if (!/\.json$/i.test(file)) {
      notTaken('it is not a .json file');
      continue;
    }
    const content = await readFile(join(folder, file), 'utf8');
    const hash = createHash('sha256').update(content).digest('hex');
    const twin = seen.get(hash);
    if (twin !== undefined) {
      notTaken(`it is the same as ${twin}`);
      continue;
    }
    seen.set(hash, file);
    const read = readRecordFile(content);
    if ('reason' in read) {
      notTaken(read.reason);
      continue;
    }
    read.people.forEach((person, index) => {
      const nhsNumber = testNumber(file, index, numbers);
      numbers.add(nhsNumber);
      const one = serve(person, read.version, read.bundle, nhsNumber, usedIds);
      served.push(one);
      const { title, given, family, gender, birthDate } = person;
      people.push({
        nhsNumber,
        ...(title === undefined ? {} : { title }),
        given,
        family,
        gender,
        birthDate,
        practice: one.record.kind === 'gp-connect' ? recordsPractice.ods : practiceOutside.ods,
        story: `From the file ${file}: ${person.resources.length} resources, ${kindOf(read.version)}.`,
        hosts: ['millbrook', 'trentside'],
      });
      const left = read.leftOut === 0 ? '' : `, ${read.leftOut} about someone else left out`;
      listing.push(
        `  taken      ${file}: ${family.toUpperCase()}, ${given}, ${person.resources.length} resources${left}, ${kindOf(read.version)}`,
      );
    });
  }
  return { people, served, listing };
}

/** The routes of what {@link readRecords} read; to stand before the demographics service of the region. */
export function recordsRouter(records: Records, demoUrl: string, pdsPath: string): Router {
  return recordsServer(records.served, demoUrl, pdsPath);
}

/** The source that `sources.json` gains for people from R4 files, where there are any. */
export function recordsSource({ served }: Records, demoUrl: string): object | undefined {
  if (!served.some(({ record }) => record.kind === 'fhir-r4')) return undefined;
  return {
    id: 'demo-records',
    name: 'Records folder',
    ods: 'M83998',
    label: 'Records',
    kind: 'fhir-r4',
    baseUrl: `${demoUrl}${recordsPath.r4}`,
    auth: { type: 'none' },
    contact: '01632 960 199',
    contributes: dataClasses.filter((one) => one !== 'demographics'),
    deadlineMs: 15_000,
    sharing: true,
    aggregate: false,
    setting: 'acute',
    usualDelayHours: 0,
  };
}

/** The practice that the source of kind `gp-connect` gains for people from GP Connect files, where there are any. */
export function recordsPracticeOf({ served }: Records, demoUrl: string): Readonly<Record<string, object>> {
  if (!served.some(({ record }) => record.kind === 'gp-connect')) return {};
  const { ods, name } = recordsPractice;
  return { [ods]: { name, baseUrl: `${demoUrl}${recordsPath.gpConnect}`, sharing: true } };
}
