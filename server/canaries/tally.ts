import type { Finding } from './judgement.ts';

/** How many of what came of a category in a channel. */
export type Count = { readonly cases: number; readonly whole: number; readonly leaks: number; readonly lost: number };

/** What a run has counted, by category and channel. Each case is a canary and its twin. */
export type Tally = { readonly [category: string]: { readonly [channel: string]: Count } };

const none: Count = { cases: 0, whole: 0, leaks: 0, lost: 0 };

/** One case more, with what was found of it. `throughServer`: it went through the whole server. */
export function counted(
  tally: Tally,
  { category, channel }: { readonly category: string; readonly channel: string },
  findings: readonly Finding[],
  throughServer: boolean,
): Tally {
  const before = tally[category]?.[channel] ?? none;
  const leaks = findings.some((one) => one.kind === 'leak');
  const lost = findings.some((one) => one.kind !== 'leak');
  const now: Count = {
    cases: before.cases + 1,
    whole: before.whole + Number(throughServer),
    leaks: before.leaks + Number(leaks),
    lost: before.lost + Number(lost),
  };
  return { ...tally, [category]: { ...tally[category], [channel]: now } };
}

/** Two tallies as one. */
export function added(one: Tally, other: Tally): Tally {
  const sum: Record<string, Record<string, Count>> = {};
  for (const tally of [one, other])
    for (const [category, channels] of Object.entries(tally))
      for (const [channel, count] of Object.entries(channels)) {
        const row = (sum[category] ??= {});
        const before = row[channel] ?? none;
        row[channel] = {
          cases: before.cases + count.cases,
          whole: before.whole + count.whole,
          leaks: before.leaks + count.leaks,
          lost: before.lost + count.lost,
        };
      }
  return sum;
}

/** All of a tally in one. */
export function totalOf(tally: Tally): Count {
  return Object.values(tally)
    .flatMap((channels) => Object.values(channels))
    .reduce(
      (sum, one) => ({
        cases: sum.cases + one.cases,
        whole: sum.whole + one.whole,
        leaks: sum.leaks + one.leaks,
        lost: sum.lost + one.lost,
      }),
      none,
    );
}

/** A tally as a Markdown table: a row a channel, a column a category; cases, leaks / lost twins behind them where there are any. */
export function table(tally: Tally): string {
  const categories = Object.keys(tally);
  const channels = [...new Set(Object.values(tally).flatMap((one) => Object.keys(one)))];
  const cell = (count: Count | undefined): string =>
    count === undefined ? '–' : `${count.cases} · ${count.leaks} · ${count.lost}`;
  const rowTotal = (channel: string): Count =>
    totalOf(Object.fromEntries(categories.map((one) => [one, { [channel]: tally[one]?.[channel] ?? none }])));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['channel', ...categories, 'all']),
    line(['---', ...categories.map(() => '---:'), '---:']),
    ...channels.map((channel) =>
      line([channel, ...categories.map((one) => cell(tally[one]?.[channel])), cell(rowTotal(channel))]),
    ),
    line(['**all**', ...categories.map((one) => cell(totalOf({ [one]: tally[one] ?? {} }))), cell(totalOf(tally))]),
  ].join('\n');
}
