import { expect, it } from 'vitest';
import { refusal, type ObjectionRefusal } from './objection-refusal.ts';

const reasons: Readonly<Record<ObjectionRefusal, RegExp>> = {
  identity: /full name, the date of birth and the NHS number/,
  open: /already has an objection/,
  unknown: /no objection with this id/,
  none: /no objection that is open/,
  decided: /no longer waiting for a decision/,
  draft: /no draft/,
  review: /No review/,
  ended: /already ended/,
  raced: /at the same time/,
  said: /who does this and why/,
  adult: /18 or older/,
  'weigh-nothing': /asked for this themselves/,
  'practice-shares': /the practice reverses/,
};

it.each(Object.entries(reasons))('says why, to whoever asked and on the audit trail: %s', (reason, words) => {
  expect(refusal(reason as ObjectionRefusal)).toMatchObject({
    code: 'objection-refused',
    message: expect.stringMatching(words) as string,
    detail: reason,
  });
});
