import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { canaryTexts, personOf, registerObjections } from '../server/demo/people.ts';
import { openClinician, openInMillbrook, register, setSwitches, sourceLog, type Clinician } from './browser.ts';
import { hostOrigin, serverLog, viewerOrigin } from './region.ts';

test.describe.configure({ mode: 'serial' });

let clinician: Clinician;
let page: Page;

/** Waits until every organisation has answered, so that what the server sent is here whole. */
async function isWhole(frame: FrameLocator): Promise<void> {
  await expect(frame.getByRole('meter')).toHaveAccessibleName('All 9 organisations have answered');
}

test.describe('a doctor, in the frame of another site, with third-party storage blocked', () => {
  test.beforeAll(async () => {
    clinician = await openClinician({ thirdParty: 'blocked' });
    page = await clinician.context.newPage();
    await setSwitches(page, {});
  });
  test.afterAll(() => clinician.close());

  test('goes from the menu through name and role to one record of nine organisations', async () => {
    const frame = await openInMillbrook(page, 'SMITH');
    await expect(frame.getByRole('heading', { name: 'Tell us who you are' })).toBeVisible();
    await register(frame);
    await expect(frame.getByRole('heading', { name: 'Overview', exact: true })).toBeVisible();
    await isWhole(frame);
    // The host shows a banner of its own: the strip carries who this is.
    await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
    await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('999 123 4578');
    await expect(frame.getByText('Known allergies')).toBeVisible();
    await expect(frame.getByText('Sacubitril 49 mg / valsartan 51 mg tablets').first()).toBeVisible();

    const asked = new Set((await sourceLog(page)).map((one) => one.system));
    expect([...asked].sort()).toEqual(
      ['chc', 'gp', 'mpft', 'nscht', 'pds', 'scc', 'stc', 'uhdb', 'uhnm', 'wmshcr'].sort(),
    );
  });

  test('is not asked again who they are', async () => {
    const frame = await openInMillbrook(page, 'BENTLEY');
    await expect(frame.getByRole('heading', { name: 'Overview', exact: true })).toBeVisible();
    await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('BENTLEY, Oliver');
    await isWhole(frame);
  });

  test('sees each fact with its sources, and what differs between them', async () => {
    const frame = await openInMillbrook(page, 'SMITH');
    await isWhole(frame);
    await frame
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('button', { name: /^Allergies/ })
      .click();
    await frame
      .getByRole('button', { name: /Penicillin/ })
      .first()
      .click();
    const details = frame.getByRole('dialog').or(frame.getByRole('complementary', { name: 'Details' }));
    await expect(details).toContainText('Organisations differ on');
    for (const organisation of ['GP', 'UHNM', 'UHDB']) await expect(details).toContainText(organisation);
    await page.keyboard.press('Escape');
    await expect(details).toBeHidden();
  });

  test('sees the asthma, and nothing of the clinic or the treatment', async () => {
    const frame = await openInMillbrook(page, 'NAIR');
    await isWhole(frame);
    await expect(frame.getByText(/asthma/i).first()).toBeVisible();
  });

  for (const [family, why] of [
    ['COLCLOUGH', 'objected through the practice'],
    ['TOMLINSON', 'whose practice says no'],
    ['WARDLE', 'objected through the register'],
    ['LOCKETT', 'restricted'],
    ['ZIELINSKI', 'unknown to the demographics service'],
  ] as const) {
    test(`is refused someone ${why}, in the same words as for anyone`, async () => {
      const frame = await openInMillbrook(page, family);
      await expect(
        frame.getByRole('heading', { name: 'This person’s information is not available in One Health and Care' }),
      ).toBeVisible();
      await expect(frame.locator('body')).toContainText('This page looks the same for all of them.');
      await expect(frame.locator('body')).not.toContainText(family, { ignoreCase: true });
    });
  }

  test('sees someone who objected and changed their mind', async () => {
    const frame = await openInMillbrook(page, 'PRITCHARD');
    await isWhole(frame);
  });

  test('was sent nothing that is never shown, nor anything of those who are not shown', async () => {
    const sent = await clinician.sent();
    expect(sent.length).toBeGreaterThan(50);
    const everything = sent.filter((one) => one.url.includes('$everything'));
    expect(everything.filter((one) => one.status === 200).length).toBe(5);
    for (const { url, body } of sent) {
      for (const canary of canaryTexts) expect(body.includes(canary), `${canary} in ${url}`).toBe(false);
    }
    const refusals = new Set(everything.filter((one) => one.status === 403).map((one) => one.body));
    expect(refusals.size).toBe(1);
  });

  test('no source but the demographics service was asked about the objector in the register', async () => {
    const objectors = registerObjections.filter((one) => one.thenWithdrawn !== true).map((one) => one.nhsNumber);
    const asked = await sourceLog(page);
    expect(objectors).toEqual([personOf('wardle').nhsNumber]);
    expect(
      asked.filter((one) => one.nhsNumber !== undefined && objectors.includes(one.nhsNumber)).map((one) => one.system),
    ).not.toContain('uhnm');
    expect(
      new Set(asked.filter((one) => one.nhsNumber === personOf('wardle').nhsNumber).map((one) => one.system)),
    ).toEqual(new Set(['pds']));
    // They were really asked about others, by number, in the same run.
    expect(
      new Set(asked.filter((one) => one.nhsNumber === personOf('smith').nhsNumber).map((one) => one.system)).size,
    ).toBe(10);
  });

  test('no NHS number and no name is in the server’s log', async () => {
    const log = await serverLog();
    expect(log).toContain('"source asked"');
    for (const person of [personOf('smith'), personOf('nair'), personOf('wardle')]) {
      expect(log).not.toContain(person.nhsNumber);
      expect(log).not.toContain(person.family);
    }
  });

  test('sees what a dead organisation leaves out, in words', async () => {
    await setSwitches(page, { uhdb: { mode: '500' } });
    const frame = await openInMillbrook(page, 'SMITH');
    await expect(frame.getByRole('meter')).toHaveAccessibleName(/8 of 9 organisations have answered/);
    await expect(frame.getByText('Incomplete').first()).toBeVisible();
    await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('UHDB');
    await expect(frame.getByText('Sacubitril 49 mg / valsartan 51 mg tablets').first()).toBeVisible();
    await setSwitches(page, {});
  });

  test('after a reload of the frame is told to open it again, and is shown nobody', async () => {
    const frame = await openInMillbrook(page, 'SMITH');
    await expect(frame.getByRole('heading', { name: 'Overview', exact: true })).toBeVisible();
    const inner = page.frames().find((one) => one.url().startsWith(viewerOrigin));
    await inner?.evaluate(() => window.location.reload());
    await expect(frame.getByText('Open One Health and Care again from', { exact: false })).toBeVisible();
    await expect(frame.locator('body')).not.toContainText('SMITH');
  });
});

