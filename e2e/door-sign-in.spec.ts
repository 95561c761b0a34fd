import { expect, test, type Page } from '@playwright/test';
import { personOf } from '../server/demo/people.ts';
import { openClinician, setSwitches, type Clinician } from './browser.ts';
import { find, goToSignIn, look, overview, sayWhoOneIs, signInAs, type Sought } from './doors.ts';
import { hostOrigin, serverLog, viewerOrigin } from './region.ts';

const byNumber = (key: string): Sought => {
  const { nhsNumber, birthDate } = personOf(key);
  return { nhsNumber, birthDate };
};
const seek = (page: Page) => page.getByRole('heading', { name: 'Find a person', exact: true });

test.describe('an out-of-hours doctor with two roles', () => {
  test.describe.configure({ mode: 'serial' });
  let clinician: Clinician;
  let page: Page;
  test.beforeAll(async () => {
    clinician = await openClinician({ thirdParty: 'blocked' });
    page = await clinician.context.newPage();
    await setSwitches(page, {});
  });
  test.afterAll(() => clinician.close());

  test('signs in, picks a role, finds a person by number and birth date, and sees the record', async () => {
    await page.goto(`${hostOrigin}/`);
    await look(page, 'demo-first-page');
    await goToSignIn(page);
    await signInAs(page, 'Dr Samir Qureshi');
    await expect(page.getByRole('heading', { name: 'Choose your role' })).toBeVisible();
    await look(page, 'sign-in-role');
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(seek(page)).toBeVisible();
    await expect(page.locator('main')).toContainText('Dr Samir Qureshi');
    await expect(page.locator('main')).toContainText('Out-of-hours doctors');
    await look(page, 'sign-in-find');
    await find(page, byNumber('smith'));
    await sayWhoOneIs(page, { body: 'GMC' });
    await expect(overview(page)).toBeVisible();
    await expect(page.getByRole('banner')).toContainText('SMITH, John (Mr)');
    await look(page, 'sign-in-record');
  });

  test('finds a person without the number, where exactly one matches', async () => {
    const { family, given, birthDate, address } = personOf('nair');
    const sought = { family, given, birthDate, gender: 'Female', postcode: address.postcode };
    await page.goto(`${viewerOrigin}/launch`);
    await page.getByRole('link', { name: 'I do not have the NHS number' }).click();
    await find(page, sought);
    await expect(page.getByRole('banner')).toContainText('NAIR, Priya (Ms)');
  });

  test('two tabs with two people keep them apart', async () => {
    const other = await clinician.context.newPage();
    for (const [tab, key] of [
      [page, 'smith'],
      [other, 'bentley'],
    ] as const) {
      await tab.goto(`${viewerOrigin}/launch`);
      await find(tab, byNumber(key));
    }
    await expect(other.getByRole('banner')).toContainText('BENTLEY, Oliver (Master)');
    await expect(page.getByRole('banner')).toContainText('SMITH, John (Mr)');
    await expect(page.getByRole('banner')).not.toContainText('BENTLEY');
    await other.close();
  });

  test('gets one page for a wrong birth date, an unknown, a restricted and an objecting person, and for no match', async () => {
    const { family, given, birthDate } = personOf('nair');
    const attempts: readonly Sought[] = [
      { ...byNumber('smith'), birthDate: '1945-07-15' },
      byNumber('zielinski'),
      byNumber('wardle'),
      { family, given, birthDate, gender: 'Female', postcode: 'ST1 1ZZ' },
    ];
    const pages: string[] = [];
    for (const sought of attempts) {
      await page.goto(`${viewerOrigin}/launch`);
      if (sought.nhsNumber === undefined)
        await page.getByRole('link', { name: 'I do not have the NHS number' }).click();
      await find(page, sought);
      await expect(page.getByRole('heading', { name: 'No record was opened' })).toBeVisible();
      pages.push(await page.locator('main').innerText());
      for (const typed of [sought.nhsNumber, sought.family])
        if (typed !== undefined) expect(pages.at(-1)).not.toContain(typed);
    }
    expect(new Set(pages).size).toBe(1);
    await look(page, 'sign-in-not-found');
  });

  test('is stopped for a while after five of them', async () => {
    await page.goto(`${viewerOrigin}/launch`);
    await find(page, byNumber('lockett'));
    await page.goto(`${viewerOrigin}/launch`);
    if (await seek(page).isVisible()) await find(page, byNumber('smith'));
    await expect(page.getByRole('heading', { name: 'Wait before you try again' })).toBeVisible();
    await look(page, 'sign-in-stopped');
  });

  test('no NHS number and no name is in the log', async () => {
    const log = await serverLog();
    for (const { nhsNumber, family } of ['smith', 'nair', 'wardle', 'lockett'].map(personOf)) {
      expect(log).not.toContain(nhsNumber);
      expect(log.toUpperCase()).not.toContain(family);
    }
  });
});

test.describe('who else signs in', () => {
  for (const [name, words] of [
    ['Dr Neil Hobson', 'Your sign-in does not allow this'],
    ['Mrs Kerry Whitmore', 'Find a person'],
    ['Ms Beth Tranter', 'Find a person'],
  ] as const)
    test(`${name}: ${words}`, async () => {
      const clinician = await openClinician({ thirdParty: 'blocked' });
      const page = await clinician.context.newPage();
      await goToSignIn(page);
      await signInAs(page, name);
      await expect(page.getByRole('heading', { name: words, exact: true })).toBeVisible();
      await look(page, `sign-in-${name.split(' ').at(-1)?.toLowerCase() ?? ''}`);
      await clinician.close();
    });

  test('a receptionist is shown nothing clinical', async () => {
    const clinician = await openClinician({ thirdParty: 'blocked' });
    const page = await clinician.context.newPage();
    await goToSignIn(page);
    await signInAs(page, 'Miss Paula Deakin');
    await find(page, byNumber('smith'));
    await sayWhoOneIs(page);
    await expect(page.getByRole('banner')).toContainText('SMITH, John (Mr)');
    await page
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('button', { name: /^Medicines/ })
      .click();
    await expect(page.getByText('Your role does not include medicines.').first()).toBeVisible();
    await expect(page.locator('body')).not.toContainText('Furosemide');
    // What the role does not include is not said to be missing.
    await expect(page.getByRole('banner')).not.toContainText('Allergies not recorded');
    await look(page, 'sign-in-receptionist');
    await clinician.close();
  });

  test('a sign-in within a frame is sent to a window of its own', async () => {
    const clinician = await openClinician({ thirdParty: 'allowed' });
    const page = await clinician.context.newPage();
    await page.goto(`${hostOrigin}/`);
    const framed = `${viewerOrigin}/launch?host=demo-on-call`;
    const [answer] = await Promise.all([
      page.waitForResponse(framed),
      page.evaluate((src) => {
        const frame = document.createElement('iframe');
        frame.src = src;
        document.body.append(frame);
      }, framed),
    ]);
    expect(answer.status()).toBe(403);
    const frame = page.frameLocator('iframe');
    await expect(frame.getByRole('heading', { name: 'Open this in a window of its own' })).toBeVisible();
    await expect(frame.getByRole('button')).toHaveCount(0);
    await clinician.close();
  });
});
