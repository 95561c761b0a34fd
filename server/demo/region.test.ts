import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isObject, object, objects } from '../../src/fhir/json.ts';
import { codeOf } from '../../src/fhir/coding.ts';
import { entriesOf } from '../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../src/fhir/systems.ts';
import { personOf } from './people.ts';
import { createRegion, type SourceLogEntry } from './region.ts';
import { interaction } from './serve/gp-connect.ts';

const now = new Date('2026-11-20T09:41:00Z');
const told: SourceLogEntry[] = [];
const region = createRegion({ now, log: (entry) => told.push(entry) });
let server: Server;
let base = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    if (!region.handle(request, response)) response.writeHead(404).end('not a system');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  base = isObject(address) ? `http://127.0.0.1:${String(address['port'])}` : '';
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
afterEach(async () => {
  await fetch(`${base}/switches.json`, { method: 'DELETE' });
});

type Answer = { readonly status: number; readonly body: unknown; readonly headers: Headers };
async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path.startsWith('http') ? path : `${base}${path}`, init);
  return { status: response.status, body: await response.json(), headers: response.headers };
}

const number = (key: string): string => personOf(key).nhsNumber;
const form = (values: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(values) });
const find = (system: string, key: string): Promise<Answer> =>
  ask(`/${system}/fhir/Patient/_search`, form({ identifier: `${fhirSystem.nhsNumber}|${number(key)}` }));
async function idAt(system: string, key: string): Promise<string> {
  const [patient] = entriesOf((await find(system, key)).body);
  return String(patient?.['id']);
}
const linkOf = (bundle: unknown, relation: string): string | undefined => {
  const link = objects(object(bundle)?.['link']).find((one) => one['relation'] === relation);
  return typeof link?.['url'] === 'string' ? link['url'] : undefined;
};
async function pages(path: string): Promise<readonly unknown[]> {
  const bundles: unknown[] = [];
  for (let next: string | undefined = path; next !== undefined; next = linkOf(bundles.at(-1), 'next'))
    bundles.push((await ask(next)).body);
  return bundles;
}
const spine = (body: unknown): unknown => codeOf(objects(object(body)?.['issue'])[0]?.['details']);

const token = (change: Record<string, unknown> = {}): string => {
  const iat = now.getTime() / 1000;
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://viewer.example',
    sub: 'user-1',
    aud: 'https://practice.example',
    iat,
    exp: iat + 300,
    reason_for_request: 'directcare',
    requested_scope: 'patient/*.read',
    requesting_device: { resourceType: 'Device' },
    requesting_organization: {
      resourceType: 'Organization',
      identifier: [{ system: fhirSystem.odsOrganisation, value: 'RJE' }],
    },
    requesting_practitioner: { resourceType: 'Practitioner', id: 'user-1' },
    ...change,
  };
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
};
const wholeRecord = [
  { name: 'includeAllergies', part: [{ name: 'includeResolvedAllergies', valueBoolean: true }] },
  { name: 'includeMedication', part: [{ name: 'includePrescriptionIssues', valueBoolean: true }] },
  ...[
    'Problems',
    'Consultations',
    'Immunisations',
    'UncategorisedData',
    'Investigations',
    'Referrals',
    'DiaryEntries',
  ].map((one) => ({
    name: `include${one}`,
  })),
];
function structured(
  key: string,
  options: {
    readonly ods?: string;
    readonly parameters?: readonly unknown[];
    readonly headers?: Record<string, string>;
    readonly nhsNumber?: string;
  } = {},
): Promise<Answer> {
  const { ods = personOf(key).practice, nhsNumber = number(key) } = options;
  return ask(`/gp/${ods}/fhir/Patient/$gpc.getstructuredrecord`, {
    method: 'POST',
    headers: {
      'content-type': 'application/fhir+json',
      authorization: `Bearer ${token()}`,
      'ssp-traceid': 'trace',
      'ssp-from': '200000000001',
      'ssp-to': '200000000002',
      'ssp-interactionid': interaction,
      ...options.headers,
    },
    body: JSON.stringify({
      resourceType: 'Parameters',
      parameter: [
        { name: 'patientNHSNumber', valueIdentifier: { system: fhirSystem.nhsNumber, value: nhsNumber } },
        ...(options.parameters ?? wholeRecord),
      ],
    }),
  });
}

