import { afterEach, describe, expect, test } from 'vitest';
import { codingsOf } from '../../src/fhir/coding.ts';
import { metaOf } from '../../src/fhir/resource.ts';
import { ohc } from '../../src/fhir/systems.ts';
import type { SourceAnswer } from './answer.ts';
import {
  capability,
  federationOf,
  gathered,
  ids,
  patientOf,
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

const kinds = [
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'HealthcareService',
  'Medication',
  'Device',
];

/** A trust whose `$everything` is `record`; what else is asked of it `more` answers. `byId`: it can be searched by `_id`. */
async function trust(record: readonly object[], more: Answering, byId = false): Promise<StandIn> {
  const made = await standIn((request, response) => {
    if (request.path === '/fhir/metadata') {
      const statement = capability() as { rest: [{ resource: object[] }] };
      statement.rest[0].resource.push(
        ...kinds.map((type) => ({
          type,
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          ...(byId ? { searchParam: [{ name: '_id' }] } : {}),
        })),
      );
      return statement;
    }
    if (/^\/fhir\/Patient(?:\/_search|\?)/.test(request.path)) return searchset([patientOf('p')]);
    if (request.path.endsWith('/$everything')) return searchset([patientOf('p'), ...record]);
    return more(request, response);
  });
  open.push(made);
  return made;
}

async function answerOf(source: StandIn, more: object = {}): Promise<SourceAnswer | undefined> {
  const federation = federationOf([sourceOf({ id: 'a', baseUrl: source.url, ...more })]);
  open.push(federation);
  return (await gathered(federation)).get('a');
}

const encounter = (id: string, more: object): object => ({
  resourceType: 'Encounter',
  id,
  subject: { reference: 'Patient/p' },
  ...more,
});
const asked = (source: StandIn): readonly string[] =>
  source.asked.filter((one) => !/metadata|Patient/.test(one)).toSorted((a, b) => (a < b ? -1 : 1));
const unknown: [number, object] = [404, { resourceType: 'OperationOutcome' }];

describe('what an answer points at and lacks', () => {
  test('is read once, and so is what that points at; nothing of another host, and nothing that came', async () => {
    const there: Record<string, object> = {
      '/fhir/PractitionerRole/r': {
        resourceType: 'PractitionerRole',
        id: 'r',
        practitioner: { reference: 'Practitioner/d' },
        organization: { reference: 'Organization/o' },
      },
      '/fhir/Practitioner/d': { resourceType: 'Practitioner', id: 'd' },
      '/fhir/Organization/o': { resourceType: 'Organization', id: 'o', partOf: { reference: 'Organization/top' } },
      '/fhir/Organization/top': { resourceType: 'Organization', id: 'top' },
    };
    const source = await trust(
      [
        { resourceType: 'Location', id: 'came' },
        encounter('1', {
          participant: [{ individual: { reference: 'PractitionerRole/r' } }],
          location: [
            { location: { reference: 'Location/came' } },
            { location: { reference: 'https://elsewhere.example/fhir/Location/x', display: 'Elsewhere' } },
          ],
        }),
        encounter('2', { participant: [{ individual: { reference: 'PractitionerRole/r' } }] }),
      ],
      ({ path }) => there[path] ?? unknown,
    );
    const answer = await answerOf(source);
    expect(answer?.status).toBe('complete');
    expect(asked(source)).toEqual(
      Object.keys(there)
        .map((path) => `GET ${path} `)
        .toSorted((a, b) => (a < b ? -1 : 1)),
    );
    expect(answer?.resources.map((one) => one.resourceType)).toEqual([
      'Location',
      'Encounter',
      'Encounter',
      'PractitionerRole',
      'Organization',
      'Practitioner',
      'Organization',
    ]);
  });

  test('an absolute reference to the source itself is read like a relative one; a dangling one is no fault', async () => {
    let base = '';
    const there: Record<string, object> = {
      '/fhir/Location/l': { resourceType: 'Location', id: 'l', managingOrganization: { reference: 'Organization/o' } },
      '/fhir/Organization/o': { resourceType: 'Organization', id: 'o' },
    };
    const made = await standIn(({ path }) => {
      if (path === '/fhir/metadata') {
        const statement = capability() as { rest: [{ resource: object[] }] };
        statement.rest[0].resource.push(...kinds.map((type) => ({ type, interaction: [{ code: 'read' }] })));
        return statement;
      }
      if (path === '/fhir/Patient/_search') return searchset([patientOf('p')]);
      if (path.endsWith('/$everything'))
        return searchset([
          patientOf('p'),
          encounter('1', {
            location: [
              { location: { reference: `${base}/Location/l/_history/2` } },
              { location: { reference: 'Location/gone', display: 'Gone' } },
            ],
          }),
        ]);
      return there[path] ?? unknown;
    });
    open.push(made);
    base = made.url;
    const answer = await answerOf(made);
    expect(answer?.status).toBe('complete');
    expect(answer?.resources.map((one) => one.resourceType)).toEqual(['Encounter', 'Location', 'Organization']);
    expect(answer?.resources[0]?.['location']).toEqual([
      { location: { reference: `Location/${ids.of('a', 'Location', 'l')}` } },
      { location: { display: 'Gone' } },
    ]);
    expect(asked(made)).toEqual(['GET /fhir/Location/gone ', 'GET /fhir/Location/l ', 'GET /fhir/Organization/o ']);
  });

  test('many of a type are searched for at once, by form or, where the source cannot, by query', async () => {
    const record = Array.from({ length: 250 }, (_, index) =>
      encounter(String(index), { serviceProvider: { reference: `Organization/o${index}` } }),
    );
    const found: Answering = ({ path, body }) =>
      searchset(
        (new URLSearchParams(body === '' ? path.split('?')[1] : body).get('_id') ?? '')
          .split(',')
          .map((id) => ({ resourceType: 'Organization', id })),
      );
    const source = await trust(record, found, true);
    const answer = await answerOf(source);
    expect(answer?.status).toBe('complete');
    expect(answer?.resources).toHaveLength(500);
    expect(asked(source).map((one) => one.split(' ')[1])).toEqual(
      Array.from({ length: 3 }, () => '/fhir/Organization/_search'),
    );
    const byQuery = await trust(record.slice(0, 3), found, true);
    await answerOf(byQuery, { search: 'get' });
    expect(asked(byQuery)).toEqual([expect.stringMatching(/^GET \/fhir\/Organization\?_id=o0%2Co1%2Co2&/)]);
  });

  test('a medicine that fails leaves a part; a practitioner that fails leaves the display', async () => {
    const failing: Answering = () => [500, { resourceType: 'OperationOutcome' }];
    const dose = {
      resourceType: 'MedicationStatement',
      id: 'm',
      subject: { reference: 'Patient/p' },
      medicationReference: { reference: 'Medication/x' },
    };
    expect((await answerOf(await trust([dose], failing)))?.text).toBe('Answered in part: not everything arrived');
    const seen = encounter('1', {
      participant: [{ individual: { reference: 'Practitioner/d', display: 'Dr Jones' } }],
    });
    const answer = await answerOf(await trust([seen], failing));
    expect(answer?.status).toBe('complete');
    expect(answer?.resources[0]?.['participant']).toEqual([{ individual: { display: 'Dr Jones' } }]);
  });
});

describe('a place that cannot be read', () => {
  const record = [
    encounter('there', { location: [{ location: { reference: 'Location/l' } }] }),
    {
      resourceType: 'Observation',
      id: 'o',
      subject: { reference: 'Patient/p' },
      encounter: { reference: 'Encounter/there' },
    },
    encounter('elsewhere', {}),
    {
      resourceType: 'AllergyIntolerance',
      id: 'a',
      patient: { reference: 'Patient/p' },
      encounter: { reference: 'Encounter/there' },
    },
  ];
  /** What stands for a place that could not be read; `privacy/withhold.ts` takes it, and what was done there. */
  const unread = (answer: SourceAnswer | undefined): readonly unknown[] =>
    (answer?.resources ?? [])
      .filter((one) => codingsOf(metaOf(one)['security']).some((label) => label.code === ohc.unreadCode))
      .map((one) => [one.resourceType, one['id']]);

  test.each<[string, Answering]>([
    ['fails', () => [503, {}]],
    ['throttles', () => [429, {}]],
    ['does not answer in time', () => undefined],
    [
      'answers with HTML',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
        return undefined;
      },
    ],
  ])('since it %s: a word stands for it, by which what was done there is withheld', async (_name, answering) => {
    const answer = await answerOf(await trust(record, answering), { deadlineMs: 600 });
    expect(answer?.status).toBe('partial');
    expect(answer?.text).toBe('Answered in part: where something was done could not be checked, so it is not shown');
    expect(unread(answer)).toEqual([['Location', ids.of('a', 'Location', 'l')]]);
  });

  test.each([403, 404, 410])(
    'since it is not there or never given (%i): it is as unknown as it always was',
    async (status) => {
      const answer = await answerOf(await trust(record, () => [status, {}]));
      expect(answer?.status).toBe('complete');
      expect(unread(answer)).toEqual([]);
      expect(answer?.resources).toHaveLength(4);
    },
  );

  test('of more places than are asked about the rest is not known either', async () => {
    const many = Array.from({ length: 120 }, (_, index) =>
      encounter(String(index), { location: [{ location: { reference: `Location/l${index}` } }] }),
    );
    const source = await trust(many, ({ path }) => ({ resourceType: 'Location', id: path.split('/').at(-1) }));
    const answer = await answerOf(source);
    expect(answer?.status).toBe('partial');
    expect(unread(answer)).toHaveLength(20);
  });
});
