import { dayOf, parseDate } from '../../fhir/date.ts';
import type { Notice } from '../../fhir/region.ts';
import type { SectionId } from '../../record/record.ts';

/** Sections that sum up the others: what is said of any of them is said there. */
const summing: ReadonlySet<SectionId> = new Set(['overview', 'timeline', 'about']);

/**
 * The region's notices that stand on the day of `now` (ms since 1970; days are London's) and are about one of these
 * sections or about the whole record, in the region's order.
 */
export function noticesOn(notices: readonly Notice[], now: number, sections: readonly SectionId[]): readonly Notice[] {
  const today = dayOf(now).instant;
  const all = sections.some((one) => summing.has(one));
  return notices.filter(({ section, from, until }) => {
    const [first, last] = [parseDate(from)?.instant ?? today, parseDate(until)?.instant ?? today];
    return first <= today && today <= last && (all || section === undefined || sections.includes(section));
  });
}
