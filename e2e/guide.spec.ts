import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { axeFaults, axeFaultsInFrame } from './axe.ts';
import { be, opened, openClinician, openInMillbrook, setSwitches, type Clinician } from './browser.ts';
import { hostOrigin, viewerOrigin } from './region.ts';

/*
 * What helps people to read the record: the user guide as a page of its own, and the tour and the guide within the viewer, in
 * the frame of a host that allows no new window.
 */

let clinician: Clinician;
let page: Page;

test.beforeAll(async () => {
  clinician = await openClinician({ thirdParty: 'blocked' });
  await be(clinician, 'm.kowalczyk');
  page = await clinician.context.newPage();
  await setSwitches(page, {});
});
test.afterAll(() => clinician.close());

for (const name of ['index.html', 'one-page.html'])
  test(`the user guide has no fault that axe finds, and fits a phone: ${name}`, async () => {
    for (const [width, colorScheme] of [
      [320, 'light'],
      [1366, 'dark'],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await page.goto(`${viewerOrigin}/guide/${name}`);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect(await axeFaults(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, `${width} px`).toBeLessThanOrEqual(0);
      const broken = await page.evaluate(() =>
        [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src),
      );
      expect(broken).toEqual([]);
      await page.screenshot({ path: `test-results/looks/guide-${name}-${width}.png` });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1366, height: 768 });
  });

test('one page is one page of A4', async () => {
  await page.goto(`${viewerOrigin}/guide/one-page.html`);
  const pdf = await page.pdf({ path: 'test-results/looks/guide-one-page.pdf', preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
});

async function openWhole(): Promise<FrameLocator> {
  const frame = await openInMillbrook(page, 'SMITH');
  await opened(frame);
  await expect(frame.getByRole('meter')).toHaveAccessibleName('All 9 organisations have answered');
  return frame;
}

/** What a click in the middle of each of these parts would meet: itself, or something that covers it. */
function covered(place: FrameLocator | Page): Promise<readonly string[]> {
  return place.locator('body').evaluate(() =>
    ['#person', '#organisations'].filter((one) => {
      const part = document.querySelector(one);
      const box = part?.getBoundingClientRect();
      if (part === null || box === undefined || box.height === 0) return true;
      const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      return met === null || !part.contains(met);
    }),
  );
}

test('the tour is walked by the keyboard alone, and never covers who this is or who has answered', async () => {
  const frame = await openWhole();
  const offer = frame.getByRole('button', { name: 'Take the three-minute tour' });
  // A run against a server that knows this user already finds it in About this record.
  if (!(await offer.isVisible()))
    await frame
      .getByRole('button', { name: /^About this record/ })
      .first()
      .press('Enter');
  await offer.press('Enter');
  const tour = frame.getByRole('region', { name: /Tour, \d of \d/ });
  await expect(tour.getByRole('heading')).toBeFocused();
  for (let n = 1; ; n += 1) {
    await expect(tour).toContainText(`Tour, ${n} of 8`);
    await expect(tour.getByRole('heading')).toBeFocused();
    expect(await covered(frame), `stop ${n}`).toEqual([]);
    if (n === 2) {
      await page.screenshot({ path: 'test-results/looks/tour-1366.png' });
      expect(await axeFaultsInFrame(page)).toEqual([]);
    }
    const next = tour.getByRole('button', { name: 'Next' });
    if ((await next.count()) === 0) break;
    await page.keyboard.press('Tab');
    await expect(next).toBeFocused();
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Escape');
  await expect(tour).toHaveCount(0);
});

test('the tour leaves who this is in view on a phone', async () => {
  await page.goto(`${hostOrigin}/trentside/`);
  await page.getByRole('link', { name: /^SMITH,/ }).click();
  const [tab] = await Promise.all([
    clinician.context.waitForEvent('page'),
    page.getByRole('button', { name: /One Health and Care/ }).click(),
  ]);
  await tab.setViewportSize({ width: 390, height: 700 });
  const [form, banner] = [tab.getByRole('checkbox'), tab.getByRole('banner').getByText('SMITH')];
  await form.or(banner).first().waitFor();
  if (await form.isVisible()) {
    await form.check();
    await tab.getByRole('button', { name: 'Save and open the record' }).click();
  }
  await tab.getByLabel('Section', { exact: true }).selectOption('about');
  await tab.getByRole('button', { name: 'Take the three-minute tour' }).first().click();
  const tour = tab.getByRole('region', { name: /Tour, 1 of 8/ });
  await expect(tour.getByRole('heading')).toBeFocused();
  expect(await covered(tab)).toEqual([]);
  expect(await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await tab.screenshot({ path: 'test-results/looks/tour-390.png' });
  await tab.close();
});

test('nothing covers who this is, nor who has answered: not the details, not the search, not the keys', async () => {
  const frame = await openWhole();
  await frame
    .getByRole('navigation', { name: 'Sections' })
    .getByRole('button', { name: /^Allergies/ })
    .click();
  await frame
    .getByRole('button', { name: /Penicillin/ })
    .first()
    .click();
  await expect(frame.getByText('Organisations differ on').first()).toBeVisible();
  expect(await covered(frame), 'details').toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('furosemide');
  await expect(frame.getByText(/items? found in/).first()).toBeVisible();
  expect(await covered(frame), 'search').toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+/');
  await expect(frame.getByRole('region', { name: 'Keys' })).toBeVisible();
  expect(await covered(frame), 'keys').toEqual([]);
  await page.keyboard.press('Escape');
});

test('the guide opens in place where the frame allows no window, and the record stays', async () => {
  await clinician.context.route(`${hostOrigin}/millbrook/patients/*/one-health-and-care`, async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    if (!(answer.headers()['content-type'] ?? '').includes('text/html')) return route.fulfill({ response: answer });
    const body = (await answer.text()).replace(
      /sandbox="[^"]*"/,
      'sandbox="allow-scripts allow-forms allow-same-origin"',
    );
    return route.fulfill({ response: answer, body });
  });
  const frame = await openWhole();
  await frame
    .getByRole('navigation', { name: 'Sections' })
    .getByRole('button', { name: /^About this record/ })
    .click();
  await frame.getByRole('link', { name: 'User guide' }).click();
  const guide = frame.frameLocator('iframe[title="User guide"]');
  await expect(guide.getByRole('heading', { name: 'User guide', level: 1 })).toBeVisible();
  await guide.getByRole('link', { name: 'What hatching means' }).click();
  await expect(guide.getByRole('heading', { name: 'What hatching means' })).toBeInViewport();
  await page.screenshot({ path: 'test-results/looks/guide-in-place.png' });
  // A jump within the guide moves the guide, and not the page around it.
  expect(await covered(frame)).toEqual([]);
  await frame.getByRole('button', { name: 'Close the user guide' }).click();
  await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
});
