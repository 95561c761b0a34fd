import { Fault } from '../fault.ts';

/** What the register says when it refuses, by its reason; fit for whoever asked. */
const words = {
  identity:
    'These details were not found together at the demographics service. Check the full name, the date of birth and the NHS number.',
  open: 'This person already has an objection that is open. Decide or withdraw it first.',
  unknown: 'There is no objection with this id.',
  none: 'This person has no objection that is open.',
  decided: 'This objection is no longer waiting for a decision.',
  draft: 'This objection is no draft.',
  review: 'No review of this objection is due.',
  ended: 'This objection has already ended.',
  raced: 'Someone else changed this objection at the same time. Look at it again before you change it.',
  said: 'Say who does this and why.',
  adult:
    'This person is 18 or older, so no parent or guardian objects for them. Somebody with authority to act for them is a representative.',
  'weigh-nothing': 'The person asked for this themselves: there is no age, maturity or authority to weigh.',
  'practice-shares':
    'This person’s practice shares its records here, so the practice reverses the objection. Withdraw it once the practice says so.',
} as const;

/** Why the register refuses. It stands on the audit trail; what is said is fit for whoever asked. */
export type ObjectionRefusal = keyof typeof words;

/** A refusal of the register: a {@link Fault} `objection-refused` with its reason as the detail. */
export function refusal(reason: ObjectionRefusal): Fault {
  return new Fault('objection-refused', words[reason], { detail: reason });
}
