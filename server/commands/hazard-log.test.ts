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
  [...log.matchAll(/^\| (Very high|High|Medium|Low|Very low) +\|((?: [1-5] +\|){5})$/gm)].map(
    ([, likelihood = '', cells = '']) => [likelihood, cells.split('|').slice(0, 5).map(Number)],
  ),
);
const consequences = ['Minor', 'Significant', 'Considerable', 'Major', 'Catastrophic'];

const lines = (part: string, name: string): readonly string[] =>
  [...part.matchAll(new RegExp(`^- ${name}: (.+)$`, 'gm'))].map(([, line = '']) => line);

/** True where a test, or a group of them, of this title stands in a file and is neither skipped nor put off. */
function runs(content: string, title: string): boolean {
  const literal = title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  // Behind the title may stand the numbers of requirements that the test shows (CONTRIBUTING.md).
  const called = new RegExp(String.raw`\(\s*(['"\x60])${literal}(?: @\d+)*\1,`, 'g');
  return [...content.matchAll(called)].some(({ index }) => {
    const before = content.slice(0, index);
    const line = before.slice(before.lastIndexOf('\n') + 1);
    const call = [...before.matchAll(/^ *(?:it|test|describe)\b((?:\.\w+)*)/gm)].at(-1);
    return call !== undefined && !/\.(?:skip|todo|fails)/.test(call[1] ?? '') && !line.trimStart().startsWith('//');
  });
}

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

  it.each(hazards)('names for each control of $id its tests, or says that it is to come', ({ part }) => {
    const steps = [...part.matchAll(/^- (Control|Test): (.*)$/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
    expect(steps[0]?.kind).toBe('Control');
    for (const [at, { kind, text }] of steps.entries()) {
      if (kind !== 'Control') continue;
      const tested = steps[at + 1]?.kind === 'Test';
      expect(tested, `"${text}" is followed by its tests`).toBe(!text.startsWith('To come'));
    }
  });

  it.each(hazards)('names for $id tests that exist and run', async ({ part }) => {
    for (const test of lines(part, 'Test')) {
      const [, path = '', title = ''] = /^`([^`]+\.(?:test|spec)\.tsx?)` "(.+)"$/.exec(test) ?? [];
      expect(path, `"${test}" names a test file and a test`).not.toBe('');
      expect(runs(await readFile(path, 'utf8'), title), `${path} runs a test "${title}"`).toBe(true);
    }
  });

  it('would miss a test that was renamed, commented out or skipped', () => {
    const file = (line: string): string => `describe('a thing', () => {\n  ${line}\n});`;
    expect(runs(file("it('holds', () => {});"), 'holds')).toBe(true);
    expect(runs(file("it.each([1, 2])(\n    'holds %i',\n    () => {});"), 'holds %i')).toBe(true);
    expect(runs(file("it('holds @12 @13', () => {});"), 'holds')).toBe(true);
    expect(runs(file("it('holds well', () => {});"), 'holds')).toBe(false);
    expect(runs(file("// it('holds', () => {});"), 'holds')).toBe(false);
    expect(runs(file("it.skip('holds', () => {});"), 'holds')).toBe(false);
    expect(runs(file("it.todo('holds');"), 'holds')).toBe(false);
  });

  it('has in the table of residual risks each hazard where its own lines put it, the open ones bold', () => {
    const [, table = ''] = /## Residual risk\n([\s\S]*?)\n## /.exec(log) ?? [];
    const placed = [...table.matchAll(/^\| (Very high|High|Medium|Low|Very low) +\|(.*)\|$/gm)].flatMap(
      ([, likelihood = '', cells = '']) =>
        cells.split('|').flatMap((cell, at) =>
          cell
            .split(',')
            .map((id) => id.trim())
            .filter((id) => id !== '')
            .map((id) => `${id} ${likelihood}, ${consequences[at] ?? ''}`),
        ),
    );
    const due = hazards.map(({ id, part }) => {
      const open = lines(part, 'Control').some((control) => control.startsWith('To come'));
      return `${open ? `**${id}**` : id} ${lines(part, 'Residual')[0]?.replace(/, risk \d$/, '') ?? ''}`;
    });
    expect(placed.toSorted()).toEqual(due.toSorted());
  });

  it('names in its controls folders and files that are there', () => {
    const named = hazards
      .flatMap(({ part }) => lines(part, 'Control'))
      .flatMap((control) => [...control.matchAll(/`((?:server|src)\/[^`]+)`/g)].map(([, path = '']) => path));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