test.describe('with third-party storage allowed', () => {
  test.beforeAll(async () => {
    clinician = await openClinician({ thirdParty: 'allowed' });
    page = await clinician.context.newPage();
  });
  test.afterAll(() => clinician.close());

  test('the record opens in the frame all the same', async () => {
    const frame = await openInMillbrook(page, 'SMITH');
    await expect(frame.getByRole('heading', { name: 'Overview', exact: true })).toBeVisible();
    await expect(frame.getByText('Known allergies')).toBeVisible();
  });

  test('two tabs with two people keep them apart', async () => {
    const open = async (family: string): Promise<Page> => {
      await page.goto(`${hostOrigin}/trentside/`);
      await page.getByRole('link', { name: new RegExp(`^${family},`) }).click();
      const [tab] = await Promise.all([
        clinician.context.waitForEvent('page'),
        page.getByRole('button', { name: /One Health and Care/ }).click(),
      ]);
      const form = tab.getByRole('checkbox');
      await form.or(tab.getByRole('banner').getByText(family)).first().waitFor();
      if (await form.isVisible()) {
        await form.check();
        await tab.getByRole('button', { name: 'Save and open the record' }).click();
      }
      return tab;
    };
    const first = await open('SMITH');
    await expect(first.getByRole('banner')).toContainText('SMITH, John (Mr)');
    const second = await open('BENTLEY');
    await expect(second.getByRole('banner')).toContainText('BENTLEY, Oliver (Master)');
    await expect(first.getByRole('banner')).toContainText('SMITH, John (Mr)');
    await expect(first.getByRole('banner')).not.toContainText('BENTLEY');
    // A reload in one never brings up the other's person.
    await first.reload();
    await expect(first.getByText('Open One Health and Care again from', { exact: false })).toBeVisible();
    await expect(first.locator('body')).not.toContainText('BENTLEY');
    await expect(second.getByRole('banner')).toContainText('BENTLEY, Oliver (Master)');
  });
});
