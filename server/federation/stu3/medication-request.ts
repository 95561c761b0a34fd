import { object } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { context, dosage, each, keep, listed, requester, translate, translateAs } from './element.ts';

/** MedicationRequest: GP Connect's plan (the authorisation) and order (each issue) keep their `intent`. */
export function medicationRequest(from: Resource): Resource {
  return {
    // 1..1 in R4.
    status: 'unknown',
    ...translateAs('MedicationRequest', from, {
      definition: keep('definition'),
      category: listed('category'),
      context,
      requester,
      dosageInstruction: each('dosageInstruction', dosage),
      substitution: (value) => ({ substitution: translate(object(value) ?? {}, { allowed: 'allowedBoolean' }) }),
    }),
  };
}
