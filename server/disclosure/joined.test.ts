import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { hostSchema } from '../config/schema.ts';
import type { Joined } from '../federation/answer.ts';
import { hostSource } from '../federation/host-record.ts';
import type { LaunchContext } from '../launch/context.ts';
import { disclose, type Release } from './disclose.ts';
import { answer, condition, dissent, house, request, session } from './house.testing.ts';
import type { DisclosureRequest } from './house.ts';
import { beginGathering } from './warm-start.ts';

const host = hostSchema.parse({
  id: 'epr',
  name: 'Ashgrove EPR',
  organisation: 'RZZ',
  door: 'smart',
  roles: ['R8000'],
  iss: 'https://ashgrove.example/fhir',
  clientId: 'ohc',
  clientAuth: 'none',
  recordAsSource: true,
});
const hostRecord = { patientId: 'p7', tokens: 't1' };
const { patient: _patient, ...without } = session.context;
const about = { hostPatientId: 'p7', patient: { resourceType: 'Patient', id: 'h7' } } as const;
const walkIn = { ...request(), session: { ...session, context: { ...without, hostRecord } } };
const own = answer('own', { practiceConsent: 'answered' });

function at(options: Parameters<typeof house>[0], hosts = [host]) {
  const made = house({ hostPerson: about, ...options });
  return { ...made, config: { ...made.config, hosts } };
}

async function run(where: ReturnType<typeof at>, asked: DisclosureRequest = walkIn) {
  const releases: Release[] = [];
  try {
    for await (const release of disclose(where, asked)) releases.push(release);
  } catch (error) {
    return { releases, error };
  }
  return { releases, error: undefined };
}

test('a person without a number: the host’s Patient, its record, and who was not asked', async () => {
  const notAsked = answer('uhnm', { status: 'unavailable', notAsked: true, resources: [] });
  const where = at({
    answers: [own, notAsked],
    demographics: new Error('must not be asked'),
    objected: new Error('nor this'),
  });
  const { releases, error } = await run(where);
  expect(error).toBeUndefined();
  expect(releases).toMatchObject([
    { kind: 'patient', patient: about.patient },
    { kind: 'source', ending: { id: 'source-own' } },
    {
      kind: 'source',
      ending: {
        id: 'source-uhnm',
        extension: [{ url: 'https://one-health-and-care.nhs.uk/StructureDefinition/not-asked', valueBoolean: true }],
      },
    },
    { kind: 'record', status: 'partial' },
  ]);
  expect(where.audited).toMatchObject([
    { reason: 'begun', hostPatient: { host: 'epr', id: 'p7' } },
    { reason: 'ended', hostPatient: { host: 'epr', id: 'p7' } },
  ]);
});

test('what is never shown is withheld, and dissent in the host’s record refuses', async () => {
  const withheld = await run(
    at({
      answers: [{ ...own, resources: [condition('x', '86406008'), condition('y', '195967001')] }],
      withhold: (all) => all.filter((one) => one['id'] !== 'x'),
    }),
  );
  expect(withheld.releases[1]).toMatchObject({ resources: [{ id: 'y' }] });
  const refused = await run(at({ answers: [{ ...own, resources: [dissent('2026-01-01')] }] }));
  expect(refused).toMatchObject({ releases: [], error: { code: 'record-refused' } });
});

test('nothing leaves where the host cannot be asked', async () => {
  const unreachable = answer('own', { status: 'unavailable', practiceConsent: 'unreachable', resources: [] });
  expect(await run(at({ answers: [unreachable] }))).toMatchObject({ releases: [], error: { code: 'undecided' } });
});

test('nothing leaves where the host’s record does not join, or no longer', async () => {
  const off = hostSchema.parse({ ...host, recordAsSource: false });
  expect(await run(at({ answers: [own] }, [off]))).toMatchObject({ releases: [], error: { code: 'not-permitted' } });
  expect(await run(at({ answers: [own] }, []))).toMatchObject({ releases: [], error: { code: 'not-permitted' } });
});

test('a person with a number: the host’s record goes to the gathering beside the others', async () => {
  const gathered: unknown[] = [];
  const made = at({ answers: [own] });
  const federation = {
    ...made.federation,
    gather: (...given: Parameters<typeof made.federation.gather>) => {
      gathered.push(given[4]?.source, given[4]?.patientId);
      return made.federation.gather(...given);
    },
  };
  const asked = { ...request(), session: { ...session, context: { ...session.context, hostRecord } } };
  await run({ ...made, federation }, asked);
  if (host.door !== 'smart') throw new Error('a smart host');
  expect(gathered).toEqual([hostSource(host), 'p7']);
});

test('the record of the host from which the launch came, with its own tokens, and of no other', async () => {
  const joinedBy = async (hosts: (typeof host)[], context: LaunchContext) => {
    const where = at({ answers: [own] }, hosts);
    const joined: (Joined | undefined)[] = [];
    const tokens: string[] = [];
    const gather: typeof where.federation.gather = (...given) => {
      joined.push(given[4]);
      return where.federation.gather(...given);
    };
    const hostAuthorization = async (key: string) => {
      tokens.push(key);
      return 'Bearer host';
    };
    await run(
      { ...where, hostAuthorization, federation: { ...where.federation, gather } },
      {
        ...request(),
        session: { ...session, context },
      },
    );
    return { joined, tokens };
  };
  const other = hostSchema.parse({ ...host, id: 'other', name: 'Another EPR', recordAsSource: true });
  const { joined, tokens } = await joinedBy([other, host], { ...session.context, hostRecord });
  expect(joined).toMatchObject([{ patientId: 'p7', source: { name: 'Ashgrove EPR' } }]);
  expect(await joined[0]?.authorization()).toBe('Bearer host');
  expect(tokens).toEqual(['t1']);
  expect((await joinedBy([host], session.context)).joined).toEqual([undefined]);
});

test('a launch begins to gather the host’s record too, and its first request takes it over', async () => {
  const where = at({ answers: [own] });
  const joined: unknown[] = [];
  const { gather } = where.federation;
  const viewer = { clientId: 'viewer', scope: 'patient/*.rs' } as unknown as (typeof where.config.clients)[number];
  const listening = {
    ...where,
    config: { ...where.config, clients: [viewer] },
    federation: {
      ...where.federation,
      gather: (...asked: Parameters<typeof gather>) => {
        joined.push(asked[4]);
        return gather(...asked);
      },
    },
  };
  const context = { ...walkIn.session.context, gathering: 'k' };
  beginGathering(listening, context, 'request-0');
  await sleep(20);
  expect(joined).toMatchObject([{ patientId: 'p7', source: { name: 'Ashgrove EPR' } }]);
  const asked = { ...walkIn, session: { ...walkIn.session, context } };
  expect((await run(listening, asked)).releases).toMatchObject([
    { kind: 'patient', patient: about.patient },
    { kind: 'source', ending: { id: 'source-own' } },
    { kind: 'record', status: 'complete' },
  ]);
  expect(joined).toHaveLength(1);
});
