import { expect, test, type Page } from '@playwright/test';
import { personOf } from '../server/demo/people.ts';
import { openClinician, setSwitches, type Clinician } from './browser.ts';
import { look, openInPeakside, overview, sayWhoOneIs, signInAs } from './doors.ts';
import { serverLog, viewerOrigin } from './region.ts';

test.describe.configure({ mode: 'serial' });

let clinician: Clinician;
let page: Page;

test.beforeAll(async () => {
  clinician = await openClinician({ thirdParty: 'blocked' });
  page = await clinician.context.newPage();
  await setSwitches(page, {});
});
test.afterAll(() => clinician.close());

// Not the doctor of the other file: the server counts what a user searched for in vain.
/** A session stands for one host: who went to another in between is asked again. */
async function signInIfAsked(tab: Page): Promise<void> {
  const choice = tab.getByRole('heading', { name: 'Choose who you are' });
  await choice
    .or(tab.getByRole('heading', { level: 1 }))
    .first()
    .waitFor();
  if (await choice.isVisible()) await signInAs(tab, 'Ms Beth Tranter');
}

test('a link says which person, and the sign-in who asks', async () => {
  const tab = await openInPeakside(page, 'BENTLEY');
  await look(page, 'peakside-patient');
  await expect(tab.getByRole('heading', { name: 'Choose who you are' })).toBeVisible();
  await look(tab, 'identity-choice');
  await signInAs(tab, 'Ms Beth Tranter');
  // Of her two roles one is at Peakside's own organisation: that one counts, and is not asked for.
  await sayWhoOneIs(tab, { body: 'NMC' });
  await expect(overview(tab)).toBeVisible();
  await expect(tab.getByRole('banner')).toContainText('BENTLEY, Oliver (Master)');
  await look(tab, 'peakside-record');
  await tab.close();
});

test('the sign-in is asked once a session; a link of the other cipher opens too', async () => {
  const again = await openInPeakside(page, 'PRITCHARD');
  await expect(again.getByRole('banner')).toContainText('PRITCHARD, Gareth (Mr)');
  const cbc = await openInPeakside(page, 'KHALID', 'One Health and Care (CBC)');
  await signInIfAsked(cbc);
  await sayWhoOneIs(cbc, { body: 'NMC' });
  await expect(cbc.getByRole('banner')).toContainText('KHALID, Zara (Mrs)');
  // Two tabs at once keep their own person.
  await expect(again.getByRole('banner')).toContainText('PRITCHARD, Gareth (Mr)');
  await Promise.all([again.close(), cbc.close()]);
});

test('an altered link and a link cut short get one page', async () => {
  const links: string[] = [];
  page.context().on('request', (request) => {
    if (request.url().startsWith(`${viewerOrigin}/launch?host=`)) links.push(request.url());
  });
  await (await openInPeakside(page, 'BENTLEY')).close();
  const [link = ''] = links;
  expect(new URL(link).searchParams.get('c')).toMatch(/^[\w-]{80,}$/);
  const changed = link.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  const pages: string[] = [];
  for (const [name, url] of [
    ['altered', link.replace(/(c=.{20})./, (whole, head: string) => `${head}${whole.endsWith('A') ? 'B' : 'A'}`)],
    ['last', changed],
    ['cut', link.slice(0, -12)],
  ] as const) {
    const tab = await page.context().newPage();
    await tab.goto(url);
    await expect(tab.getByRole('heading', { name: 'The record could not be opened' }), name).toBeVisible();
    pages.push(await tab.locator('main').innerText());
    if (name === 'altered') await look(tab, 'peakside-link-altered');
    await tab.close();
  }
  expect(new Set(pages).size).toBe(1);
});

test('an unknown person is answered with the page that tells nothing', async () => {
  const tab = await openInPeakside(page, 'ZIELINSKI');
  await signInIfAsked(tab);
  await expect(tab.getByRole('heading', { name: 'No record was opened' })).toBeVisible();
  await expect(tab.locator('body')).not.toContainText('ZIELINSKI', { ignoreCase: true });
  await look(tab, 'peakside-not-found');
  await tab.close();
});

test('no NHS number and no name is in an address of ours or in the log', async () => {
  const log = await serverLog();
  const urls = (await clinician.sent()).map(({ url }) => url).join('\n');
  for (const { nhsNumber, family } of [personOf('bentley'), personOf('zielinski')]) {
    expect(log).not.toContain(nhsNumber);
    expect(log.toUpperCase()).not.toContain(family);
    expect(urls).not.toContain(nhsNumber);
  }
});
