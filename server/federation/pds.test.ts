import { afterEach, describe, expect, test } from 'vitest';
import { system } from '../../src/fhir/systems.ts';
import type { Demographics, Federation } from './answer.ts';
import { asker, federationOf, ids, nhsSystem, person, sourceOf, standIn, type Answering } from './stand-in.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function demographics(answer: Answering): Promise<Federation> {
  const made = await standIn(answer);
  const federation = federationOf([
    sourceOf({ id: 'pds', kind: 'pds', baseUrl: made.url, deadlineMs: 400, name: 'Demographics', ods: 'X26' }),
    sourceOf({
      id: 'gp',
      kind: 'gp-connect',
      practices: { M83001: { name: 'Etruria Vale Surgery', baseUrl: made.url, sharing: true } },
    }),
  ]);
  open.push(made, federation);
  return federation;
}

const security = (code: string): object => ({ security: [{ system: system.confidentiality, code }] });
const known = (more: object = {}, number = person.nhsNumber): object => ({
  resourceType: 'Patient',
  id: number,
  meta: security('U'),
  identifier: [{ system: nhsSystem, value: number, extension: [{ url: 'verification', valueCode: '01' }] }],
  name: [
    { use: 'usual', family: 'Ashby', given: ['Alex'] },
    { use: 'old', family: 'FORMER' },
  ],
  gender: 'female',
  contact: [{ name: { family: 'Daughter' }, organization: { reference: 'RelatedPerson/1', display: 'Home' } }],
  birthDate: '1961-04-17',
  generalPractitioner: [{ type: 'Organization', identifier: { system: system.odsOrganisation, value: 'M83001' } }],
  ...more,
});

const ask = async (federation: Federation): Promise<Demographics> =>
  federation.demographics(person.nhsNumber, asker, new AbortController().signal);

