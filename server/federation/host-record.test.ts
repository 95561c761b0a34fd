import { afterEach, describe, expect, test } from 'vitest';
import type { SmartHost } from '../config/schema.ts';
import { hostSchema } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import type { Federation, HostPerson, Joined, SourceAnswer } from './answer.ts';
import { hostSource } from './host-record.ts';
import {
  asker,
  capability,
  federationOf,
  ids,
  patientOf,
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

function smartHost(iss: string): SmartHost {
  const host = hostSchema.parse({
    id: 'ashgrove',
    name: 'Ashgrove EPR',
    organisation: 'RZZ',
    door: 'smart',
    roles: ['R8000'],
    iss,
    clientId: 'ohc',
    clientAuth: 'none',
    recordAsSource: true,
    label: 'ASH',
  });
  if (host.door !== 'smart') throw new Error('a smart host');
  return host;
}

const nobody = { resourceType: 'Patient', id: 'p7', name: [{ family: 'WALKIN' }], identifier: [{ value: 'K77' }] };
const condition = (id: string, patient = 'p7'): object => ({
  resourceType: 'Condition',
  id,
  code: { text: `Condition ${id}` },
  subject: { reference: `Patient/${patient}` },
});

/** A host that answers whoever brings its token, and the tokens that it was brought. */
async function host(patient: object, everything: Answering): Promise<StandIn & { readonly brought: Set<string> }> {
  const brought = new Set<string>();
  const made = await standIn((request, response) => {
    brought.add(String(request.headers['authorization']));
    if (request.path === '/fhir/metadata') return capability();
    if (request.path === '/fhir/Patient/p7') return patient;
    return everything(request, response);
  });
  open.push(made);
  return { ...made, brought };
}

const joinedAt = (url: string): Joined => ({
  source: hostSource(smartHost(url)),
  patientId: 'p7',
  authorization: async () => 'Bearer of-the-host',
});

async function answers(
  federation: Federation,
  joined: Joined,
  about: HostPerson | typeof person = person,
  clientId = 'viewer',
): Promise<readonly SourceAnswer[]> {
  const all: SourceAnswer[] = [];
  for await (const one of federation.gather(about, asker, clientId, AbortSignal.timeout(5_000), joined))
    if (one.source.kind !== 'pds') all.push(one);
  return all;
}

function federated(...given: Parameters<typeof federationOf>): Federation {
  const made = federationOf(...given);
  open.push(made);
  return made;
}

describe('a host’s own record', () => {
  test('joins the sources: read by its Patient’s id, with the user’s token', async () => {
    const epr = await host(patientOf('p7'), () => searchset([patientOf('p7'), condition('c1')]));
    const [answer] = await answers(federated([]), joinedAt(epr.url));
    expect(answer).toMatchObject({ status: 'complete', origin: { ods: 'RZZ', label: 'ASH' } });
    expect(answer?.resources).toMatchObject([
      {
        id: ids.of('host-ashgrove', 'Condition', 'c1'),
        subject: { reference: `Patient/${ids.patient('9990000018')}` },
      },
    ]);
    expect([...epr.brought]).toEqual(['Bearer of-the-host']);
  });

  test.each([
    [
      'another NHS number',
      patientOf('p7', { identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000042' }] }),
    ],
    ['another birth date', patientOf('p7', { birthDate: '1999-01-01' })],
  ])('is not shown where its Patient has %s', async (_name, patient) => {
    const epr = await host(patient, () => searchset([patient, condition('c1')]));
    expect(await answers(federated([]), joinedAt(epr.url))).toMatchObject([
      { status: 'identity-mismatch', resources: [] },
    ]);
  });

  test('is not shown where another Patient is answered than was asked for', async () => {
    const epr = await host(patientOf('p8'), () => searchset([patientOf('p8'), condition('c1', 'p8')]));
    expect(await answers(federated([]), joinedAt(epr.url))).toMatchObject([{ status: 'unavailable', resources: [] }]);
  });

  test('never takes the token elsewhere, whatever its pages say', async () => {
    const elsewhere = await host(nobody, () => searchset([]));
    const epr = await host(patientOf('p7'), () =>
      searchset([patientOf('p7'), condition('c1')], `${elsewhere.url}/next`),
    );
    expect(await answers(federated([]), joinedAt(epr.url))).toMatchObject([{ status: 'partial' }]);
    expect(elsewhere.brought.size).toBe(0);
  });

  test('is unavailable where the host gives no token any more', async () => {
    const epr = await host(patientOf('p7'), () => searchset([]));
    const joined = { ...joinedAt(epr.url), authorization: () => Promise.reject(new Error('revoked')) };
    expect(await answers(federated([]), joined)).toMatchObject([{ status: 'unavailable' }]);
    expect(epr.brought.size).toBe(0);
  });

  test('goes to the viewer and to no other app', async () => {
    const epr = await host(patientOf('p7'), () => searchset([]));
    expect(await answers(federated([]), joinedAt(epr.url), person, 'growth-chart')).toMatchObject([
      { status: 'not-permitted' },
    ]);
    expect(epr.brought.size).toBe(0);
  });

  test('is not asked twice where the same organisation is a source already', async () => {
    const epr = await host(patientOf('p7'), () => searchset([]));
    const configured = sourceOf({ id: 'ash', ods: 'RZZ', baseUrl: epr.url });
    expect((await answers(federated([configured]), joinedAt(epr.url))).map((one) => one.source.id)).toEqual(['ash']);
    expect(epr.brought.has('Bearer of-the-host')).toBe(false);
  });
});

describe('a person whose number the host does not know', () => {
  const about: HostPerson = {
    hostPatientId: 'p7',
    patient: { resourceType: 'Patient', id: ids.of('host-ashgrove', 'Patient', 'p7') },
  };

  test('is the host’s own Patient, under an id of the facade', async () => {
    const epr = await host({ ...nobody, link: [{ other: { reference: 'Patient/p9' }, type: 'seealso' }] }, () =>
      searchset([]),
    );
    const { patient, hostPatientId } = await federated([]).hostPerson(joinedAt(epr.url), AbortSignal.timeout(5_000));
    expect(hostPatientId).toBe('p7');
    expect(patient).toMatchObject({
      id: about.patient['id'],
      name: [{ family: 'WALKIN' }],
      identifier: [{ value: 'K77' }],
    });
    expect(patient).not.toHaveProperty('link');
  });

  test.each([
    ['has a number by now', patientOf('p7')],
    ['is another one', { ...nobody, id: 'p8' }],
    ['is none', { resourceType: 'OperationOutcome' }],
  ])('is undecided where the Patient %s', async (_name, patient) => {
    const epr = await host(patient, () => searchset([]));
    await expect(federated([]).hostPerson(joinedAt(epr.url), AbortSignal.timeout(5_000))).rejects.toSatisfy(
      (error) => error instanceof Fault && error.code === 'undecided',
    );
  });

  test('has the host’s record alone; everyone else was not asked, and their outcome says why', async () => {
    const trust = await host(nobody, () => searchset([]));
    const epr = await host(nobody, () => searchset([nobody, condition('c1'), condition('c2', 'p9')]));
    const [own, other] = await answers(
      federated([sourceOf({ id: 'uhnm', baseUrl: trust.url })]),
      joinedAt(epr.url),
      about,
    );
    expect(own).toMatchObject({ status: 'partial', practiceConsent: 'answered' });
    expect(own?.resources).toMatchObject([{ subject: { reference: `Patient/${String(about.patient['id'])}` } }]);
    expect(own?.resources).toHaveLength(1);
    expect(other).toMatchObject({
      status: 'unavailable',
      notAsked: true,
      text: 'Was not asked: Ashgrove EPR knows no NHS number for this person',
    });
    expect(trust.brought.size).toBe(0);
  });
});
