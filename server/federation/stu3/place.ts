import { object } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { keep, listed, translateAs } from './element.ts';

/** Location: its type may repeat in R4. */
export function location(from: Resource): Resource {
  return translateAs('Location', from, { type: listed('type') });
}

/** HealthcareService: eligibility is one group, a programme is a concept in R4. */
export function healthcareService(from: Resource): Resource {
  const { eligibilityNote } = from;
  return translateAs('HealthcareService', from, {
    category: listed('category'),
    eligibility: (value) => ({
      eligibility: [{ code: object(value), ...(eligibilityNote === undefined ? {} : { comment: eligibilityNote }) }],
    }),
    eligibilityNote: (value) => (from['eligibility'] === undefined ? { eligibility: [{ comment: value }] } : {}),
    programName: (value) => ({
      program: (Array.isArray(value) ? value : [value]).map((name: unknown) => ({ text: name })),
    }),
    requirement: keep('requirement'),
  });
}
