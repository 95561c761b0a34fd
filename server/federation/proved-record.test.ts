import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objects } from '../../src/fhir/json.ts';
import { ohc, system } from '../../src/fhir/systems.ts';
import { contentsOf } from './entry.ts';
import { prove, type ProvedRecord } from './proved-record.ts';
import { ids, nhsSystem, patientOf, person, sourceOf } from './stand-in.ts';

const base = 'https://source.example/fhir';
const mine = `Patient/${ids.patient(person.nhsNumber)}`;
const idOf = (type: string, id: string): string => ids.of('a', type, id);

type Given = { readonly fullUrl?: string; readonly resource: object };

function provedOf(given: readonly (object | Given)[], more: object = {}, whom = person): ProvedRecord {
  const bundle = { resourceType: 'Bundle', entry: given.map((one) => ('resource' in one ? one : { resource: one })) };
  const entries = contentsOf(bundle)?.entries ?? [];
  const source = sourceOf({ id: 'a', ods: 'RJE', name: 'Trust', label: 'A', ...more });
  return prove(
    { entries, base, scope: 'a', origin: { ods: source.ods, name: source.name, label: source.label } },
    whom,
    source,
    ids,
    (ods) => (ods === 'RRK' ? 'UHB' : undefined),
  );
}

const about = (id: string, more: object = {}): object => ({
  resourceType: 'Observation',
  id,
  subject: { reference: 'Patient/p' },
  ...more,
});
const kinds = (record: ProvedRecord): readonly unknown[] =>
  record.resources.map((one) => [one.resourceType, one['id']]);

