import { afterEach, describe, expect, it } from 'vitest';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import { object, objects } from '../../src/fhir/json.ts';
import { answer, clinician, dissent, house, practice, session } from '../disclosure/house.testing.ts';
import { capabilityStatement } from './capability-statement.ts';
import { entries, linkOf, openFacade, person } from './facade.testing.ts';
import { includesOf, parametersOf, servedTypes } from './search/parameter.ts';

type Facade = Awaited<ReturnType<typeof openFacade>>;
const opened: Facade[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function facade(...given: Parameters<typeof openFacade>): Promise<Facade> {
  const one = await openFacade(...given);
  opened.push(one);
  return one;
}

const about = { reference: `Patient/${person}` };
const coded = (code: string, system = 'http://loinc.org') => ({ coding: [{ system, code }] });
const observation = (id: string, more: Record<string, unknown> = {}): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject: about,
  ...more,
});
const record: readonly Resource[] = [
  observation('hb', {
    code: coded('718-7'),
    category: [coded('laboratory', 'urn:category')],
    effectiveDateTime: '2026-03-02T10:00:00Z',
    encounter: { reference: 'Encounter/stay' },
    meta: { lastUpdated: '2026-03-02T12:00:00Z' },
  }),
  observation('bp', {
    code: coded('85354-9'),
    category: [coded('vital-signs', 'urn:category')],
    component: [{ code: coded('8480-6') }, { code: coded('8462-4') }],
    effectivePeriod: { start: '2026-03-29', end: '2026-03-30' },
    status: 'amended',
  }),
  observation('undated', { code: { text: 'Something' } }),
  {
    resourceType: 'MedicationRequest',
    id: 'statin',
    status: 'active',
    intent: 'order',
    subject: about,
    medicationReference: { reference: 'Medication/atorvastatin' },
    requester: { reference: 'Practitioner/gp' },
    authoredOn: '2026-01-05',
  },
  { resourceType: 'Medication', id: 'atorvastatin', code: { text: 'Atorvastatin' } },
  { resourceType: 'Practitioner', id: 'gp', name: [{ text: 'Dr Example' }] },
  { resourceType: 'Encounter', id: 'stay', status: 'finished', subject: about, class: { code: 'IMP' } },
];
const gp = (resources: readonly Resource[] = record) => answer('gp', { practiceConsent: 'answered', resources });
const ids = (body: Parameters<typeof entries>[0], mode?: Parameters<typeof entries>[1]): readonly string[] =>
  entries(body, mode).map((one) => idOf(one) ?? '');
const found = async (at: Facade, path: string): Promise<readonly string[]> => {
  const answered = await at.ask(path);
  expect(answered.status, answered.text).toBe(200);
  return ids(answered.body).toSorted();
};

