import { expect, it } from 'vitest';
import { askerOf } from './asker.ts';
import { clinician, house, session } from './house.testing.ts';

const at = house({ roles: [{ ...clinician, code: 'R0260', title: 'Nurse' }, clinician] });
const { context } = session;
const asker = {
  userId: 'u1',
  userName: 'Dr Test',
  organisation: { ods: 'RJE', name: 'Trust' },
  role: { code: 'R8000', title: 'Clinician' },
  traceId: 'request-1',
};

it('asks as the user, for their organisation, in their role and by its title', () => {
  expect(askerOf(at, context, 'request-1')).toStrictEqual(asker);
});

it('asks with the registration and the national identity of those who have them', () => {
  const registration = { body: 'GMC', number: '9990001' };
  const sds = { userId: '999000000001', roleProfileId: '999000000002' };
  for (const more of [{ registration }, { sds }, { registration, sds }]) {
    const user = { ...context.user, ...more };
    expect(askerOf(at, { ...context, user }, 'request-1')).toStrictEqual({ ...asker, ...more });
  }
});

it('calls a role that is not configured any more by its code', () => {
  expect(askerOf(at, { ...context, role: 'R9999' }, 'request-1').role).toStrictEqual({ code: 'R9999', title: 'R9999' });
});
