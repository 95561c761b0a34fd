import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/config.ts';
import { regionSchema, sourceSchema, type Source } from '../config/schema.ts';
import { createLog, type Logger } from '../log.ts';
import type { Asker, Federation, NhsPerson, SourceAnswer } from './answer.ts';
import type { Credentials } from './auth/reach.ts';
import type { DocumentReading } from './documents/reading.ts';
import { createTextReader } from './documents/text-reader.ts';
import type { DocumentRules, KeptVerdict, Verdicts } from './documents/verdict.ts';
import { createFacadeIds } from './facade-id.ts';
import { createFederation } from './federation.ts';
import type { Kinds } from './kinds.ts';

/** A source system on loopback for tests: what it was asked, and an answer for each request. */
export type StandIn = {
  readonly url: string;
  readonly asked: string[];
  readonly close: () => Promise<void>;
};

export type Answering = (
  request: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly headers: IncomingMessage['headers'];
  },
  response: ServerResponse,
) => unknown;

/** Starts a server that answers with what `answer` returns: JSON, `[status, JSON]`, or nothing where it has seen to it. */
export async function standIn(answer: Answering): Promise<StandIn> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '' } = request;
      const body = Buffer.concat(chunks).toString();
      asked.push(`${method} ${path} ${body}`);
      const given = answer({ method, path, body, headers: request.headers }, response);
      if (given === undefined) return;
      const [status, json] = Array.isArray(given) ? (given as [number, unknown]) : [200, given];
      response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`,
    asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

export const nhsSystem = 'https://fhir.nhs.uk/Id/nhs-number';
export const idKey = Buffer.alloc(32, 7);
export const ids = createFacadeIds(idKey);

export const asker: Asker = {
  userId: 'dr-1',
  userName: 'Dr Ada Example',
  organisation: { ods: 'RJE', name: 'University Hospitals of North Midlands' },
  role: { code: 'R8000', title: 'Clinical Practitioner Access Role' },
  traceId: '6f2d7a3e-0000-4000-8000-000000000001',
};

export const person: NhsPerson = {
  nhsNumber: '9990000018',
  birthDate: '1961-04-17',
  practice: 'M83001',
  patient: { resourceType: 'Patient', id: ids.patient('9990000018') },
};

/** A source's own Patient of the person; `more` changes it. */
export function patientOf(id: string, more: object = {}): object {
  return {
    resourceType: 'Patient',
    id,
    identifier: [{ system: nhsSystem, value: person.nhsNumber }],
    name: [{ family: 'LOCALNAME' }],
    gender: 'female',
    birthDate: person.birthDate,
    ...more,
  };
}

export function searchset(resources: readonly unknown[], next?: string): object {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    entry: resources.map((resource) => ({ resource })),
  };
}

export function capability(
  options: { readonly everything?: boolean; readonly types?: readonly string[] } = {},
): object {
  return {
    resourceType: 'CapabilityStatement',
    fhirVersion: '4.0.1',
    rest: [
      {
        mode: 'server',
        resource: [
          { type: 'Patient', ...(options.everything === false ? {} : { operation: [{ name: 'everything' }] }) },
          ...(options.types ?? []).map((type) => ({
            type,
            interaction: [{ code: 'search-type' }, { code: 'read' }],
            searchParam: [{ name: 'patient', type: 'reference' }],
          })),
        ],
      },
    ],
  };
}

export function sourceOf(given: Partial<Source> & { readonly id: string }): Source {
  return sourceSchema.parse({
    name: `Source ${given.id}`,
    ods: 'RJE',
    label: given.id.toUpperCase().slice(0, 10),
    kind: 'fhir-r4',
    setting: 'acute',
    baseUrl: 'http://127.0.0.1:9/fhir',
    deadlineMs: 1500,
    ...(given.kind === 'gp-connect' ? { auth: { type: 'gp-connect-jwt' } } : {}),
    ...given,
  });
}

/** Nothing to prove ourselves with, which is enough for sources that want nothing. */
export const noCredentials: Credentials = { keys: [], certificates: { of: () => undefined }, env: {} };

export function federationOf(
  sources: readonly Source[],
  gatherDeadlineMs = 10_000,
  more: {
    readonly credentials?: Credentials;
    readonly log?: Logger;
    readonly documents?: DocumentReading;
    readonly mappings?: Config['mappings'];
    readonly kinds?: Kinds;
  } = {},
): Federation {
  const region = regionSchema.parse({
    name: 'Test',
    contacts: { pals: '0', email: 'a@b.example', reverseEmail: 'a@b.example' },
    gatherDeadlineMs,
  });
  const pds = sources.some((one) => one.kind === 'pds') ? [] : [sourceOf({ id: 'pds', kind: 'pds' })];
  const { mappings = new Map(), ...others } = more;
  const config = { sources: [...sources, ...pds], region, mappings };
  return createFederation({
    config,
    viewerClientId: 'viewer',
    idKey,
    baseUrl: 'http://localhost:3000',
    credentials: noCredentials,
    log: createLog('silent'),
    isExcluded: () => false,
    ...others,
  });
}

/** Every answer by source id. */
export async function gathered(
  federation: Federation,
  about: NhsPerson = person,
  clientId = 'viewer',
): Promise<ReadonlyMap<string, SourceAnswer>> {
  const answers = new Map<string, SourceAnswer>();
  for await (const answer of federation.gather(about, asker, clientId, new AbortController().signal))
    answers.set(answer.source.id, answer);
  return answers;
}

/** Verdicts in memory, and what was kept. */
export function verdictsInMemory(): Verdicts & { readonly kept: Map<string, KeptVerdict & { readonly days: number }> } {
  const kept = new Map<string, KeptVerdict & { readonly days: number }>();
  return {
    kept,
    of: async (keys) => new Map(keys.flatMap((key) => (kept.has(key) ? [[key, kept.get(key) as KeptVerdict]] : []))),
    keep: async (all) => {
      for (const { key, ...one } of all) kept.set(key, one);
    },
  };
}

/** Rules for which a document that says "secret" is of the category `secret`. */
export const secretRules: DocumentRules = {
  version: '1',
  categoriesIn: (text) => (text.includes('secret') ? ['secret'] : []),
};

/** Documents are read by these rules, in a thread where they must be. */
export function reading(more: Partial<DocumentReading> = {}): DocumentReading {
  return {
    rules: secretRules,
    verdicts: verdictsInMemory(),
    texts: createTextReader({ threads: 1 }),
    readBytes: 200_000,
    ...more,
  };
}
