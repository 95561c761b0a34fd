import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { isObject, objects, object, type JsonObject } from '../../../src/fhir/json.ts';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { parseReference } from '../../../src/fhir/reference.ts';
import { entriesOf, idOf, type Resource } from '../../../src/fhir/resource.ts';
import { readRecords, recordsPracticeOf, recordsRouter, recordsSource, recordsPractice } from './records.ts';

const published = resolve(process.cwd(), '../shared/data');
const pdsPath = '/pds';

async function folderOf(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'records-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const patient = (more: JsonObject = {}): JsonObject => ({
  resourceType: 'Patient',
  identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '1234567890' }],
  name: [
    { use: 'old', family: 'Before' },
    { use: 'official', family: 'Vane', given: ['Ada', 'May'], prefix: ['Ms'] },
  ],
  gender: 'female',
  birthDate: '1961-04-17',
  ...more,
});
const transaction = (more: JsonObject = {}): JsonObject => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    { fullUrl: 'urn:uuid:0a1b', resource: patient({ id: '0a1b' }) },
    {
      fullUrl: 'urn:uuid:2c3d',
      resource: { resourceType: 'Practitioner', id: '2c3d', identifier: [{ system: 'urn:staff', value: '7' }] },
    },
    {
      resource: {
        resourceType: 'Condition',
        id: 'c1',
        clinicalStatus: { coding: [{ code: 'active' }] },
        subject: { reference: 'urn:uuid:0a1b' },
        recorder: { reference: 'Practitioner?identifier=urn:staff|7' },
      },
    },
  ],
  ...more,
});

/** Every `reference` in a value. */
function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'reference' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

async function served(folder: string, taken = new Set<string>()) {
  const records = await readRecords(folder, taken);
  const app = express();
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  app.use(recordsRouter(records, url, pdsPath));
  app.use((_request, response) => void response.status(418).end());
  const json = async (path: string, init?: RequestInit): Promise<Resource> => {
    const response = await fetch(`${url}${path}`, init);
    expect(response.status).toBe(200);
    return (await response.json()) as Resource;
  };
  return { records, url, json };
}

/** The record of a person as their source gives it. */
async function recordOf(nhsNumber: string, json: (path: string, init?: RequestInit) => Promise<Resource>) {
  const demographics = await json(`${pdsPath}/Patient/${nhsNumber}`);
  const practice = object(objects(demographics['generalPractitioner'])[0]?.['identifier'])?.['value'];
  if (practice === recordsPractice.ods) {
    const body = JSON.stringify({
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'patientNHSNumber',
          valueIdentifier: { system: 'https://fhir.nhs.uk/Id/nhs-number', value: nhsNumber },
        },
      ],
    });
    return json('/records/gp/fhir/Patient/$gpc.getstructuredrecord', { method: 'POST', body });
  }
  const found = await json('/records/fhir/Patient/_search', {
    method: 'POST',
    body: new URLSearchParams({ identifier: `https://fhir.nhs.uk/Id/nhs-number|${nhsNumber}` }),
  });
  const [own] = entriesOf(found);
  return json(`/records/fhir/Patient/${own === undefined ? '' : (idOf(own) ?? '')}/$everything`);
}

test('a transaction is served as a server holds it, under a number of the test range', async () => {
  const { records, url, json } = await served(await folderOf({ 'vane.json': transaction() }));
  const [person] = records.people;
  expect(person).toMatchObject({ family: 'Vane', given: 'Ada May', title: 'Ms', birthDate: '1961-04-17' });
  const nhsNumber = person?.nhsNumber ?? '';
  expect(nhsNumber).toMatch(/^999/);
  expect(parseNhsNumber(nhsNumber)).toBe(nhsNumber);

  const demographics = await json(`${pdsPath}/Patient/${nhsNumber}`);
  expect(demographics).toMatchObject({ id: nhsNumber, birthDate: '1961-04-17', name: [{ family: 'Vane' }] });
  const record = await recordOf(nhsNumber, json);
  expect(entriesOf(record).map((one) => one.resourceType)).toEqual(['Patient', 'Practitioner', 'Condition']);
  expect(references(record).toSorted()).toEqual(['Patient/0a1b', 'Practitioner/2c3d']);
  expect(JSON.stringify(record)).not.toContain('1234567890');
  expect(JSON.stringify(record)).toContain(nhsNumber);
  // Whoever is not of the folder is the demographics service's own business.
  expect((await fetch(`${url}${pdsPath}/Patient/9991234578`)).status).toBe(418);
});

test('a number is the same at each start, and never one that someone has', async () => {
  const folder = await folderOf({ 'vane.json': transaction(), 'other.json': transaction({ id: 'another' }) });
  const first = (await readRecords(folder, new Set())).people.map((one) => one.nhsNumber);
  expect((await readRecords(folder, new Set())).people.map((one) => one.nhsNumber)).toEqual(first);
  const next = (await readRecords(folder, new Set(first))).people.map((one) => one.nhsNumber);
  expect(new Set([...first, ...next]).size).toBe(4);
});

