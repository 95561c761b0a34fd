import { Fault } from '../fault.ts';

/** Why a record is not shown. It stands in the audit trail, and nowhere else: outside, all reasons look the same. */
export type RefusalReason =
  'objection' | 'restricted' | 'unknown-person' | 'birth-date-differs' | 'dissent-at-practice' | 'dissent-at-source';

/** The words for every refusal, whatever its cause (viewer-look.md §10). */
export const refusalWords = "This person's information is not available in One Health and Care";

/** The record is refused. `detail` is the reason, for the audit trail. */
export function refused(reason: RefusalReason): Fault {
  return new Fault('record-refused', refusalWords, { detail: reason });
}
