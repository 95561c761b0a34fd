import { isObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { Case, Thing } from './case.ts';

/** Members without which a resource is another thing, or nobody's. */
const kept: ReadonlySet<string> = new Set(['resourceType', 'id', 'subject', 'patient', 'for', 'individual', 'target']);

function without<Value>(values: readonly Value[], index: number): readonly Value[] {
  return values.filter((_, at) => at !== index);
}

type Cut = (resource: Resource) => Resource;

/** Each way in which a resource can be a little smaller. */
function cutsOf(resource: Resource): readonly Cut[] {
  return Object.keys(resource)
    .filter((member) => !kept.has(member))
    .flatMap((member): readonly Cut[] => {
      const value = resource[member];
      return [
        ({ [member]: _gone, ...rest }) => ({ ...rest, resourceType: resource.resourceType }),
        ...(Array.isArray(value) && value.length > 1
          ? [...value.keys()].map(
              (index): Cut =>
                (one) =>
                  cutWithin(one, member, index),
            )
          : []),
        ...(isObject(value)
          ? Object.keys(value).map(
              (inner): Cut =>
                (one) =>
                  cutWithin(one, member, inner),
            )
          : []),
      ];
    });
}

function cutWithin(resource: Resource, member: string, inner: string | number): Resource {
  const value = resource[member];
  if (Array.isArray(value)) return { ...resource, [member]: without(value as unknown[], Number(inner)) };
  if (!isObject(value)) return resource;
  const { [inner]: _gone, ...left } = value;
  return { ...resource, [member]: left };
}

/** A thing in each way in which it can be smaller: what is expected of it is cut alike. */
function smallerThings(thing: Thing): readonly Thing[] {
  return cutsOf(thing.resource).map((cut) => ({
    ...thing,
    resource: cut(thing.resource),
    expected: thing.expected === undefined ? undefined : cut(thing.expected),
  }));
}

/**
 * The smallest record that still shows what a case shows: resources and members are taken away for as long as it fails.
 * @param fails whether what is left of the case still fails
 */
export async function smallestOf(of: Case, fails: (some: Case) => Promise<boolean>): Promise<Case> {
  let least = of;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    const candidates = [
      ...least.things.map((_, index) => ({ ...least, things: without(least.things, index) })),
      ...least.things.flatMap((thing, index) =>
        smallerThings(thing).map((one) => ({ ...least, things: least.things.with(index, one) })),
      ),
    ];
    for (const candidate of candidates) {
      if (candidate.things.length === 0 || !(await fails(candidate))) continue;
      least = candidate;
      shrunk = true;
      break;
    }
  }
  return least;
}
