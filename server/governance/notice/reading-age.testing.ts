import { Window } from 'happy-dom';

/**
 * The syllables of an English word, counted by its groups of vowels: a silent e or -ed at the end is none, and a y at the
 * start is no vowel. Right for about nine words in ten, and too many rather than too few for most others.
 */
export function syllablesOf(word: string): number {
  const letters = word.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (letters.length <= 3) return 1;
  const spoken = letters.replace(/(?:[^laeiouy]es|[^tdaeiouy]ed|[^laeiouy]e)$/, '').replace(/^y/, '');
  return spoken.match(/[aeiouy]{1,2}/g)?.length ?? 1;
}

/** The sentences of the prose of a page, each as its words; what is marked `set` are names and law, and is no prose. */
export function sentencesOf(markup: string): readonly (readonly string[])[] {
  const { document } = new Window();
  document.write(markup);
  for (const set of document.querySelectorAll('.set, header')) set.remove();
  return (
    [...document.querySelectorAll('p, li')]
      .map((block) => block.textContent.replaceAll(/\s+/g, ' ').trim())
      // What is no whole sentence, such as a line of a list, would make a page look easier than it is.
      .filter((text) => /[.?!]$/.test(text))
      .flatMap((text) => text.split(/(?<=[.?!])\s+(?=[A-Z])/))
      .map((sentence) => sentence.split(/\s+/).filter((word) => /[a-z]/i.test(word)))
  );
}

/**
 * The age at which most people can read a text: the grade of Flesch and Kincaid (Kincaid, Fishburne, Rogers, Chissom:
 * "Derivation of New Readability Formulas", Naval Technical Training Command, 1975), and five years.
 */
export function readingAge(sentences: readonly (readonly string[])[]): number {
  const words = sentences.flat();
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0);
  const grade = 0.39 * (words.length / sentences.length) + 11.8 * (syllables / words.length) - 15.59;
  return grade + 5;
}
