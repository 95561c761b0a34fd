import { afterEach, expect, test } from 'vitest';
import { objects, object } from '../../src/fhir/json.ts';
import { entriesOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { answer, house, session, type clinician } from '../disclosure/house.testing.ts';
import type { House } from '../disclosure/house.ts';
import { openFacade, person, type Answer } from './facade.testing.ts';
import { ipsFaults } from './summary/ips.testing.ts';

const path = `Patient/${person}/$summary`;
const allergy: Resource = {
  resourceType: 'AllergyIntolerance',
  id: 'a',
  code: { text: 'Penicillin' },
  patient: { reference: 'Patient/p' },
};

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

async function open(of: House, sessions?: Parameters<typeof openFacade>[1]) {
  const facade = await openFacade(of, sessions);
  close = facade.close;
  return facade;
}

function documentIn(answered: Answer): Resource {
  expect(answered.status, answered.text).toBe(200);
  if (!isResource(answered.body)) throw new Error('no resource');
  expect(ipsFaults(answered.body)).toEqual([]);
  return answered.body;
}

const reasonsIn = (bundle: Resource): readonly unknown[] =>
  objects(entriesOf(bundle)[0]?.['section']).flatMap((section) =>
    objects(object(section['emptyReason'])?.['coding']).map((coding) => coding['code']),
  );

test('is a document of what every organisation gave, audited as a look at the record', async () => {
  const of = house({
    answers: [answer('gp', { practiceConsent: 'answered' }), answer('acute', { resources: [allergy] })],
  });
  const facade = await open(of);
  for (const bundle of [
    documentIn(await facade.ask(path)),
    documentIn(
      await facade.ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json' },
        body: '{"resourceType":"Parameters"}',
      }),
    ),
  ]) {
    expect(entriesOf(bundle).map((one) => one.resourceType)).toEqual([
      'Composition',
      'Patient',
      'AllergyIntolerance',
      'Condition',
      'Device',
    ]);
    expect(reasonsIn(bundle)).toEqual(['nilknown']);
  }
  expect(of.audited.map((one) => [one.reason, one.detail?.['request']])).toEqual([
    ['begun', '$summary'],
    ['ended', '$summary'],
    ['begun', '$summary'],
    ['ended', '$summary'],
  ]);
});

test('an organisation that has not answered makes it preliminary and its empty sections unavailable (H2)', async () => {
  const facade = await open(
    house({
      answers: [
        answer('gp', { practiceConsent: 'answered', resources: [] }),
        answer('acute', { status: 'timeout', text: 'Did not answer in time', resources: [] }),
      ],
    }),
  );
  const answered = await facade.ask(path);
  const bundle = documentIn(answered);
  expect(entriesOf(bundle)[0]?.['status']).toBe('preliminary');
  expect(new Set(reasonsIn(bundle))).toEqual(new Set(['unavailable']));
  expect(answered.text).toContain('acute: Did not answer in time. Something may be missing here.');
});

test('a role without a type is told so', async () => {
  const role: typeof clinician = {
    code: 'R8008',
    title: 'Administrator',
    scopes: ['patient/Patient.rs'],
    supervised: false,
    registration: [],
  };
  const facade = await open(
    house({ roles: [role], answers: [answer('gp', { practiceConsent: 'answered', resources: [allergy] })] }),
    { good: { ...session, context: { ...session.context, role: 'R8008' } } },
  );
  const answered = await facade.ask(path);
  documentIn(answered);
  expect(answered.text).toContain('Your role does not include allergies.');
  expect(answered.text).not.toContain('Penicillin');
});

test('refuses as the record does, knows no other person, and names a parameter that it does not know', async () => {
  const facade = await open(house({ objected: true }));
  const refused = await facade.ask(path);
  const everything = await facade.ask(`Patient/${person}/$everything`);
  expect([refused.status, refused.text]).toEqual([403, everything.text]);
  expect((await facade.ask('Patient/someone-else/$summary')).status).toBe(404);
  const unknown = await facade.ask(`${path}?_type=Condition`);
  expect([unknown.status, unknown.text]).toEqual([
    400,
    expect.stringContaining('$summary does not know the parameter _type'),
  ]);
  expect((await facade.ask(`${path}?profile=http://example.org/other`)).status).toBe(400);
  expect((await facade.ask(path, { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
});
