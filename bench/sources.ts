import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, objects, text, object } from '../src/fhir/json.ts';
import type { Resource } from '../src/fhir/resource.ts';
import { system } from '../src/fhir/systems.ts';
import { serveParent } from './child.ts';
import {
  localId,
  patientOf,
  people,
  practiceCode,
  resourcesOf,
  searchsetOf,
  shape,
  type BenchPerson,
} from './people.ts';

/** What the process says when it listens: base URLs. */
export type SourcesReady = {
  readonly pds: string;
  readonly practice: string;
  readonly trusts: readonly string[];
};

/** Faults of a hospital: no answer, a connection cut in the body, 500, a page in place of FHIR, half of the JSON. */
export const ailments = ['hangs', 'resets', 'fails', 'sends HTML', 'sends half'] as const;
export type Ailment = (typeof ailments)[number];

/** When each hospital had last sent the whole of an answer, since the last question: by its number, ms of the epoch. */
export type SourcesAnswer = Readonly<Record<number, number>>;

/** How the hospitals are to answer from now on. What is left out is as the shape has it. */
export type SourcesQuestion = {
  /** The one that takes the request and never answers. */
  readonly hanging?: number;
  /** What ails each hospital that is not well, by its number. */
  readonly faults?: Readonly<Record<number, Ailment>>;
  /** What each gives, in bytes. */
  readonly bytes?: number;
  /** The first gives so many resources, in pages of 500, and the others know nobody. */
  readonly resources?: number;
};

type Answer = { readonly status: number; readonly body: string | Buffer };
type Answerer = (path: string, params: URLSearchParams, body: string) => Answer | undefined;

let asked: SourcesQuestion = {};
let sentAtMs: Record<number, number> = {};
const pageSize = 500;
const wait = (latencyMs: number): Promise<void> => new Promise((done) => setTimeout(done, latencyMs));
const ok = (json: object): Answer => ({ status: 200, body: JSON.stringify(json) });
const notFound = (code: string): Answer => ({
  status: 404,
  body: JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'not-found', details: { coding: [{ system: system.spineError, code }] } }],
  }),
});
const searchset = (resources: readonly Resource[]): Answer =>
  ok({
    resourceType: 'Bundle',
    type: 'searchset',
    total: resources.length,
    entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
  });
const byNumber = (nhsNumber: string | undefined): BenchPerson | undefined =>
  people.find((person) => person.nhsNumber === nhsNumber);

const capability = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-01-01',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [
    {
      mode: 'server',
      resource: [
        {
          type: 'Patient',
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          searchParam: [{ name: 'identifier', type: 'token' }],
          operation: [{ name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' }],
        },
      ],
    },
  ],
};

/** Every letter of the bench. It is read at the first look, and known from then on. */
const letter = {
  resourceType: 'Binary',
  id: 'letter',
  contentType: 'text/plain',
  data: Buffer.from('Thank you for referring this person, who was seen today. '.repeat(20)).toString('base64'),
};

/** Stands for the person's id in what is made once for everybody. */
const anybody = 'anybodys-id';

/** A hospital: what it holds is made once for all people, in pages, and says of each that it is theirs. */
function trust(source: number): Answerer {
  let madeFor: SourcesQuestion | undefined;
  let pages: readonly string[] = [];
  const [everybody] = people;
  if (everybody === undefined) throw new Error('no people');
  const make = (): readonly string[] => {
    const size = asked.resources === undefined ? { bytes: asked.bytes ?? shape.bytes } : { count: asked.resources };
    const rest = resourcesOf(everybody, source, anybody, size).slice(1);
    const perPage = asked.resources === undefined ? rest.length : pageSize;
    const starts = Array.from({ length: Math.ceil(rest.length / perPage) }, (_, page) => page * perPage);
    return starts.map((start, page) =>
      searchsetOf(
        rest.slice(start, start + perPage),
        rest.length,
        page + 1 < starts.length ? `Patient/${anybody}/$everything?page=${page + 1}` : undefined,
      ),
    );
  };
  return (path, params) => {
    if (path === '/fhir/metadata') return ok(capability);
    if (asked.hanging === source) return undefined;
    if (path.startsWith('/fhir/Binary/')) return ok(letter);
    const knowsNobody = asked.resources !== undefined && source > 0;
    if (path === '/fhir/Patient/_search' || path === '/fhir/Patient') {
      const person = byNumber(params.get('identifier')?.split('|').at(-1));
      return searchset(person === undefined || knowsNobody ? [] : [patientOf(person, localId(person))]);
    }
    const id = /^\/fhir\/Patient\/([^/]+)\/\$everything$/.exec(decodeURIComponent(path))?.[1];
    const person = people.find((one) => localId(one) === id);
    if (id === undefined || person === undefined) return notFound('NO_RECORD_FOUND');
    if (madeFor !== asked) [pages, madeFor] = [make(), asked];
    const body = pages[Number(params.get('page') ?? 0)];
    return body === undefined ? notFound('NO_RECORD_FOUND') : { status: 200, body: body.replaceAll(anybody, id) };
  };
}

