import { object, objects, text, type JsonObject } from '../../../src/fhir/json.ts';
import { isResource, type Resource } from '../../../src/fhir/resource.ts';
import { allergyIntolerance } from './allergy-intolerance.ts';

/**
 * GP Connect's lists, their warning codes and empty reasons as they are. The list of ended allergies carries its
 * allergies inside: each becomes an AllergyIntolerance of its own, resolved unless it says otherwise.
 * @param place the list's id, or what stands for it
 */
export function list(from: Resource, place: string): readonly Resource[] {
  const inside = objects(from['contained']);
  const ended = inside.filter((one) => isResource(one) && one.resourceType === 'AllergyIntolerance');
  if (ended.length === 0) return [from];
  const idOf = (one: JsonObject): string => `${place}.${text(one['id']) ?? String(ended.indexOf(one))}`;
  const ids = new Map(ended.map((one) => [`#${text(one['id']) ?? ''}`, idOf(one)]));
  const rest = inside.filter((one) => !ended.includes(one));
  const { contained: _, entry, ...others } = from;
  const into: Resource = {
    ...others,
    resourceType: 'List',
    ...(rest.length === 0 ? {} : { contained: rest }),
    ...(entry === undefined
      ? {}
      : {
          entry: objects(entry).map((one) => {
            const item = object(one['item']);
            const id = ids.get(text(item?.['reference']) ?? '');
            return id === undefined ? one : { ...one, item: { ...item, reference: `AllergyIntolerance/${id}` } };
          }),
        }),
  };
  const resolved = {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'resolved' }],
  };
  return [
    into,
    ...ended.map((one) => ({
      ...(one['verificationStatus'] === 'entered-in-error' ? {} : { clinicalStatus: resolved }),
      ...allergyIntolerance({ ...one, resourceType: 'AllergyIntolerance', id: idOf(one) }),
    })),
  ];
}
