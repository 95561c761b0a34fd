import { describe, expect, it } from 'vitest';
import { countIn, patternOf, rangesIn } from './found.ts';

function found(html: string, words: string): readonly string[] {
  const root = document.createElement('div');
  root.innerHTML = html;
  const pattern = patternOf(words);
  return pattern === undefined ? [] : rangesIn(root, pattern).map(String);
}

describe('words in a document', () => {
  it('are found whatever their case, across tags and line ends, each place once', () => {
    expect(found('<p>Stop <b>ramip</b>ril. RAMIPRIL</p>', 'ramipril')).toEqual(['ramipril', 'RAMIPRIL']);
    expect(found('<span>Stop</span><br><span>ramipril</span>', 'stop  ramipril')).toHaveLength(1);
  });

  it('are not made of the ends of two cells', () => {
    expect(found('<table><tr><td>H</td><td>IV</td></tr></table>', 'hiv')).toEqual([]);
  });

  it('are taken as they stand, signs and all', () => {
    expect(found('<p>5 mg (max. 10 mg)</p>', '(max. 10')).toEqual(['(max. 10']);
    expect(patternOf('   ')).toBeUndefined();
    const pattern = patternOf('a.b');
    expect(pattern === undefined ? 0 : countIn('a.b axb A.B', pattern)).toBe(2);
  });
});
