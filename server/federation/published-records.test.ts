import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isObject, object, objects, text } from '../../src/fhir/json.ts';
import { entriesOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { contentsOf, type Entry } from './entry.ts';
import { prove, type ProvedRecord } from './proved-record.ts';
import { ids, person, sourceOf } from './stand-in.ts';
import { faultsOf } from './stu3/definition.testing.ts';
import { fromStu3 } from './stu3/from-stu3.ts';
import { justified, unaccounted, type Justified } from './stu3/leaf.testing.ts';

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

/** The rows of the list that some published record needs. */
const used = new Set<Justified>();

describe.each(files('gpconnect-stu3'))('%s', (file) => {
  const { entries, birthDate } = read(file);
  const translated = entries.map((entry) => ({ entry, out: fromStu3(entry) }));
  const out = translated.flatMap((one) => one.out);

  test('every resource becomes at least one', () => {
    expect(translated.filter((one) => one.out.length === 0)).toEqual([]);
  });

  test('every leaf is in what is released, or on the list of those that are not', () => {
    const record = provedOf(out, birthDate);
    const released = new Map(record.resources.map((one) => [one['id'], one]));
    const own = entries.find((one) => one.resource.resourceType === 'Patient');
    const target = (reference: string): string | undefined => {
      if (reference === own?.key) return `Patient/${ids.patient(person.nhsNumber)}`;
      const [type = '', id = ''] = reference.split('/');
      const to = released.get(ids.of('a', type, id));
      return to === undefined ? undefined : `${to.resourceType}/${String(to['id'])}`;
    };
    const lost = translated.flatMap(({ entry, out: made }) => {
      if (entry.resource.resourceType === 'Patient') return [];
      const to = made.map(({ key }) => {
        const slash = key.indexOf('/');
        return released.get(ids.of('a', key.slice(0, slash), key.slice(slash + 1)));
      });
      return unaccounted(entry.resource, to, target, used);
    });
    expect(lost).toEqual([]);
  });

  test('what is translated is R4, but where the practice’s own text is empty', () => {
    const clinical = out.map((one) => one.resource).filter((one) => one.resourceType !== 'Patient');
    const faults = clinical.flatMap(faultsOf).filter((fault) => fault !== 'Location.description is no string');
    expect(faults).toEqual([]);
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

test.skipIf(files('gpconnect-stu3').length === 0)('every row of the list of what is not carried is needed', () => {
  expect(justified.filter((row) => !used.has(row))).toEqual([]);
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
