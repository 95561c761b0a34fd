import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, chromium, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import type { SectionId } from '../src/fhir/look.ts';
import type { Scheme } from '../src/viewer/palette.ts';
import { pageStates, type PageState, type PageStateId } from '../src/viewer/stories/states.ts';
import { storiesConfig } from '../src/viewer/stories/vite.config.ts';
import { chromiumArgs } from './browser.ts';
import { runFolder } from './region.ts';

/** The moment at which every story stands. */
export const storiesAt = '2026-11-20T09:42:00Z';

/** `npm test -- --full`: everything of what is otherwise a fixed sample. */
export const isFull = process.env['OHC_FULL'] === '1';

/** How one story is looked at. */
export type Look = {
  readonly state?: PageStateId;
  readonly section?: SectionId;
  readonly scheme?: Scheme;
  /** px; absent: a hospital desktop. */
  readonly width?: number;
  readonly height?: number;
};

/** Chromium as the pictures want it: letters drawn the same on every machine. */
async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'];
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...chromiumArgs, '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
  });
}

/** Opens the story in this page, and waits until all that its state says stands there. */
export async function openStory(page: Page, look: Look): Promise<void> {
  const { state: id = 'whole', section, scheme = 'light', width = 1366, height = 768 } = look;
  await page.setViewportSize({ width, height });
  await page.clock.setFixedTime(storiesAt);
  const query = new URLSearchParams({ state: id, scheme, ...(section === undefined ? {} : { section }) });
  await page.goto(`/app/stories.html?${query.toString()}`);
  await told(page, id, section === undefined);
}

/** A tab for many stories, one after the other: the page's code is fetched once. */
export async function openTab(browser: Browser, baseURL: string): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ baseURL, locale: 'en-GB', timezoneId: 'Europe/London' });
  context.setDefaultTimeout(30_000);
  return { context, page: await context.newPage() };
}

/** Waits until the story is told. @param says whether what its state says must stand there too */
async function told(page: Page, id: PageStateId, says: boolean): Promise<void> {
  const state: PageState = pageStates[id];
  const waits = Object.values(state.sources ?? {}).includes('asking') && state.answer !== 'cut';
  if (!waits) await page.locator('#root[data-story="told"]').waitFor();
  else await page.getByRole('meter').waitFor();
  if (says) for (const words of state.says) await expect(page.locator('body')).toContainText(words);
  await expect(page.getByText('Loading the', { exact: false })).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** A test that has the page of stories. */
export const test = base.extend<object, { readonly storiesOrigin: string }>({
  browser: [
    async ({}, provide) => {
      const browser = await openBrowser();
      await provide(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  storiesOrigin: [
    async ({}, provide) => {
      // Built once for the run: a worker that takes another's place finds it.
      const outDir = join(runFolder() ?? 'test-results', 'stories');
      const config = { ...storiesConfig({ at: storiesAt, outDir }), logLevel: 'warn' } as const;
      if (runFolder() === undefined || !existsSync(join(outDir, 'stories.html'))) await build(config);
      const server = await preview({ ...config, preview: { port: 0, host: '127.0.0.1' } });
      await provide(new URL(server.resolvedUrls?.local[0] ?? '').origin);
      await server.close();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ storiesOrigin }, provide) => provide(storiesOrigin),
  locale: 'en-GB',
  timezoneId: 'Europe/London',
});
export { expect };
