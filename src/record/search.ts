import { parseDate, formatDate, spokenDate, type FhirDate } from '../fhir/date.ts';
import { isObject, text } from '../fhir/json.ts';
import type { Entry } from './fact.ts';
import { targetOf } from './library.ts';
import type { Group, SearchAnswer, SearchHit, SectionId } from './record.ts';

/** Where a group stands for a search: its own section alone, so that each is found once. */
export type Findable = { readonly section: SectionId; readonly group: Group };

type Placed = {
  readonly all: readonly Findable[];
  /** By entry: the number of its group in `all`, or -1. */
  readonly places: Int32Array;
  /** By entry: 1 where others are found by what it says. */
  readonly leanedOn: Uint8Array;
};

/** What is no word of the record: how it is put together, and bytes. */
const notWords = new Set(['resourceType', 'id', 'meta', 'system', 'url', 'profile', 'data', 'contentType']);
const dateLike = /^\d{4}-\d{2}(-\d{2}(T|$)|$)/;
const hintLength = 90;

/** How words are compared: case, accents and kinds of space apart. */
export function folded(value: string): string {
  const lower = value.toLowerCase();
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize('NFKD').replaceAll(/\p{M}/gu, '');
}

/** The words of a query, each to be found. `3/4/2026` and `3-Apr-2026` are written as the dates of the record are. */
function wordsOf(query: string): readonly string[] {
  const padded = query
    .replaceAll(/(?<!\d)(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?!\d)/g, (_all, day: string, month: string, year: string) =>
      [day.padStart(2, '0'), month.padStart(2, '0'), year].join('/'),
    )
    .replaceAll(/(?<!\d)(\d)-([a-z]{3})-(\d{4})/gi, '0$1-$2-$3');
  return [...new Set(folded(padded).split(/\s+/).filter(Boolean))];
}

/** A date in every writing in which someone may look for it. */
function writings(date: FhirDate): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const { year, month, day, precision } = date;
  const numbers = precision === 'month' ? `${two(month)}/${year}` : `${two(day)}/${two(month)}/${year}`;
  return `${formatDate(date)} ${spokenDate(date)} ${numbers}`;
}

/** The day that a date of the record means in London, as it is remembered: only late in the evening is it another. */
function dayIn(value: string): FhirDate | undefined {
  const sameDay = value.length <= 10 || (value.endsWith('Z') && value.slice(11, 13) !== '23');
  return parseDate(sameDay ? value.slice(0, 10) : value);
}

function hint(said: string, word: string): string {
  const plain = said.replaceAll(/\s+/g, ' ');
  const at = folded(plain).indexOf(word);
  if (plain.length <= hintLength || at < 0) return plain.slice(0, hintLength);
  const from = Math.max(0, at - Math.floor(hintLength / 3));
  const end = Math.min(plain.length, from + hintLength);
  return `${from > 0 ? '…' : ''}${plain.slice(from, end)}${end < plain.length ? '…' : ''}`;
}

/**
 * Everything that arrived, by its words: texts, codes, every coding's display, dates. Each text is kept once, however
 * often it is said, so that a search looks through what is distinct. What is found in a resource that others lean on (a
 * Medication, a Practitioner) is found for those too.
 */
