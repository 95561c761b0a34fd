import { createGenerator } from './generator.ts';
import type { Question } from './question.ts';
import { holm, rankTest } from './rank-test.ts';
import { nhsNumberOf, openRegion, type Session } from './region.ts';
import { askRaw } from './sweep.ts';
import { vocabularyOf } from './vocabulary.ts';
import { askedAfter, worldsOf } from './worlds.ts';

/** How long something took with what is withheld in the record, and as if that had never been. */
export type Timed = {
  readonly what: string;
  readonly each: number;
  /** Medians, ms. */
  readonly withIt: number;
  readonly withoutIt: number;
  readonly p: number;
  /** After Holm, over all that were measured. */
  readonly corrected: number;
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/**
 * Measures whether time tells of what is withheld, on the real server: the same questions of two launches on one person, one
 * whose record has withheld things in it and one where they never were, in turn, in an order that changes each time.
 */
export async function timings(seed: string, each: number): Promise<readonly Timed[]> {
  const region = await openRegion();
  try {
    const generator = createGenerator(vocabularyOf(region.config.categories), { seed, base: region.baseOf('acute') });
    const cases = Array.from({ length: 200 }, (_, index) => generator.of(index));
    // One thing in a full record: more would take the source longer to send, and that is no secret of the server's.
    const hidden = cases.slice(0, 1).map(({ canary }) => canary);
    const shown = cases.flatMap(({ twin }) => twin.things);
    const { withIt, withoutIt } = worldsOf(hidden);
    const nhsNumber = nhsNumberOf(1);
    const holdWith = (): void => region.hold(nhsNumber, { acute: [...shown, ...withIt], community: [] });
    const holdWithout = (): void => region.hold(nhsNumber, { acute: [...shown, ...withoutIt], community: [] });
    /** The two launches, each of which holds the record of its world. A token does not last as long as all of this. */
    const bothLaunched = async (): Promise<readonly [Session, Session]> => {
      holdWith();
      const one = await region.launch('R8000');
      await askRaw(region.origin, one.token, { method: 'GET', path: 'Condition' });
      holdWithout();
      const other = await region.launch('R8000');
      await askRaw(region.origin, other.token, { method: 'GET', path: 'Condition' });
      return [one, other];
    };
    const [{ person = '' }] = await bothLaunched();
    const after = askedAfter(hidden, {
      person,
      ids: (type, id) => region.ids.of('acute', type, id),
      sources: ['acute'],
    });
    const [gone = 'Condition/x'] = after.gone;
    const [code = 'x'] = after.codes;
    const type = gone.slice(0, gone.indexOf('/'));
    const get = (path: string): Question => ({ method: 'GET', path });
    const questions: readonly (readonly [what: string, withIt: Question, withoutIt: Question])[] = [
      ['read of its id, and of one that never was', get(gone), get(`${type}/${'A'.repeat(43)}`)],
      ['the same read in the two records', get(gone), get(gone)],
      ['Binary of its id', get(`Binary/${gone.slice(gone.indexOf('/') + 1)}`), get(`Binary/${'A'.repeat(43)}`)],
      [`search of ${type}`, get(type), get(type)],
      ['search by _id', get(`${type}?_id=${gone.slice(gone.indexOf('/') + 1)}`), get(`${type}?_id=${'A'.repeat(43)}`)],
      [
        'search by its code',
        get(`Condition?code=${encodeURIComponent(code)}`),
        get(`Condition?code=${encodeURIComponent(code)}`),
      ],
      [
        'search by its encounter',
        get(`Observation?encounter=${gone}`),
        get(`Observation?encounter=Encounter/${'A'.repeat(43)}`),
      ],
      ['search by date', get(`${type}?_lastUpdated=2026`), get(`${type}?_lastUpdated=2026`)],
      ['$summary', get(`Patient/${after.person}/$summary`), get(`Patient/${after.person}/$summary`)],
      ['$everything', get(`Patient/${after.person}/$everything`), get(`Patient/${after.person}/$everything`)],
    ];
    const measure = async (session: Session, question: Question): Promise<number> => {
      const began = performance.now();
      const { status } = await askRaw(region.origin, session.token, question);
      if (status !== 200 && status !== 404) throw new Error(`${question.path} answered ${status}`);
      return performance.now() - began;
    };
    const results: Omit<Timed, 'corrected'>[] = [];
    for (const [what, first, second] of questions) {
      const [a, b]: [number[], number[]] = [[], []];
      const [one, other] = await bothLaunched();
      const anew = what.startsWith('$');
      for (let turn = 0; turn < each + 5; turn += 1) {
        const ask = {
          a: async () => {
            if (anew) holdWith();
            const took = await measure(one, first);
            if (turn >= 5) a.push(took);
          },
          b: async () => {
            if (anew) holdWithout();
            const took = await measure(other, second);
            if (turn >= 5) b.push(took);
          },
        };
        // Which comes first would tell, where one warms the other.
        await (turn % 2 === 0 ? ask.a() : ask.b());
        await (turn % 2 === 0 ? ask.b() : ask.a());
      }
      results.push({ what, each, withIt: median(a), withoutIt: median(b), p: rankTest(a, b).p });
    }
    const corrected = holm(results.map((result) => result.p));
    return results.map((result, index) => ({ ...result, corrected: corrected[index] ?? 1 }));
  } finally {
    await region.close();
  }
}

/** As a Markdown table. */
export function timingTable(timed: readonly Timed[]): string {
  return [
    '| question | each | with it, ms | without, ms | p | p, corrected |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...timed.map(
      ({ what, each, withIt, withoutIt, p, corrected }) =>
        `| ${what} | ${each} | ${withIt.toFixed(2)} | ${withoutIt.toFixed(2)} | ${p.toFixed(3)} | ${corrected.toFixed(3)} |`,
    ),
  ].join('\n');
}
