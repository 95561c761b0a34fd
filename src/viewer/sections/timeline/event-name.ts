import { formatDate } from '../../../fhir/date.ts';
import type { TimelineEvent } from '../../../record/timeline.ts';
import { inSentence } from '../../../record/words.ts';
import { timeline } from '../../words.ts';

const dayLength = 86_400_000;

/** When an event was: `06-Nov-2026 to 11-Nov-2026`, `from 13-Jan-2026, goes on`, `some time in 2019`. */
export function whenOf({ group, goesOn, vague }: TimelineEvent): string {
  const { event, date, dateText } = group.row;
  const start = event?.start ?? date;
  if (start === undefined) return dateText;
  const [from, to] = [formatDate(start), event?.end === undefined ? undefined : formatDate(event.end)];
  if (to !== undefined && to !== from) return timeline.period(from, to);
  if (goesOn) return `${from}, ${timeline.goesOn}`;
  return vague ? timeline.vague(from) : from;
}

/** How many nights a stay was, where both its days are known. */
export function nightsOf({ group, lane }: TimelineEvent): string | undefined {
  const { start, end } = group.row.event ?? {};
  if (lane !== 'stays' || start === undefined || end === undefined) return undefined;
  const midnight = ({ year, month, day }: typeof start): number => Date.UTC(year, month - 1, day);
  const nights = Math.round((midnight(end) - midnight(start)) / dayLength);
  return nights > 0 ? timeline.nights(nights) : undefined;
}

/** What an event's button is called: `Hospital stay, cardiology, 06-Nov-2026 to 11-Nov-2026, UHNM`. */
export function nameOf(event: TimelineEvent): string {
  const { row } = event.group;
  const what = row.event?.specialty;
  return [
    row.title,
    what === undefined || row.title.toLowerCase().includes(what.toLowerCase()) ? undefined : inSentence(what),
    whenOf(event),
    ...row.chips.map((chip) => chip.label),
  ]
    .filter((one) => one !== undefined)
    .join(', ');
}

/** The label beside a mark, as short as it can be without cutting: the title alone. */
export function labelOf(event: TimelineEvent): string {
  const nights = nightsOf(event);
  return nights === undefined ? event.group.row.title : `${event.group.row.title}, ${nights}`;
}
