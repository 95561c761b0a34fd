import type { Page } from '@playwright/test';
import { sectionIds } from '../src/fhir/look.ts';
import { sectionWords } from '../src/viewer/words.ts';
import { expect, openStory, test } from './stories.ts';

/*
 * The whole viewer by keys alone: every section is reached and worked, focus is never lost to the page's body, and never
 * stands where it cannot be seen.
 */

/** Where focus is, and whether the middle of it can be seen: nothing else lies there. */
type Focus = { readonly name: string; readonly inBody: boolean; readonly seen: boolean };

function focusOf(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return { name: '', inBody: true, seen: false };
    // Of words that go on in another line, the first.
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 1), window.innerWidth - 2);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 12), 1), window.innerHeight - 2);
    const on = document.elementFromPoint(x, y);
    const isInView = box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
    const seen = isInView && on !== null && (element.contains(on) || on.contains(element) || on === element);
    const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
    return { name: `${element.tagName} ${name.trim().slice(0, 40)}`, inBody: false, seen };
  });
}

async function expectFocus(page: Page, at: string): Promise<void> {
  const focus = await focusOf(page);
  expect(focus.inBody, `${at}: focus is lost`).toBe(false);
  expect(focus.seen, `${at}: ${focus.name} cannot be seen`).toBe(true);
}

/** Presses a key as often as it takes until focus is within what `selector` names. */
async function pressUntil(page: Page, key: string, selector: string, most = 60): Promise<void> {
  for (let times = 0; times < most; times += 1) {
    await page.keyboard.press(key);
    await expectFocus(page, `${key} to ${selector}`);
    if (await page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector)) return;
  }
  throw new Error(`${key} does not lead to ${selector}`);
}

test('every section is reached and worked by keys alone', async ({ page }) => {
  await openStory(page, {});
  // The first stop is the way past everything.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the section' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await pressUntil(page, 'Tab', '[data-rail]', 3);

  for (const section of sectionIds) {
    const { title } = sectionWords[section];
    const main = page.getByRole('main', { name: title, exact: true });
    if (section !== 'overview') {
      await page.keyboard.press('ArrowDown');
      await expectFocus(page, title);
      await page.keyboard.press('Enter');
    }
    await expect(main).toBeVisible();
    await expect(main.locator('[aria-busy="true"]')).toHaveCount(0);
    // The rail keeps focus while the section changes: whoever listens is not thrown about.
    await expectFocus(page, `${title} opened`);
    await expect(page.locator('[data-rail][aria-current="page"]')).toBeFocused();

    // Into the section and through its first stops; then a row, its drawer, and back to the row.
    await pressUntil(page, 'Tab', 'main', 20);
    for (let stops = 0; stops < 12; stops += 1) {
      const inside = await page.evaluate(() => document.activeElement?.closest('main') !== null);
      if (!inside) break;
      const onRow = await page.evaluate(() => document.activeElement?.hasAttribute('data-row') === true);
      if (onRow) {
        const row = await page.evaluate(() => document.activeElement?.getAttribute('data-id') ?? '');
        await page.keyboard.press('Enter');
        const drawer = page.getByRole('complementary', { name: 'Details' });
        await expect(drawer, title).toBeVisible();
        await expect
          .poll(() => page.evaluate(() => document.activeElement?.closest('[data-drawer]') !== null), {
            message: title,
          })
          .toBe(true);
        await page.keyboard.press('Escape');
        await expect(drawer, title).toHaveCount(0);
        await expect(page.locator(`[data-row][data-id="${row}"]`).first(), `${title}: back to its row`).toBeFocused();
        await expectFocus(page, `${title}, drawer closed`);
        break;
      }
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement === document.body)) break;
      await expectFocus(page, title);
    }
    // Back to the rail by the second skip link's target.
    await page.locator('[data-rail][aria-current="page"]').focus();
  }
});

test('at the width of a telephone the sections are a list that keys work', async ({ page }) => {
  await openStory(page, { width: 390, height: 700 });
  await page.getByRole('combobox', { name: 'Section' }).focus();
  for (const section of sectionIds.slice(1, 6)) {
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('main', { name: sectionWords[section].title, exact: true })).toBeVisible();
    await expectFocus(page, section);
  }
});

test('search opens by Ctrl+K from anywhere, and Escape gives focus back', async ({ page }) => {
  await openStory(page, { section: 'medicines' });
  await page.locator('[data-rail][aria-current="page"]').focus();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Search everything' })).toBeFocused();
  await page.keyboard.type('furosemide');
  await expect(page.getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expectFocus(page, 'search closed');
});
