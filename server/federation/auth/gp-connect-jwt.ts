import { lookup } from '../../../src/fhir/json.ts';
import { bodies } from '../../../src/fhir/registration-body.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Asker } from '../answer.ts';

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const titles = new Set(['dr', 'mr', 'mrs', 'ms', 'miss', 'mx', 'prof', 'professor', 'sir', 'dame', 'sister', 'rev']);

/** A name in one line as a HumanName: titles before it, its last word the family name. */
function humanName(name: string): object {
  const words = name.trim().split(/\s+/);
  const first = words.findIndex((word) => !titles.has(word.toLowerCase().replace(/\.$/, '')));
  const named = first < 0 ? words : words.slice(first);
  const prefix = first < 0 ? [] : words.slice(0, first);
  const given = named.slice(0, -1);
  return {
    family: named.at(-1) ?? name,
    ...(given.length === 0 ? {} : { given }),
    ...(prefix.length === 0 ? {} : { prefix }),
  };
}

/**
 * The unsigned JWT by which GP Connect is told on whose behalf it is asked (cross-organisation audit and provenance):
 * the real user, role and organisation, never a system user. Valid for five minutes from `nowSeconds`.
 * @param audience the practice's base URL
 * @param issuer our own base URL
 */
export function gpConnectJwt(asker: Asker, audience: string, issuer: string, nowSeconds: number): string {
  const { userName, userId, organisation, role, registration, sds } = asker;
  const body = lookup(bodies, registration?.body);
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
        // `UNK` is what GP Connect wants where the user did not sign in nationally.
        { system: system.sdsUser, value: sds?.userId ?? 'UNK' },
        { system: system.sdsRoleProfile, value: sds?.roleProfileId ?? 'UNK' },
        { system: `${issuer}/user`, value: userId },
        // STU3's Practitioner has no member for a role: it stands as the user's role identifier.
        { system: system.sdsJobRole, value: role.code, type: { text: role.title } },
        ...(registration === undefined || body === undefined
          ? []
          : [{ system: body.system, value: registration.number }]),
      ],
      name: [humanName(userName)],
    },
  };
  return `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`;
}