export class SearchIndex {
  private readonly queue: Entry[] = [];
  private readonly entries: Entry[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly said: string[] = [];
  /** By text: the numbers of the entries that say it. */
  private readonly sayers: number[][] = [];
  /** By `Type/id`: the numbers of the entries that name it. */
  private readonly askers = new Map<string, number[]>();
  private last: Placed | undefined;
  private readonly rows = new WeakMap<Group, string>();
  /** What each word of the last query was found in; a longer word is looked for in there alone. */
  private found = new Map<string, readonly number[]>();

  /** Takes a resource; it is read when there is time, at the latest with the next search. */
  add(entry: Entry): void {
    this.queue.push(entry);
  }

  /** Reads up to so many resources. @returns false where there is nothing left to read */
  read(most = Number.POSITIVE_INFINITY): boolean {
    for (let left = most; left > 0; left -= 1) {
      const entry = this.queue.pop();
      if (entry === undefined) return false;
      this.found = new Map();
      const number = this.entries.push(entry) - 1;
      this.walk(entry.resource, number, 0);
    }
    return this.queue.length > 0;
  }

  private walk(value: unknown, number: number, depth: number): void {
    if (typeof value === 'string') return this.say(value, number);
    if (typeof value === 'number') return this.say(String(value), number);
    if (depth > 60) return;
    if (Array.isArray(value)) for (const one of value) this.walk(one, number, depth + 1);
    else if (isObject(value))
      for (const key in value) {
        const inner = value[key];
        if (key === 'reference' && typeof inner === 'string') this.name(inner, number);
        else if (key === 'div' && typeof inner === 'string') this.say(inner.replaceAll(/<[^>]*>/g, ' '), number);
        else if (!notWords.has(key)) this.walk(inner, number, depth + 1);
      }
  }

  private say(value: string, number: number): void {
    const date = dateLike.test(value) ? dayIn(value) : undefined;
    const known = date === undefined ? value : `${date.precision}${date.instant}`;
    const at = this.numbers.get(known);
    if (at === undefined) {
      const words = date === undefined ? value : writings(date);
      this.numbers.set(known, this.texts.length);
      this.texts.push(date === undefined ? folded(words) : `${folded(words)} ${value.slice(0, 10)}`);
      this.said.push(words);
      this.sayers.push([number]);
      return;
    }
    const sayers = this.sayers[at];
    if (sayers !== undefined && sayers.at(-1) !== number) sayers.push(number);
  }

  private name(reference: string, number: number): void {
    const target = targetOf(reference);
    if (target === undefined || target.startsWith('Patient/')) return;
    const askers = this.askers.get(target);
    if (askers === undefined) this.askers.set(target, [number]);
    else if (askers.at(-1) !== number) askers.push(number);
  }

  private rowOf(group: Group): string {
    const known = this.rows.get(group);
    if (known !== undefined) return known;
    const { row } = group;
    const words = folded(
      [row.title, row.status, row.value?.text, row.value?.unit, row.detail, row.person?.role, row.dateText]
        .concat(row.chips.flatMap((chip) => [chip.label, chip.organisation.name]))
        .filter((part) => part !== undefined)
        .join(' '),
    );
    this.rows.set(group, words);
    return words;
  }

  /** The texts that hold a word. */
  private holding(word: string): readonly number[] {
    const within = [...this.found].find(([known]) => word.includes(known))?.[1];
    const found: number[] = [];
    if (within === undefined) {
      for (let at = 0; at < this.texts.length; at += 1) if (this.texts[at]?.includes(word) === true) found.push(at);
    } else for (const at of within) if (this.texts[at]?.includes(word) === true) found.push(at);
    return found;
  }

  /** Where each entry stands in the groups, worked out once for each snapshot and not at every key. */
  private placed(all: readonly Findable[], place: (entry: Entry) => number | undefined): Placed {
    if (this.last?.all !== all || this.last.places.length !== this.entries.length)
      this.last = {
        all,
        places: Int32Array.from(this.entries, (entry) => place(entry) ?? -1),
        leanedOn: Uint8Array.from(this.entries, ({ fact }) =>
          fact?.section === 'about' || fact?.section === 'people' ? 1 : 0,
        ),
      };
    return this.last;
  }

  /**
   * The groups in which every word of the query is said, by any member, anywhere; in the order given.
   * @param place the number of an entry's group in `all`
   */
  search(query: string, all: readonly Findable[], place: (entry: Entry) => number | undefined): SearchAnswer {
    const words = wordsOf(query);
    if (words.length === 0) return { query, total: 0, sections: [] };
    this.read();
    const { places, leanedOn } = this.placed(all, place);
    const hits = new Uint8Array(all.length);
    const whys = words.map(() => new Int32Array(all.length).fill(-1));
    const held = new Map<string, readonly number[]>();
    words.forEach((word, index) => {
      const why = whys[index] ?? new Int32Array();
      const hit = (number: number, at: number): void => {
        const group = places[number] ?? -1;
        if (group < 0 || hits[group] !== index) return;
        hits[group] = index + 1;
        why[group] = at;
      };
      all.forEach(({ group }, at) => {
        if (hits[at] === index && this.rowOf(group).includes(word)) hits[at] = index + 1;
      });
      const holding = this.holding(word);
      held.set(word, holding);
      for (const at of holding)
        for (const number of this.sayers[at] ?? []) {
          hit(number, at);
          if (leanedOn[number] !== 1) continue;
          const resource = this.entries[number]?.resource;
          const target = `${resource?.resourceType ?? ''}/${text(resource?.['id']) ?? ''}`;
          for (const asker of this.askers.get(target) ?? []) hit(asker, at);
        }
    });
    this.found = held;
    const sections = new Map<SectionId, SearchHit[]>();
    let total = 0;
    all.forEach(({ section, group }, at) => {
      const [member] = group.members;
      if (hits[at] !== words.length || member === undefined) return;
      total += 1;
      const index = whys.findIndex((one) => (one[at] ?? -1) >= 0);
      const why = index < 0 ? undefined : hint(this.said[whys[index]?.[at] ?? -1] ?? '', words[index] ?? '');
      const found = { id: member.id, ...(why === undefined ? {} : { why }) };
      const own = sections.get(section);
      if (own === undefined) sections.set(section, [found]);
      else own.push(found);
    });
    return { query, total, sections: [...sections].map(([section, found]) => ({ section, hits: found })) };
  }
}
