import type { BrowserContext, Page } from '@playwright/test';
import { schemes } from '../src/viewer/palette.ts';
import { pageStateIds } from '../src/viewer/stories/states.ts';
import { axeFaults } from './axe.ts';
import { isFull, openStory, openTab, test, expect } from './stories.ts';

/*
 * Every state of the page: its words stand there, and axe finds no fault. Each in one scheme, another from one state to
 * the next; with --full in every scheme and at the width of a telephone too.
 */
let page: Page;
let context: BrowserContext;
test.beforeAll(async ({ browser, storiesOrigin }) => {
  ({ page, context } = await openTab(browser, storiesOrigin));
});
test.afterAll(() => context.close());

for (const [index, state] of pageStateIds.entries()) {
  const own = schemes[index % schemes.length] ?? 'light';
  for (const scheme of isFull ? schemes : [own])
    for (const width of isFull ? [320, 1366] : [1366])
      test(`${state}: its words, and no fault, ${scheme}, ${width} px`, async () => {
        await openStory(page, { state, scheme, width });
        expect(await axeFaults(page)).toEqual([]);
      });
}

test('the sheet of parts has no fault', async () => {
  for (const scheme of schemes) {
    await page.goto(`/app/stories.html?parts&scheme=${scheme}`);
    await page.getByRole('heading', { name: 'Parts', exact: true }).waitFor();
    expect(await axeFaults(page), scheme).toEqual([]);
  }
});
