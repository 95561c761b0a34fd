import { expect, it } from 'vitest';
import type { Finding } from './judgement.ts';
import { added, counted, table, totalOf, type Tally } from './tally.ts';

const finding = (kind: Finding['kind']): Finding => ({
  kind,
  index: 1,
  isTwin: false,
  category: 'hiv',
  channel: 'code',
  what: '',
});
const code = { category: 'hiv', channel: 'code' };

it('counts a case once, however much was found of it, and what is changed as lost', () => {
  let tally: Tally = counted({}, code, [], false);
  tally = counted(tally, code, [finding('leak'), finding('leak'), finding('changed')], true);
  expect(tally).toEqual({ hiv: { code: { cases: 2, whole: 1, leaks: 1, lost: 1 } } });
});

it('adds what several processes have counted, and shows it by category and channel', () => {
  const one = counted({}, code, [], false);
  const other = counted(
    counted({}, code, [finding('lost')], false),
    { category: 'gender', channel: 'words' },
    [],
    true,
  );
  const all = added(one, other);
  expect(totalOf(all)).toEqual({ cases: 3, whole: 1, leaks: 0, lost: 1 });
  expect(table(all).split('\n')).toEqual([
    '| channel | hiv | gender | all |',
    '| --- | ---: | ---: | ---: |',
    '| code | 2 · 0 · 1 | – | 2 · 0 · 1 |',
    '| words | – | 1 · 0 · 0 | 1 · 0 · 0 |',
    '| **all** | 2 · 0 · 1 | 1 · 0 · 0 | 3 · 0 · 1 |',
  ]);
});
