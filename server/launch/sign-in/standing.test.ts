import { describe, expect, it } from 'vitest';
import { provedOf, type Standing } from './standing.ts';
import { signInHost } from './testing.ts';

const standing = (sdsUserId: string | undefined): Standing => ({
  user: { host: 'ambulance', id: 'u', name: 'Ada OKORO', roles: [], ...(sdsUserId === undefined ? {} : { sdsUserId }) },
  host: signInHost('https://id.example'),
  visitId: 'v',
  visit: {},
  clientId: 'viewer',
  roles: [],
  role: undefined,
});

describe('the context of a user who signed in', () => {
  it.each([
    ['the Spine’s ids of user and role, where the provider is a national one', '910000000001', '555254240100', true],
    ['none where the provider says no national user', undefined, '555254240100', false],
    ['none where the user’s is no id of the Spine', 'u-1', '555254240100', false],
    ['none where the role’s is none', '910000000001', 'r\r\nNHSD-Session-URID: 1', false],
  ])('has %s', (_what, sdsUserId, id, has) => {
    const role = { id, code: 'R1070', organisation: { ods: 'RYA', name: 'Ambulance' } };
    const { user } = provedOf(standing(sdsUserId), role);
    expect(user.sds).toEqual(has ? { userId: sdsUserId, roleProfileId: id } : undefined);
  });
});
