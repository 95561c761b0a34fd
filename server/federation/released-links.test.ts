import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject } from '../../src/fhir/json.ts';
import { system } from '../../src/fhir/systems.ts';
import { contentsOf } from './entry.ts';
import { prove, type ProvedRecord } from './proved-record.ts';
import { ids, nhsSystem, patientOf, person, sourceOf } from './stand-in.ts';

const host = 'fhir.trust.example';
const base = `https://${host}/fhir`;
const mine = `Patient/${ids.patient(person.nhsNumber)}`;

type Given = { readonly fullUrl?: string; readonly resource: object };

function provedOf(given: readonly Given[], scope = 'a'): ProvedRecord {
  const entries = contentsOf({ resourceType: 'Bundle', entry: given })?.entries ?? [];
  const origin = { ods: 'RJE', name: 'Trust', label: 'A' };
  return prove({ entries, base, scope, origin }, person, sourceOf({ id: scope, baseUrl: base }), ids, () => undefined);
}

const released = (resource: object, ...others: readonly object[]): Record<string, unknown> => {
  const record = provedOf([patientOf('p'), resource, ...others].map((one) => ({ resource: one })));
  const [first] = record.resources;
  return first === undefined ? {} : { ...first };
};
const about = (more: object): object => ({
  resourceType: 'Observation',
  id: 'o',
  subject: { reference: 'Patient/p' },
  ...more,
});

/** Every literal reference in a value. */
function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const own = typeof value['reference'] === 'string' ? [value['reference']] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

