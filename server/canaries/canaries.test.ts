import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import type { Case } from './case.ts';
import { bedBase, openFacadeBed, tryCases, type FacadeBed } from './facade-bed.ts';
import { createGenerator, type Generator } from './generator.ts';
import type { Finding } from './judgement.ts';
import { labelsTakenOut, mutationsOf } from './mutation.ts';
import { smallestOf } from './smallest.ts';
import { vocabularyOf } from './vocabulary.ts';

const { categories, roles } = await loadConfig('smart-config');
const vocabulary = vocabularyOf(categories);
const generator = createGenerator(vocabulary, { seed: 'npm test', base: bedBase });
const beds: FacadeBed[] = [];
afterAll(async () => void (await Promise.all(beds.map((one) => one.close()))));

async function bedWith(known: typeof categories): Promise<FacadeBed> {
  const bed = await openFacadeBed(known, roles);
  beds.push(bed);
  return bed;
}

async function run(bed: FacadeBed, from: Generator, cases: number): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (let index = 0; index < cases; index += 40) {
    const pairs = Array.from({ length: Math.min(40, cases - index) }, (_, at) => from.of(index + at));
    findings.push(
      ...(await tryCases(
        bed,
        pairs.flatMap(({ canary, twin }) => [canary, twin]),
      )),
    );
  }
  return findings;
}

describe('canaries', () => {
  it('do not appear, and their twins come through leaf for leaf', async () => {
    expect(await run(await bedWith(categories), generator, 600)).toEqual([]);
  });

  it('are the same for the same seed, and others for another', () => {
    const again = createGenerator(vocabulary, { seed: 'npm test', base: bedBase });
    const other = createGenerator(vocabulary, { seed: 'another', base: bedBase });
    expect(again.of(7)).toEqual(generator.of(7));
    expect(other.of(7)).not.toEqual(generator.of(7));
  });

  it.each([...mutationsOf(categories), labelsTakenOut].map((one) => [one.name, one] as const))(
    'are found where %s would be taken out',
    async (_name, { of, isIn }) => {
      const bed = await bedWith(of(categories));
      const seen: Finding[] = [];
      for (let index = 0; index < 3_000 && seen.length === 0; index += 100) {
        const cases = Array.from({ length: 100 }, (_, at) => generator.of(index + at).canary);
        seen.push(...(await tryCases(bed, cases.filter(isIn))).filter((one) => one.kind === 'leak'));
      }
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.every(isIn)).toBe(true);
    },
  );

  it('show a leak in the smallest record that has it', async () => {
    const off = categories.map((one) => (one.id === 'hiv' ? { ...one, enabled: false } : one));
    const bed = await bedWith(off);
    const leaks = async (one: Case): Promise<boolean> =>
      (await tryCases(bed, [one])).some(({ kind }) => kind === 'leak');
    const canary = Array.from({ length: 200 }, (_, index) => generator.of(index).canary).find(
      ({ category, channel }) => category === 'hiv' && channel === 'hangs on it',
    );
    if (canary === undefined) throw new Error('no such canary');
    const least = await smallestOf(canary, leaks);
    expect(least.things).toHaveLength(1);
    expect(JSON.stringify(least.things).length).toBeLessThan(JSON.stringify(canary.things).length / 3);
    expect(await leaks(least)).toBe(true);
  });
});
