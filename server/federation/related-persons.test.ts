import { afterEach, expect, test } from 'vitest';
import type { SourceAnswer } from './answer.ts';
import {
  federationOf,
  gathered,
  ids,
  nhsSystem,
  person,
  searchset,
  sourceOf,
  standIn,
  type Answering,
  type StandIn,
} from './stand-in.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function asked(answer: Answering, clientId = 'viewer'): Promise<[SourceAnswer | undefined, StandIn]> {
  const service = await standIn(answer);
  const federation = federationOf([
    sourceOf({ id: 'pds', kind: 'pds', baseUrl: service.url, deadlineMs: 400, ods: 'X26', label: 'PDS' }),
  ]);
  open.push(service, federation);
  return [(await gathered(federation, person, clientId)).get('pds'), service];
}

const relative = (id: string, number: string, more: object = {}): object => ({
  resourceType: 'RelatedPerson',
  id,
  active: true,
  patient: { type: 'Patient', identifier: { system: nhsSystem, value: number } },
  name: [{ family: 'Ashby', given: ['Jo'] }],
  ...more,
});

test('whom the demographics service knows as near to the person come as a source’s answer, whichever app asks', async () => {
  const others = { identifier: [{ system: nhsSystem, value: '9990000026' }] };
  const [answer, service] = await asked(() => searchset([relative('r', person.nhsNumber, others)]), 'another-app');
  expect(answer?.status).toBe('complete');
  expect(answer?.resources).toMatchObject([
    {
      resourceType: 'RelatedPerson',
      id: ids.of('pds', 'RelatedPerson', 'r'),
      meta: { tag: [{ code: 'X26' }, { code: 'PDS' }] },
      patient: { reference: `Patient/${ids.patient(person.nhsNumber)}` },
      name: [{ family: 'Ashby' }],
    },
  ]);
  expect(JSON.stringify(answer?.resources)).not.toMatch(/999000/);
  expect(service.asked).toEqual([`GET /fhir/Patient/${person.nhsNumber}/RelatedPerson `]);
});

test('someone else’s relatives are dropped, and said', async () => {
  const [answer] = await asked(() => searchset([relative('r', '9990000026')]));
  expect(answer?.status).toBe('partial');
  expect(answer?.resources).toEqual([]);
});

test.each<[string, Answering, string]>([
  ['nobody', () => searchset([]), 'complete'],
  ['that it knows none (404)', () => [404, { resourceType: 'OperationOutcome' }], 'complete'],
  ['an error', () => [500, {}], 'unavailable'],
  ['throttling', () => [429, {}], 'unavailable'],
  ['silence', () => undefined, 'timeout'],
])('%s is told apart', async (_name, answering, status) => {
  const [answer] = await asked(answering);
  expect([answer?.status, answer?.resources]).toEqual([status, []]);
});
