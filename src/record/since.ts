import { parseDate, type FhirDate } from '../fhir/date.ts';
import { object, text } from '../fhir/json.ts';
import type { Fact } from './fact.ts';
import type { Tag } from './record.ts';
import { words } from './words.ts';

/** When something was written down, the likeliest member first. */
const written = ['recordedDate', 'issued', 'authoredOn', 'dateAsserted', 'assertedDate', 'created', 'sent', 'date'];
const [minuteMs, dayMs] = [60_000, 86_400_000];

/** The last millisecond that a date may mean; undefined where it is no whole day. */
function latestOf(date: FhirDate | undefined): number | undefined {
  if (date === undefined || date.precision === 'year' || date.precision === 'month') return undefined;
  return date.precision === 'day' ? date.instant + dayMs - 1 : date.instant;
}

/**
 * Whether a record came or was changed since the user last looked: by when its source says that it was last updated; else
 * by when it was written down; else by its own date, where that is past. What has none of these is not marked.
 * @param since when the user last looked, ms since 1970
 * @param now when the record was asked for: what a source stamps as it answers says nothing
 */
export function newSince({ entry, when }: Fact, since: number, now: number): Tag | undefined {
  const { resource } = entry;
  const own = latestOf(when.date);
  const stamped = Date.parse(text(object(resource['meta'])?.['lastUpdated']) ?? '');
  const updated = Number.isNaN(stamped) || stamped > now - minuteMs ? undefined : stamped;
  const noted = written.map((member) => latestOf(parseDate(resource[member]))).find((one) => one !== undefined);
  // What is to come was planned at some time that nobody says.
  const past = own !== undefined && own < now + dayMs ? own : undefined;
  const at = updated ?? noted ?? past;
  if (at === undefined || at < since) return undefined;
  return { kind: 'new', words: past !== undefined && past >= since ? words.isNew : words.newOrChanged };
}
