import { loadConfig } from '../config/config.ts';
import type { Case } from './case.ts';
import { bedBase, openFacadeBed, tryCases } from './facade-bed.ts';
import { createGenerator } from './generator.ts';
import type { Finding } from './judgement.ts';
import { openRegion, type Region } from './region.ts';
import { smallestOf } from './smallest.ts';
import { remains, sweep } from './sweep.ts';
import { counted, type Tally } from './tally.ts';
import { vocabularyOf } from './vocabulary.ts';

/** What one process of a run is to do: so many cases from an index on, a share of them through a server of its own. */
export type Work = { readonly seed: string; readonly from: number; readonly cases: number };

/** Something that was found, and the smallest record that shows it. */
export type Shown = Finding & { readonly record: readonly object[] };

/** What has been done since the last word. `ended` comes once, last. */
export type Progress = {
  readonly tally: Tally;
  readonly shown: readonly Shown[];
  readonly questions: number;
  readonly ended: boolean;
};

/** How many cases are one person's record in this process, and in how large a stretch some go through the server. */
const together = 40;
const stretch = 4_000;
/** One case in so many goes through the whole server. */
const wholeShare = 200;
/** How many findings are made small: it takes a while. */
const mostShown = 5;

/** Does it, and tells of it as it goes. */
export async function work({ seed, from, cases }: Work, tell: (progress: Progress) => void): Promise<void> {
  const { categories, roles } = await loadConfig('smart-config');
  const vocabulary = vocabularyOf(categories);
  const generatorAt = (base: string): ReturnType<typeof createGenerator> => createGenerator(vocabulary, { seed, base });
  const generator = generatorAt(bedBase);
  const bed = await openFacadeBed(categories, roles);
  let region: Region | undefined;
  let small = 0;

  /** The finding with the smallest record that shows it in this process; as it is, where only the whole server shows it. */
  const shownBy = async (finding: Finding, of: Case | undefined): Promise<Shown> => {
    small += 1;
    const again = async (some: Case): Promise<boolean> =>
      (await tryCases(bed, [some])).some((one) => one.kind === finding.kind);
    const least = of !== undefined && small <= mostShown && (await again(of)) ? await smallestOf(of, again) : of;
    return { ...finding, record: least?.things.map(({ resource }) => resource) ?? [] };
  };
  const tellOf = async (
    pairs: readonly { readonly canary: Case; readonly twin: Case }[],
    findings: readonly Finding[],
    isWhole: boolean,
    questions = 0,
  ): Promise<void> => {
    let tally: Tally = {};
    for (const { canary } of pairs)
      tally = counted(
        tally,
        canary,
        findings.filter((one) => one.index === canary.index),
        isWhole,
      );
    const shown: Shown[] = [];
    for (const finding of findings) {
      const pair = pairs.find(({ canary }) => canary.index === finding.index);
      shown.push(await shownBy(finding, finding.isTwin ? pair?.twin : pair?.canary));
    }
    tell({ tally, shown, questions, ended: false });
  };

  const clinician = 'R8000';
  const others = roles.map((one) => one.code).filter((code) => code !== clinician);
  for (let done = 0; done < cases; done += stretch) {
    const indexes = Array.from({ length: Math.min(stretch, cases - done) }, (_, at) => from + done + at);
    region ??= await openRegion();
    const isFirst = done === 0;
    // The first record is asked for by everyone and in every way there is; those that follow by one role more, in turn.
    const other = others[(done / stretch) % others.length] ?? clinician;
    const swept = await sweep(
      region,
      { acute: generatorAt(region.baseOf('acute')), community: generatorAt(region.baseOf('community')) },
      {
        indexes: indexes.filter((_, at) => at % wholeShare === 0),
        roles: [clinician, ...(isFirst ? others : [other])],
        thorough: isFirst,
      },
    );
    await tellOf(swept.cases, swept.findings, true, swept.asked);
    const here = indexes.filter((_, at) => at % wholeShare !== 0);
    for (let at = 0; at < here.length; at += together) {
      const pairs = here.slice(at, at + together).map((index) => generator.of(index));
      const both = pairs.flatMap(({ canary, twin }) => [canary, twin]);
      await tellOf(pairs, await tryCases(bed, both), false);
    }
  }
  await bed.close();
  const left: Shown[] = [];
  if (region !== undefined) {
    await region.stop();
    for (const finding of await remains(region, (index) => generator.of(index).canary))
      left.push({ ...finding, record: [] });
    await region.close();
  }
  tell({ tally: {}, shown: left, questions: 0, ended: true });
}

if (process.send !== undefined && process.argv[2] === 'work') {
  process.once('message', (message) => {
    void work(message as Work, (progress) => void process.send?.(progress)).then(
      () => process.disconnect(),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
