import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('read a practice’s list from its file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ohc-list-'));
    const file = join(folder, 'list.csv');
    await writeFile(file, 'nhs-number,date\n9990000018,2026-11-01\n');
    expect(readCommand(['import-practice', '--practice', 'M83001', '--file', file, '--by', 'x'])).toMatchObject({
      command: 'import-practice',
      practice: 'M83001',
      list: 'nhs-number,date\n9990000018,2026-11-01\n',
    });
    await rm(folder, { recursive: true });
  });

  it.each([[['--help']], [['raise', '-h']], [[]]])('%j asks for help', (args) => {
    expect(readCommand(args)).toBe('help');
  });

  it.each<[readonly string[], RegExp]>([
    [['raise', '--by', 'x'], /--nhs-number: is missing.*--birth-date: is missing/],
    [['raise', ...who, '--channel', 'fax', '--requester', 'person'], /--channel: /],
    [['decide', '--id', 'a', '--decision', 'maybe', '--reason', 'b', '--by', 'c'], /--decision: /],
    [
      ['forget', '--by', 'c'],
      /forget is no command: raise, decide, withdraw, reverse, review, import-practice or list/,
    ],
    [['--by', 'c'], /nothing is no command/],
    [['withdraw', '--id', 'a', '--channel', 'gp', '--reason', 'b', '--by', 'c'], /takes no --channel/],
    [['import-practice', '--practice', 'M83001', '--by', 'c'], /--file: is missing/],
    [['import-practice', '--practice', 'm8', '--file', 'none.csv', '--by', 'c'], /--file: .*none\.csv/],
    [['raise', 'Alex', 'Ashby'], /one word too many/],
    [['list', '--everything'], /--everything/],
  ])('%j is refused in one line', (args, expected) => {
    expect(() => readCommand(args)).toThrow(expected);
    expect(() => readCommand(args)).not.toThrow(/\n/);
  });
});
