import { expect, test, type Page } from '@playwright/test';
import { personOf } from '../server/demo/people.ts';
import { openClinician, setSwitches, sourceLog, type Clinician } from './browser.ts';
import { becomeAtAshgrove, look, openInAshgrove, overview, sayWhoOneIs } from './doors.ts';
import { hostOrigin, serverLog, viewerOrigin } from './region.ts';

test.describe.configure({ mode: 'serial' });

for (const thirdParty of ['blocked', 'allowed'] as const) {
  test.describe(`Ashgrove, a SMART EHR of another site, third-party cookies ${thirdParty}`, () => {
    let clinician: Clinician;
    let page: Page;
    test.beforeAll(async () => {
      clinician = await openClinician({ thirdParty });
      page = await clinician.context.newPage();
      await setSwitches(page, {});
    });
    test.afterAll(() => clinician.close());

    test('opens the record in its frame, with its own organisation among the others', async () => {
      await becomeAtAshgrove(page, 'Dr Helen Marlow');
      const frame = await openInAshgrove(page, 'SMITH');
      if (thirdParty === 'blocked') {
        // The name is Ashgrove's and locked; the role is asked, for Ashgrove asserts none for its doctors.
        await expect(frame.getByRole('heading', { name: 'Tell us who you are' })).toBeVisible();
        await expect(frame.locator('body')).toContainText('Dr Helen Marlow');
        await look(page, 'ashgrove-name-and-role');
      }
      await sayWhoOneIs(frame, { role: 'Clinical practitioner', body: 'GMC' });
      await expect(overview(frame)).toBeVisible();
      await expect(frame.getByRole('meter')).toHaveAccessibleName('All 10 organisations have answered');
      // Ashgrove shows a banner of its own, and its token says so: the strip carries who this is.
      await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
      await look(page, `ashgrove-record-${thirdParty}`);
      await frame
        .getByRole('navigation', { name: 'Sections' })
        .getByRole('button', { name: /^About this record/ })
        .click();
      await expect(frame.getByText('Ashgrove Rehabilitation Hospital').first()).toBeVisible();
      await look(page, `ashgrove-organisations-${thirdParty}`);
    });

    test('shows its own record alone of someone without an NHS number, and says why', async () => {
      const before = (await sourceLog(page)).length;
      const frame = await openInAshgrove(page, 'MOREAU');
      await expect(overview(frame)).toBeVisible();
      await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText(
        'No NHS number: only the record of',
      );
      await expect(frame.getByText(/Codeine/).first()).toBeVisible();
      await look(page, `ashgrove-without-number-${thirdParty}`);
      // Nobody else was asked, the demographics service included.
      expect(await sourceLog(page)).toHaveLength(before);
    });

    test('refuses the record of someone who objected, in the words that all hosts get', async () => {
      const frame = await openInAshgrove(page, 'WARDLE');
      await expect(
        frame.getByRole('heading', { name: 'This person’s information is not available in One Health and Care' }),
      ).toBeVisible();
      await expect(frame.locator('body')).not.toContainText('WARDLE', { ignoreCase: true });
      await look(page, `ashgrove-refused-${thirdParty}`);
    });

    test('its nurse looks in the role that it asserts', async () => {
      await becomeAtAshgrove(page, 'Mr Tom Sedgwick');
      const frame = await openInAshgrove(page, 'FORSYTH');
      if (thirdParty === 'blocked') {
        await expect(frame.getByRole('heading', { name: 'Tell us who you are' })).toBeVisible();
        await expect(frame.getByLabel('Your role')).toHaveCount(0);
        await expect(frame.locator('body')).toContainText('Nurse');
        await look(page, 'ashgrove-role-locked');
      }
      await sayWhoOneIs(frame);
      await expect(overview(frame)).toBeVisible();
    });

    test('two tabs with two people keep them apart', async () => {
      const other = await clinician.context.newPage();
      const [first, second] = await Promise.all([openInAshgrove(page, 'SMITH'), openInAshgrove(other, 'FORSYTH')]);
      await expect(first.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
      await expect(second.getByRole('region', { name: 'Organisations' })).toContainText('FORSYTH, Eileen');
      await expect(first.getByRole('meter')).toHaveAccessibleName('All 10 organisations have answered');
      await expect(first.locator('body')).not.toContainText('FORSYTH');
      await expect(second.locator('body')).not.toContainText('SMITH');
      await other.close();
    });

    test('goes back to its chart when its own app says that it is done, and at nobody else’s word', async () => {
      const frame = await openInAshgrove(page, 'FORSYTH');
      await expect(overview(frame)).toBeVisible();
      const handle = await page.locator('iframe[name="record"]').getAttribute('data-handle');
      const inner = page.frames().find((one) => one.url().startsWith(viewerOrigin));
      const done = (messagingHandle: string | null): Promise<void> | undefined =>
        inner?.evaluate(
          ([to, said]) => window.parent.postMessage({ messagingHandle: said, messageType: 'ui.done' }, to ?? ''),
          [hostOrigin, messagingHandle] as const,
        );
      const record = page.url();
      await done('another');
      await done(null);
      await page.evaluate((own) => window.postMessage({ messagingHandle: own, messageType: 'ui.done' }, '*'), handle);
      await expect(overview(frame)).toBeVisible();
      expect(page.url()).toBe(record);
      await done(handle);
      await page.waitForURL(record.replace('/one-health-and-care', ''));
    });

    test('no NHS number, name or token is in an address or in the log', async () => {
      const log = await serverLog();
      const urls = (await clinician.sent()).map(({ url }) => url).join('\n');
      for (const { nhsNumber, family } of [personOf('smith'), personOf('forsyth')]) {
        expect(log).not.toContain(nhsNumber);
        expect(log.toUpperCase()).not.toContain(family);
        expect(urls).not.toContain(nhsNumber);
      }
      expect(urls).toContain(`${viewerOrigin}/launch/callback/demo-ashgrove`);
      expect(urls).not.toContain('access_token');
    });
  });
}
