import { expect, test } from 'vitest';
import { asker } from '../stand-in.ts';
import { gpConnectJwt } from './gp-connect-jwt.ts';
import { claimsOf } from './spine.testing.ts';

test('a user who signed in nationally is named by the Spine’s own ids of user and role', () => {
  const sds = { userId: '555254239107', roleProfileId: '555254240100' };
  const claims = claimsOf(gpConnectJwt({ ...asker, sds }, 'https://gp.example', 'https://ohc.example', 1_000));
  expect(claims).toMatchObject({
    requesting_practitioner: {
      identifier: [
        { system: 'https://fhir.nhs.uk/Id/sds-user-id', value: '555254239107' },
        { system: 'https://fhir.nhs.uk/Id/sds-role-profile-id', value: '555254240100' },
        { value: 'dr-1' },
      ],
    },
  });
});
