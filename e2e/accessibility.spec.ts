import { expect, test } from '@playwright/test';
import { axeFaultsInFrame } from './axe.ts';
import { be, openClinician, openInMillbrook, setSwitches } from './browser.ts';

/** A fixed sample: whole pages that a clinician meets, in both schemes. */
for (const scheme of ['light', 'dark'] as const) {
  test(`the pages have no fault that axe finds, ${scheme}`, async () => {
    const clinician = await openClinician({ thirdParty: 'blocked' });
    await be(clinician, 'm.kowalczyk');
    const page = await clinician.context.newPage();
    await page.emulateMedia({ colorScheme: scheme });
    await setSwitches(page, {});
    const faults = (): Promise<readonly string[]> => axeFaultsInFrame(page);

    const frame = await openInMillbrook(page, 'SMITH');
    const form = frame.getByRole('heading', { name: 'Tell us who you are' });
    const overview = frame.getByRole('heading', { name: 'Overview', exact: true });
    await form.or(overview).first().waitFor();
    if (await form.isVisible()) {
      expect(await faults()).toEqual([]);
      await frame.getByRole('button', { name: 'Save and open the record' }).click();
      await expect(frame.getByText('Agree before you go on').first()).toBeVisible();
      expect(await faults()).toEqual([]);
      await frame.getByRole('checkbox').check();
      await frame.getByRole('button', { name: 'Save and open the record' }).click();
    }
    await expect(frame.getByRole('meter')).toHaveAccessibleName('All 9 organisations have answered');
    expect(await faults()).toEqual([]);
    for (const section of ['Timeline', 'Medicines', 'Allergies', 'Results', 'Vital signs', 'About this record']) {
      await frame
        .getByRole('navigation', { name: 'Sections' })
        .getByRole('button', { name: new RegExp(`^${section}`) })
        .click();
      await expect(frame.getByRole('heading', { name: section, exact: true })).toBeVisible();
      expect(await faults(), section).toEqual([]);
    }
    const refused = await openInMillbrook(page, 'WARDLE');
    await expect(refused.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await faults()).toEqual([]);
    await clinician.close();
  });
}
