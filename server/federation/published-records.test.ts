import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isObject, object, objects, text } from '../../src/fhir/json.ts';
import { entriesOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { contentsOf, type Entry } from './entry.ts';
import { prove, type ProvedRecord } from './proved-record.ts';
import { ids, person, sourceOf } from './stand-in.ts';
import { extensionUrl, systemUri } from './stu3/extension.ts';
import { fromStu3 } from './stu3/from-stu3.ts';

/** Records that other people published, where a checkout has them beside it. */
const folder = join(process.cwd(), '..', 'shared', 'data');
const files = (name: string): readonly string[] => {
  const path = join(folder, name);
  if (existsSync(path))
    return readdirSync(path)
      .filter((one) => one.endsWith('.json'))
      .map((one) => join(path, one));
  process.stdout.write(`skipped: ${path} is not there\n`);
  return [];
};

/** Every leaf of a value, with how often it stands there. */
function leaves(value: unknown, into: Map<string, number> = new Map()): Map<string, number> {
  if (Array.isArray(value)) for (const one of value) leaves(one, into);
  else if (isObject(value)) for (const one of Object.values(value)) leaves(one, into);
  else into.set(JSON.stringify(value), (into.get(JSON.stringify(value)) ?? 0) + 1);
  return into;
}

function read(file: string): { readonly entries: readonly Entry[]; readonly birthDate: string } {
  const bundle: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const patient = entriesOf(bundle).find((one) => one.resourceType === 'Patient');
  // The published people have no NHS number of ours: they are given one.
  const identifiers = objects(patient?.['identifier']).filter((one) => text(one['system']) !== system.nhsNumber);
  if (patient !== undefined)
    Object.assign(patient, { identifier: [...identifiers, { system: system.nhsNumber, value: person.nhsNumber }] });
  return { entries: contentsOf(bundle)?.entries ?? [], birthDate: text(patient?.['birthDate']) ?? '' };
}

function provedOf(entries: readonly Entry[], birthDate: string): ProvedRecord {
  return prove(
    { entries, base: 'https://source.example/fhir', scope: 'a', origin: { ods: 'RJE', name: 'A', label: 'A' } },
    { ...person, birthDate },
    sourceOf({ id: 'a' }),
    ids,
    () => undefined,
  );
}

/** Every literal reference in a released record leads to something that is released, or is contained. */
function dangling(resources: readonly Resource[]): readonly string[] {
  const here = new Set([
    ...resources.map((one) => `${one.resourceType}/${String(one['id'])}`),
    `Patient/${ids.patient(person.nhsNumber)}`,
  ]);
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value)) {
      const reference = value['reference'];
      if (typeof reference === 'string' && !reference.startsWith('#') && !here.has(reference)) found.push(reference);
      Object.values(value).forEach(walk);
    }
  };
  walk(resources);
  return found;
}

const notPatient = (entries: readonly Entry[]): readonly Resource[] =>
  entries.map((entry) => entry.resource).filter((one) => one.resourceType !== 'Patient');

describe.each(files('gpconnect-stu3'))('%s', (file) => {
  const { entries, birthDate } = read(file);
  const translated = entries.map((entry) => ({ entry, out: fromStu3(entry) }));
  const out = translated.flatMap((one) => one.out);

  test('every resource becomes at least one', () => {
    expect(translated.filter((one) => one.out.length === 0)).toEqual([]);
  });

  test('no leaf is lost but names that R4 has otherwise, and "given" that the status says', () => {
    const [before, after] = [leaves(notPatient(entries)), leaves(notPatient(out))];
    const lost = [...before]
      .filter(([leaf, count]) => (after.get(leaf) ?? 0) < count)
      .map(([leaf]) => JSON.parse(leaf) as unknown);
    const justified = (leaf: unknown): boolean =>
      leaf === false || // Immunization.notGiven: said by the status
      (typeof leaf === 'string' &&
        (extensionUrl(leaf) !== leaf ||
          systemUri(leaf) !== leaf ||
          leaf === 'ProcedureRequest' ||
          leaf === 'ReferralRequest'));
    expect(lost.filter((leaf) => !justified(leaf))).toEqual([]);
  });

  test('all of it is proved and released, each under its own id, each reference whole', () => {
    const record = provedOf(out, birthDate);
    expect(record.reasons.size).toBe(0);
    const given = out.filter((entry) => entry.resource.resourceType !== 'Patient').length;
    expect(record.resources.filter((one) => one.resourceType !== 'RelatedPerson')).toHaveLength(given);
    expect(new Set(record.resources.map((one) => one['id'])).size).toBe(record.resources.length);
    expect(dangling(record.resources)).toEqual([]);
    const patient = entries.map((entry) => entry.resource).find((one) => one.resourceType === 'Patient');
    expect(objects(patient?.['name']).length).toBeGreaterThan(0);
    expect(JSON.stringify(record.resources)).not.toContain(`Patient/${String(patient?.['id'])}`);
  });
});

describe.each([...files('synthea-r4'), ...files('ips-r4')])('%s', (file) => {
  const { entries, birthDate } = read(file);

  test('what is about the person is released, each reference whole; what is about another is not', () => {
    const record = provedOf(entries, birthDate);
    // One published sample carries an encounter of a second patient.
    const others = entries.filter((entry) => {
      const subject = text(object(entry.resource['subject'])?.['reference']);
      return entry.resource.resourceType !== 'Patient' && subject === 'Patient/249867';
    });
    expect(record.dropped).toBe(others.length * 2);
    const given = entries.filter((entry) => entry.resource.resourceType !== 'Patient').length - others.length;
    expect(record.resources.filter((one) => one.resourceType !== 'RelatedPerson')).toHaveLength(given);
    expect(dangling(record.resources)).toEqual([]);
    expect(record.resources.every((one) => isResource(one) && text(one['id']) !== undefined)).toBe(true);
  });
});

test.skipIf(!existsSync(folder))('published records are there to be read', () => {
  expect(readdirSync(folder).length).toBeGreaterThan(0);
});
