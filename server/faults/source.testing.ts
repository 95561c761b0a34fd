import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { misbehave, meets, type Honest } from './behaviour.ts';
import { issueCertificate, type Issued } from '../config/certificate.testing.ts';
import { faultIds } from './fault.ts';

/**
 * The sources of the fault bench, in a thread of their own, so that what they do costs the server under test nothing.
 * Every source stands below a path of its own, `/[run]/[fault, or none]/[kind]/fhir`, and is new where its run is new.
 */
export type SourceKind = 'everything' | 'search' | 'practice' | 'pds' | 'large';

/** What the thread says when it listens. `tls`: sources by what is wrong with their certificates. */
export type SourcesReady = {
  readonly port: number;
  readonly closedPort: number;
  readonly ca: string;
  readonly tls: { readonly [name in 'good' | 'self-signed' | 'expired']: number };
};
/** Asks how often the source of a run was asked, how many answers are still under way, and how often something was led where it must not go. */
export type SourcesQuestion = { readonly run: string };
export type SourcesState = {
  readonly run: string;
  readonly asked: number;
  readonly underWay: number;
  readonly trapped: number;
};

export const testPerson = { nhsNumber: '9990000018', birthDate: '1961-04-17', practice: 'M83001' } as const;
const nhsNumberSystem = 'https://fhir.nhs.uk/Id/nhs-number';
const odsSystem = 'https://fhir.nhs.uk/Id/ods-organization-code';

const patient = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [{ system: nhsNumberSystem, value: testPerson.nhsNumber }],
  gender: 'female',
  birthDate: testPerson.birthDate,
};
const condition = (index: number): object => ({
  resourceType: 'Condition',
  id: `c${index}`,
  meta: { lastUpdated: '2026-03-02T09:30:00Z' },
  clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] },
  code: { text: `Condition ${index}` },
  subject: { reference: 'Patient/p1' },
  onsetDateTime: '2026-03-02',
});
const stu3Condition = (index: number): object => ({
  resourceType: 'Condition',
  id: `c${index}`,
  clinicalStatus: 'active',
  code: { text: `Problem ${index}` },
  subject: { reference: 'Patient/p1' },
  assertedDate: '2026-03-02',
});
const eight = Array.from({ length: 8 }, (_, index) => index);
const bundle = (type: string, resources: readonly object[]): object => ({
  resourceType: 'Bundle',
  type,
  entry: resources.map((resource) => ({ resource })),
});
/** Twenty thousand results, about 20 MB. */
function large(): object {
  const note = [{ text: 'Taken at rest, the person sitting, from the left arm. '.repeat(12) }];
  const results = Array.from({ length: 20_000 }, (_, index) => ({ ...condition(index), note }));
  return bundle('searchset', [patient, ...results]);
}
const records: { readonly [kind in Exclude<SourceKind, 'large'>]: object } = {
  everything: bundle('searchset', [patient, ...eight.map(condition)]),
  search: bundle('searchset', eight.map(condition)),
  practice: bundle('collection', [patient, ...eight.map(stu3Condition)]),
  pds: {
    ...patient,
    id: testPerson.nhsNumber,
    meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }] },
    name: [{ use: 'usual', family: 'EXAMPLE', given: ['Ada'] }],
    generalPractitioner: [{ identifier: { system: odsSystem, value: testPerson.practice } }],
  },
};
const capabilityOf = (kind: SourceKind): object => ({
  resourceType: 'CapabilityStatement',
  fhirVersion: '4.0.1',
  rest: [
    {
      mode: 'server',
      resource:
        kind === 'search'
          ? ['Condition', 'Observation', 'Procedure'].slice(0, 1).map((type) => ({
              type,
              interaction: [{ code: 'search-type' }],
              searchParam: [{ name: 'patient', type: 'reference' }],
            }))
          : [{ type: 'Patient', operation: [{ name: 'everything' }] }],
    },
  ],
});

function honestOf(kind: SourceKind, path: string): Honest {
  const json = path.endsWith('/RelatedPerson')
    ? bundle('searchset', [])
    : kind === 'pds' || kind === 'practice'
      ? records[kind]
      : path.endsWith('/metadata')
        ? capabilityOf(kind)
        : path.endsWith('/Patient/_search')
          ? bundle('searchset', [patient])
          : kind === 'large'
            ? large()
            : records[kind];
  return { status: 200, type: 'application/fhir+json', body: Buffer.from(JSON.stringify(json)) };
}

type Run = { asked: number; times: number; underWay: number };

/** Answers for every source; `trapPort` is where none of them may lead. */
function sources(runs: Map<string, Run>, trapPort: number): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, run = '', fault = '', kind = ''] = pathname.split('/');
    const state = runs.get(run) ?? { asked: 0, times: 0, underWay: 0 };
    runs.set(run, state);
    const known = faultIds.find((id) => id === fault);
    const honest = honestOf(kind as SourceKind, pathname);
    const { times, underWay } = state;
    const bad = known !== undefined && meets(known, request);
    if (bad) state.times += 1;
    state.asked += 1;
    state.underWay += 1;
    // A connection that a fault takes over by hand ends without its response.
    let open = true;
    const ended = (): void => {
      if (open) state.underWay -= 1;
      open = false;
    };
    response.once('close', ended);
    request.socket.once('close', ended);
    request.resume();
    request.on('end', () => {
      if (!bad) {
        response.writeHead(honest.status, { 'content-type': honest.type }).end(honest.body);
        return;
      }
      const base = `http://${request.headers.host ?? ''}/${run}/${fault}/${kind}/fhir`;
      void misbehave(known, { request, response, honest, base, times, underWay, trapPort });
    });
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server that listens on a port has an address of this shape.
  return (server.address() as AddressInfo).port;
}

async function serve(port: NonNullable<typeof parentPort>): Promise<void> {
  let trapped = 0;
  const trapPort = await listening(
    createServer((_request, response) => {
      trapped += 1;
      response.end('{}');
    }),
  );
  const runs = new Map<string, Run>();
  const answer = sources(runs, trapPort);
  const issuer = issueCertificate('Test authority');
  const tls = async ({ key, cert }: Issued): Promise<number> => listening(createTlsServer({ key, cert }, answer));
  const yesterday = new Date(Date.now() - 86_400_000);
  const closed = createServer();
  const closedPort = await listening(closed);
  await new Promise((done) => closed.close(done));
  const ready: SourcesReady = {
    port: await listening(createServer(answer)),
    closedPort,
    ca: issuer.cert,
    tls: {
      good: await tls(issueCertificate('good', { issuer })),
      'self-signed': await tls(issueCertificate('self-signed')),
      expired: await tls(issueCertificate('expired', { issuer, from: new Date(0), until: yesterday })),
    },
  };
  port.on('message', ({ run }: SourcesQuestion) => {
    const { asked = 0, underWay = 0 } = runs.get(run) ?? {};
    const state: SourcesState = { run, asked, underWay, trapped };
    port.postMessage(state);
  });
  port.postMessage(ready);
}

if (parentPort !== null) await serve(parentPort);
