import type { Category } from '../config/schema.ts';

/** Goes up when the same terms would be found otherwise than before: what was decided on documents is then decided anew. */
export const wordRules = '2';

/** The words of one category, as `exclusions.json` has them. */
export type WordList = Pick<Category, 'terms' | 'termsAsWritten' | 'benign'>;

/** What stands between the words of a phrase, and may stand, or nothing, where a term has a hyphen. */
const gap = String.raw`[\s\-\u2010-\u2015_/(]`;
const end = String.raw`(?![\p{L}\p{N}])`;
const isAbbreviation = (word: string): boolean => /^[A-Z]{3,6}$/.test(word);

/** Which UTF-16 units are part of a word. */
const inWord = Uint8Array.from({ length: 0x1_00_00 }, (_, unit) =>
  /[\p{L}\p{N}]/u.test(String.fromCharCode(unit)) ? 1 : 0,
);

function wordPattern(word: string): string {
  // The letters of an abbreviation may stand apart (H.I.V., H I V).
  if (isAbbreviation(word)) return [...word].join(String.raw`\.?[ \u00a0]?`);
  return word
    .replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)
    .replaceAll(/oe|ae/gi, (pair) => `${pair.charAt(0)}?${pair.charAt(1)}`)
    .replace(/i[sz](?=(?:ation|ations|e|ed|es|ing)$)/i, 'i[sz]')
    .replaceAll('-', `${gap}*`);
}

function endingPattern(last: string): string {
  if (isAbbreviation(last)) return String.raw`(?:\.?(?:['’]?s|[\s-]?\d{1,2}))?`;
  return "(?:['’]?s)?";
}

function phrasePattern(phrase: string): string {
  const words = phrase.split(/\s+/).filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  const pattern = words.map(wordPattern).join(`${gap}+`);
  return /[^aeiou]y$/.test(last) ? `${pattern.slice(0, -1)}(?:y|ies)` : pattern + endingPattern(last);
}

/** The longest first: a term that is within another is found as the other. */
function anyOf(phrases: readonly string[], flags: string): RegExp {
  const longestFirst = [...new Set(phrases)].toSorted((a, b) => b.length - a.length);
  return new RegExp(`(?:${longestFirst.map(phrasePattern).join('|')})${end}`, `${flags}y`);
}

/** A letter without its case, as a number below 32; other characters fall among the letters, which costs a look. */
const folded = (unit: number): number => unit & 31;
const slotOf = (first: number, second: number, third: number): number =>
  (folded(first) << 10) | (folded(second) << 5) | folded(third);
const slotAt = (text: string, at: number): number =>
  slotOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));
const anything = Array.from({ length: 32 }, (_, unit) => unit);

/** The slots of whatever a phrase may begin with, by its first three characters. */
function slotsOf(phrase: string): readonly number[] {
  const first = phrase.split(/\s/)[0] ?? '';
  const letters = isAbbreviation(first)
    ? [first, ...['.', ' ', '. ', '\u00a0', '.\u00a0'].map((apart) => [...first].join(apart))]
    : [phrase, phrase.replaceAll(/[oa](?=e)/gi, ''), phrase.replaceAll('-', '')];
  return letters.flatMap((written) => {
    // What stands for a space or a hyphen is one of many.
    const [one = [], two = [], three = []] = [0, 1, 2].map((at) =>
      /[\p{L}\p{N}.]/u.test(written.charAt(at)) ? [written.charCodeAt(at)] : anything,
    );
    return one.flatMap((a) => two.flatMap((b) => three.map((c) => slotOf(a, b, c))));
  });
}

type Phrases = {
  /** The slots in which one of them begins. */
  readonly slots: Iterable<number>;
  /** Where the one that begins at a place of a text, in this slot, ends; -1 for none. The longest counts. */
  readonly endOf: (text: string, at: number, slot: number) => number;
};

/** Phrases by the slot of their first letters: where a word begins otherwise, none of them is tried. */
function phrasesIn(phrases: readonly string[], flags: string): Phrases {
  const bySlot = new Map<number, string[]>();
  for (const phrase of phrases) {
    for (const slot of new Set(slotsOf(phrase))) {
      const known = bySlot.get(slot);
      if (known === undefined) bySlot.set(slot, [phrase]);
      else known.push(phrase);
    }
  }
  const patterns = new Map<string, RegExp>();
  const ofSlot = new Map<number, RegExp>();
  for (const [slot, some] of bySlot) {
    const key = some.join('\n');
    const pattern = patterns.get(key) ?? anyOf(some, flags);
    patterns.set(key, pattern);
    ofSlot.set(slot, pattern);
  }
  return {
    slots: ofSlot.keys(),
    endOf: (text, at, slot) => {
      const pattern = ofSlot.get(slot);
      if (pattern === undefined) return -1;
      pattern.lastIndex = at;
      return pattern.test(text) ? pattern.lastIndex : -1;
    },
  };
}

function beginsWord(text: string, at: number): boolean {
  return inWord[text.charCodeAt(at)] === 1 && (at === 0 || inWord[text.charCodeAt(at - 1)] !== 1);
}

/** A text without what cannot be seen, and with its letters in one form. */
export function plain(text: string): string {
  return /^\p{ASCII}*$/u.test(text)
    ? text
    : text.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
}

/**
 * Makes the test whether a text holds a term of one of the lists: as whole words, with a plural ending, British or
 * American, with hyphens or spaces between, in any case; `termsAsWritten` in their own letters alone ("AIDS", not "aids").
 * A term within a `benign` phrase, of whichever list, is none there: it must lie in the phrase whole, so that
 * "termination of" excuses a "termination", and never a "termination of pregnancy".
 *
 * One pass over the text: only where a word begins with the first three letters of a term is it looked at closer.
 */
export function createWordTest(lists: readonly WordList[]): (text: string) => boolean {
  const terms = phrasesIn(
    lists.flatMap((list) => list.terms),
    'iu',
  );
  const asWritten = phrasesIn(
    lists.flatMap((list) => list.termsAsWritten),
    'u',
  );
  const benign = phrasesIn(
    lists.flatMap((list) => list.benign),
    'iu',
  );
  const begins = new Uint8Array(1 << 15);
  for (const slot of [...terms.slots, ...asWritten.slots]) begins[slot] = 1;
  const mostWords = Math.max(0, ...lists.flatMap((list) => list.benign.map((one) => one.split(/[\s-]+/).length)));

  /** True where the term that stands from `start` to `until` lies in a benign phrase that begins there or some words before. */
  const isExcused = (text: string, start: number, until: number): boolean => {
    let words = mostWords;
    for (let at = start; at >= 0 && words > 0; at -= 1) {
      if (!beginsWord(text, at)) continue;
      words -= 1;
      if (benign.endOf(text, at, slotAt(text, at)) >= until) return true;
    }
    return false;
  };

  return (text) => {
    const read = plain(text);
    for (let at = 0; at < read.length; at += 1) {
      if (inWord[read.charCodeAt(at)] !== 1) continue;
      const slot = slotAt(read, at);
      if (begins[slot] === 1) {
        const until = Math.max(terms.endOf(read, at, slot), asWritten.endOf(read, at, slot));
        if (until > 0 && !isExcused(read, at, until)) return true;
      }
      // To the end of the word, in a loop of its own: twice as fast on a text that is long.
      do at += 1;
      while (at < read.length && inWord[read.charCodeAt(at)] === 1);
    }
    return false;
  };
}
