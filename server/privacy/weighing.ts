import { refusal } from './objection-refusal.ts';
import type { Objection } from './objection.ts';

/**
 * What whoever decides tells of their weighing apart from the reason, where somebody else asks for the person: of a child
 * their age and maturity, of a representative their authority. Where it is not told apart, the reason tells it: no decision
 * is without one.
 * @throws {Fault} `objection-refused` where there is nothing to weigh
 */
export function weighedFor(requester: Objection['requester'], weighed: string | undefined): string | undefined {
  const said = weighed?.trim() ?? '';
  if (said === '') return undefined;
  if (requester === 'person') throw refusal('weigh-nothing');
  return said;
}
