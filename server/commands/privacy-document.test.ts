import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const threats = (await readFile('docs/privacy.md', 'utf8'))
  .split(/^### /m)
  .slice(1)
  .map((part) => ({ id: /^P\d+/.exec(part)?.[0] ?? part.slice(0, 20), part: part.split(/^## /m)[0] ?? '' }));

const lines = (part: string, name: string): readonly string[] =>
  [...part.matchAll(new RegExp(`^- ${name}: (.+)$`, 'gm'))].map(([, line = '']) => line);

describe('docs/privacy.md', () => {
  it('has each threat once, in order', () => {
    expect(threats.length).toBeGreaterThan(8);
    expect(threats.map(({ id }) => id)).toEqual(threats.map((_, index) => `P${index + 1}`));
  });

  it.each(threats)('names for $id a control, and tests that exist', async ({ part }) => {
    expect(lines(part, 'Control')).toHaveLength(1);
    const tests = lines(part, 'Test');
    expect(tests).not.toHaveLength(0);
    for (const test of tests) {
      const [, path = '', name = ''] = /^`([^`]+\.(?:test|spec)\.tsx?)` "(.+)"$/.exec(test) ?? [];
      expect(path, `"${test}" names a test file and a test`).not.toBe('');
      expect((await readFile(path, 'utf8')).includes(name), `${path} has a test "${name}"`).toBe(true);
    }
  });
});
