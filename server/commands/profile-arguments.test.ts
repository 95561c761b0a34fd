import { describe, expect, it } from 'vitest';
import { readCommand } from './profile-arguments.ts';

describe('the arguments of npm run profiles', () => {
  it('are a command', () => {
    expect(readCommand(['list'])).toEqual({ command: 'list', by: 'shell' });
    expect(readCommand(['confirm', '--host', 'epr', '--user', 'u1', '--by', 'M. Shaw'])).toEqual({
      command: 'confirm',
      host: 'epr',
      user: 'u1',
      by: 'M. Shaw',
    });
    expect(readCommand([])).toBe('help');
    expect(readCommand(['list', '--help'])).toBe('help');
  });

  it.each([
    [['confirm', '--host', 'epr'], '--user: is missing; --by: is missing.'],
    [['list', '--user', 'u1'], 'list takes no --user.'],
    [['remove'], 'remove is no command: list or confirm.'],
    [['confirm', 'M.', 'Shaw'], 'M. is one word too many. A name of several words needs quotes.'],
  ])('say what is wrong with %j', (args, words) => {
    expect(() => readCommand(args)).toThrow(words);
  });
});
