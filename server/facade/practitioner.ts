import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { LaunchContext } from '../launch/context.ts';
import { bodyOf, registerSystems } from '../launch/registration/registration-body.ts';

/** The user of a launch as `fhirUser` points at them. */
export function practitionerOf({ user, organisation }: LaunchContext, id: string): Resource {
  const body = bodyOf(user.registration?.body ?? '');
  const register = body === undefined ? undefined : registerSystems[body];
  return {
    resourceType: 'Practitioner',
    id,
    meta: { tag: [{ system: system.odsOrganisation, code: organisation.ods, display: organisation.name }] },
    ...(register === undefined ? {} : { identifier: [{ system: register, value: user.registration?.number }] }),
    name: [{ text: user.name }],
  };
}
