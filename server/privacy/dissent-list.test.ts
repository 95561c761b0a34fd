import { describe, expect, it } from 'vitest';
import { readDissentList } from './dissent-list.ts';

const now = new Date('2026-11-20T10:00:00Z');
const [ada, ben, cy, di] = ['9990000018', '9990000026', '9990000042', '9990000034'];
const read = (...lines: readonly string[]) => readDissentList(lines.join('\n'), now);

describe('a practice’s list of dissents', () => {
  it.each([
    ['a date of ours', `${ada},2026-11-01`],
    ['a date as practices write it', `${ada},01/11/2026`],
    ['spaces in the number', '999 000 0018,2026-11-01'],
    ['quotes', `"${ada}","2026-11-01"`],
    ['spaces around and within quotes', ` "${ada}" , " 2026-11-01 " `],
  ])('is read with %s, each dissent as late on its day as it may be', (_name, line) => {
    expect(read('nhs-number,date', line)).toEqual({
      answers: [{ nhsNumber: ada, answer: 'no', at: new Date('2026-11-01T23:59:59.999Z') }],
      bad: [],
    });
  });

  it('may say who consents again, as early on its day as it may be', () => {
    expect(
      read('nhs-number,answer,date', `${ada}," consent ",2026-11-01`, `${ben},dissent,2026-11-01`)?.answers,
    ).toEqual([
      { nhsNumber: ada, answer: 'yes', at: new Date('2026-11-01T00:00:00.000Z') },
      { nhsNumber: ben, answer: 'no', at: new Date('2026-11-01T23:59:59.999Z') },
    ]);
  });

  it('of today counts from now, not from an hour that is still to come', () => {
    expect(read('nhs-number,date', `${ada},2026-11-20`)?.answers).toMatchObject([{ at: now }]);
  });

  it('names each person once: the latest counts, dissent on one day', () => {
    const answers = read(
      'nhs-number,date,answer',
      `${ada},2026-11-01,dissent`,
      `${ada},2026-11-02,consent`,
      `${ben},2026-11-02,dissent`,
      `${ben},2026-11-02,consent`,
      `${cy},2026-11-03,dissent`,
      `${cy},2026-11-02,consent`,
      `${di},2026-11-03,consent`,
      `${di},2026-11-02,dissent`,
    )?.answers;
    expect(answers?.map(({ nhsNumber, answer }) => [nhsNumber, answer])).toEqual([
      [ada, 'yes'],
      [ben, 'no'],
      [cy, 'no'],
      [di, 'yes'],
    ]);
  });

  it('lets the dissent stand where both are of one instant, at midnight', () => {
    const lines = ['nhs-number,date,answer', `${ada},2026-11-20,consent`, `${ada},2026-11-20,dissent`];
    const at = new Date('2026-11-20T00:00:00Z');
    for (const list of [lines, [lines[0], lines[2], lines[1]]])
      expect(readDissentList(list.join('\n'), at)?.answers).toMatchObject([{ answer: 'no', at }]);
  });

  it('tells each bad line by its number in the file, says nothing of what stands in it, and keeps all others', () => {
    const list = read(
      '\uFEFFNHS-Number,Date,Answer\r',
      `${ada},2026-11-01,dissent\r`,
      '  ',
      '9990000019,2026-11-01,dissent',
      `${ben},2026-02-30,dissent`,
      `${ben},2026-11,dissent`,
      `${ben},2026-11-21,dissent`,
      `${ben},2026-11-01,perhaps`,
      `${ben},2026-11-01,`,
      `${ben},2026-11-01`,
      `${cy},2026-11-01,Dissent`,
    );
    expect(list?.answers.map(({ nhsNumber }) => nhsNumber)).toEqual([ada, cy]);
    expect(list?.bad).toEqual([
      { line: 4, wrong: 'has no valid NHS number' },
      { line: 5, wrong: 'has no date such as 2026-11-20 or 20/11/2026' },
      { line: 6, wrong: 'has no date such as 2026-11-20 or 20/11/2026' },
      { line: 7, wrong: 'has a date that is still to come' },
      { line: 8, wrong: 'says neither dissent nor consent' },
      { line: 9, wrong: 'says neither dissent nor consent' },
      { line: 10, wrong: 'has 2 fields, not 3' },
    ]);
  });

  it.each(['no consent', 'consent withdrawn', 'no dissent', 'dissented'])(
    'takes no answer that merely begins or ends like one: %s',
    (answer) => {
      expect(read('nhs-number,date,answer', `${ada},2026-11-01,${answer}`)).toEqual({
        answers: [],
        bad: [{ line: 2, wrong: 'says neither dissent nor consent' }],
      });
    },
  );

  it.each(['101/11/2026', '01/11/20261', '2026-"11-01"', '"2026-11"-01'])(
    'takes no date that merely holds one: %s',
    (date) => {
      expect(read('nhs-number,date', `${ada},${date}`)?.bad).toEqual([
        { line: 2, wrong: 'has no date such as 2026-11-20 or 20/11/2026' },
      ]);
    },
  );

  it.each(['', `${ada},2026-11-01`, 'nhs-number', 'date,answer', 'nhs-number,date,date', 'nhs-number,date,name'])(
    'is none without its columns: %s',
    (head) => {
      expect(read(head, `${ada},2026-11-01`)).toBeUndefined();
    },
  );
});
