import { expect, it } from 'vitest';
import { weighedFor } from './weighing.ts';

it.each([
  ['guardian', ' Is 13 and understands it ', 'Is 13 and understands it'],
  ['representative', 'Lasting power of attorney, seen', 'Lasting power of attorney, seen'],
  ['guardian', undefined, undefined],
  ['representative', ' ', undefined],
  ['person', undefined, undefined],
  ['person', ' ', undefined],
] as const)('what is weighed where it is asked for by a %s: %j', (requester, weighed, expected) => {
  expect(weighedFor(requester, weighed)).toBe(expected);
});

it('there is nothing to weigh where the person asks', () => {
  expect(() => weighedFor('person', 'x')).toThrow(
    expect.objectContaining({ code: 'objection-refused', detail: 'weigh-nothing' }),
  );
});