describe('the demographics service', () => {
  const pds = '/pds/personal-demographics/FHIR/R4/Patient';

  it('gives a person with their practice and verified number', async () => {
    const { status, body } = await ask(`${pds}/${number('smith')}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      resourceType: 'Patient',
      id: '9991234578',
      birthDate: '1945-07-14',
      meta: { security: [{ code: 'U' }] },
      generalPractitioner: [{ identifier: { system: fhirSystem.odsOrganisation, value: 'M83001' } }],
      identifier: [{ extension: [{ valueCodeableConcept: { coding: [{ code: '01' }] } }] }],
    });
  });

  it('keeps back address and phone of a restricted person, and says R', async () => {
    const { body } = await ask(`${pds}/${number('lockett')}`);
    expect(body).toMatchObject({ meta: { security: [{ code: 'R' }] } });
    expect(body).not.toHaveProperty('address');
    expect(body).not.toHaveProperty('telecom');
  });

  it('says when someone died', async () => {
    expect((await ask(`${pds}/${number('bagnall')}`)).body).toHaveProperty(
      'deceasedDateTime',
      '2026-09-02T00:00:00+00:00',
    );
  });

  it.each([
    [number('zielinski'), 404, 'RESOURCE_NOT_FOUND'],
    ['9990000018', 404, 'RESOURCE_NOT_FOUND'],
    ['9991234579', 400, 'INVALID_RESOURCE_ID'],
    ['abc', 400, 'INVALID_RESOURCE_ID'],
  ])('answers %s with %i %s', async (nhsNumber, status, code) => {
    const answer = await ask(`${pds}/${nhsNumber}`);
    expect([answer.status, spine(answer.body)]).toEqual([status, code]);
  });

  it('names who is related, and traces by name and birth date', async () => {
    const related = entriesOf((await ask(`${pds}/${number('bentley')}/RelatedPerson`)).body);
    expect(related).toMatchObject([{ relationship: [{ coding: [{ code: 'MTH' }] }] }]);
    const traced = entriesOf((await ask(`${pds}?family=Smith&birthdate=eq1945-07-14&gender=male`)).body);
    expect(traced).toMatchObject([{ id: '9991234578' }]);
    expect(entriesOf((await ask(`${pds}?family=Lockett&birthdate=1983-08-19`)).body)).toEqual([]);
    const whole = `${pds}?family=nair&given=PRIYA&gender=female&birthdate=eq1989-03-22&address-postalcode=`;
    expect(entriesOf((await ask(`${whole}st49zz`)).body)).toMatchObject([{ id: '9991236015' }]);
    for (const other of [`${whole}ST5%209ZZ`, `${whole}ST4%209ZZ`.replace('PRIYA', 'Pria')])
      expect((await ask(other)).body).toMatchObject({ resourceType: 'Bundle', total: 0, entry: [] });
  });
});

describe('an R4 system', () => {
  it.each(['uhnm', 'mpft', 'stc', 'wmshcr'])('%s gives everything at once, page after page', async (system) => {
    const id = await idAt(system, 'smith');
    const bundles = await pages(`/${system}/fhir/Patient/${id}/$everything`);
    const all = bundles.flatMap(entriesOf);
    expect(all.length).toBe(object(bundles[0])?.['total']);
    expect(all.some((one) => one.resourceType === 'Patient' && one['id'] === id)).toBe(true);
    expect((await ask(`/${system}/fhir/Condition?patient=${id}`)).status).toBe(404);
  });

  it.each(['uhdb', 'nscht', 'scc', 'chc'])('%s is searched type by type', async (system) => {
    const id = await idAt(system, 'smith');
    expect((await ask(`/${system}/fhir/Patient/${id}/$everything`)).status).toBe(404);
    const { body } = await ask(`/${system}/fhir/metadata`);
    const types = objects(objects(object(body)?.['rest'])[0]?.['resource'])
      .filter((one) => objects(one['searchParam']).some(({ name }) => name === 'patient'))
      .map((one) => String(one['type']));
    const found = await Promise.all(
      types.map(async (type) => (await pages(`/${system}/fhir/${type}?patient=${id}`)).flatMap(entriesOf)),
    );
    expect(found.flat().length).toBeGreaterThan(1);
    found.forEach((of, index) => expect(of.every((one) => one.resourceType === types[index])).toBe(true));
  });

  it('pages a search, each resource once', async () => {
    const id = await idAt('uhdb', 'forsyth');
    const bundles = await pages(`/uhdb/fhir/DiagnosticReport?patient=${id}`);
    expect(bundles.length).toBeGreaterThan(1);
    const ids = bundles.flatMap(entriesOf).map((one) => one['id']);
    expect(new Set(ids).size).toBe(object(bundles[0])?.['total']);
  });

  it('answers about nobody with an empty Bundle, and of no one’s id with 404', async () => {
    expect(entriesOf((await find('uhnm', 'adeyemi')).body)).toEqual([]);
    expect((await ask('/uhnm/fhir/Patient/none/$everything')).status).toBe(404);
    expect((await ask('/uhnm/fhir/Observation/none')).status).toBe(404);
  });

  it('knows nobody under the same id as another system, except where two count alike', async () => {
    const ids = await Promise.all(['uhnm', 'mpft', 'scc', 'stc'].map((system) => idAt(system, 'smith')));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await idAt('uhdb', 'smith')).toBe(await idAt('nscht', 'smith'));
  });

  it('refers in its own style', async () => {
    const conditions = async (system: string): Promise<string> =>
      JSON.stringify((await ask(`/${system}/fhir/Condition?patient=${await idAt(system, 'smith')}`)).body);
    expect(await conditions('uhdb')).toContain(`"reference":"${base}/uhdb/fhir/Patient/`);
    expect(await conditions('nscht')).toContain('"reference":"Patient/');
    const visits = JSON.stringify((await ask(`/nscht/fhir/Encounter?patient=${await idAt('nscht', 'smith')}`)).body);
    expect(visits).toContain('"contained":[{"resourceType":"Practitioner"');
  });

  it('gives a letter as PDF, as HTML and as a Binary resource', async () => {
    const letterOf = async (system: string, path: string, title: string): Promise<string> => {
      const all = (await pages(`/${system}/fhir/${path}`)).flatMap(entriesOf);
      const contents = all.flatMap((one) => objects(one['content']).map((content) => object(content['attachment'])));
      const url = contents.find((one) => one?.['title'] === title)?.['url'];
      return typeof url === 'string' ? url : '';
    };
    const discharge = await letterOf(
      'uhnm',
      `Patient/${await idAt('uhnm', 'smith')}/$everything`,
      'Discharge letter, cardiology',
    );
    const pdf = await fetch(discharge);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    const binary = await ask(discharge, { headers: { accept: 'application/fhir+json' } });
    expect(binary.body).toMatchObject({ resourceType: 'Binary', contentType: 'application/pdf' });
    const allergy = await letterOf(
      'uhdb',
      `DocumentReference?patient=${await idAt('uhdb', 'smith')}`,
      'Letter from drug allergy clinic',
    );
    expect(await (await fetch(allergy)).text()).toContain('<h1>Letter from drug allergy clinic</h1>');
  });

  it('says how old its data is', async () => {
    const age = async (system: string): Promise<number> => {
      const { body } = await find(system, 'smith');
      const asOf = Date.parse(String(object(object(body)?.['meta'])?.['lastUpdated']));
      return Math.abs(Math.round((now.getTime() - asOf) / 3_600_000));
    };
    expect([await age('uhnm'), await age('scc')]).toEqual([0, 72]);
  });

  it('gives 20,000 resources page by page', async () => {
    const id = await idAt('uhnm', 'cope');
    const bundles = await pages(`/uhnm/fhir/Patient/${id}/$everything`);
    expect(bundles.flatMap(entriesOf).length).toBeGreaterThanOrEqual(20_000);
    expect(bundles.length).toBeGreaterThan(5);
  });
});

describe('a practice over GP Connect', () => {
  it('gives the structured record as a collection of STU3 with its lists', async () => {
    const { status, body } = await structured('smith');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      type: 'collection',
      meta: { profile: ['https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1'] },
    });
    const resources = entriesOf(body);
    const lists = resources.filter((one) => one.resourceType === 'List').map((one) => codeOf(one['code']));
    for (const code of [
      '886921000000105',
      '1103671000000101',
      '933361000000108',
      '717711000000103',
      '1149501000000101',
      '1102181000000102',
      '826501000000100',
      '887191000000108',
      '792931000000107',
      '714311000000108',
    ])
      expect(
        lists.filter((one) => one === code),
        code,
      ).toEqual([code]);
    for (const one of resources)
      expect(JSON.stringify(one['meta']), one.resourceType).toContain('STU3/StructureDefinition/CareConnect-');
    const keys = new Set(resources.map((one) => `${one.resourceType}/${String(one['id'])}`));
    const referred = [...JSON.stringify(resources).matchAll(/"reference":"([A-Z][^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(referred.filter((one) => !keys.has(one))).toEqual([]);
    const requests = resources.filter((one) => one.resourceType === 'MedicationRequest');
    expect(new Set(requests.map((one) => one['intent']))).toEqual(new Set(['plan', 'order']));
  });

  it('puts an ended allergy inside its list, never among the active', async () => {
    const resources = entriesOf((await structured('smith')).body);
    const ended = resources.find((one) => codeOf(one['code']) === '1103671000000101');
    expect(objects(ended?.['contained'])).toMatchObject([
      { resourceType: 'AllergyIntolerance', verificationStatus: 'entered-in-error' },
    ]);
    expect(resources.filter((one) => one.resourceType === 'AllergyIntolerance')).toHaveLength(2);
  });

  it('gives no more than was asked', async () => {
    const only = async (parameters: readonly unknown[]): Promise<ReadonlySet<string>> =>
      new Set(entriesOf((await structured('smith', { parameters })).body).map((one) => one.resourceType));
    const allergies = await only([
      { name: 'includeAllergies', part: [{ name: 'includeResolvedAllergies', valueBoolean: false }] },
    ]);
    expect(allergies.has('AllergyIntolerance')).toBe(true);
    expect(['Condition', 'MedicationStatement', 'Immunization', 'Encounter'].some((type) => allergies.has(type))).toBe(
      false,
    );
    const plans = entriesOf(
      (
        await structured('smith', {
          parameters: [
            { name: 'includeMedication', part: [{ name: 'includePrescriptionIssues', valueBoolean: false }] },
          ],
        })
      ).body,
    );
    expect(plans.some((one) => one['intent'] === 'order')).toBe(false);
    expect(plans.some((one) => one['intent'] === 'plan')).toBe(true);
  });

  it('says that an empty record has no content, not that there is nothing', async () => {
    const lists = entriesOf((await structured('adeyemi')).body).filter((one) => one.resourceType === 'List');
    expect(lists).toHaveLength(10);
    for (const list of lists) expect(codeOf(list['emptyReason'])).toBe('no-content-recorded');
  });

  it('warns on the lists of a record that is still on its way', async () => {
    const lists = entriesOf((await structured('khalid')).body).filter(
      (one) => one['title'] === 'Allergies and adverse reactions',
    );
    expect(JSON.stringify(lists)).toContain('data-in-transit');
    expect(JSON.stringify(lists)).toContain('Items excluded due to confidentiality and/or patient preferences.');
    expect(JSON.stringify(lists)).toMatch(/information recorded before \d\d-[A-Z][a-z]{2}-\d{4} may be missing/);
  });

  it('holds the dissent code of one who objected there', async () => {
    expect(JSON.stringify((await structured('colclough')).body)).toContain('"code":"416409005"');
  });

  it('tells of a parameter that it does not know, and answers the rest', async () => {
    const { status, body } = await structured('smith', { parameters: [{ name: 'includeEverything' }] });
    expect(status).toBe(200);
    expect(entriesOf(body).at(-1)).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning' }],
    });
  });

  it.each([
    ['a restricted person', 'lockett', {}, 404, 'PATIENT_NOT_FOUND'],
    ['the dead', 'bagnall', {}, 404, 'PATIENT_NOT_FOUND'],
    ['a person of another practice', 'smith', { ods: 'M83002' }, 404, 'PATIENT_NOT_FOUND'],
    ['one who objected there', 'tomlinson', {}, 403, 'NO_PATIENT_CONSENT'],
    ['a practice that does not share', 'shuffle', {}, 403, 'NO_ORGANISATION_CONSENT'],
    ['an invalid number', 'smith', { nhsNumber: '9991234579' }, 400, 'INVALID_NHS_NUMBER'],
    ['no JWT', 'smith', { headers: { authorization: '' } }, 400, 'BAD_REQUEST'],
    [
      'an old JWT',
      'smith',
      { headers: { authorization: `Bearer ${token({ iat: 1, exp: 301 })}` } },
      400,
      'BAD_REQUEST',
    ],
    [
      'a JWT for another purpose',
      'smith',
      { headers: { authorization: `Bearer ${token({ reason_for_request: 'audit' })}` } },
      400,
      'BAD_REQUEST',
    ],
    [
      'a JWT without organisation',
      'smith',
      { headers: { authorization: `Bearer ${token({ requesting_organization: {} })}` } },
      400,
      'BAD_REQUEST',
    ],
    ['another interaction', 'smith', { headers: { 'ssp-interactionid': 'urn:other' } }, 400, 'BAD_REQUEST'],
    ['allergies without their part', 'smith', { parameters: [{ name: 'includeAllergies' }] }, 422, 'INVALID_PARAMETER'],
    [
      'an area narrowed beside consultations',
      'smith',
      {
        parameters: [
          { name: 'includeConsultations' },
          { name: 'includeImmunisations', part: [{ name: 'includeNotGiven', valueBoolean: true }] },
        ],
      },
      422,
      'INVALID_PARAMETER',
    ],
  ] as const)('refuses %s', async (_what, key, options, status, code) => {
    const answer = await structured(key, options);
    expect([answer.status, spine(answer.body)]).toEqual([status, code]);
  });
});

