import { system } from '../../../src/fhir/systems.ts';
import type { Asker } from '../answer.ts';

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * The unsigned JWT by which GP Connect is told on whose behalf it is asked (cross-organisation audit and provenance):
 * the real user, role and organisation, never a system user. Valid for five minutes from `nowSeconds`.
 * @param audience the practice's base URL
 * @param issuer our own base URL
 */
export function gpConnectJwt(asker: Asker, audience: string, issuer: string, nowSeconds: number): string {
  const { userName, userId, organisation, role, registration, sds } = asker;
  const [family = userName, ...given] = userName.trim().split(/\s+/).toReversed();
  const claims = {
    iss: issuer,
    sub: userId,
    aud: audience,
    exp: nowSeconds + 300,
    iat: nowSeconds,
    reason_for_request: 'directcare',
    requested_scope: 'patient/*.read',
    requesting_device: {
      resourceType: 'Device',
      identifier: [{ system: issuer, value: 'one-health-and-care' }],
      model: 'One Health and Care',
      version: '1',
    },
    requesting_organization: {
      resourceType: 'Organization',
      identifier: [{ system: system.odsOrganisation, value: organisation.ods }],
      name: organisation.name,
    },
    requesting_practitioner: {
      resourceType: 'Practitioner',
      id: userId,
      identifier: [
        { system: system.sdsUser, value: sds?.userId ?? 'UNK' },
        { system: system.sdsRoleProfile, value: sds?.roleProfileId ?? 'UNK' },
        { system: `${issuer}/user`, value: userId },
        ...(registration === undefined
          ? []
          : [
              {
                system: `https://fhir.hl7.org.uk/Id/${registration.body.toLowerCase()}-number`,
                value: registration.number,
              },
            ]),
      ],
      name: [{ family, ...(given.length === 0 ? {} : { given: given.toReversed() }) }],
      practitionerRole: [
        {
          role: {
            coding: [
              {
                system: system.sdsJobRole,
                code: role.code,
                display: role.title,
              },
            ],
          },
        },
      ],
    },
  };
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`;
}