const demographics: Answerer = (path) => {
  const person = byNumber(path.split('/').at(-1));
  if (person === undefined) return notFound('RESOURCE_NOT_FOUND');
  return ok({
    ...patientOf(person, person.nhsNumber),
    meta: { versionId: '1', security: [{ system: system.confidentiality, code: 'U', display: 'unrestricted' }] },
    generalPractitioner: [
      { id: 'g', type: 'Organization', identifier: { system: system.odsOrganisation, value: practiceCode } },
    ],
  });
};

const practice: Answerer = (path, _params, body) => {
  if (!decodeURIComponent(path).endsWith('/Patient/$gpc.getstructuredrecord')) return notFound('NO_RECORD_FOUND');
  const asked: unknown = JSON.parse(body);
  const identifier = objects(isObject(asked) ? asked['parameter'] : [])
    .map((parameter) => object(parameter['valueIdentifier']))
    .find((one) => one !== undefined);
  const person = byNumber(text(identifier?.['value']));
  if (person === undefined) return notFound('PATIENT_NOT_FOUND');
  const profile = 'https://fhir.nhs.uk/STU3/StructureDefinition/';
  const resources: readonly Resource[] = [
    { ...patientOf(person, 'gp'), meta: { profile: [`${profile}CareConnect-GPC-Patient-1`] } },
    {
      resourceType: 'Organization',
      id: 'org',
      identifier: [{ system: system.odsOrganisation, value: practiceCode }],
      name: 'Etruria Vale Surgery',
    },
    {
      resourceType: 'Condition',
      id: 'p1',
      meta: { profile: ['https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1'] },
      clinicalStatus: 'active',
      code: { coding: [{ system: system.snomed, code: '44054006', display: 'Type 2 diabetes' }] },
      subject: { reference: 'Patient/gp' },
      assertedDate: '2019-05-01T09:00:00Z',
    },
  ];
  return ok({
    resourceType: 'Bundle',
    type: 'collection',
    meta: { profile: [`${profile}GPConnect-StructuredRecord-Bundle-1`] },
    entry: resources.map((resource) => ({ resource })),
  });
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answerer, latencyMs: number) {
  const url = new URL(request.url ?? '/', 'http://source');
  const body = await bodyOf(request);
  const params = new URLSearchParams(url.search);
  if (request.headers['content-type']?.includes('urlencoded') === true)
    for (const [name, value] of new URLSearchParams(body)) params.append(name, value);
  const given = answer(url.pathname, params, body);
  if (given === undefined) return;
  if (!/\/metadata$|\/Binary\//.test(url.pathname)) await wait(latencyMs);
  response.writeHead(given.status, {
    'content-type': 'application/fhir+json',
    'content-length': Buffer.byteLength(given.body),
  });
  response.end(given.body);
}

/** What a hospital that is not well does with a request. */
function ail(ailment: Ailment, response: ServerResponse): void {
  switch (ailment) {
    case 'hangs':
      return;
    case 'resets':
      response.writeHead(200, { 'content-type': 'application/fhir+json' }).write('{"resourceType":');
      setTimeout(() => response.destroy(), 5);
      return;
    case 'fails':
      response.writeHead(500).end();
      return;
    case 'sends HTML':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
      return;
    case 'sends half':
      response.writeHead(200, { 'content-type': 'application/fhir+json' }).end('{"resourceType":"Bundle","entry":[');
  }
}

async function listen(answer: Answerer, latencyMs: number, number?: number): Promise<string> {
  const server = createServer((request, response) => {
    const ailment = number === undefined ? undefined : asked.faults?.[number];
    if (ailment !== undefined) return ail(ailment, response);
    if (number !== undefined)
      response.once('finish', () => (sentAtMs[number] = performance.timeOrigin + performance.now()));
    void respond(request, response, answer, latencyMs);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

// The demographics service and the practice answer at once, so that what is measured is this server's own time.
const ready: SourcesReady = {
  pds: `${await listen(demographics, 0)}/personal-demographics/FHIR/R4`,
  practice: `${await listen(practice, 0)}/${practiceCode}/fhir`,
  trusts: await Promise.all(
    Array.from(
      { length: Number(process.argv[2] ?? shape.sources) },
      async (_, i) => `${await listen(trust(i), shape.latencyMs, i)}/fhir`,
    ),
  ),
};
serveParent(ready, (question) => {
  asked = question as SourcesQuestion;
  const before = sentAtMs;
  sentAtMs = {};
  return Promise.resolve(before);
});