describe('the switches', () => {
  const set = (switches: unknown): Promise<Answer> =>
    ask('/switches.json', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(switches),
    });

  it('are all on, can be set together and set back', async () => {
    expect((await set({ uhdb: { mode: 'hang' }, gp: { mode: 'slow', ms: 10 } })).body).toMatchObject({
      uhdb: { mode: 'hang' },
      gp: { mode: 'slow', ms: 10 },
      uhnm: { mode: 'on' },
    });
    expect((await ask('/switches.json', { method: 'DELETE' })).body).toMatchObject({ uhdb: { mode: 'on' } });
    expect((await set({ nobody: { mode: 'off' } })).status).toBe(400);
    expect((await set({ uhdb: { mode: 'explode' } })).status).toBe(400);
  });

  it('can be set from the page, without script', async () => {
    const answer = await fetch(`${base}/switches`, form({ system: 'scc', mode: '500', ms: '5000' }));
    expect(answer.url).toBe(`${base}/switches`);
    const page = await answer.text();
    expect(page).toContain('value="500" selected');
    expect(page).not.toContain('<script');
    expect((await ask('/scc/fhir/metadata')).status).toBe(500);
    await fetch(`${base}/switches`, form({ system: 'all' }));
    expect((await ask('/scc/fhir/metadata')).status).toBe(200);
  });

  it('close the connection, hang, cut off, or answer with HTML', async () => {
    await set({ uhdb: { mode: 'off' }, scc: { mode: 'hang' }, chc: { mode: 'reset' }, nscht: { mode: 'html' } });
    await expect(fetch(`${base}/uhdb/fhir/metadata`)).rejects.toThrow();
    await expect(fetch(`${base}/scc/fhir/metadata`, { signal: AbortSignal.timeout(400) })).rejects.toThrow(
      /aborted|timeout/i,
    );
    await expect(fetch(`${base}/chc/fhir/Encounter?patient=1`).then((one) => one.text())).rejects.toThrow();
    const html = await fetch(`${base}/nscht/fhir/metadata`);
    expect([html.status, html.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('mix up people', async () => {
    await set({ uhnm: { mode: 'other-person' }, gp: { mode: 'other-person' }, pds: { mode: 'other-person' } });
    const id = await idAt('uhnm', 'smith');
    const [bundle] = await pages(`/uhnm/fhir/Patient/${id}/$everything`);
    expect(JSON.stringify(bundle)).not.toContain(number('smith'));
    expect(entriesOf(bundle).length).toBeGreaterThan(5);
    expect(JSON.stringify((await structured('smith')).body)).not.toContain(number('smith'));
    expect((await ask(`/pds/personal-demographics/FHIR/R4/Patient/${number('smith')}`)).body).not.toHaveProperty(
      'id',
      number('smith'),
    );
  });
});

describe('the log', () => {
  it('tells who was asked about whom, and not who was not', async () => {
    await ask('/log.json', { method: 'DELETE' });
    const id = await idAt('uhdb', 'jefferies');
    await ask(`/uhdb/fhir/Encounter?patient=${id}`);
    await structured('jefferies');
    const { body } = await ask('/log.json');
    expect(body).toMatchObject([
      { system: 'uhdb', method: 'POST', path: '/uhdb/fhir/Patient/_search', nhsNumber: number('jefferies') },
      { system: 'uhdb', method: 'GET', nhsNumber: number('jefferies') },
      { system: 'gp', method: 'POST', nhsNumber: number('jefferies') },
    ]);
    expect(JSON.stringify(body)).not.toContain(number('wardle'));
    expect(told.length).toBeGreaterThan(3);
  });

  it('leaves other paths to its caller', async () => {
    expect(await (await fetch(`${base}/millbrook/`)).text()).toBe('not a system');
  });
});
