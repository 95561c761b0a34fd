import { codingsOf, nameOf } from '../fhir/coding.ts';
import { objects, type JsonObject } from '../fhir/json.ts';
import { anyValue, extensionsOf, joined, whenOf, type When } from './element.ts';
import type { Reader } from './fact.ts';

/** Why something was stopped, when it says so itself, and who stopped it: each only where it is recorded. */
export type Stop = { readonly reason: string | undefined; readonly on: When; readonly by: string | undefined };

/** GP Connect's `MedicationStatusReason`: why, and the day on which the status changed. */
function statusChanges(resource: JsonObject, part: 'statusReason' | 'statusChangeDate'): readonly unknown[] {
  return extensionsOf(resource, 'MedicationStatusReason').flatMap((one) =>
    objects(one['extension'])
      .filter((inner) => inner['url'] === part)
      .map((inner) => anyValue(inner)),
  );
}

const stopping = /\b(abort|cancel|stop|discontinu|nullif)/i;

/**
 * Who stopped it, by the Provenance of that event in its history. Whoever asked for the medicine, or wrote it down, is not
 * who stopped it, and is never named as such.
 */
function stoppedBy(reader: Reader): string | undefined {
  const events = objects(reader.resource['eventHistory']).flatMap((one) => reader.follow(one) ?? []);
  const stops = events.filter(({ activity }) =>
    [nameOf(activity), ...codingsOf(activity).map((one) => one.code)].some((one) => stopping.test(one ?? '')),
  );
  return joined(
    stops.flatMap((one) => objects(one['agent'])).map((agent) => reader.nameOf(agent['who'])),
    ', ',
  );
}

/** What a medicine's resource says of its being stopped. */
export function stopOf(reader: Reader): Stop {
  const { resource } = reader;
  const reasons = [
    ...objects(resource['statusReason']).map(nameOf),
    nameOf(resource['statusReasonCodeableConcept']),
    ...statusChanges(resource, 'statusReason').map(nameOf),
  ];
  return {
    reason: joined(reasons),
    on: whenOf(...statusChanges(resource, 'statusChangeDate')),
    by: stoppedBy(reader),
  };
}
