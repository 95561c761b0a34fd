import { expect, type FrameLocator, type Page } from '@playwright/test';
import { hostOrigin, viewerOrigin } from './region.ts';

/** A page, or the frame in it: both are looked into alike. */
type Place = Page | FrameLocator;

/** Keeps a picture of the page for whoever wants to look: in `test-results/looks`. */
export async function look(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/looks/${name}.png` });
}

/** Opens a person in Ashgrove Chart, and the record in its tab. Returns the frame. */
export async function openInAshgrove(page: Page, family: string): Promise<FrameLocator> {
  await page.goto(`${hostOrigin}/ashgrove/`);
  await page.getByRole('link', { name: new RegExp(`^${family},`) }).click();
  await page.getByRole('navigation', { name: 'Chart' }).getByRole('link', { name: 'One Health and Care' }).click();
  return page.frameLocator('iframe[name="record"]');
}

/** Becomes another user of Ashgrove. */
export async function becomeAtAshgrove(page: Page, name: string): Promise<void> {
  await page.goto(`${hostOrigin}/ashgrove/`);
  await page.locator('.users summary').click();
  await page.locator('.users').getByRole('button', { name }).click();
}

/** Opens a person in Peakside Surgery Desktop, and presses the button that encrypts a link. Returns the new tab. */
export async function openInPeakside(page: Page, family: string, button = 'One Health and Care'): Promise<Page> {
  await page.goto(`${hostOrigin}/peakside/`);
  await page.getByRole('link', { name: new RegExp(`^${family},`) }).click();
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  return tab;
}

/** Goes to the sign-in door, from the demo's first page. */
export async function goToSignIn(page: Page): Promise<void> {
  await page.goto(`${hostOrigin}/`);
  await page.getByRole('link', { name: 'Sign in without an EPR' }).click();
}

/** Chooses who one is at Demo Care Identity. */
export async function signInAs(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Choose who you are' })).toBeVisible();
  expect(page.url().startsWith(`${hostOrigin}/identity/`)).toBe(true);
  await page.getByRole('button', { name }).click();
}

const numbers: Readonly<Record<string, string>> = { GMC: '7000789', NMC: '11C4321E', HCPC: 'PA12345' };

/** Says name and role where it is asked: what the host asserts stands there already. */
export async function sayWhoOneIs(
  place: Place,
  choice: { readonly role?: string; readonly body?: string } = {},
): Promise<void> {
  const form = place.getByRole('heading', { name: 'Tell us who you are' });
  await form.or(overview(place)).first().waitFor();
  if (!(await form.isVisible())) return;
  const role = place.getByLabel('Your role');
  if (choice.role !== undefined && (await role.count()) > 0) await role.selectOption({ label: choice.role });
  const body = place.getByLabel('Professional body');
  if (choice.body !== undefined && (await body.count()) > 0) {
    await body.selectOption(choice.body);
    await place.getByLabel('Registration number').fill(numbers[choice.body] ?? '');
  }
  await place.getByRole('checkbox').check();
  await place.getByRole('button', { name: 'Save and open the record' }).click();
}

/** The heading of the record's first page. */
export function overview(place: Place): ReturnType<Page['getByRole']> {
  return place.getByRole('heading', { name: 'Overview', exact: true });
}

/** What is known of a person whom one looks for by hand. */
export type Sought = {
  readonly nhsNumber?: string;
  readonly family?: string;
  readonly given?: string;
  readonly gender?: string;
  readonly postcode?: string;
  /** FHIR date. */
  readonly birthDate: string;
};

/** Fills in the page on which one finds a person, with a stated reason, and sends it. */
export async function find(page: Page, sought: Sought): Promise<void> {
  const [year = '', month = '', day = ''] = sought.birthDate.split('-');
  if (sought.nhsNumber !== undefined) await page.getByLabel('NHS number').fill(sought.nhsNumber);
  if (sought.family !== undefined) await page.getByLabel('Family name').fill(sought.family);
  if (sought.given !== undefined) await page.getByLabel('Given name').fill(sought.given);
  if (sought.gender !== undefined) await page.getByLabel(sought.gender, { exact: true }).check();
  if (sought.postcode !== undefined) await page.getByLabel('Postcode').fill(sought.postcode);
  await page.getByLabel('Day', { exact: true }).fill(day);
  await page.getByLabel('Month', { exact: true }).fill(month);
  await page.getByLabel('Year', { exact: true }).fill(year);
  await page.getByLabel('This person, or someone for them, has called for help').check();
  await page.getByLabel('In your own words').fill('Fell at home, an ambulance is there');
  await page.getByRole('button', { name: 'Find and open the record' }).click();
}

/** True where a page is the server's own. */
export function isOurs(page: Page): boolean {
  return page.url().startsWith(`${viewerOrigin}/`);
}
