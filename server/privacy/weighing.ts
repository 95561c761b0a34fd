import { refusal } from './objection-refusal.ts';
import type { Objection } from './objection.ts';

/**
 * What whoever decides has weighed besides the reason, where somebody else asks for the person: of a child their age and
 * maturity, of a representative their authority.
 * @throws {Fault} `objection-refused` where it is missing, or where there is nothing to weigh
 */
export function weighedFor(requester: Objection['requester'], weighed: string | undefined): string | undefined {
  const said = weighed?.trim() ?? '';
  if (requester === 'person') {
    if (said !== '') throw refusal('weigh-nothing');
    return undefined;
  }
  if (said === '') throw refusal(requester === 'guardian' ? 'weigh-child' : 'weigh-authority');
  return said;
}
