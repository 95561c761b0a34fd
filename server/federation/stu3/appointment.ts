import type { Resource } from '../../../src/fhir/resource.ts';
import { listed, translateAs } from './element.ts';

/** Appointment. */
export function appointment(from: Resource): Resource {
  return translateAs('Appointment', from, {
    reason: 'reasonCode',
    indication: 'reasonReference',
    incomingReferral: 'basedOn',
    serviceCategory: listed('serviceCategory'),
  });
}