describe('what of a source’s own network leaves', () => {
  test('links in extensions lead to what is released, or are gone; names under its address keep apart', () => {
    const out = released(
      about({
        extension: [
          { url: `${base}/StructureDefinition/ward`, valueUrl: `${base}/Observation/o` },
          { url: 'https://x.example/gone', valueUrl: `${base}/DocumentReference/gone` },
          { url: 'https://x.example/elsewhere', valueUrl: 'http://169.254.169.254/latest' },
          { url: 'https://x.example/me', valueUri: `${base}/Patient/p` },
          { url: 'https://x.example/local', valueUri: `${base}/DocumentReference/gone` },
          { url: 'https://x.example/name', valueUri: `${base}/CodeSystem/local` },
          { url: 'https://x.example/urn', valueUri: 'urn:x:y' },
        ],
        code: { coding: [{ system: `${base}/CodeSystem/local`, code: '7' }] },
        identifier: [{ system: `${base}/Id/lab`, value: '1' }],
        meta: { profile: [`${base}/StructureDefinition/lab`], extension: [{ url: 'u', valueUrl: `${base}/x` }] },
        note: [{ text: `Report at https://${host}:9443/viewer?id=1 today` }],
        instantiatesCanonical: [`${base}/PlanDefinition/1|2.0`],
      }),
    );
    expect(JSON.stringify(out)).not.toContain(host);
    const own = 'https://one-health-and-care.nhs.uk/source/a';
    expect(out).toMatchObject({
      extension: [
        { url: `${own}/StructureDefinition/ward`, valueUrl: `Observation/${ids.of('a', 'Observation', 'o')}` },
        { url: 'https://x.example/gone' },
        { url: 'https://x.example/elsewhere' },
        { valueUri: mine },
        { url: 'https://x.example/local' },
        { valueUri: `${own}/CodeSystem/local` },
        { valueUri: 'urn:x:y' },
      ],
      code: { coding: [{ system: `${own}/CodeSystem/local`, code: '7' }] },
      meta: { profile: [`${own}/StructureDefinition/lab`] },
      note: [{ text: `Report at ${own}/viewer?id=1 today` }],
      instantiatesCanonical: [`${own}/PlanDefinition/1|2.0`],
    });
    expect(JSON.stringify(out)).not.toMatch(/Reference\/gone|169\.254|"valueUrl":"http/);
  });

  test('a narrative, at any depth, leads nowhere', () => {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${base}/Patient/p">Result</a> 5.6</div>`;
    const text = { status: 'generated', div };
    const out = released(about({ text, contained: [{ resourceType: 'Device', id: 'd', text }] }));
    expect(JSON.stringify(out)).not.toMatch(/href|fhir\.trust/);
    expect(JSON.stringify(out).match(/Result<\/a> 5\.6/g)).toHaveLength(2);
  });

  test('conditional references are gone; one that names the person is the person’s', () => {
    const out = released(
      about({
        performer: [{ reference: 'Practitioner?identifier=x|1', display: 'Dr Jones' }],
        focus: [{ reference: `Patient?identifier=${nhsSystem}|9990000026`, display: 'OTHER' }],
        subject: {
          reference: `Patient?identifier=${nhsSystem}|${person.nhsNumber}`,
          identifier: { system: nhsSystem, value: person.nhsNumber },
        },
      }),
    );
    expect(out).toMatchObject({ performer: [{ display: 'Dr Jones' }], subject: { reference: mine } });
    expect(JSON.stringify(out)).not.toMatch(/OTHER|Patient\?|Practitioner\?/);
  });

  test('a Patient at another server is the person by an identifier of theirs, and by nothing else', () => {
    const elsewhere = 'https://pds.example/Patient/1';
    const identifier = { system: nhsSystem, value: person.nhsNumber };
    expect(released(about({ subject: { reference: elsewhere, identifier } }))['subject']).toEqual({ reference: mine });
    expect(released(about({ subject: { reference: elsewhere } }))).toEqual({});
  });

  test('a directory’s URL leaves the ODS code behind, by which the filter knows the organisation', () => {
    const url = 'https://directory.example/STU3/Organization/RTQ01';
    expect(released(about({ performer: [{ reference: url, display: 'Clinic' }] }))['performer']).toEqual([
      { display: 'Clinic', identifier: { system: system.odsOrganisation, value: 'RTQ01' } },
    ]);
  });

  test('what is contained is pointed at where it is there, and called by its name where it is not', () => {
    const out = released(
      about({
        contained: [{ resourceType: 'Device', id: 'd', parent: { reference: '#' } }],
        device: { reference: '#d' },
        specimen: { reference: '#gone', display: 'Blood' },
      }),
    );
    expect(out).toMatchObject({
      device: { reference: '#d' },
      specimen: { display: 'Blood' },
      contained: [{ parent: { reference: '#' } }],
    });
    expect(references(out)).not.toContain('#gone');
  });

  test('a subject that is only called by a name does not leave with it', () => {
    const record = provedOf(
      [
        patientOf('p'),
        about({ hasMember: [{ reference: 'Observation/m' }] }),
        { resourceType: 'Observation', id: 'm', subject: { display: 'Mrs LOCALNAME' }, valueString: 'kept' },
      ].map((resource) => ({ resource })),
    );
    expect(record.resources[1]).toMatchObject({ valueString: 'kept' });
    expect(JSON.stringify(record.resources)).not.toContain('LOCALNAME');
  });

  test('someone else’s place in a list, an appointment or a group goes with them, whole', () => {
    const other = { reference: 'Patient/other', display: 'OTHERNAME' };
    const list = {
      resourceType: 'List',
      id: 'l',
      subject: { reference: 'Patient/p' },
      entry: [
        { date: '2026', item: { reference: 'Observation/theirs' } },
        { date: '2025', item: { reference: 'Observation/gone', display: 'Did not come' } },
        { date: '2024', item: { reference: 'Patient/p' } },
      ],
    };
    const theirs = { resourceType: 'Observation', id: 'theirs', subject: other };
    expect(released(list, theirs)['entry']).toEqual([
      { date: '2025', item: { display: 'Did not come' } },
      { date: '2024', item: { reference: mine } },
    ]);
    const visit = {
      resourceType: 'Appointment',
      id: 'v',
      participant: [
        { actor: other, status: 'accepted' },
        { actor: { reference: 'Patient/p' }, status: 'accepted' },
        { actor: { type: 'Patient', identifier: { system: nhsSystem, value: '9990000026' } }, status: 'declined' },
      ],
    };
    expect(released(visit)['participant']).toEqual([{ actor: { reference: mine }, status: 'accepted' }]);
  });
});

const types = ['Observation', 'Condition', 'Encounter', 'List', 'Practitioner', 'Organization', 'Group', 'Patient'];
const node = fc.tuple(fc.constantFrom(...types), fc.constantFrom('1', '2', '3', 'p'));
const reference = fc.oneof(
  node.map(([type, id]) => `${type}/${id}`),
  node.map(([type, id]) => `${type}/${id}/_history/4`),
  node.map(([type, id]) => `${base}/${type}/${id}`),
  node.map(([type, id]) => `https://elsewhere.example/fhir/${type}/${id}`),
  node.map(([type, id]) => `urn:uuid:${type}-${id}`),
  node.map(([, id]) => `urn:oid:1.2.${id}`),
  node.map(([type, id]) => `${type}?identifier=${id}`),
  fc.constantFrom('#in', '#gone', '#', `${base}/metadata`, 'javascript:1', `https://${host}:8080/x`),
);
const pointer = fc.record(
  { reference, display: fc.constant('Called'), type: fc.constantFrom('Patient', 'Organization') },
  { requiredKeys: ['reference'] },
);
const resource = node.chain(([resourceType, id]) =>
  fc.record(
    {
      resourceType: fc.constant(resourceType),
      id: fc.constant(id),
      subject: fc.oneof(fc.constant({ reference: 'Patient/p' }), pointer),
      entry: fc.array(fc.record({ item: pointer, date: fc.constant('2026') }), { maxLength: 2 }),
      member: fc.array(fc.record({ entity: pointer }), { maxLength: 2 }),
      extension: fc.array(
        fc.record(
          { url: reference, valueReference: pointer, valueUrl: reference, valueUri: reference },
          { requiredKeys: ['url'] },
        ),
        { maxLength: 2 },
      ),
      contained: fc.array(
        fc.record(
          { resourceType: fc.constantFrom('Device', 'Patient'), id: fc.constantFrom('in', 'out'), owner: pointer },
          { requiredKeys: ['resourceType', 'id'] },
        ),
        { maxLength: 2 },
      ),
      photo: fc.array(fc.record({ contentType: fc.constant('image/png'), url: reference }), { maxLength: 1 }),
      text: reference.map((url) => ({ div: `<div><a href="${url}">x</a> ${url.includes(host) ? url : ''}</div>` })),
      meta: fc.record({
        lastUpdated: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
        profile: fc.array(reference, { maxLength: 1 }),
        extension: fc.array(fc.record({ url: fc.constant('u'), valueReference: pointer }), { maxLength: 1 }),
      }),
    },
    { requiredKeys: ['resourceType', 'id'] },
  ),
);
const graph = fc.array(
  resource.chain((one) =>
    fc.record(
      {
        fullUrl: fc.constantFrom(`${base}/${one.resourceType}/${one.id}`, `urn:uuid:${one.resourceType}-${one.id}`),
        resource: fc.constant(one),
      },
      { requiredKeys: ['resource'] },
    ),
  ),
  { maxLength: 12 },
);
const ownPatient: Given = { resource: patientOf('p') };

describe('any graph of resources', () => {
  test('every released reference leads to something released or contained, and no byte tells the source’s host', () => {
    fc.assert(
      fc.property(graph, (given) => {
        const { resources } = provedOf([ownPatient, ...given]);
        const here = new Set([mine, ...resources.map((one) => `${one.resourceType}/${String(one['id'])}`)]);
        expect(here.size).toBe(resources.length + 1);
        for (const one of resources) {
          const contained = Array.isArray(one['contained']) ? one['contained'] : [];
          const inside = new Set(['#', ...contained.map((inner: { id: string }) => `#${inner.id}`)]);
          for (const link of references(one)) expect(here.has(link) || inside.has(link), link).toBe(true);
        }
        const bytes = JSON.stringify(resources);
        expect(bytes).not.toContain(host);
        expect(bytes).not.toMatch(/"(reference|valueUrl)":"(https?:|urn:|javascript:)|href=\\"[^#]/);
      }),
      { numRuns: 400 },
    );
  });

  test('ids are the same each time, say nothing of the source’s own, and never those of another source', () => {
    fc.assert(
      fc.property(graph, (given) => {
        const idsOf = (scope: string): readonly unknown[] =>
          provedOf([ownPatient, ...given], scope).resources.map((one) => one['id']);
        const first = idsOf('a');
        expect(idsOf('a')).toEqual(first);
        const second = new Set(idsOf('b'));
        for (const id of first) {
          expect(id).toMatch(/^[A-Za-z0-9.-]{43}$/);
          expect(second.has(id)).toBe(false);
        }
      }),
    );
  });
});
