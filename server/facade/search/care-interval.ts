import { codingsOf } from '../../../src/fhir/coding.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { intervalOf, type Interval } from './interval.ts';
import { valuesOf } from './match.ts';
import { parametersOf } from './parameter.ts';

/** The states in which a thing goes on until it says that it has ended. */
const going = new Set(['active', 'on-hold', 'in-progress', 'recurrence', 'relapse']);

function isGoing(resource: Resource): boolean {
  const { status, clinicalStatus } = resource;
  const said = [...(typeof status === 'string' ? [status] : []), ...codingsOf(clinicalStatus).map(({ code }) => code)];
  // An allergy or a problem of which nobody says that it is over stands (H2: better one too many).
  if (said.length === 0) return ['AllergyIntolerance', 'Condition'].includes(resource.resourceType);
  return said.some((one) => one !== undefined && going.has(one));
}

/**
 * The time of the care that a resource tells of (the `start` and `end` of `$everything`): from the first to the last date
 * that it can be searched by, with no end where it goes on. When it was changed does not count. Undefined where it has no
 * date, as places and people have none. Pure.
 */
export function careIntervalOf(resource: Resource): Interval | undefined {
  const said = (parametersOf(resource.resourceType) ?? [])
    .filter(({ kind, name }) => kind === 'date' && name !== '_lastUpdated')
    .flatMap((parameter) => valuesOf(resource, parameter))
    .map(intervalOf)
    .filter((one) => one !== undefined);
  if (said.length === 0) return undefined;
  return {
    from: Math.min(...said.map(({ from }) => from)),
    to: isGoing(resource) ? Infinity : Math.max(...said.map(({ to }) => to)),
  };
}
