import type { BrowserContext, Page } from '@playwright/test';
import { sectionIds, type SectionId } from '../src/fhir/look.ts';
import { schemes } from '../src/viewer/palette.ts';
import { sectionWords } from '../src/viewer/words.ts';
import { axeFaults } from './axe.ts';
import { clippedWords } from './clipped.ts';
import { expect, isFull, openStory, openTab, test } from './stories.ts';

/*
 * Every section of one record that fills them all: what a screen reader is given of it, what axe finds, and what cannot be
 * read. 320 px is a window of 1280 px at 400 %. Each section at some widths and in some schemes; with --full in all.
 */
const widths = [320, 390, 900, 1366, 1920] as const;
/** WCAG 1.4.12: the spacing that a reader may set. */
const spacing =
  '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}';

let page: Page;
let context: BrowserContext;
test.beforeEach(async ({ browser, storiesOrigin }) => {
  ({ page, context } = await openTab(browser, storiesOrigin));
});
test.afterEach(() => context.close());

async function goTo(section: SectionId): Promise<void> {
  const { title } = sectionWords[section];
  // Below 900 px the rail is a list to choose from.
  if ((page.viewportSize()?.width ?? 0) < 900)
    await page.getByRole('combobox', { name: 'Section' }).selectOption(section);
  else
    await page
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('button', { name: new RegExp(`^${title}`) })
      .click();
  await expect(page.getByRole('main', { name: title, exact: true })).toBeVisible();
  // What is loaded when it is first opened.
  await expect(page.getByRole('main').locator('[aria-busy="true"]')).toHaveCount(0);
}

async function resize(width: number): Promise<void> {
  await page.setViewportSize({ width, height: width < 1366 ? 700 : 900 });
}

test('a screen reader is given every section as it was looked at', async () => {
  await openStory(page, { width: 1366, height: 900 });
  for (const section of sectionIds) {
    await goTo(section);
    await expect(page.getByRole('main'), section).toMatchAriaSnapshot({ name: `${section}.aria.yml` });
  }
});

for (const [turn, scheme] of schemes.entries()) {
  test(`no section has a fault, ${scheme}`, async () => {
    await openStory(page, { scheme });
    for (const [index, section] of sectionIds.entries()) {
      const sampled = index % schemes.length === turn || (index + 1) % schemes.length === turn;
      if (!isFull && !sampled) continue;
      const own = widths[(index + turn) % widths.length] ?? 1366;
      for (const width of isFull ? widths : [own]) {
        await resize(width);
        await goTo(section);
        expect(await axeFaults(page), `${section}, ${width} px`).toEqual([]);
      }
    }
  });
}

test('no word of a section is cut off at any width, nor with the spacing that a reader may set', async () => {
  await openStory(page, {});
  for (const spaced of [false, true]) {
    if (spaced) await page.addStyleTag({ content: spacing });
    for (const [index, section] of sectionIds.entries()) {
      const own = widths.filter((_, at) => isFull || at === 0 || at === index % widths.length);
      for (const width of own) {
        await resize(width);
        await goTo(section);
        // A chart takes a new width a moment after the page has.
        const message = `${section}, ${width} px${spaced ? ', spaced' : ''}`;
        await expect.poll(() => clippedWords(page), { message, timeout: 10_000 }).toEqual([]);
      }
    }
  }
});

test('in forced colours every section is there, and what colour says is said by words or borders', async () => {
  await page.emulateMedia({ forcedColors: 'active' });
  await openStory(page, {});
  for (const section of ['overview', 'medicines', 'results', 'timeline'] as const) {
    await goTo(section);
    expect(await axeFaults(page), section).toEqual([]);
  }
  const chosen = page.getByRole('navigation', { name: 'Sections' }).locator('[aria-current="page"]');
  await chosen.focus();
  await page.keyboard.press('ArrowUp');
  const focused = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
  expect(focused).not.toBe('none');
});

test('where less motion is asked for, nothing moves', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openStory(page, { state: 'drawer' });
  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving).toBe(0);
});
