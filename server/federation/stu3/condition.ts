import type { Resource } from '../../../src/fhir/resource.ts';
import { concept, context, keep, listed, translateAs } from './element.ts';

/** Condition, GP Connect's problem header among them. */
export function condition(from: Resource): Resource {
  return translateAs('Condition', from, {
    clinicalStatus: concept('clinicalStatus', 'http://terminology.hl7.org/CodeSystem/condition-clinical', [
      'active',
      'recurrence',
      'inactive',
      'remission',
      'resolved',
    ]),
    verificationStatus: concept('verificationStatus', 'http://terminology.hl7.org/CodeSystem/condition-ver-status', [
      'provisional',
      'differential',
      'confirmed',
      'refuted',
      'entered-in-error',
    ]),
    assertedDate: 'recordedDate',
    abatementBoolean: keep('abatementBoolean'),
    context,
    stage: listed('stage'),
  });
}