describe('belonging', () => {
  test('a place or service that is named by its identifier alone comes, and nothing that shares one with what is nobody’s', () => {
    const identifier = { system: 'urn:clinics', value: 'c1' };
    const clinic = { resourceType: 'Organization', id: 'clinic', identifier: [identifier] };
    const record = provedOf([
      patientOf('p'),
      about('o', { performer: [{ identifier, display: 'The clinic' }] }),
      clinic,
      { ...clinic, resourceType: 'Condition', id: 'whose' },
      { ...clinic, id: 'other', identifier: [{ ...identifier, value: 'c2' }] },
    ]);
    expect(kinds(record)).toEqual([
      ['Observation', idOf('Observation', 'o')],
      ['Organization', idOf('Organization', 'clinic')],
    ]);
  });

  test.each<[string, object]>([
    ['its subject', about('o')],
    ['its patient', { resourceType: 'AllergyIntolerance', id: 'o', patient: { reference: 'Patient/p' } }],
    ['its beneficiary', { resourceType: 'Coverage', id: 'o', beneficiary: { reference: 'Patient/p' } }],
    ['whom it is for', { resourceType: 'Task', id: 'o', for: { reference: 'Patient/p' } }],
    ['a version of the Patient', about('o', { subject: { reference: 'Patient/p/_history/3' } })],
    ['an absolute URL at the source', about('o', { subject: { reference: `${base}/Patient/p` } })],
    ['the NHS number', about('o', { subject: { identifier: { system: nhsSystem, value: person.nhsNumber } } })],
    [
      'an identifier that the Patient has there',
      about('o', { subject: { type: 'Patient', identifier: { system: 'urn:mrn', value: '42' } } }),
    ],
    [
      'a contained Patient with the number',
      about('o', {
        subject: { reference: '#me' },
        contained: [
          {
            resourceType: 'Patient',
            id: 'me',
            name: [{ family: 'LOCALNAME' }],
            identifier: [{ system: nhsSystem, value: person.nhsNumber }],
            birthDate: person.birthDate,
          },
        ],
      }),
    ],
    [
      'one participant of several',
      {
        resourceType: 'Appointment',
        id: 'o',
        participant: [
          { actor: { reference: 'Patient/other', display: 'OTHERNAME' } },
          { actor: { reference: 'Patient/p' } },
        ],
      },
    ],
  ])('by %s', (_name, resource) => {
    const record = provedOf([
      patientOf('p', {
        identifier: [
          { system: nhsSystem, value: person.nhsNumber },
          { system: 'urn:mrn', value: '42' },
        ],
      }),
      resource,
    ]);
    expect(record.resources).toHaveLength(1);
    expect(record.reasons.size).toBe(0);
    expect(JSON.stringify(record.resources)).toContain(`"reference":"${mine}"`);
    expect(JSON.stringify(record.resources)).not.toMatch(/LOCALNAME|OTHERNAME|#me|Patient\/(p|other)"/);
  });

  test.each<[string, object]>([
    ['another Patient', about('o', { subject: { reference: 'Patient/other' } })],
    ['another Patient elsewhere', about('o', { subject: { reference: 'https://elsewhere.example/fhir/Patient/p' } })],
    ['another NHS number', about('o', { subject: { identifier: { system: nhsSystem, value: '9990000026' } } })],
    [
      'a contained Patient of another number',
      about('o', {
        subject: { reference: '#me' },
        contained: [{ resourceType: 'Patient', id: 'me', identifier: [{ system: nhsSystem, value: '9990000026' }] }],
      }),
    ],
    ['two people at once', { ...about('o'), patient: { reference: 'Patient/other' } }],
    [
      'something inside about another',
      about('o', { contained: [{ resourceType: 'Specimen', id: 's', subject: { reference: 'Patient/other' } }] }),
    ],
    ['another Patient itself', { resourceType: 'Patient', id: 'other' }],
    ['nobody', { resourceType: 'Observation', id: 'o' }],
    ['a place', about('o', { subject: { reference: 'Location/l' } })],
    ['another child', about('o', { focus: [{ reference: 'Patient/other' }] })],
    [
      'a relative of someone else',
      { resourceType: 'RelatedPerson', id: 'o', patient: { reference: 'Patient/other' }, name: [{ family: 'X' }] },
    ],
    [
      'the family of someone else',
      { resourceType: 'FamilyMemberHistory', id: 'o', patient: { reference: 'Patient/other' } },
    ],
    [
      'a group that others are in',
      about('o', {
        subject: { reference: '#g' },
        contained: [
          {
            resourceType: 'Group',
            id: 'g',
            member: [{ entity: { reference: 'Patient/p' } }, { entity: { reference: 'Patient/other' } }],
          },
        ],
      }),
    ],
    [
      'a message between the person and another',
      {
        resourceType: 'Communication',
        id: 'o',
        recipient: [{ reference: 'Patient/p' }, { reference: 'Patient/other' }],
      },
    ],
    ['a group', { resourceType: 'Group', id: 'o', member: [{ entity: { reference: 'Patient/other' } }] }],
  ])('what is about %s is dropped and makes it a part', (_name, resource) => {
    const record = provedOf([patientOf('p'), about('mine'), resource]);
    expect(kinds(record)).toEqual([['Observation', idOf('Observation', 'mine')]]);
    expect(record.reasons).toEqual(new Set(['not-proved']));
  });

  test('by the chain that leads to it, however long, and not without one', () => {
    const record = provedOf([
      patientOf('p'),
      about('o', { specimen: { reference: 'Specimen/s' }, performer: [{ reference: 'Practitioner/d' }] }),
      { resourceType: 'Specimen', id: 's', collection: { collector: { reference: 'Organization/lab' } } },
      { resourceType: 'Organization', id: 'lab', partOf: { reference: 'Organization/top' } },
      { resourceType: 'Organization', id: 'top' },
      { resourceType: 'Practitioner', id: 'd' },
      { resourceType: 'PractitionerRole', id: 'r', practitioner: { reference: 'Practitioner/d' } },
      { resourceType: 'Provenance', id: 'v', target: [{ reference: 'Observation/o' }] },
      { resourceType: 'Organization', id: 'stray' },
      { resourceType: 'Practitioner', id: 'stray' },
    ]);
    expect(record.resources.map((one) => one.resourceType)).toEqual([
      'Observation',
      'Specimen',
      'Organization',
      'Organization',
      'Practitioner',
      'PractitionerRole',
      'Provenance',
    ]);
    expect(record.reasons.size).toBe(0);
  });

  test('a group of the person alone is theirs with what is about it; one with others is theirs without the others', () => {
    const group = (id: string, ...members: readonly string[]): object => ({
      resourceType: 'Group',
      id,
      member: members.map((reference) => ({ entity: { reference }, period: { start: '2026' } })),
    });
    const record = provedOf([
      patientOf('p'),
      group('alone', 'Patient/p'),
      about('of-alone', { subject: { reference: 'Group/alone' } }),
      group('class', 'Patient/p', 'Patient/other'),
      about('of-class', { subject: { reference: 'Group/class' } }),
      group('round', 'Group/round'),
    ]);
    expect(kinds(record)).toEqual([
      ['Group', idOf('Group', 'alone')],
      ['Observation', idOf('Observation', 'of-alone')],
      ['Group', idOf('Group', 'class')],
    ]);
    expect(record.resources[2]?.['member']).toEqual([{ entity: { reference: mine }, period: { start: '2026' } }]);
    expect(record.dropped).toBe(2);
  });

  test('a message that says no subject is the person’s whom it went to; others who merely got it are cut out', () => {
    const record = provedOf([
      patientOf('p'),
      { resourceType: 'Communication', id: 'a', recipient: [{ reference: 'Patient/p' }] },
      {
        resourceType: 'Communication',
        id: 'b',
        subject: { reference: 'Patient/p' },
        recipient: [{ reference: 'Patient/other', display: 'OTHERNAME' }, { reference: 'Patient/p' }],
      },
    ]);
    expect(record.resources.map((one) => one['recipient'])).toEqual([[{ reference: mine }], [{ reference: mine }]]);
    expect(record.reasons.size).toBe(0);
  });

  test('a Provenance of several people’s things is kept for the person’s, and names nothing of the others’', () => {
    const record = provedOf([
      patientOf('p'),
      about('o'),
      about('theirs', { subject: { reference: 'Patient/other' } }),
      {
        resourceType: 'Provenance',
        id: 'v',
        target: ['Observation/theirs', 'Observation/o', 'Patient/other'].map((reference) => ({ reference })),
      },
    ]);
    expect(record.resources[1]?.['target']).toEqual([{ reference: `Observation/${idOf('Observation', 'o')}` }]);
  });

  test('the source’s own index of people, and its trail of who looked, stay behind and are no fault', () => {
    const record = provedOf([
      patientOf('p'),
      about('o', { derivedFrom: [{ reference: 'Person/x', display: 'Index' }] }),
      {
        resourceType: 'Person',
        id: 'x',
        name: [{ family: 'LOCALNAME' }],
        link: [{ target: { reference: 'Patient/p' } }],
      },
      { resourceType: 'AuditEvent', id: 'a', entity: [{ what: { reference: 'Patient/p' } }] },
      { resourceType: 'Linkage', id: 'l', item: [{ resource: { reference: 'Patient/p' } }] },
    ]);
    expect(record.resources.map((one) => one.resourceType)).toEqual(['Observation']);
    expect(record.reasons.size).toBe(0);
    expect(JSON.stringify(record)).not.toContain('LOCALNAME');
  });

  test('someone else’s resource leads nowhere', () => {
    const record = provedOf([
      patientOf('p'),
      about('theirs', { subject: { reference: 'Patient/other' }, specimen: { reference: 'Specimen/s' } }),
      { resourceType: 'Specimen', id: 's' },
    ]);
    expect(record.resources).toEqual([]);
    expect(record.nobodys.map((one) => one.resourceType)).toEqual(['Specimen']);
  });
});

describe('ids and references', () => {
  test('local, versioned, absolute and urn references lead to the facade’s id, contained ones stay', () => {
    const urn = 'urn:uuid:0F0E0D0C-0000-4000-8000-000000000001';
    const record = provedOf([
      patientOf('p'),
      about('o', {
        hasMember: [
          'Observation/m',
          'Observation/m/_history/2',
          `${base}/Observation/m`,
          `${base}/Observation/m/_history/9`,
          urn,
          urn.toLowerCase(),
        ].map((reference) => ({ reference, display: 'kept' })),
        device: { reference: '#d' },
        contained: [{ resourceType: 'Device', id: 'd', owner: { reference: 'Organization/x', display: 'Owner' } }],
      }),
      { fullUrl: urn, resource: about('m') },
    ]);
    const [first] = record.resources;
    const member = { reference: `Observation/${idOf('Observation', 'm')}`, display: 'kept' };
    expect(first?.['hasMember']).toEqual(Array.from({ length: 6 }, () => member));
    expect(first?.['device']).toEqual({ reference: '#d' });
    expect(first?.['contained']).toEqual([{ resourceType: 'Device', id: 'd', owner: { display: 'Owner' } }]);
  });

  test('what did not come keeps its display without a link, foreign hosts are gone', () => {
    const record = provedOf([
      patientOf('p'),
      about('o', {
        encounter: { reference: 'Encounter/gone', display: 'Clinic' },
        basedOn: [{ reference: 'ServiceRequest/gone' }],
        performer: [{ reference: 'https://elsewhere.example/fhir/Practitioner/1', display: 'Dr Jones' }],
        focus: [{ reference: 'http://169.254.169.254/latest/meta-data' }],
      }),
    ]);
    const [first = {}] = record.resources;
    expect(first).toMatchObject({ encounter: { display: 'Clinic' }, performer: [{ display: 'Dr Jones' }] });
    expect(first).not.toHaveProperty('basedOn');
    expect(JSON.stringify(first)).not.toMatch(/gone|elsewhere|169\.254/);
  });

  test('attachments lead to the source’s own Binary through the facade, and nowhere else', () => {
    const attachment = (url: string): object => ({
      attachment: { contentType: 'application/pdf', title: 'Letter', url },
    });
    const record = provedOf([
      patientOf('p'),
      {
        ...about('o'),
        resourceType: 'DocumentReference',
        content: [
          'Binary/b',
          `${base}/Binary/c`,
          'https://elsewhere.example/x.pdf',
          'file:///etc/passwd',
          'https://elsewhere.example/Binary/b',
        ].map(attachment),
      },
      { resourceType: 'Binary', id: 'b', contentType: 'application/pdf' },
    ]);
    const urls = objects(record.resources[0]?.['content']).map((one) => (one['attachment'] as { url?: string }).url);
    expect(urls).toEqual([
      `Binary/${idOf('Binary', 'b')}`,
      `Binary/${idOf('Binary', 'c')}`,
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('an extension keeps its url, and the reference in it is rewritten', () => {
    const record = provedOf([
      patientOf('p'),
      about('o', { extension: [{ url: 'https://x.example/e', valueReference: { reference: 'Observation/m' } }] }),
      about('m'),
    ]);
    expect(record.resources[0]?.['extension']).toEqual([
      { url: 'https://x.example/e', valueReference: { reference: `Observation/${idOf('Observation', 'm')}` } },
    ]);
  });

  test('an id twice: the same once, of versions the newest, and what merely shares an id is kept apart', () => {
    const at = (lastUpdated: string): object => ({ meta: { lastUpdated } });
    expect(provedOf([patientOf('p'), about('o'), about('o')]).resources).toHaveLength(1);
    const newest = provedOf([
      patientOf('p'),
      about('o', { ...at('2026-01-02T00:00:00Z'), status: 'amended' }),
      about('o', at('2026-01-01T00:00:00Z')),
    ]);
    expect(newest.resources.map((one) => one['status'])).toEqual(['amended']);
    expect(newest.reasons.size).toBe(0);
    const clash = provedOf([patientOf('p'), about('o', { valueString: 'a' }), about('o', { valueString: 'b' })]);
    expect(clash.resources.map((one) => one['valueString'])).toEqual(['a', 'b']);
    expect(new Set(clash.resources.map((one) => one['id'])).size).toBe(2);
    expect(clash.reasons.size).toBe(1);
  });

  test('of versions the newest, on whichever page and by its number where it has no time', () => {
    const version = (versionId: string, lastUpdated?: string): object =>
      about('o', {
        meta: { versionId, ...(lastUpdated === undefined ? {} : { lastUpdated }) },
        valueString: versionId,
      });
    const shown = (...given: readonly object[]): readonly unknown[] =>
      provedOf([patientOf('p'), ...given]).resources.map((one) => one['valueString']);
    expect(shown(version('10'), version('9'))).toEqual(['10']);
    expect(shown(version('9'), version('10'))).toEqual(['10']);
    expect(shown(version('9', '2026-01-02T00:00:00Z'), version('10', '2026-01-01T00:00:00Z'))).toEqual(['9']);
    expect(shown(version('a'), version('b'))).toEqual(['a', 'b']);
  });

  test('the same id on two servers is two things, and each one’s references are to its own server', () => {
    const at = (server: string, resource: object): Given => {
      const { resourceType, id } = resource as { resourceType: string; id: string };
      return { fullUrl: `${server}/${resourceType}/${id}`, resource };
    };
    const there = 'https://member.example/fhir';
    const note = (valueString: string, more: object = {}): object => about('o', { valueString, ...more });
    const record = provedOf([
      at(base, patientOf('p')),
      at(base, note('here', { hasMember: [{ reference: 'Observation/m', display: 'here' }] })),
      at(base, about('m', { valueString: 'member here' })),
      // `Patient/p` there is somebody else.
      at(there, note('someone else’s')),
      at(there, { resourceType: 'Patient', id: 'p', birthDate: '1999' }),
      at(there, patientOf('q')),
      at(
        there,
        note('there', { id: 'm', subject: { reference: 'Patient/q' }, hasMember: [{ reference: 'Observation/x' }] }),
      ),
      at(there, about('x', { subject: { reference: `${there}/Patient/q` }, valueString: 'member there' })),
    ]);
    const called = new Map(record.resources.map((one) => [one['valueString'], one]));
    expect([...called.keys()]).toEqual(['here', 'member here', 'there', 'member there']);
    const pointsAt = (from: string): unknown => objects(called.get(from)?.['hasMember'])[0]?.['reference'];
    expect(pointsAt('here')).toBe(`Observation/${idOf('Observation', 'm')}`);
    expect(called.get('member here')?.['id']).toBe(idOf('Observation', 'm'));
    expect(pointsAt('there')).toBe(`Observation/${String(called.get('member there')?.['id'])}`);
    expect(record.reasons).toEqual(new Set(['not-proved']));
  });

  test('a server that knows itself by another name than we do is one server all the same', () => {
    const inner = 'http://internal:8080/fhir';
    const record = provedOf([
      patientOf('p'),
      {
        fullUrl: `${inner}/Observation/o`,
        resource: about('o', { hasMember: [{ reference: `${inner}/Observation/m` }] }),
      },
      { fullUrl: `${inner}/Observation/m`, resource: about('m') },
    ]);
    expect(kinds(record)).toEqual([
      ['Observation', idOf('Observation', 'o')],
      ['Observation', idOf('Observation', 'm')],
    ]);
    expect(record.reasons.size).toBe(0);
  });

  test('nothing goes missing on the way but names of links, for any values', () => {
    const word = fc
      .string({ minLength: 1, maxLength: 8 })
      .filter(
        (one) =>
          !/^(reference|url|identifier|contained|meta|id|subject|patient|for|beneficiary|deliverTo|resourceType|implicitRules|__proto__)$/.test(
            one,
          ),
      );
    fc.assert(
      fc.property(fc.dictionary(word, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 }), (content) => {
        const safe = JSON.parse(
          JSON.stringify(content, (key, value: unknown) =>
            ['reference', 'url', 'identifier', '__proto__'].includes(key) ? undefined : value,
          ),
        ) as object;
        const [out = {}] = provedOf([patientOf('p'), { ...safe, ...about('o') }]).resources;
        const { id: _, meta: __, resourceType: ___, subject: ____, ...rest } = out as Record<string, unknown>;
        expect(rest).toEqual(safe);
      }),
    );
  });
});

describe('labels', () => {
  test('meta says who gave it, keeps what tells of the content, and takes no label from the source', () => {
    const record = provedOf([
      patientOf('p'),
      about('o', {
        implicitRules: 'https://x.example/rules',
        meta: {
          lastUpdated: '2026-01-01T00:00:00Z',
          source: 'https://internal.example',
          profile: ['https://profile.example'],
          security: [{ code: 'R' }],
          tag: [
            { system: system.odsOrganisation, code: 'FORGED' },
            { system: ohc.sourceLabel, code: 'FORGED' },
            { system: 'https://own.example', code: 'kept' },
          ],
        },
      }),
    ]);
    expect(record.resources[0]?.['meta']).toEqual({
      lastUpdated: '2026-01-01T00:00:00Z',
      source: 'https://one-health-and-care.nhs.uk/source/a',
      profile: ['https://profile.example'],
      security: [{ code: 'R' }],
      tag: [
        { system: system.odsOrganisation, code: 'RJE', display: 'Trust' },
        { system: ohc.sourceLabel, code: 'A', display: 'Trust' },
        { system: 'https://own.example', code: 'kept' },
      ],
    });
    expect(record.resources[0]).not.toHaveProperty('implicitRules');
  });

  test.each<[string, object, readonly object[], string, string]>([
    [
      'its own tag',
      { meta: { tag: [{ system: system.odsOrganisation, code: 'RRK', display: 'University Hospitals Birmingham' }] } },
      [],
      'RRK',
      'A: UHB',
    ],
    [
      'the organisation that performed it',
      { performer: [{ reference: 'Organization/o1' }] },
      [
        {
          resourceType: 'Organization',
          id: 'o1',
          name: 'Walsall Healthcare',
          identifier: [{ system: system.odsOrganisation, value: 'RBK' }],
        },
      ],
      'RBK',
      'A: RBK',
    ],
    [
      'an identifier',
      { performer: [{ identifier: { system: system.odsOrganisation, value: 'RRK' } }] },
      [],
      'RRK',
      'A: UHB',
    ],
    ['nothing: itself', {}, [], 'RJE', 'Trust'],
  ])('another shared care record’s member by %s', (_name, more, others, ods, label) => {
    const record = provedOf([patientOf('p'), about('o', more), ...others], { aggregate: true });
    expect(record.resources[0]?.['meta']).toMatchObject({ tag: [{ code: ods }, { code: 'A', display: label }] });
  });
});

describe('the person as the source has them', () => {
  test('address, telecom and language may stand in the one Patient, contacts become people, the rest stays behind', () => {
    const record = provedOf([
      patientOf('p', {
        address: [{ city: 'Stoke-on-Trent' }],
        telecom: [{ value: '01782 000000' }],
        communication: [{ language: { text: 'Polish' } }],
        contact: [
          {
            relationship: [{ text: 'Daughter' }],
            name: { family: 'Carer' },
            organization: { reference: 'Organization/gone', display: 'Home' },
          },
        ],
        link: [{ other: { reference: 'Patient/old' }, type: 'replaces' }],
      }),
      about('o'),
    ]);
    expect(record.contacts.map((one) => one.element)).toEqual(['address', 'telecom', 'communication']);
    expect(record.resources.map((one) => one.resourceType)).toEqual(['Observation', 'RelatedPerson']);
    expect(record.resources[1]).toMatchObject({
      patient: { reference: mine },
      name: { family: 'Carer' },
      meta: { tag: [{ code: 'RJE' }, { code: 'A' }] },
      extension: [{ valueReference: { display: 'Home' } }],
    });
    expect(JSON.stringify(record)).not.toContain('LOCALNAME');
  });

  test.each<[string, readonly object[], readonly object[], readonly string[]]>([
    ['the same postcode, written otherwise', [{ postalCode: 'ST5 9ZZ' }], [{ postalCode: 'st59zz' }], []],
    ['another postcode', [{ postalCode: 'ST5 9ZZ' }], [{ postalCode: 'ST4 9ZZ' }], ['address']],
    ['one of several', [{ postalCode: 'ST5 9ZZ' }], [{ postalCode: 'ST4 9ZZ' }, { postalCode: 'ST5 9ZZ' }], []],
    ['an old one beside it', [{ postalCode: 'ST5 9ZZ' }], [{ use: 'old', postalCode: 'ST4 9ZZ' }], []],
    ['no postcode, the same street', [{ line: ['1 High St.'] }], [{ line: ['1 HIGH ST'] }], []],
    ['none here', [{ postalCode: 'ST5 9ZZ' }], [], []],
    ['none at the demographics service', [], [{ postalCode: 'ST4 9ZZ' }], []],
  ])('a differing address is shown and named, never as a mismatch: %s', (_name, known, theirs, differsOn) => {
    const record = provedOf(
      [patientOf('p', { address: theirs })],
      {},
      {
        ...person,
        patient: { ...person.patient, address: known },
      },
    );
    expect(record.differsOn).toEqual(differsOn);
    expect(record.contacts).toHaveLength(theirs.length);
  });

  test('a narrative that calls the person by a name only the source has does not leave; any other does', () => {
    const narrative = (words: string): object => ({ text: { status: 'generated', div: `<div>${words}</div>` } });
    const record = provedOf([
      patientOf('p', { name: [{ family: "O'Nan-Smith (J.)", given: ['Ann'] }] }),
      about('o', narrative("Mrs Ann o'nan-smith, blood pressure")),
      about('n', narrative('<b>ANN</b>')),
      about('m', narrative('Annual blood pressure')),
    ]);
    expect(record.resources.map((one) => one['text'] !== undefined)).toEqual([false, false, true]);
  });
});
