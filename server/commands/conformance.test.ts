import { describe, expect, it } from 'vitest';
import { conformanceOf } from './conformance.ts';
import { requirementsShown } from './vitest-requirements.ts';

const module = (moduleId: string, tests: Readonly<Record<string, string>>, errors: readonly Error[] = []) => ({
  moduleId: `/repository/${moduleId}`,
  errors: () => [...errors] as never[],
  children: {
    allTests: () => Object.entries(tests).map(([name, state]) => ({ name, result: () => ({ state }) })),
  },
});

describe('what a run has shown', () => {
  const one = module('server/b.test.ts', { 'does this @12 @7': 'passed', 'does that @13': 'failed' });
  const other = module('server/a.test.ts', { 'also this @12': 'passed', 'not yet @14': 'skipped', plain: 'passed' });

  it('is what passed, by number, whatever the order of the files', () => {
    const expected = { failed: 1, shown: { 7: ['server/b.test.ts'], 12: ['server/a.test.ts', 'server/b.test.ts'] } };
    expect(requirementsShown([one, other], '/repository')).toEqual(expected);
    expect(JSON.stringify(requirementsShown([other, one], '/repository'))).toBe(JSON.stringify(expected));
  });

  it('counts a file that cannot be read as failed', () =>
    expect(requirementsShown([module('x.test.ts', {}, [new Error('no')])], '/repository').failed).toBe(1));
});

describe('a run with a failed test', () => {
  it('does not make a document, since it shows less than there is', async () =>
    expect((await conformanceOf({ failed: 1, shown: {} })).faults[0]).toMatch(/^1 tests failed/));
});
