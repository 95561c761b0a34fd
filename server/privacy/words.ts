/** Goes up when the same terms would be found otherwise than before: what was decided on documents is then decided anew. */
export const wordRules = '1';

/** Abbreviations that are also everyday English words: a sign in capitals only. */
const everyday: ReadonlyMap<string, readonly string[]> = new Map([
  ['AIDS', ['HEARING', 'WALKING', 'MOBILITY', 'VISUAL', 'VISION', 'COMMUNICATION', 'BATHING', 'MEMORY', 'TEACHING']],
  ['TOP', []],
  ['GUM', []],
  ['ART', []],
]);

const between = String.raw`[\s\-\u2010-\u2015_/]+`;
const start = String.raw`(?<![\p{L}\p{N}])`;
const end = String.raw`(?![\p{L}\p{N}])`;

function wordPattern(word: string): string {
  const literal = word.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  // Letters of an abbreviation may stand apart (H.I.V.); verbs are written with s or z.
  if (/^[A-Z]{2,6}$/.test(word)) return [...word].join(String.raw`\.?`);
  return literal.replace(/i[sz](?=(?:ation|ations|e|ed|es|ing)$)/i, 'i[sz]');
}

function termPattern(term: string): string {
  const words = term.split(/[\s-]+/).filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  const ending = /^[A-Z]{2,6}$/.test(last) ? String.raw`\.?(?:s|[\s-]?\d{1,2})?` : "(?:['’]?s)?";
  return words.map(wordPattern).join(between) + ending;
}

function anyOf(terms: readonly string[], flags: string, pattern: (term: string) => string): RegExp | undefined {
  return terms.length === 0 ? undefined : new RegExp(`${start}(?:${terms.map(pattern).join('|')})${end}`, flags);
}

/**
 * Makes the test whether a text holds one of the terms: as whole words, with a plural ending, British or American,
 * with hyphens or spaces between, in any case. An abbreviation that is also an everyday word counts in capitals only
 * ("AIDS", not "hearing aids").
 */
export function createWordTest(terms: readonly string[]): (text: string) => boolean {
  const distinct = [...new Set(terms)];
  const insensitive = anyOf(
    distinct.filter((term) => !everyday.has(term)),
    'iu',
    termPattern,
  );
  const capitals = anyOf(
    distinct.filter((term) => everyday.has(term)),
    'u',
    (term) => `${(everyday.get(term) ?? []).map((word) => `(?<!${word}[ -])`).join('')}${termPattern(term)}`,
  );
  return (text) => {
    const plain = /^\p{ASCII}*$/u.test(text)
      ? text
      : text.normalize('NFKC').replaceAll(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, '');
    return (insensitive?.test(plain) ?? false) || (capitals?.test(plain) ?? false);
  };
}
