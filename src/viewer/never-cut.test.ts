import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = 'src/viewer';
/** Every way in which a style cuts words off. */
const cuts = /textOverflow|text-overflow|[lL]ine-?[cC]lamp|noWrap\b/;
/** Where words are cut, and where they stand whole: an address in its panel, the names of cards on the cards, a chip's in its own. */
const allowed: readonly string[] = [
  "frame/banner.tsx: '& .where': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },",
  'parts/rows.css: text-overflow: ellipsis;',
  "parts/scroll-area.tsx: '& span': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },",
];

it('no dose, drug, reaction or other words of a source are cut off by a style (H7)', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(?:tsx?|css)$/.test(path) && !path.includes('.test.'),
  );
  expect(files.length).toBeGreaterThan(50);
  const cut = files.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .filter((line) => cuts.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(cut.toSorted()).toEqual(allowed);
});