describe('demographics', () => {
  test('a known person: the one Patient under the facade’s id, with practice and verification', async () => {
    const found = await ask(await demographics(() => known()));
    expect(found).toMatchObject({
      kind: 'found',
      person: {
        nhsNumber: person.nhsNumber,
        birthDate: '1961-04-17',
        practice: 'M83001',
        patient: {
          id: ids.patient(person.nhsNumber),
          identifier: [{ value: person.nhsNumber, extension: [{ valueCode: '01' }] }],
          name: [{ family: 'Ashby' }],
          generalPractitioner: [{ display: 'Etruria Vale Surgery', identifier: { value: 'M83001' } }],
        },
      },
    });
    expect(JSON.stringify(found)).not.toMatch(/FORMER|RelatedPerson\//);
  });

  test.each(['R', 'V', 'N'])('confidentiality %s is restricted', async (code) => {
    expect(await ask(await demographics(() => known({ meta: security(code) })))).toEqual({ kind: 'restricted' });
  });

  test.each([400, 404])('status %i is a person it does not know', async (status) => {
    expect(await ask(await demographics(() => [status, { resourceType: 'OperationOutcome' }]))).toEqual({
      kind: 'unknown',
    });
  });

  test('how they died, how to reach and speak to them leave with the Patient; the sex at birth and former names do not', async () => {
    const extension = (name: string): object => ({
      url: `https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-${name}`,
      extension: [{ url: 'x', valueString: name }],
    });
    const found = await ask(
      await demographics(() =>
        known({
          deceasedDateTime: '2026-01-02T00:00:00+00:00',
          extension: ['DeathNotificationStatus', 'NHSCommunication', 'ContactPreference', 'BirthSex'].map(extension),
        }),
      ),
    );
    const text = JSON.stringify(found);
    expect(found).toMatchObject({ person: { patient: { deceasedDateTime: '2026-01-02T00:00:00+00:00' } } });
    for (const name of ['DeathNotificationStatus', 'NHSCommunication', 'ContactPreference'])
      expect(text).toContain(`UKCore-${name}`);
    expect(text).not.toContain('BirthSex');
  });

  test.each<[string, object, string | undefined]>([
    ['that has ended is over', { period: { start: '2015-01-01', end: '2019-12-31' } }, undefined],
    ['that has ended in a year is over', { period: { end: '2019' } }, undefined],
    ['that will end one day stands', { period: { start: '2015-01-01', end: '2999-01-01' } }, 'M83001'],
    ['without an end stands', { period: { start: '2015-01-01' } }, 'M83001'],
  ])('a registration %s', async (_name, more, practice) => {
    const identifier = { system: system.odsOrganisation, value: 'M83001', ...more };
    const found = await ask(await demographics(() => known({ generalPractitioner: [{ identifier }] })));
    expect(found).toMatchObject({ kind: 'found' });
    expect(found.kind === 'found' ? found.person.practice : 'none').toBe(practice);
    expect(JSON.stringify(found).includes('M83001')).toBe(practice !== undefined);
  });

  test('throttled once, it is asked once more a moment later', async () => {
    let times = 0;
    const made = await standIn(() => {
      times += 1;
      return times === 1 ? [429, { resourceType: 'OperationOutcome' }] : known();
    });
    const federation = federationOf([sourceOf({ id: 'pds', kind: 'pds', baseUrl: made.url, deadlineMs: 3_000 })]);
    open.push(made, federation);
    expect(await ask(federation)).toMatchObject({ kind: 'found' });
    expect(times).toBe(2);
  });

  const coded = (status: number, code: string): Answering => {
    const issue = [{ severity: 'error', code: 'value', details: { coding: [{ system: 'x', code }] } }];
    return () => [status, { resourceType: 'OperationOutcome', issue }];
  };

  test.each([
    [404, 'RESOURCE_NOT_FOUND'],
    [404, 'INVALIDATED_RESOURCE'],
    [400, 'INVALID_RESOURCE_ID'],
  ])('%i %s: nobody is known under the number', async (status, code) => {
    expect(await ask(await demographics(coded(status, code)))).toEqual({ kind: 'unknown' });
  });

  test.each([
    [400, 'MISSING_VALUE'],
    [404, 'UNSUPPORTED_SERVICE'],
    [403, 'ACCESS_DENIED'],
  ])('%i %s is about the request: nothing is decided about the person', async (status, code) => {
    await expect(ask(await demographics(coded(status, code)))).rejects.toMatchObject({ code: 'undecided' });
  });

  test.each<[string, Answering]>([
    ['an error', () => [500, {}]],
    ['throttling', () => [429, {}]],
    ['silence', () => undefined],
    ['no Patient', () => ({ resourceType: 'Bundle' })],
    ['no confidentiality', () => known({ meta: {} })],
    ['no birth date', () => known({ birthDate: undefined })],
    [
      'HTML',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
        return undefined;
      },
    ],
  ])('%s decides nothing', async (_name, answer) => {
    const federation = await demographics(answer);
    await expect(ask(federation)).rejects.toMatchObject({ code: 'undecided' });
  });

  test('a superseded number is followed where gender and birth date agree, else nobody is known', async () => {
    const current = '9990000026';
    const under = async (old: object, now: object): Promise<Demographics> =>
      ask(await demographics(({ path }) => (path.endsWith(current) ? now : old)));
    const merged = known({}, current);
    expect(await under(merged, merged)).toMatchObject({ kind: 'found', person: { nhsNumber: current } });
    const link = [{ type: 'replaced-by', other: { identifier: { system: nhsSystem, value: current } } }];
    expect(await under(known({ link }), merged)).toMatchObject({ kind: 'found', person: { nhsNumber: current } });
    expect(await under(known({ link, gender: 'male' }), merged)).toEqual({ kind: 'unknown' });
    expect(await under(known({ link, birthDate: '1961-04-18' }), merged)).toEqual({ kind: 'unknown' });
    expect(await under(merged, known({ meta: security('R') }, current))).toEqual({ kind: 'restricted' });
    expect(await under(merged, known({}, '9990000034'))).toEqual({ kind: 'unknown' });
  });
});
