import type { Resource } from '../../../src/fhir/resource.ts';
import { each, listed, translate, translateAs } from './element.ts';

/** Encounter: a consultation at the practice. GP Connect gives no class, R4 wants one: unknown. */
export function encounter(from: Resource): Resource {
  return {
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK', display: 'unknown' },
    ...translateAs('Encounter', from, {
      reason: 'reasonCode',
      incomingReferral: 'basedOn',
      appointment: listed('appointment'),
      diagnosis: each('diagnosis', (one) => translate(one, { role: 'use' })),
    }),
  };
}
