import { objects, text, texts } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';

const titles = new Set(['mr', 'mrs', 'miss', 'ms', 'mx', 'dr', 'prof', 'rev', 'sir', 'dame', 'lord', 'lady', 'master']);

/** The words of a name without case, accents, apostrophes and hyphens. */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKD')
    .replaceAll(/[\p{M}'’.]/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]/u)
    .filter((word) => word !== '');
}

/**
 * True where some whole words at the start make the given name and some at the end, after those, the family name. No words
 * make a name that is empty.
 */
function fits(words: readonly string[], given: string, family: string): boolean {
  const wordCount = (wanted: string, from: readonly string[], join: (taken: readonly string[]) => string): number =>
    from.findIndex((_, index) => join(from.slice(0, index + 1)) === wanted) + 1;
  const atStart = wordCount(given, words, (taken) => taken.join(''));
  const atEnd = wordCount(family, words.toReversed(), (taken) => taken.toReversed().join(''));
  return atStart > 0 && atEnd > 0 && atStart + atEnd <= words.length;
}

/**
 * True where a full name as someone wrote it is the person's: the first given name and the family name of a name in use,
 * whatever the case, spaces, hyphens and accents; a title before and middle names between are let be, and
 * `Family, Given` is read too.
 */
export function isNameOf(written: string, patient: Resource): boolean {
  const [before = '', after] = written.split(',', 2);
  const words = wordsOf(after === undefined ? before : `${after} ${before}`);
  const bare = titles.has(words[0] ?? '') ? words.slice(1) : words;
  return objects(patient['name'])
    .filter((name) => name['use'] !== 'old' && name['use'] !== 'anonymous')
    .some((name) => {
      const given = wordsOf(texts(name['given'])[0] ?? '').join('');
      const family = wordsOf(text(name['family']) ?? '').join('');
      return fits(bare, given, family) || fits(words, given, family);
    });
}
