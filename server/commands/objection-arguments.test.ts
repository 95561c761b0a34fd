import { describe, expect, it } from 'vitest';
import { readCommand } from './objection-arguments.ts';

const who = ['--nhs-number', '9990000018', '--name', 'Alex Ashby', '--birth-date', '1961-04-17', '--by', 'x'];

describe('the arguments of npm run objections', () => {
  it('read as a command', () => {
    expect(readCommand(['raise', ...who, '--channel', 'pals', '--requester', 'person'])).toEqual({
      command: 'raise',
      nhsNumber: '9990000018',
      name: 'Alex Ashby',
      birthDate: '1961-04-17',
      channel: 'pals',
      requester: 'person',
      by: 'x',
    });
    expect(readCommand(['reverse', ...who, '--reason', 'asked by e-mail'])).toMatchObject({ command: 'reverse' });
    expect(readCommand(['list', '--route', 'practice', '--practice', 'M83001'])).toMatchObject({ practice: 'M83001' });
    expect(readCommand(['list'])).toEqual({ command: 'list', by: 'shell' });
  });

  it.each([[['--help']], [['raise', '-h']], [[]]])('%j asks for help', (args) => {
    expect(readCommand(args)).toBe('help');
  });

  it.each<[readonly string[], RegExp]>([
    [['raise', '--by', 'x'], /--nhs-number: is missing.*--birth-date: is missing/],
    [['raise', ...who, '--channel', 'fax', '--requester', 'person'], /--channel: /],
    [['decide', '--id', 'a', '--decision', 'maybe', '--reason', 'b', '--by', 'c'], /--decision: /],
    [['forget', '--by', 'c'], /forget is no command: raise, decide, withdraw, reverse, review or list/],
    [['--by', 'c'], /nothing is no command/],
    [['withdraw', '--id', 'a', '--channel', 'gp', '--reason', 'b', '--by', 'c'], /takes no --channel/],
    [['raise', 'Alex', 'Ashby'], /one word too many/],
    [['list', '--everything'], /--everything/],
  ])('%j is refused in one line', (args, expected) => {
    expect(() => readCommand(args)).toThrow(expected);
    expect(() => readCommand(args)).not.toThrow(/\n/);
  });
});