test('two people whose files give their Patient one id are kept apart', async () => {
  const { records, json } = await served(
    await folderOf({ 'a.json': transaction(), 'b.json': transaction({ id: 'another' }) }),
  );
  const all = await Promise.all(records.people.map((one) => recordOf(one.nhsNumber, json)));
  const ids = all.map((record) =>
    entriesOf(record)
      .filter((one) => one.resourceType === 'Patient')
      .map(idOf),
  );
  expect(ids).toEqual([['0a1b'], ['0a1b-2']]);
  expect(references(all[1])).toContain('Patient/0a1b-2');
});

test('of a document its subject is taken, and nothing that is about someone else', async () => {
  const document = {
    resourceType: 'Bundle',
    type: 'document',
    entry: [
      {
        fullUrl: 'https://a.example/Composition/1',
        resource: { resourceType: 'Composition', id: '1', subject: { reference: 'https://a.example/Patient/p' } },
      },
      { fullUrl: 'https://a.example/Patient/p', resource: patient({ id: 'p' }) },
      { fullUrl: 'https://a.example/Patient/q', resource: patient({ id: 'q', name: [{ family: 'Else' }] }) },
      {
        fullUrl: 'https://a.example/Encounter/e',
        resource: { resourceType: 'Encounter', id: 'e', subject: { reference: 'Patient/q' } },
      },
    ],
  };
  const { records, json } = await served(await folderOf({ 'document.json': document }));
  expect(records.people.map((one) => one.family)).toEqual(['Vane']);
  const record = await recordOf(records.people[0]?.nhsNumber ?? '', json);
  expect(entriesOf(record).map((one) => one.resourceType)).toEqual(['Composition', 'Patient']);
  expect(records.listing.join('\n')).toContain('2 resources, 2 about someone else left out');
});

test('STU3 goes through a practice, and the configuration gains only what is needed', async () => {
  const stu3 = {
    resourceType: 'Bundle',
    type: 'collection',
    meta: { profile: ['https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1'] },
    entry: [
      { resource: patient({ id: 'x' }) },
      { resource: { resourceType: 'List', subject: { reference: 'Patient/x' } } },
    ],
  };
  const { records, url, json } = await served(await folderOf({ 'gp.json': stu3 }));
  const record = await recordOf(records.people[0]?.nhsNumber ?? '', json);
  expect(record['meta']).toEqual(stu3.meta);
  expect(entriesOf(record).map((one) => one.resourceType)).toEqual(['Patient', 'List']);
  expect(recordsSource(records, url)).toBeUndefined();
  expect(Object.keys(recordsPracticeOf(records, url))).toEqual([recordsPractice.ods]);
});

test('what cannot be taken is listed with its reason', async () => {
  const folder = await folderOf({
    'a/broken.json': '{',
    'b.json': { resourceType: 'Patient' },
    'c.json': transaction({ entry: [] }),
    'd.json': transaction({ entry: [{ resource: patient({ birthDate: '1961' }) }] }),
    'e.json': [1],
    'readme.txt': 'words',
    'same-1.json': transaction(),
    'same-2.json': transaction(),
  });
  const records = await readRecords(folder, new Set());
  expect(records.people).toHaveLength(1);
  expect(records.listing.filter((line) => line.includes('not taken')).map((line) => line.trim())).toEqual([
    'not taken  a/broken.json: it is not JSON',
    'not taken  b.json: it is a Patient, not a Bundle',
    'not taken  c.json: it has no Patient',
    'not taken  d.json: its Patient has no whole date of birth',
    'not taken  e.json: it is not FHIR: no resourceType',
    'not taken  readme.txt: it is not a .json file',
    'not taken  same-2.json: it is the same as same-1.json',
  ]);
});

test('every published record opens', async ({ skip }) => {
  if (!existsSync(published)) skip('the published records (../shared/data) are not here');
  const { records, json } = await served(published);
  expect(records.listing.filter((line) => line.includes('.json:') && line.includes('not taken'))).toEqual([]);
  expect(records.people).toHaveLength(14);
  expect(new Set(records.people.map((one) => one.nhsNumber)).size).toBe(14);
  for (const person of records.people) {
    const record = await recordOf(person.nhsNumber, json);
    const patients = entriesOf(record).filter((one) => one.resourceType === 'Patient');
    expect(patients).toHaveLength(1);
    expect(patients[0]).toMatchObject({ birthDate: person.birthDate, identifier: [{ value: person.nhsNumber }] });
    const own = `Patient/${idOf(patients[0] ?? { resourceType: 'Patient' }) ?? ''}`;
    const about = references(record).filter((one) => /Patient\/|urn:uuid/.test(one));
    expect(about.length).toBeGreaterThan(10);
    expect(
      [...new Set(about)].filter(
        (one) => parseReference(one)?.kind !== 'local' || (one.includes('Patient/') && one !== own),
      ),
    ).toEqual([]);
  }
});
