import { expect, test, type Page } from '@playwright/test';
import { marker } from '../server/faults/behaviour.ts';
import { faultIds, faultOf, type FaultId } from '../server/faults/fault.ts';
import { be, opened, openClinician, openInMillbrook, setSwitches, type Clinician } from './browser.ts';

test.describe.configure({ mode: 'serial' });

/** In their turn, so that none of them fails so often in a row that it is not asked any more. */
const hospitals = [
  ['uhnm', 'UHNM'],
  ['uhdb', 'UHDB'],
  ['mpft', 'MPFT'],
  ['nscht', 'NSCHT'],
  ['scc', 'SCC'],
  ['stc', 'STC'],
] as const;

/** One fault for each way in which a source's place can be told of; with `--full`, every fault that there is. */
function walked(): readonly FaultId[] {
  if (process.env['OHC_FULL'] === '1') return faultIds;
  const seen = new Set<string>();
  return faultIds.filter((id) => {
    const { status, text } = faultOf(id).ends;
    const told = `${status} ${text}`;
    return !seen.has(told) && seen.add(told);
  });
}

let clinician: Clinician;
let page: Page;
const errors: string[] = [];

test.beforeAll(async () => {
  clinician = await openClinician({ thirdParty: 'blocked' });
  await be(clinician, 'm.kowalczyk');
  page = await clinician.context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  await setSwitches(page, {});
  await opened(await openInMillbrook(page, 'SMITH'));
});
test.afterAll(async () => {
  await setSwitches(page, {});
  await clinician.close();
});

for (const [i, fault] of walked().entries()) {
  const [system, label] = hospitals[i % hospitals.length] ?? hospitals[0];
  const { title, ends } = faultOf(fault);
  test(`where ${label} ${title} (${fault}), the screen says "${ends.text}", and shows the others`, async () => {
    await setSwitches(page, { [system]: { mode: fault } });
    const frame = await openInMillbrook(page, 'SMITH');
    const strip = frame.getByRole('region', { name: 'Organisations' });
    if (ends.status !== 'complete') {
      const [said = ''] = ends.text.split(':');
      await expect(strip).toContainText(new RegExp(`${label} (${said}|no answer)`, 'i'), { timeout: 30_000 });
      await expect(strip.getByRole('button', { name: 'Try again' })).toBeVisible();
    }
    const answered = ['timeout', 'unavailable'].includes(ends.status) ? '8 of 9' : 'All 9';
    await expect(frame.getByRole('meter')).toHaveAccessibleName(`${answered} organisations have answered`);
    // What the practice has is not touched by another organisation's failure.
    await expect(frame.getByText('Known allergies')).toBeVisible();
    await strip.getByRole('button', { name: /Who shares|Details/ }).click();
    const row = frame.getByRole('row').filter({ has: frame.getByText(label, { exact: true }) });
    await expect(row.first()).toContainText(ends.status === 'complete' ? /Answered today/ : ends.text);
    expect(await frame.locator('body').innerText()).not.toContain(marker);
    expect(errors).toEqual([]);
    await page.screenshot({ path: `test-results/faults/${fault}.png` });
  });
}

test('asked again, the organisation that has been mended is shown with the others', async () => {
  await setSwitches(page, { uhnm: { mode: 'off' } });
  const frame = await openInMillbrook(page, 'SMITH');
  await expect(frame.getByRole('meter')).toHaveAccessibleName('8 of 9 organisations have answered');
  await setSwitches(page, {});
  await frame.getByRole('region', { name: 'Organisations' }).getByRole('button', { name: 'Try again' }).click();
  await expect(frame.getByRole('meter')).toHaveAccessibleName('All 9 organisations have answered');
});
