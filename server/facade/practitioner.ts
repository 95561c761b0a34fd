import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { LaunchContext } from '../launch/context.ts';

/** The systems in which the professional bodies number their registrants. */
const registers: Readonly<Record<string, string>> = {
  GMC: 'https://fhir.hl7.org.uk/Id/gmc-number',
  NMC: 'https://fhir.hl7.org.uk/Id/nmc-number',
  HCPC: 'https://fhir.hl7.org.uk/Id/hcpc-number',
  GPhC: 'https://fhir.hl7.org.uk/Id/gphc-number',
};

/** The user of a launch as `fhirUser` points at them. */
export function practitionerOf({ user, organisation }: LaunchContext, id: string): Resource {
  const register = user.registration === undefined ? undefined : registers[user.registration.body];
  return {
    resourceType: 'Practitioner',
    id,
    meta: { tag: [{ system: system.odsOrganisation, code: organisation.ods, display: organisation.name }] },
    ...(register === undefined ? {} : { identifier: [{ system: register, value: user.registration?.number }] }),
    name: [{ text: user.name }],
  };
}
