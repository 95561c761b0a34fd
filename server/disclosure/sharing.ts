import type { SourceAnswer } from '../federation/answer.ts';
import { statusWords } from '../federation/words.ts';
import type { House } from './house.ts';

/**
 * An answer as it may be released at this moment: of a source or practice that has stopped sharing since it was asked,
 * nothing. All else of a request under way goes by the configuration with which it began.
 */
export function sharedNow(house: Pick<House, 'isShared'>, answer: SourceAnswer): SourceAnswer {
  const hasRecord = answer.status === 'complete' || answer.status === 'partial';
  if (!hasRecord || house.isShared(answer)) return answer;
  const { dataAsOf: _dataAsOf, ...rest } = answer;
  return { ...rest, status: 'not-sharing', text: statusWords['not-sharing'], resources: [], contacts: [] };
}
