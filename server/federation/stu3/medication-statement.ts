import type { Resource } from '../../../src/fhir/resource.ts';
import { dosage, each, kept, translateAs } from './element.ts';

/**
 * MedicationStatement: `taken` = `n` is a status in R4, and kept as it is beside it like any other value; what was entered
 * in error stays so (H6).
 */
export function medicationStatement(from: Resource): Resource {
  const notTaken = from['taken'] === 'n' && from['status'] !== 'entered-in-error';
  return translateAs('MedicationStatement', from, {
    status: (status) => (notTaken ? { status: 'not-taken', ...kept('status', status) } : { status }),
    taken: (taken) => kept('taken', taken),
    reasonNotTaken: 'statusReason',
    dosage: each('dosage', dosage),
  });
}
