import { bodies, bodyOf } from '../../src/fhir/registration-body.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { LaunchContext } from '../launch/context.ts';

/** The user of a launch as `fhirUser` points at them. */
export function practitionerOf(
  { user, organisation }: Pick<LaunchContext, 'user' | 'organisation'>,
  id: string,
): Resource {
  const body = bodyOf(user.registration?.body ?? '');
  return {
    resourceType: 'Practitioner',
    id,
    meta: { tag: [{ system: system.odsOrganisation, code: organisation.ods, display: organisation.name }] },
    ...(body === undefined ? {} : { identifier: [{ system: bodies[body].system, value: user.registration?.number }] }),
    name: [{ text: user.name }],
  };
}