describe('a search', () => {
  it.each([
    ['Observation', ['bp', 'hb', 'undated']],
    [`Observation?patient=${person}`, ['bp', 'hb', 'undated']],
    [`Observation?patient=Patient/${person}&subject=Patient/${person}`, ['bp', 'hb', 'undated']],
    [`Observation?subject:Patient=${person}`, ['bp', 'hb', 'undated']],
    [`Observation?patient=http://localhost:9/fhir/Patient/${person}`, ['bp', 'hb', 'undated']],
    ['Observation?code=718-7', ['hb']],
    ['Observation?code=http://loinc.org|718-7', ['hb']],
    ['Observation?code=|718-7', []],
    ['Observation?code=http://loinc.org|', ['bp', 'hb']],
    ['Observation?code=718-7,85354-9', ['bp', 'hb']],
    ['Observation?combo-code=8480-6', ['bp']],
    ['Observation?category=laboratory', ['hb']],
    ['Observation?category=laboratory&status=amended', []],
    ['Observation?status=amended', ['bp']],
    ['Observation?status=final&code=718-7', ['hb']],
    ['Observation?_id=hb,bp', ['bp', 'hb']],
    ['Observation?encounter=Encounter/stay', ['hb']],
    ['Observation?encounter=stay', ['hb']],
    ['Observation?encounter=Condition/stay', []],
    ['Observation?date=2026-03', ['bp', 'hb']],
    ['Observation?date=2026-03-02', ['hb']],
    ['Observation?date=ge2026-03-03', ['bp']],
    ['Observation?date=gt2026-03-02T10:00:00Z&date=lt2026-04', ['bp']],
    ['Observation?date=sa2026-03-29', []],
    ['Observation?date=eb2026-03-29', ['hb']],
    ['Observation?_lastUpdated=gt2026-01-01', ['hb']],
    ['Observation?_format=json&_pretty=true&_total=accurate', ['bp', 'hb', 'undated']],
    ['Observation?_format=application/fhir%2Bjson', ['bp', 'hb', 'undated']],
    ['MedicationRequest?status=active&intent=order&authoredon=2026-01', ['statin']],
    ['Medication', ['atorvastatin']],
    ['AllergyIntolerance?clinical-status=active', []],
  ])('%s finds %j', async (path, expected) => {
    expect(await found(await facade(house({ answers: [gp()] })), path)).toEqual(expected);
  });

  it('by POST finds the same, its parameters in the form and in the address', async () => {
    const at = await facade(house({ answers: [gp()] }));
    expect(ids((await at.post('Observation', { code: '718-7', patient: person })).body)).toEqual(['hb']);
    const both = await at.ask('Observation/_search?status=final', {
      method: 'POST',
      body: new URLSearchParams({ code: '718-7,85354-9' }),
    });
    expect(ids(both.body)).toEqual(['hb']);
    const json = await at.ask('Observation/_search', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(415);
    expect((await at.post('Observation', { code: 'x'.repeat(80_000) })).status).toBe(413);
  });

  it('includes of what was released what its matches lead to, and says which is which', async () => {
    const at = await facade(house({ answers: [gp()] }));
    const { body } = await at.ask(
      'MedicationRequest?_include=MedicationRequest:medication&_include=MedicationRequest:requester:Practitioner&_include=MedicationRequest:patient',
    );
    expect(ids(body)).toEqual(['statin']);
    expect(ids(body, 'include').toSorted()).toEqual(['atorvastatin', 'gp', 'p']);
    expect(body['total']).toBe(1);
    const other = await at.ask('MedicationRequest?_include=MedicationRequest:requester:Organization');
    expect(ids(other.body, 'include')).toEqual([]);
  });

  it('includes nothing that its holder may not read @136', async () => {
    const scopes = ['patient/MedicationRequest.rs', 'patient/Medication.rs'];
    const at = await facade(house({ answers: [gp()] }), { good: { ...session, scopes } });
    const { body } = await at.ask(
      'MedicationRequest?_include=MedicationRequest:medication&_include=MedicationRequest:requester&_include=MedicationRequest:patient',
    );
    expect(ids(body, 'include')).toEqual(['atorvastatin']);
  });

  it('HEAD and OPTIONS answer without a body', async () => {
    const at = await facade(house({ answers: [gp()] }));
    const head = await at.ask('Observation', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    const options = await at.ask('Observation/_search', {
      method: 'OPTIONS',
      headers: { origin: 'http://app.example' },
    });
    expect(options.status).toBe(204);
    expect(options.headers.get('access-control-allow-methods')).toContain('POST');
  });

  it('has no ETag and no date of change, and may not be stored', async () => {
    const at = await facade(house({ answers: [gp()] }));
    for (const path of ['Observation', 'Observation/hb', `Patient/${person}`]) {
      const { headers } = await at.ask(path, { headers: { 'if-none-match': '*' } });
      expect(headers.get('etag')).toBeNull();
      expect(headers.get('last-modified')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('what is not known', () => {
  const strange = [
    'unheard=1',
    '_has:Provenance:target:agent=x',
    'subject:Patient.name=x',
    'patient.name=x',
    '_revinclude=Provenance:target',
    '_filter=code eq 1',
    '_text=x',
    '_content=x',
    'code:contains=x',
    'code:not=x',
    'code:in=x',
    'date:missing=true',
    '_list=1',
    '_query=1',
    '_include:iterate=Observation:subject',
    '_summary=count',
    '_elements=code',
    'identifier=1',
    '_type=Observation',
  ];

  it.each(strange)('%s is 400 with its name', async (parameter) => {
    const at = await facade(house({ answers: [gp()] }));
    const refused = await at.ask(`Observation?${parameter}`);
    expect(refused.status).toBe(400);
    const text = object(objects(refused.body['issue'])[0]?.['details'])?.['text'];
    expect(text).toContain(parameter.slice(0, parameter.indexOf('=')));
  });

  it.each([
    'date=2026-02-30',
    'date=ap2026',
    'date=',
    'code=',
    'code=a|b|c',
    '_id=a b',
    '_count=-1',
    '_count=x',
    '_sort=code',
    '_sort=unheard',
    '_include=Condition:subject',
    '_include=Observation:unheard',
    '_include=*',
    '_format=xml',
    '_format=ndjson',
    '_pretty=yes',
    '_total=all',
    'patient=Patient/1/2',
    '_page=AAAA',
  ])('%s cannot be read, lenient or not', async (parameter) => {
    const at = await facade(house({ answers: [gp()] }));
    for (const prefer of ['handling=strict', 'handling=lenient'])
      expect((await at.ask(`Observation?${parameter}`, { headers: { prefer } })).status).toBe(400);
  });

  it('is passed over where the app asks for it, and named in the answer', async () => {
    const at = await facade(house({ answers: [gp()] }));
    const headers = { prefer: 'respond-async, handling=lenient' };
    const { status, body } = await at.ask('Observation?unheard=1&_has:Provenance:target:agent=x&code=718-7', {
      headers,
    });
    expect(status).toBe(200);
    expect(ids(body)).toEqual(['hb']);
    const [warning] = entries(body, 'outcome');
    expect(JSON.stringify(warning)).toContain('passed over: unheard, _has:Provenance:target:agent');
    expect(linkOf(body, 'self')).toBe('Observation?code=718-7');
  });

  it('says back no text that is no name', async () => {
    const at = await facade(house({ answers: [gp()] }));
    const refused = await at.ask(`Observation?${encodeURIComponent('<b>9990000018</b>')}=1`);
    expect(refused.status).toBe(400);
    expect(refused.text).not.toContain('<b>');
  });

  it('a search of too many parameters is refused before it is worked on', async () => {
    const at = await facade(house({ answers: [gp()] }));
    expect((await at.ask(`Observation?${'code=1&'.repeat(61)}`)).status).toBe(400);
    expect(at).toBeDefined();
  });

  it.each(['Observation/%zz', 'Observation/_search'])('GET %s is no fault of this server', async (path) => {
    expect([400, 405]).toContain((await (await facade(house({ answers: [gp()] }))).ask(path)).status);
  });
});

describe('pages', () => {
  const many = Array.from({ length: 7 }, (_, index) =>
    observation(`o${index}`, { ...(index % 3 === 2 ? {} : { effectiveDateTime: `2026-01-0${1 + (index % 2)}` }) }),
  );

  async function walk(at: Facade, path: string): Promise<readonly (readonly string[])[]> {
    const pages: (readonly string[])[] = [];
    for (let next: string | undefined = path; next !== undefined && pages.length < 20;) {
      const { status, body } = await at.ask(next);
      expect(status).toBe(200);
      expect(body['total']).toBe(7);
      pages.push(ids(body));
      next = linkOf(body, 'next');
    }
    return pages;
  }

  it.each(['Observation', 'Observation?_sort=date', 'Observation?_sort=-date', 'Observation?_sort=-date,-_id'])(
    '%s gives each once, and never an empty page behind a next',
    async (path) => {
      const at = await facade(house({ answers: [gp(many)] }));
      for (const count of [1, 2, 3, 7, 8]) {
        const pages = await walk(at, `${path}${path.includes('?') ? '&' : '?'}_count=${count}`);
        expect(pages.every((page) => page.length > 0)).toBe(true);
        expect(pages.flat().toSorted()).toEqual(many.map((one) => idOf(one) ?? ''));
        expect(pages.flat()).toEqual((await walk(at, path)).flat());
      }
    },
  );

  it('newest first, what has no date last either way', async () => {
    const at = await facade(house({ answers: [gp(many)] }));
    const order = (await walk(at, 'Observation?_sort=-date&_count=3')).flat();
    expect(order.slice(0, 2)).toEqual(['o1', 'o3']);
    expect(order.slice(-2)).toEqual(['o2', 'o5']);
    expect((await walk(at, 'Observation?_sort=date')).flat().slice(-2)).toEqual(['o2', 'o5']);
  });

  it('go on behind what was given, also where the record has changed since', async () => {
    let now: readonly Resource[] = many;
    const at = house({ answers: [gp(many)] });
    const gather = at.federation.gather;
    const living = {
      ...at,
      federation: {
        ...at.federation,
        gather: async function* changed(...asked: Parameters<typeof gather>) {
          for await (const one of gather(...asked)) yield { ...one, resources: now };
        },
      },
    };
    const one = await facade(living);
    const first = await one.ask('Observation?_count=3');
    now = [observation('aa'), ...many.filter((each) => each['id'] !== 'o0')];
    living.held.forget(session.launchId);
    const second = await one.ask(linkOf(first.body, 'next') ?? '');
    expect([...ids(first.body), ...ids(second.body)]).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5']);
  });

  it('hold nothing of the person in their address, and open for no other launch, type or parameter', async () => {
    const other = { ...session, launchId: 'launch-2' };
    const at = await facade(house({ answers: [gp(many)] }), { good: session, other });
    const { body } = await at.ask('Observation?_count=2&status=final&_sort=-date');
    const next = linkOf(body, 'next') ?? '';
    expect(next).toMatch(/^Observation\?_page=[A-Za-z0-9_-]+$/);
    const sealed = Buffer.from(next.slice(next.indexOf('=') + 1), 'base64url').toString('latin1');
    expect(sealed).not.toMatch(/final|Observation|2026/);
    expect((await at.ask(next, { token: 'other' })).status).toBe(400);
    expect((await at.ask(next.replace('Observation', 'Condition'))).status).toBe(400);
    expect((await at.ask(`${next}&code=1`)).status).toBe(400);
    expect(linkOf((await at.ask(next)).body, 'self')).toBe(next);
  });

  it('a total that is not wanted is left out', async () => {
    const at = await facade(house({ answers: [gp(many)] }));
    expect((await at.ask('Observation?_total=none')).body['total']).toBeUndefined();
    expect((await at.ask('Observation?_total=estimate')).body['total']).toBe(7);
  });

  it('a count of nothing tells how many there are', async () => {
    const { body } = await (await facade(house({ answers: [gp(many)] }))).ask('Observation?_count=0');
    expect([body['total'], body['entry'], linkOf(body, 'next')]).toEqual([7, undefined, undefined]);
  });
});

describe('what is missing', () => {
  const late = answer('acute', { status: 'timeout', resources: [] });

  it('stands in the Bundle, and then no total does', async () => {
    const { body } = await (await facade(house({ answers: [gp(), late] }))).ask('Observation?code=nothing-here');
    expect(ids(body)).toEqual([]);
    expect(ids(body, 'outcome')).toEqual(['source-acute', 'record']);
    expect(body['total']).toBeUndefined();
  });

  it('stands on every page', async () => {
    const at = await facade(house({ answers: [gp(), late] }));
    let next: string | undefined = 'Observation?_count=2';
    for (const size of [2, 1]) {
      const { body } = await at.ask(next ?? '');
      expect([ids(body).length, ids(body, 'outcome')]).toEqual([size, ['source-acute', 'record']]);
      next = linkOf(body, 'next');
    }
    expect(next).toBeUndefined();
  });

  it('a whole record has a total and no outcomes', async () => {
    const { body } = await (await facade(house({ answers: [gp()] }))).ask('Observation');
    expect(body['total']).toBe(3);
    expect(ids(body, 'outcome')).toEqual([]);
  });

  it('a read of what is not there says that it may be missing', async () => {
    const partial = await (await facade(house({ answers: [gp(), late] }))).ask('Observation/none');
    expect(partial.status).toBe(404);
    expect(partial.text).toContain('it may be missing for now');
    const whole = await (await facade(house({ answers: [gp()] }))).ask('Observation/none');
    expect(whole.text).not.toContain('may be missing');
  });
});

describe('a patient/ token reaches no other person', () => {
  it.each([
    'Patient/p-9999',
    'Patient/p-9999/$everything',
    'Patient?_id=p-9999',
    `Patient?_id=${person},p-9999`,
    'Observation?patient=p-9999',
    'Observation?patient=Patient/p-9999',
    `Observation?patient=${person},p-9999`,
    `Observation?patient=${person}&subject=Patient/p-9999`,
    'Observation?patient=http://elsewhere.example/fhir/Patient/1',
    `Observation?subject=Group/${person}`,
    'Appointment?patient=p-9999',
  ])('%s is not there, nothing is asked, and the try is on the audit trail @136', async (path) => {
    const at = house({ answers: [gp()] });
    const one = await facade(at);
    const answered = await one.ask(path);
    expect([400, 404]).toContain(answered.status);
    expect(answered.text).not.toContain('Dr Example');
    expect(at.asked).toEqual([]);
    if (answered.status === 404) {
      expect(at.audited).toMatchObject([{ outcome: 'refused', reason: 'not-of-this-launch' }]);
      // To the byte the same for an id that somebody has and one that nobody has.
      const never = await one.ask(path.replace('p-9999', 'p-0000'));
      expect([never.status, never.text]).toEqual([answered.status, answered.text]);
    }
  });

  it('a search by POST neither', async () => {
    const one = await facade(house({ answers: [gp()] }));
    expect((await one.post('Observation', { patient: 'p-9999' })).status).toBe(404);
    expect((await one.post('Patient', { _id: 'p-9999' })).status).toBe(404);
  });

  it('and the launch’s own is there: read and search', async () => {
    const one = await facade(house({ answers: [gp()] }));
    expect((await one.ask(`Patient/${person}`)).body['resourceType']).toBe('Patient');
    for (const path of ['Patient', `Patient?_id=${person}`]) expect(await found(one, path)).toEqual(['p']);
  });

  it('a launch for nobody finds nobody', async () => {
    const { patient: _patient, ...context } = session.context;
    const one = await facade(house({ answers: [gp()] }), { good: { ...session, context } });
    for (const path of ['Observation', 'Observation/hb', 'Patient']) expect((await one.ask(path)).status).toBe(403);
  });
});

describe('scopes', () => {
  const holder = async (...scopes: readonly string[]) =>
    facade(house({ answers: [gp()] }), { good: { ...session, scopes } });

  it('a type that the app was not given is 403, one that it was is not @95', async () => {
    const at = await holder('patient/Observation.rs');
    for (const path of ['MedicationRequest', 'MedicationRequest/statin', 'Patient', `Patient/${person}`]) {
      const refused = await at.ask(path);
      expect(refused.status).toBe(403);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    }
    expect((await at.ask('Observation')).status).toBe(200);
    expect((await at.ask('MedicationRequest')).text).toContain('This app was not given medicines');
  });

  it('to read is not to search, nor to search to read', async () => {
    const reader = await holder('patient/Observation.r');
    expect([(await reader.ask('Observation/hb')).status, (await reader.ask('Observation')).status]).toEqual([200, 403]);
    const searcher = await holder('patient/Observation.s');
    expect([(await searcher.ask('Observation/hb')).status, (await searcher.ask('Observation')).status]).toEqual([
      403, 200,
    ]);
  });

  it('a query of a scope holds in searches, reads and the whole record', async () => {
    const at = await holder('patient/Observation.rs?category=laboratory', 'patient/Patient.rs');
    expect(await found(at, 'Observation')).toEqual(['hb']);
    expect(await found(at, 'Observation?_id=bp')).toEqual([]);
    expect((await at.ask('Observation/bp')).status).toBe(404);
    expect((await at.ask('Observation/hb')).status).toBe(200);
    expect(ids((await at.ask(`Patient/${person}/$everything`)).body)).toEqual(['p', 'hb']);
  });

  it('letters of writing change nothing: the record is read-only', async () => {
    const at = await holder('patient/Observation.cruds');
    for (const [method, path] of [
      ['POST', 'Observation'],
      ['PUT', 'Observation/hb'],
      ['PATCH', 'Observation/hb'],
      ['DELETE', 'Observation/hb'],
      ['DELETE', ''],
    ] as const)
      expect((await at.ask(path, { method, body: '{}' })).status).toBe(405);
  });
});

describe('one door out', () => {
  it('nothing is answered from what is held once the gate says no, or the token is another’s', async () => {
    let objected = false;
    const at = house({ answers: [gp()] });
    const one = await facade({ ...at, consentState: async () => ({ objected, lastConsent: undefined }) });
    expect(await found(one, 'Medication')).toEqual(['atorvastatin']);
    expect(await found(one, 'Observation?code=718-7')).toEqual(['hb']);
    expect(at.asked).toEqual(['gp']);
    objected = true;
    const refused = await Promise.all(
      ['Observation', 'Observation/hb', `Patient/${person}`, 'Patient'].map((path) => one.ask(path)),
    );
    expect(new Set(refused.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(refused[0]?.status).toBe(403);
    // And what was held has gone: when the objection is lifted, the sources are asked again.
    objected = false;
    await found(one, 'Observation');
    expect(at.asked).toEqual(['gp', 'gp']);
  });

  it('dissent that a source turns out to hold refuses a search and a read like any other cause', async () => {
    const options = { last: { answer: 'yes' as const, practice, answeredAt: new Date() } };
    const one = await facade(
      house({ ...options, answers: [answer('acute', { resources: [...record, dissent('2024-01-01')] }), gp()] }),
    );
    const refused = [await one.ask('Observation'), await one.ask('Observation/hb'), await one.post('Observation', {})];
    const objection = await (await facade(house({ objected: true }))).ask('Observation');
    for (const each of refused) expect([each.status, each.text]).toEqual([objection.status, objection.text]);
  });

  it('what is withheld is as what never was: status, headers and bytes', async () => {
    const without = await facade(house({ answers: [gp(record.filter((each) => each['id'] !== 'hb'))] }));
    const withheld = await facade(
      house({ answers: [gp()], withhold: (all) => all.filter((each) => each['id'] !== 'hb') }),
    );
    for (const path of [
      'Observation/hb',
      'Observation',
      'Observation?code=718-7',
      'Observation?_count=1',
      'Observation?_id=hb',
    ]) {
      const [one, other] = [await without.ask(path), await withheld.ask(path)];
      const seen = ({ status, headers, text }: typeof one) => [
        status,
        [...headers].filter(([name]) => name !== 'date'),
        text.replace(/_page=[A-Za-z0-9_-]+/g, '_page='),
        // A sealed link is as long for either.
        text.length,
      ];
      expect(seen(other)).toEqual(seen(one));
    }
  });

  it('each look is on the audit trail before it is answered, with the names of its parameters and no value', async () => {
    const at = house({ answers: [gp()] });
    await (await facade(at)).ask('Observation?code=718-7&date=2026');
    expect(at.audited).toMatchObject([
      { outcome: 'success', reason: 'begun', detail: { request: 'search Observation', parameters: ['code', 'date'] } },
      { outcome: 'success', reason: 'ended', detail: { sources: ['gp complete 1'] } },
    ]);
    expect(JSON.stringify(at.audited)).not.toContain('718-7');
    const broken = house({ answers: [gp()], audit: () => Promise.reject(new Error('disk full')) });
    for (const path of ['Observation', 'Observation/hb', 'Patient'])
      expect((await (await facade(broken)).ask(path)).status).toBe(500);
  });

  it('searches at once ask the sources once', async () => {
    const at = house({ answers: [gp()] });
    const one = await facade(at);
    await Promise.all(['Observation', 'Medication', 'Encounter/stay', 'Condition'].map((path) => one.ask(path)));
    expect(at.asked).toEqual(['gp']);
  });
});

describe('a role', () => {
  it('that loses a right loses it in open sessions at the next request', async () => {
    const at = house({ answers: [gp()], roles: [clinician] });
    const living = { ...at, config: { ...at.config } };
    const one = await facade(living);
    expect((await one.ask('Observation')).status).toBe(200);
    living.config.roles = [{ ...clinician, scopes: ['patient/Patient.rs', 'patient/Medication.rs'] }];
    const refused = await one.ask('Observation');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Your role does not include results.');
    expect((await one.ask('Observation/hb')).status).toBe(403);
    expect(ids((await one.ask(`Patient/${person}/$everything`)).body)).toEqual(['p', 'atorvastatin']);
    living.config.roles = [];
    expect((await one.ask('Medication')).status).toBe(403);
    expect(at.audited.filter((each) => each.reason === 'role')).toHaveLength(3);
  });

  it('that is supervised is so on the audit trail', async () => {
    const at = house({ answers: [gp()], roles: [{ ...clinician, supervised: true }] });
    await (await facade(at)).ask('Observation');
    expect(at.audited).toMatchObject([{ detail: { supervised: 'yes' } }, { detail: { supervised: 'yes' } }]);
  });

  it('cannot ask after an element that it does not get', async () => {
    const visit: Resource = {
      resourceType: 'Appointment',
      id: 'visit',
      status: 'booked',
      specialty: [coded('360')],
      participant: [{ actor: about, status: 'accepted' }],
    };
    const roles = [{ ...clinician, without: { Appointment: ['specialty', 'display', 'extension'] } }];
    const one = await facade(house({ answers: [gp([visit])], roles }));
    expect(await found(one, 'Appointment')).toEqual(['visit']);
    expect(await found(one, 'Appointment?specialty=360')).toEqual([]);
  });
});

describe('the encounter of the launch', () => {
  const launched = { ...session, context: { ...session.context, encounter: 'at-the-host' } };

  it('can be read, though no source knows it', async () => {
    const one = await facade(house({ answers: [gp()] }), { good: launched });
    const { status, body } = await one.ask('Encounter/at-the-host');
    expect([status, body['resourceType'], body['id']]).toEqual([200, 'Encounter', 'at-the-host']);
    expect((await one.ask('Encounter/another')).status).toBe(404);
  });

  it('is the source’s where a source knows it, and nobody’s where the record is not shown', async () => {
    const known = { ...session, context: { ...session.context, encounter: 'stay' } };
    const one = await facade(house({ answers: [gp()] }), { good: known });
    expect((await one.ask('Encounter/stay')).body['status']).toBe('finished');
    const hidden = await facade(house({ objected: true }), { good: launched });
    expect((await hidden.ask('Encounter/at-the-host')).status).toBe(403);
  });
});

describe('the CapabilityStatement', () => {
  it('says of each type what the routes do', async () => {
    const one = await facade(house({ answers: [gp()] }));
    const resources = objects(objects(capabilityStatement('http://localhost:9')['rest'])[0]?.['resource']);
    expect(resources.map((each) => each['type'])).toEqual([...servedTypes, 'AuditEvent', 'Binary'].toSorted());
    for (const each of resources.filter(({ type }) => type !== 'Binary' && type !== 'AuditEvent')) {
      const type = String(each['type']);
      expect((await one.ask(type)).status).toBe(200);
      for (const { name, kind } of parametersOf(type) ?? []) {
        const value = kind === 'date' ? '2026' : kind === 'person' || type === 'Patient' ? person : 'x';
        expect((await one.ask(`${type}?${name}=${value}`)).status, `${type}?${name}`).toBe(200);
      }
      for (const { name } of includesOf(type))
        expect((await one.ask(`${type}?_include=${type}:${name}`)).status, `${type}:${name}`).toBe(200);
    }
    const operations = resources.flatMap((each) =>
      objects(each['operation']).map(({ name }) => `${String(each['type'])} ${String(name)}`),
    );
    expect(operations).toEqual(['Patient everything', 'Patient summary', 'Patient standing']);
    expect(objects(objects(capabilityStatement('http://localhost:9')['rest'])[0]?.['interaction'])).toMatchObject([
      { code: 'batch' },
    ]);
    expect((await one.ask('Slot')).status).toBe(404);
    expect((await one.ask('Observation/hb/_history/1')).status).toBe(404);
  });
});
