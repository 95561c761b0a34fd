import { describe, expect, test } from 'vitest';
import { gpConnectJwt } from './gp-connect-jwt.ts';
import { asker } from '../stand-in.ts';

const read = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;
const claimsOf = (token: string): Record<string, unknown> => read(token.split('.')[1]);

const practice = 'https://practice.example/M83001/STU3/1';
const own = 'https://one-health.example';
const token = gpConnectJwt(asker, practice, own, 1_800_000_000);

describe('GP Connect JWT', () => {
  test('it is unsigned, of three parts, and ends in a dot', () => {
    expect(read(token.split('.')[0])).toEqual({ alg: 'none', typ: 'JWT' });
    expect(token.split('.')).toHaveLength(3);
    expect(token.endsWith('.')).toBe(true);
  });

  test('it has the claims of the cross-organisation audit and no other, five minutes long', () => {
    expect(claimsOf(token)).toEqual({
      iss: own,
      sub: 'dr-1',
      aud: practice,
      iat: 1_800_000_000,
      exp: 1_800_000_300,
      reason_for_request: 'directcare',
      requested_scope: 'patient/*.read',
      requesting_device: {
        resourceType: 'Device',
        identifier: [{ system: own, value: 'one-health-and-care' }],
        model: 'One Health and Care',
        version: '1',
      },
      requesting_organization: {
        resourceType: 'Organization',
        identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'RJE' }],
        name: 'University Hospitals of North Midlands',
      },
      requesting_practitioner: {
        resourceType: 'Practitioner',
        id: 'dr-1',
        identifier: [
          { system: 'https://fhir.nhs.uk/Id/sds-user-id', value: 'UNK' },
          { system: 'https://fhir.nhs.uk/Id/sds-role-profile-id', value: 'UNK' },
          { system: `${own}/user`, value: 'dr-1' },
          {
            system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName',
            value: 'R8000',
            type: { text: 'Clinical Practitioner Access Role' },
          },
        ],
        name: [{ family: 'Example', given: ['Ada'], prefix: ['Dr'] }],
      },
    });
  });

  test.each([
    ['Prof. Sir Ada May Example', { family: 'Example', given: ['Ada', 'May'], prefix: ['Prof.', 'Sir'] }],
    ['Ada Example', { family: 'Example', given: ['Ada'] }],
    ['Example', { family: 'Example' }],
    ['Dr', { family: 'Dr' }],
  ])('the name %s', (userName, name) => {
    const claims = claimsOf(gpConnectJwt({ ...asker, userName }, practice, own, 0));
    expect(claims).toMatchObject({ requesting_practitioner: { name: [name] } });
  });

  test('a registration goes with it under the system of its body', () => {
    const systemsOf = (body: string): readonly unknown[] => {
      const claims = claimsOf(
        gpConnectJwt({ ...asker, registration: { body, number: '1234567' } }, practice, own, 0),
      ) as { requesting_practitioner: { identifier: { system: string; value: string }[] } };
      return claims.requesting_practitioner.identifier
        .filter((one) => one.value === '1234567')
        .map((one) => one.system);
    };
    expect(systemsOf('GMC')).toEqual(['https://fhir.hl7.org.uk/Id/gmc-number']);
    expect(systemsOf('SWE')).toEqual(['https://one-health-and-care.nhs.uk/Id/social-work-england-number']);
    expect(systemsOf('constructor')).toEqual([]);
  });

  test('a user who signed in nationally is named by the Spine’s own ids of user and role', () => {
    const sds = { userId: '555254239107', roleProfileId: '555254240100' };
    expect(claimsOf(gpConnectJwt({ ...asker, sds }, practice, own, 0))).toMatchObject({
      requesting_practitioner: {
        identifier: [
          { system: 'https://fhir.nhs.uk/Id/sds-user-id', value: '555254239107' },
          { system: 'https://fhir.nhs.uk/Id/sds-role-profile-id', value: '555254240100' },
          { value: 'dr-1' },
          { value: 'R8000' },
        ],
      },
    });
  });
});
