import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conformanceDocument } from './document.ts';
import { loadTables, readAnswers, readRequirements, requirementsIn, withoutShown, type Answer } from './requirement.ts';
import { binds, judge } from './statement.ts';

const requirements = readRequirements(
  [
    'id\tconformance\tactor\tpage',
    '1\tSHALL\tServer\tapp-launch.html#a',
    '2\tSHOULD\tServer\tapp-launch.html#b',
    '3\tMAY\tServer\tapp-launch.html#c',
    '4\tSHALL NOT\tClient\tconformance.html#d',
  ].join('\n'),
);
const answer = (id: number, said: Answer['answer'], reason = 'A reason.'): Answer => ({ id, answer: said, reason });
const file = 'server/auth/conformance/token.store.test.ts';
const whole = new Map([[1, [file]]]);
const rest = [answer(2, 'no'), answer(4, 'not-applicable')];

describe('the title of a test', () => {
  it('names requirements at its end alone', () => {
    expect(requirementsIn('refuses a plain challenge @15 @394')).toEqual([15, 394]);
    expect(requirementsIn('a patient@12 of @13 somewhere else')).toEqual([]);
    expect(requirementsIn('mail to a@12')).toEqual([]);
  });
});

describe('the tables', () => {
  it('hold all 439 requirements in order, and answer none of them twice or out of place', async () => {
    const tables = await loadTables();
    expect(tables.requirements.map(({ id }) => id)).toEqual(Array.from({ length: 439 }, (_, index) => index + 1));
    expect(tables.requirements.filter((one) => one.actor === 'Server' && binds(one))).toHaveLength(172);
    const { faults } = judge(tables.requirements, tables.answers, new Map());
    expect(faults.filter((fault) => !fault.includes('is named by no test'))).toEqual([]);
  });

  it('are read whole, or not at all', () => {
    expect(() => readRequirements('id\tconformance\tactor\tpage\n1\tSHALL\tServer')).toThrow('requirements.tsv:2');
    expect(() => readRequirements('id\tconformance\tactor\tpage\n1\tWILL\tServer\tp')).toThrow('WILL');
    expect(readAnswers('ids\tanswer\treason\n1 2\tno\tBecause.')).toEqual([
      answer(1, 'no', 'Because.'),
      answer(2, 'no', 'Because.'),
    ]);
    expect(() => readAnswers('ids\tanswer\treason\n1\tmaybe\tBecause.')).toThrow('maybe');
  });
});

describe('an answer to what a test shows', () => {
  it('is taken out, and no other', () => {
    const content = 'ids\tanswer\treason\n1 2\topen\tSoon.\n3\topen\tSoon.\n4\tno\tNever.\n';
    const proofs = new Map([2, 3].map((id) => [id, [file]]));
    expect(withoutShown(content, proofs)).toEqual({
      left: 'ids\tanswer\treason\n1\topen\tSoon.\n4\tno\tNever.\n',
      out: [2, 3],
    });
    expect(withoutShown(content, new Map())).toEqual({ left: content, out: [] });
  });
});

describe('a statement', () => {
  it('is without fault where each requirement is shown or answered', () =>
    expect(judge(requirements, rest, whole).faults).toEqual([]));

  it.each<[string, Answer[], [number, string[]][], string]>([
    ['a duty that is neither', rest, [], '@1 (SHALL)'],
    ['a recommendation that is neither', [answer(4, 'open')], [[1, [file]]], '@2 (SHOULD)'],
    ['one that is both', [...rest, answer(1, 'open')], [[1, [file]]], '@1 is shown'],
    ['a duty that is answered with no', [answer(2, 'no'), answer(4, 'no')], [[1, [file]]], '@4 binds'],
    ['an answer without a reason', [answer(2, 'no', ' '), answer(4, 'open')], [[1, [file]]], '@2 is answered without'],
    ['an answer that nobody asked for', [...rest, answer(3, 'no')], [[1, [file]]], '@3 is MAY'],
    ['an answer given twice', [...rest, answer(2, 'yes')], [[1, [file]]], '@2 is answered twice'],
    [
      'a number that is none',
      rest,
      [
        [1, [file]],
        [999, [file]],
      ],
      `@999, named in ${file}`,
    ],
  ])('has a fault for %s', (_name, answers, proofs, expected) => {
    const { faults } = judge(requirements, answers, new Map(proofs));
    expect(faults).toEqual([expect.stringContaining(expected)]);
  });

  it('and its document do not depend on the order of a run', () =>
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 4], { minLength: 3 }), fc.boolean(), (ids, turned) => {
        const files = turned ? ['b.test.ts', 'a.test.ts'] : ['a.test.ts', 'b.test.ts'];
        const of = (order: readonly number[], list: readonly string[]) =>
          conformanceDocument(judge(requirements, [], new Map(order.map((id) => [id, list]))).judged);
        expect(of(ids, files)).toBe(of([1, 2, 4], ['a.test.ts', 'b.test.ts']));
      }),
    ));

  it('names each requirement with its place, and what shows it or the reason', () => {
    const document = conformanceDocument(judge(requirements, rest, whole).judged);
    expect(document).toContain(
      `| [@1](https://hl7.org/fhir/smart-app-launch/STU2.2/app-launch.html#a) | SHALL | [token](../${file}) |`,
    );
    expect(document).toContain('| SHOULD | No. A reason. |');
    expect(document).toContain('| SHALL NOT | Does not apply. A reason. |');
    expect(document).not.toContain('## Not yet');
  });
});
