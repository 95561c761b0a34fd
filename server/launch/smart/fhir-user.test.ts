import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { Fault } from '../../fault.ts';
import { cleanName, readUser, roleOf, type Asked } from './fhir-user.ts';
import { drOkafor } from './strict-host.testing.ts';

const { roles } = await loadConfig('smart-config');
const jobRole = 'https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName';
const today = '2026-03-29';

function practitionerRole(codes: readonly string[], more: Record<string, unknown> = {}) {
  return {
    resourceType: 'PractitionerRole',
    id: 'r',
    practitioner: { reference: 'Practitioner/p-77' },
    code: codes.map((code) => ({ coding: [{ system: jobRole, code }] })),
    ...more,
  };
}

describe('a name', () => {
  it('is one line that turns no direction, of at most 200 characters, or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (said) => {
        const name = cleanName(said);
        if (name === undefined) return;
        expect(name).toMatch(/\S/);
        expect([...name].length).toBeLessThanOrEqual(200);
        expect(name).not.toMatch(/[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069\u200b\ufeff]/u);
        expect(cleanName(name)).toBe(name);
      }),
    );
  });

  it.each([
    ['  Dr   Anne\n Nair ', 'Dr Anne Nair'],
    ['O’Brien-Łukasz', 'O’Brien-Łukasz'],
    ['Zoe\u0308', 'Zoë'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['\u200b\u202e', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%j is %j', (said, name) => expect(cleanName(said)).toBe(name));
});

describe('the role of a PractitionerRole', () => {
  it('is the national one that the host may give', () => {
    expect(roleOf(practitionerRole(['R8000']), roles, today)).toBe('R8000');
  });

  it('of several is the one that shows least', () => {
    const allowed = roles.filter(({ code }) => ['R8000', 'R8008'].includes(code));
    expect(allowed).toHaveLength(2);
    expect(roleOf(practitionerRole(['R8000', 'R8008']), allowed, today)).toBe('R8008');
  });

  it.each([
    ['another system', { code: [{ coding: [{ system: 'http://local', code: 'R8000' }] }] }],
    ['no code', { code: undefined }],
    ['a code that is none', practitionerRole(['Doctor'])],
    ['a role that was ended', practitionerRole(['R8000'], { active: false })],
    ['a role that has run out', practitionerRole(['R8000'], { period: { end: '2026-03-28' } })],
    ['a role that ran out last year', practitionerRole(['R8000'], { period: { end: '2025' } })],
  ])('is not given by %s', (_what, more) => {
    expect(roleOf({ ...practitionerRole([]), ...more }, roles, today)).toBeUndefined();
  });

  it.each(['2026-03-29', '2026', '2026-03', '2027-01-01T00:00:00Z'])('stands to its last day (%s)', (end) => {
    expect(roleOf(practitionerRole(['R8000'], { period: { end } }), roles, today)).toBe('R8000');
  });

  it('is refused where the host may not give it: the user would choose a better one', () => {
    expect(() => roleOf(practitionerRole(['R9999']), roles, today)).toThrow(Fault);
  });
});

describe('a user', () => {
  const asked: Asked = {
    iss: 'https://epr.example/fhir',
    user: { type: 'Practitioner', id: 'p-77' },
    roleId: 'r',
    allowed: roles,
    today,
  };
  const holding = (practitioner: string) => async (type: string) =>
    type === 'Practitioner' ? drOkafor : practitionerRole(['R8000'], { practitioner: { reference: practitioner } });

  it.each([
    ['their own', 'Practitioner/p-77', 'R8000'],
    ['their own, by its whole address', 'https://epr.example/fhir/Practitioner/p-77', 'R8000'],
    ['somebody else’s', 'Practitioner/p-78', undefined],
    ['one elsewhere', 'https://evil.example/fhir/Practitioner/p-77', undefined],
  ])('has the role of the launch’s PractitionerRole where it is %s', async (_what, reference, role) => {
    expect((await readUser(holding(reference), asked)).role).toBe(role);
  });

  it('of whom only a PractitionerRole is known is asked for at its Practitioner', async () => {
    const user = await readUser(holding('Practitioner/p-77'), {
      ...asked,
      user: { type: 'PractitionerRole', id: 'r' },
      roleId: undefined,
    });
    expect(user).toEqual({
      name: 'Dr Peter Okafor',
      registration: { body: 'GMC', number: '7654321' },
      role: 'R8000',
    });
  });

  it('goes by the official name, and by no old one; a number of the wrong form is no registration', async () => {
    const read = async () => ({
      resourceType: 'Practitioner',
      id: 'p-77',
      identifier: [
        { system: 'https://fhir.hl7.org.uk/Id/gmc-number', value: 'seven' },
        { system: 'https://fhir.hl7.org.uk/Id/nmc-number', value: '12a3456b', use: 'old' },
      ],
      name: [{ use: 'old', text: 'Old' }, { text: 'Usual' }, { use: 'official', text: 'Official' }],
    });
    expect(await readUser(read, { ...asked, roleId: undefined })).toEqual({ name: 'Official' });
  });
});
