/** How two samples differ, by the ranks of their values. */
export type RankTest = {
  /** Mann and Whitney's U of the first sample. */
  readonly u: number;
  /** How likely so great a difference is where there is none, either way; by the normal distribution, ties counted. */
  readonly p: number;
};

/** The upper tail of the standard normal distribution (Abramowitz and Stegun 26.2.17; its error is below 7.5e-8). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429].reduceRight(
    (sum, factor) => (sum + factor) * t,
    0,
  );
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/**
 * The two-sided rank test of Mann and Whitney (1947): whether values of one sample tend to be larger than those of the
 * other, whatever their distribution. For samples of more than about twenty. Pure.
 */
export function rankTest(one: readonly number[], other: readonly number[]): RankTest {
  const all = [...one.map((value) => ({ value, isOne: true })), ...other.map((value) => ({ value, isOne: false }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length;) {
    let to = from + 1;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    // Equal values share the mean of their ranks.
    const rank = (from + 1 + to) / 2;
    const many = to - from;
    ties += many ** 3 - many;
    for (let at = from; at < to; at += 1) if (all[at]?.isOne === true) rankSum += rank;
    from = to;
  }
  const [n, m] = [one.length, other.length];
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
  if (variance <= 0) return { u, p: 1 };
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return { u, p: Math.min(1, 2 * upperTail(z)) };
}

/** Holm's correction (1979) of the likelihoods of several tests: the chance that any of them is so low where none differs. */
export function holm(likelihoods: readonly number[]): readonly number[] {
  const order = [...likelihoods.keys()].sort((a, b) => (likelihoods[a] ?? 1) - (likelihoods[b] ?? 1));
  const corrected = [...likelihoods];
  let before = 0;
  for (const [place, index] of order.entries()) {
    before = Math.min(1, Math.max(before, (likelihoods[index] ?? 1) * (likelihoods.length - place)));
    corrected[index] = before;
  }
  return corrected;
}
