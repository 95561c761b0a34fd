import { expect, test } from '@playwright/test';
import { axeFaults } from './axe.ts';
import { openClinician } from './browser.ts';
import { viewerOrigin } from './region.ts';

/** The pages for the people whose records these are, as a phone and a desk show them. */
for (const width of [320, 1366])
  test(`the privacy notice and how to say no, ${width} wide: no fault that axe finds, nothing cut off, each leads to the other`, async () => {
    const reader = await openClinician({ thirdParty: 'allowed', viewport: { width, height: 800 } });
    try {
      const page = await reader.context.newPage();
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.goto(`${viewerOrigin}/privacy`);
        for (const [title, next] of [
          ['Your record and your privacy', 'How to say no'],
          ['How to say no', 'Your record and your privacy'],
        ] as const) {
          await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
          expect(await axeFaults(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
          await page.getByRole('link', { name: next, exact: true }).click();
        }
      }
    } finally {
      await reader.close();
    }
  });
