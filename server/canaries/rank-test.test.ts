import { expect, it } from 'vitest';
import { seeded } from './random.ts';
import { holm, rankTest } from './rank-test.ts';

const drawn = (seed: string, count: number, shift = 0): readonly number[] => {
  const random = seeded(seed);
  return Array.from({ length: count }, () => random.below(1_000_000) + shift);
};

it('gives U and p as the published example has them', () => {
  // Hollander and Wolfe, Nonparametric Statistical Methods, 1973, p. 69; the values of R: wilcox.test(x, y, exact = FALSE).
  const x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const y = [1.15, 0.88, 0.9, 0.74, 1.21];
  const { u, p } = rankTest(x, y);
  expect(u).toBe(35);
  expect(p).toBeCloseTo(0.2446, 3);
  expect(rankTest(y, x)).toEqual({ u: 15, p });
});

it('counts ties', () => {
  expect(rankTest([1, 1, 1], [1, 1, 1]).p).toBe(1);
  expect(rankTest([1, 2, 2, 3], [2, 2, 2, 2]).p).toBeCloseTo(1, 6);
});

it('finds a shift, and none where there is none', () => {
  expect(rankTest(drawn('a', 300), drawn('b', 300, 200_000)).p).toBeLessThan(1e-6);
  const likelihoods = Array.from({ length: 200 }, (_, run) => rankTest(drawn(`c${run}`, 60), drawn(`d${run}`, 60)).p);
  const low = likelihoods.filter((p) => p < 0.05).length;
  expect(low).toBeGreaterThan(1);
  expect(low).toBeLessThan(25);
});

it('corrects for several tests', () => {
  const [first, second, third] = holm([0.01, 0.04, 0.03]);
  expect([first, second, third].map((one) => one?.toFixed(2))).toEqual(['0.03', '0.06', '0.06']);
});
