import { cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect as expectSoon, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { openClinician, openInMillbrook, register, setSwitches } from './browser.ts';
import startRegion, { hostOrigin } from './region.ts';

/*
 * `npm run guide:pictures`: takes the pictures of the user guide anew from the running demo, in the light scheme. All people
 * in them are invented. Their dates are those of the day; a test holds the guide to the files that are there.
 */
const folder = join('public', 'guide', 'pictures');
/** Where they are taken to, so that a run that fails leaves the guide as it was. */
const taken = join('test-results', 'guide-pictures');
const expect = expectSoon.configure({ timeout: 60_000 });
/** All pictures together, bytes: the guide is opened on slow lines too. */
const mostBytes = 1_500_000;

/** Takes a part of the page, or of it the upper `height` px alone. */
async function take(name: string, part: Locator, height?: number): Promise<void> {
  const path = join(taken, `${name}.png`);
  if (height === undefined) {
    await part.screenshot({ path, animations: 'disabled' });
    return;
  }
  const box = await part.boundingBox();
  if (box === null) throw new Error(`${name}: there is nothing to take`);
  await part.page().screenshot({ path, animations: 'disabled', clip: { ...box, height } });
}

async function whole(frame: FrameLocator, n: number): Promise<void> {
  await expect(frame.getByRole('meter')).toHaveAccessibleName(
    n === 9 ? 'All 9 organisations have answered' : new RegExp(`^${n} of 9 organisations have answered`),
  );
}

async function goTo(frame: FrameLocator, section: string): Promise<void> {
  await frame
    .getByRole('navigation', { name: 'Sections' })
    .getByRole('button', { name: new RegExp(`^${section}`) })
    .click();
  await expect(frame.getByRole('heading', { name: section, exact: true })).toBeVisible();
}

async function ways(page: Page): Promise<void> {
  await page.goto(`${hostOrigin}/millbrook/`);
  await page.getByRole('link', { name: /^SMITH,/ }).click();
  await take('open-from-menu', page.getByRole('navigation', { name: 'Chart' }), 490);
  await page.goto(`${hostOrigin}/trentside/`);
  await page.getByRole('link', { name: /^SMITH,/ }).click();
  await take('open-from-toolbar', page.locator('body'), 190);
}

async function record(page: Page): Promise<void> {
  const frame = await openInMillbrook(page, 'SMITH');
  await expect(frame.getByRole('heading', { name: 'Tell us who you are' })).toBeVisible();
  await take('first-time', frame.locator('main'));
  await register(frame);
  await whole(frame, 9);
  await frame.getByRole('button', { name: 'Not now' }).click();
  await take('overview', page.locator('iframe[name="record"]'));
  await take('rows', frame.getByRole('region', { name: 'Current medicines' }));

  await goTo(frame, 'Allergies');
  await frame
    .getByRole('button', { name: /Penicillin/ })
    .first()
    .click();
  await expect(frame.getByText('Organisations differ on').first()).toBeVisible();
  await take('differ', frame.getByRole('complementary', { name: 'Details' }).or(frame.getByRole('dialog')));
  await page.keyboard.press('Escape');

  await frame.getByRole('button', { name: 'Print' }).click();
  await take('print', frame.getByRole('dialog', { name: 'Print' }));
  await page.keyboard.press('Escape');
}

async function states(page: Page): Promise<void> {
  await setSwitches(page, { uhdb: { mode: '500' } });
  const frame = await openInMillbrook(page, 'SMITH');
  await whole(frame, 8);
  await goTo(frame, 'Allergies');
  await take('hatching', frame.locator('#section'), 256);
  await take('strip-missing', frame.getByRole('region', { name: 'Organisations' }));
  await setSwitches(page, {});
  const refused = await openInMillbrook(page, 'WARDLE');
  await expect(refused.getByRole('heading', { name: /not available/ })).toBeVisible();
  await take('refused', refused.locator('main'));
}

const stop = await startRegion();
const clinician = await openClinician({ thirdParty: 'blocked', viewport: { width: 1366, height: 768 } });
try {
  await rm(taken, { recursive: true, force: true });
  await mkdir(taken, { recursive: true });
  const page = await clinician.context.newPage();
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await setSwitches(page, {});
  await ways(page);
  await record(page);
  await states(page);
  const sizes = await Promise.all(
    (await readdir(taken)).map(async (name) => [name, (await stat(join(taken, name))).size] as const),
  );
  for (const [name, size] of sizes) console.log(`${name} ${size.toLocaleString('en-GB')} bytes`);
  const all = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`${sizes.length} pictures, ${all.toLocaleString('en-GB')} bytes`);
  if (all > mostBytes)
    throw new Error(`the pictures are more than ${mostBytes.toLocaleString('en-GB')} bytes together`);
  await rm(folder, { recursive: true, force: true });
  await cp(taken, folder, { recursive: true });
} finally {
  await clinician.close();
  await stop();
}
