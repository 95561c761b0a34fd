import { describe, expect, it } from 'vitest';
import type { Role } from '../../config/schema.ts';
import { readNumber, readRegistration } from './registration-body.ts';
import { readName } from '../../../src/fhir/registration-body.ts';
import { checkForm, offerOf, readForm } from './registration.ts';

const context = {
  host: 'epr',
  user: { id: 'u', name: 'Dr Peter OKAFOR' },
  organisation: { ods: 'RJE', name: 'UHNM' },
  clientId: 'viewer',
};
const clinician: Role = {
  code: 'R8000',
  title: 'Clinical practitioner',
  scopes: [],
  supervised: false,
  registration: ['GMC', 'NMC'],
};
const nurse: Role = { code: 'R8001', title: 'Nurse', scopes: [], supervised: false, registration: ['NMC'] };
const receptionist: Role = { code: 'R8009', title: 'Receptionist', scopes: [], supervised: false, registration: [] };
const offer = offerOf([clinician, nurse, receptionist], context);
const good = { role: 'R8000', registrationBody: 'GMC', registrationNumber: '1234567', promise: 'yes' };

describe('checkForm', () => {
  it('takes a form that is filled in', () => {
    expect(checkForm(offer, good)).toEqual({
      kind: 'good',
      registration: { role: clinician, registration: { body: 'GMC', number: '1234567' } },
    });
  });

  it('asks no registration of a role that has none, and keeps none', () => {
    expect(checkForm(offer, { ...good, role: 'R8009' })).toEqual({
      kind: 'good',
      registration: { role: receptionist },
    });
  });

  it.each([
    [{ ...good, registrationNumber: '612345' }, ['Enter all 7 digits of your GMC number']],
    [{}, ['Choose your role', 'Agree before you go on']],
    [{ promise: 'yes', role: 'R9999' }, ['Choose your role']],
    [{ promise: 'yes', role: 'R8000' }, ['Choose your professional body']],
    [{ ...good, role: 'R8001' }, ['Choose a body that registers your role: NMC']],
    [{ role: 'R8000', registrationBody: 'GMC' }, ['Enter all 7 digits of your GMC number', 'Agree before you go on']],
  ])('says all that is wrong with %j', (typed, expected) => {
    const checked = checkForm(offer, typed);
    expect(checked.kind === 'wrong' ? checked.errors.map((error) => error.text) : []).toEqual(expected);
  });

  it('says so at once where every role asks for a registration', () => {
    const checked = checkForm(offerOf([clinician, nurse], context), {});
    expect(checked.kind === 'wrong' ? checked.errors.map((error) => error.field) : []).toEqual([
      'role',
      'registrationBody',
      'promise',
    ]);
  });

  it('keeps to the role that the host asserts, whatever the form says', () => {
    const locked = offerOf([clinician, receptionist], { ...context, role: 'R8009' });
    expect(checkForm(locked, good)).toEqual({ kind: 'good', registration: { role: receptionist } });
  });

  it('asks for a name where the host gave none, and only there', () => {
    const unnamed = offerOf([receptionist], { ...context, user: { ...context.user, said: ['name'] } });
    const typed = { role: 'R8009', promise: 'yes' };
    expect(checkForm(unnamed, typed)).toMatchObject({ kind: 'wrong', errors: [{ field: 'name' }] });
    expect(checkForm(unnamed, { ...typed, name: '  Siân   Ó Dálaigh ' })).toMatchObject({
      registration: { name: 'Siân Ó Dálaigh' },
    });
    expect(checkForm(offer, { ...good, name: 'Somebody Else' })).not.toMatchObject({
      registration: { name: expect.anything() as unknown },
    });
  });

  it('takes the registration that the host asserts where it serves each role, and asks where it does not', () => {
    const asserted = { ...context, user: { ...context.user, registration: { body: 'NMC', number: '12A3456B' } } };
    expect(checkForm(offerOf([clinician, nurse], asserted), { role: 'R8001', promise: 'yes' })).toMatchObject({
      registration: { registration: { body: 'NMC', number: '12A3456B' } },
    });
    const doctor = { ...asserted, user: { ...context.user, registration: { body: 'GMC', number: '1234567' } } };
    expect(offerOf([clinician, nurse], doctor).registrationAsserted).toBeUndefined();
  });
});

describe('a name', () => {
  it.each([
    ['Dr Peter OKAFOR', 'Dr Peter OKAFOR'],
    ['e\u0301tienne', 'étienne'],
    ['李 明', '李 明'],
    ['', undefined],
    ['X', undefined],
    ['12345', undefined],
    ['Ann\u202eEvil', undefined],
    ['Ann\u0000Evil', undefined],
    ['x'.repeat(201), undefined],
  ])('%j', (typed, expected) => expect(readName(typed)).toBe(expected));
});

describe('readForm', () => {
  it('counts a field that is empty, too long, sent twice or no text as not filled in', () => {
    expect(readForm({ role: ' ', ticket: 'x'.repeat(201), registrationNumber: ['1', '2'], promise: 'yes' })).toEqual({
      promise: 'yes',
    });
    expect(readForm(undefined)).toEqual({});
  });
});

describe('registration numbers', () => {
  it.each([
    ['GMC', '1234567', '1234567'],
    ['GMC', '123 4567', '1234567'],
    ['GMC', '123456', undefined],
    ['GMC', '12345678', undefined],
    ['NMC', '12a3456b', '12A3456B'],
    ['NMC', '12345678', undefined],
    ['HCPC', 'PA12345', 'PA12345'],
    ['HCPC', 'CHS123456', 'CHS123456'],
    ['HCPC', 'P12345', undefined],
    ['GPhC', '2012345', '2012345'],
    ['SWE', 'sw 1234', 'SW1234'],
    ['SWE', '1234', undefined],
  ] as const)('%s %s', (body, typed, expected) => {
    expect(readNumber(body, typed)).toBe(expected);
  });

  it('reads what a host asserts, and leaves what it cannot read to the user', () => {
    expect(readRegistration({ body: 'gmc', number: '1234567' })).toEqual({ body: 'GMC', number: '1234567' });
    expect(readRegistration('GMC 1234567')).toEqual({ body: 'GMC', number: '1234567' });
    for (const other of ['1234567', 'GMC', 'ABC 1234567', 'GMC 12', 7, null, undefined, {}, []])
      expect(readRegistration(other)).toBeUndefined();
  });
});
