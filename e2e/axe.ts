import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** WCAG 2.2, levels A and AA, and what axe holds to be good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

function rules(builder: AxeBuilder): AxeBuilder {
  // Off unless it is asked for: targets of 24 px, which WCAG has had since 2.2.
  return builder.options({ runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: true } } });
}

type Found = Awaited<ReturnType<AxeBuilder['analyze']>>;

function linesOf({ violations }: Found): readonly string[] {
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

/** What axe finds wrong with the page, a line each: the rule, and the elements. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  const found = await rules(new AxeBuilder({ page })).analyze();
  expect(found.passes.length).toBeGreaterThan(10);
  return linesOf(found);
}

/** The same for the record in a host's frame. */
export async function axeFaultsInFrame(page: Page): Promise<readonly string[]> {
  let faults: readonly string[] = [];
  // axe gives a frame up in which a busy machine is slow to answer it, and says nothing: it is asked until it has looked.
  await expect(async () => {
    const found = await rules(new AxeBuilder({ page }).include('iframe[name="record"]')).analyze();
    // A target of two steps lies within the frame.
    expect(found.passes.flatMap(({ nodes }) => nodes).filter(({ target }) => target.length > 1).length).toBeGreaterThan(
      5,
    );
    faults = linesOf(found);
  }).toPass({ timeout: 90_000 });
  return faults;
}
