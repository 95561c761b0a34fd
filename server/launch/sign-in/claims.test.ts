import { describe, expect, it } from 'vitest';
import { Fault } from '../../fault.ts';
import { readIdentity } from './claims.ts';
import { paramedic, role, signInHost } from './testing.ts';

const host = signInHost('https://id.example');
const code = (claims: unknown): string | undefined => {
  try {
    readIdentity(claims, host);
    return undefined;
  } catch (error) {
    return error instanceof Fault ? error.code : 'another error';
  }
};

describe('the claims of a provider', () => {
  it('say who the user is and which roles they hold, where', () => {
    expect(readIdentity({ ...paramedic, selected_roleid: 'r-ambulance' }, host)).toEqual({
      id: '910000000001',
      name: 'Ada OKORO',
      roles: [
        {
          id: 'r-ambulance',
          code: 'R1070',
          organisation: { ods: 'RYA', name: 'West Midlands Ambulance Service' },
        },
      ],
      sdsUserId: '910000000001',
      selected: 'r-ambulance',
    });
  });

  it('name an organisation by its code where nobody names it, and the host’s own where a role has none', () => {
    const { org_code: _org, ...unplaced } = role('r-2', 'R8000', 'X');
    const { roles } = readIdentity(
      { ...paramedic, nhsid_nrbac_roles: [role('r-1', 'R8000', 'RJE'), unplaced], nhsid_user_orgs: [] },
      host,
    );
    expect(roles.map((one) => one.organisation)).toEqual([
      { ods: 'RJE', name: 'RJE' },
      { ods: 'RYA', name: 'West Midlands Ambulance Service' },
    ]);
  });

  it('leave out rows that are not as agreed', () => {
    const rows = [null, 'R8000', {}, { role_code: 'S1:G1:R8000', person_roleid: 'x' }, role('r-1', 'R8000', 'a b')];
    expect(readIdentity({ ...paramedic, nhsid_nrbac_roles: rows }, host).roles).toEqual([]);
  });

  it.each([
    [{ idassurancelevel: 3, authentication_assurance_level: 3 }, undefined],
    [{ idassurancelevel: undefined, id_assurance_level: '2' }, undefined],
    [{ idassurancelevel: '3', id_assurance_level: '1' }, 'sign-in-not-allowed'],
    [{ idassurancelevel: '1' }, 'sign-in-not-allowed'],
    [{ idassurancelevel: 'high' }, 'sign-in-failed'],
    [{ authentication_assurance_level: '10' }, 'sign-in-failed'],
    [{ authentication_assurance_level: undefined }, 'sign-in-not-allowed'],
    [{ nhsid_useruid: '1', uid: '2' }, 'sign-in-failed'],
    [{ name: undefined, display_name: undefined }, 'sign-in-failed'],
    [{ display_name: 'Ada\nOKORO' }, 'sign-in-failed'],
    [{ display_name: 'Ada \u202EOROKO' }, 'sign-in-failed'],
    [{ display_name: 'x'.repeat(1_000_000) }, 'sign-in-failed'],
    [{ display_name: 'Ådå 奥科罗 OKORO' }, undefined],
    [{ nhsid_nrbac_roles: 'R8000' }, 'sign-in-failed'],
    [{ sub: undefined }, 'sign-in-failed'],
  ])('%j: %s', (more, expected) => expect(code({ ...paramedic, ...more })).toBe(expected));

  it('never repeat a value in what is logged', () => {
    try {
      readIdentity({ ...paramedic, display_name: 'Secret\nNAME' }, host);
    } catch (error) {
      expect(error instanceof Fault ? error.detail : '').toBe('claims not as agreed: display_name');
    }
    expect.assertions(1);
  });
});
