import { afterEach, describe, expect, test } from 'vitest';
import { system } from '../../src/fhir/systems.ts';
import {
  asker,
  federationOf,
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

const traced = {
  family: "O'Ashby",
  given: 'Siân',
  birthDate: '1961-04-17',
  gender: 'female',
  postcode: 'ST4 6QG',
} as const;

/** Looks for the person of this file at a service that answers so. */
async function trace(
  answer: Answering,
  more: Partial<typeof traced> | Record<string, string> = {},
): Promise<{ readonly found: Promise<string | undefined>; readonly service: StandIn }> {
  const service = await standIn(answer);
  const federation = federationOf([sourceOf({ id: 'pds', kind: 'pds', baseUrl: service.url, deadlineMs: 400 })]);
  open.push(service, federation);
  return { found: federation.trace({ ...traced, ...more }, asker, new AbortController().signal), service };
}

const match = (more: object = {}): object => ({
  resourceType: 'Patient',
  id: person.nhsNumber,
  meta: { security: [{ system: system.confidentiality, code: 'U' }] },
  identifier: [{ system: nhsSystem, value: person.nhsNumber }],
  birthDate: traced.birthDate,
  ...more,
});
const restricted = { meta: { security: [{ system: system.confidentiality, code: 'R' }] } };
const tooMany = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'multiple-matches', details: { coding: [{ code: 'TOO_MANY_MATCHES' }] } }],
};

describe('a trace', () => {
  test('gives the number of the one person who matches, and asks by all that is known', async () => {
    const { found, service } = await trace(() => searchset([match()]));
    expect(await found).toBe(person.nhsNumber);
    const [asked] = service.asked;
    const query = new URL(asked?.split(' ')[1] ?? '', service.url).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      family: "O'Ashby",
      given: 'Siân',
      gender: 'female',
      birthdate: 'eq1961-04-17',
      'address-postalcode': 'ST4 6QG',
    });
  });

  test.each<[string, Answering]>([
    ['nobody', () => searchset([])],
    ['two', () => searchset([match(), match({ id: '9990000026' })])],
    ['too many', () => tooMany],
    ['one and a warning', () => searchset([match(), tooMany])],
    ['one of several', () => ({ ...searchset([match()]), total: 7 })],
    ['a page of more', () => searchset([match()], 'http://127.0.0.1:9/next')],
    ['one who is restricted', () => searchset([match(restricted)])],
    ['one of another birth date', () => searchset([match({ birthDate: '1961-04-18' })])],
    ['one without a number', () => searchset([match({ id: 'x', identifier: [] })])],
    ['something else than a Patient', () => searchset([{ resourceType: 'Person', id: '1' }])],
    ['a refusal of what was asked', () => [400, tooMany]],
  ])('gives nothing for %s', async (_name, answer) => {
    expect(await (await trace(answer)).found).toBeUndefined();
  });

  test.each<[string, Answering]>([
    ['an error', () => [500, {}]],
    ['throttling', () => [429, {}]],
    ['no right to ask', () => [403, {}]],
    ['silence', () => undefined],
    ['no FHIR', () => ({ hello: 'you' })],
    ['another resource', () => match()],
  ])('decides nothing on %s', async (_name, answer) => {
    await expect((await trace(answer)).found).rejects.toMatchObject({ code: 'undecided' });
  });

  test('is never a look around: letters that stand for any are not sent', async () => {
    const { found, service } = await trace(() => searchset([match()]), { family: 'As*' });
    expect(await found).toBeUndefined();
    expect(service.asked).toEqual([]);
  });
});
