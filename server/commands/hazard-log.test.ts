import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const log = await readFile('docs/hazard-log.md', 'utf8');

/** Every hazard's part of the log, by its id, in the order in which they stand. */
const hazards = log
  .split(/^### /m)
  .slice(1)
  .map((part) => ({ id: /^H\d+/.exec(part)?.[0] ?? part.slice(0, 20), part }));

/** The DCB0129 matrix as the log has it: likelihood, then the five consequences. */
const matrix = new Map(
  [...log.matchAll(/^\| (Very high|High|Medium|Low|Very low) +\|(.*)\|$/gm)].map(([, likelihood = '', cells = '']) => [
    likelihood,
    cells.split('|').map(Number),
  ]),
);
const consequences = ['Minor', 'Significant', 'Considerable', 'Major', 'Catastrophic'];

const lines = (part: string, name: string): readonly string[] =>
  [...part.matchAll(new RegExp(`^- ${name}: (.+)$`, 'gm'))].map(([, line = '']) => line);

describe('the hazard log', () => {
  it('has each hazard of shared records once, in order', () => {
    const ids = hazards.map(({ id }) => id);
    expect(ids.slice(0, 18)).toEqual(Array.from({ length: 18 }, (_, i) => `H${i + 1}`));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(hazards)('rates $id by the matrix, before and after its control', ({ part }) => {
    expect(lines(part, 'Control')).not.toHaveLength(0);
    const [initial, residual] = ['Initial', 'Residual'].map((name) => {
      const [, likelihood = '', consequence = '', risk = ''] =
        /^([A-Z][a-z ]+), ([A-Z][a-z]+), risk (\d)$/.exec(lines(part, name).join('\n')) ?? [];
      expect(matrix.get(likelihood)?.[consequences.indexOf(consequence)], name).toBe(Number(risk));
      return Number(risk);
    });
    expect(residual).toBeLessThan(initial ?? 0);
  });

  it.each(hazards)('names for $id tests that exist, or says that it is open', async ({ part }) => {
    const tests = lines(part, 'Test');
    expect(tests).not.toHaveLength(0);
    if (tests.length === 1 && tests[0] === 'open') return;
    for (const test of tests) {
      const [, path = '', name = ''] = /^`([^`]+\.(?:test|spec)\.tsx?)` "(.+)"$/.exec(test) ?? [];
      expect(path, `"${test}" names a test file and a test`).not.toBe('');
      const content = await readFile(path, 'utf8');
      expect(content.includes(name), `${path} has a test "${name}"`).toBe(true);
    }
  });

  it('names in its controls folders and files that are there', () => {
    const named = hazards
      .flatMap(({ part }) => lines(part, 'Control'))
      .flatMap((control) => [...control.matchAll(/`((?:server|src)\/[^`]+)`/g)].map(([, path = '']) => path));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
