import { expect, it } from 'vitest';
import { readCommand } from './audit-arguments.ts';

it('reads what is asked of the audit trail', () => {
  expect(readCommand(['looks', '--nhs-number', '9990000018', '--from', '2026-11-01', '--by', 'x'])).toEqual({
    command: 'looks',
    nhsNumber: '9990000018',
    from: '2026-11-01',
    by: 'x',
  });
  const hash = 'a'.repeat(64);
  expect(readCommand(['verify', '--events', '12', '--hash', hash])).toMatchObject({ events: 12, hash });
  expect(readCommand([])).toBe('help');
});

it.each<[readonly string[], RegExp]>([
  [['looks', '--by', 'x'], /--nhs-number: is missing/],
  [['verify', '--hash', 'short'], /--hash: /],
  [['verify', '--nhs-number', '9990000018'], /takes no --nhs-number/],
  [['erase'], /erase is no command: verify or looks/],
  [['verify', 'now'], /one word too many/],
])('%j is refused in one line', (args, expected) => {
  expect(() => readCommand(args)).toThrow(expected);
});
