import { randomUUID } from 'node:crypto';
import { expect, test, type Frame, type FrameLocator, type Page } from '@playwright/test';
import { hostKeys } from '../server/demo/hosts/signing.ts';
import { axeFaults } from './axe.ts';
import { be, opened, openClinician, openInMillbrook, setSwitches, type Clinician } from './browser.ts';
import { hostKeysFile, hostOrigin, viewerOrigin } from './region.ts';

/*
 * The viewer as it lives inside an EPR: in the sandboxed frame of another site, at the size of a desktop client's pane,
 * with no third-party cookie, no storage and no popup. Whatever happens there leads to one sentence, and to nobody's
 * record but the right one.
 */
test.describe.configure({ mode: 'serial' });

const again = 'Open One Health and Care again from Millbrook Clinical Desktop.';
const sandbox = 'allow-scripts allow-forms allow-same-origin';
/** The host's window in which the frame has 900 x 600. */
const pane = { width: 1124, height: 774 };

let clinician: Clinician;
let page: Page;

async function openNurse(): Promise<Clinician> {
  const nurse = await openClinician({ thirdParty: 'blocked', viewport: pane });
  await be(nurse, 'm.kowalczyk');
  return nurse;
}

/** Takes from the host's frame all but what the guide says that it needs. */
async function bareFrame(context: Clinician['context']): Promise<void> {
  await context.route(`${hostOrigin}/millbrook/patients/*/one-health-and-care`, async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    const type = answer.headers()['content-type'] ?? '';
    if (!type.includes('text/html')) return route.fulfill({ response: answer });
    const body = (await answer.text()).replace(/sandbox="[^"]*"/, `sandbox="${sandbox}"`);
    return route.fulfill({ response: answer, body });
  });
}

async function isOpen(frame: FrameLocator): Promise<void> {
  await opened(frame);
  await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
}

function inner(): Frame {
  const frame = page.frames().find((one) => one.url().startsWith(viewerOrigin));
  if (frame === undefined) throw new Error('there is no viewer in the page');
  return frame;
}

/** One sentence, one thing to do, and nothing of anyone. */
async function saysOnly(frame: FrameLocator, words: string, withinMs?: number): Promise<void> {
  await expect(frame.getByRole('alert')).toHaveText(words, withinMs === undefined ? {} : { timeout: withinMs });
  await expect(frame.locator('body')).not.toContainText(/SMITH|BENTLEY|999 \d{3}|Penicillin/);
  await expect(frame.getByRole('meter')).toHaveCount(0);
}

test.beforeAll(async () => {
  clinician = await openNurse();
  await bareFrame(clinician.context);
  page = await clinician.context.newPage();
  await setSwitches(page, {});
});
test.afterAll(() => clinician.close());

test('the frame really has no cookie and no storage, and the record opens in it', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  const box = await page.locator('iframe[name="record"]').boundingBox();
  expect([box?.width, box?.height]).toEqual([900, 600]);
  const blocked = await inner().evaluate(() => {
    const tried = (act: () => unknown): string => {
      try {
        act();
        return 'works';
      } catch (error) {
        return error instanceof Error ? error.name : 'failed';
      }
    };
    return {
      local: tried(() => window.localStorage),
      session: tried(() => window.sessionStorage),
      popup: window.open('about:blank') === null,
      cookies: document.cookie,
    };
  });
  expect(blocked).toEqual({ local: 'SecurityError', session: 'SecurityError', popup: true, cookies: '' });
  await page.screenshot({ path: 'test-results/inside/overview-900x600.png' });
});

test('a double click on Save leads to the record, by one launch', async () => {
  await be(clinician, 'd.asante');
  const frame = await openInMillbrook(page, 'SMITH');
  await expect(frame.getByRole('heading', { name: 'Tell us who you are' })).toBeVisible();
  await page.screenshot({ path: 'test-results/inside/name-and-role-900x600.png' });
  await frame.getByRole('checkbox').check();
  await frame.getByRole('button', { name: 'Save and open the record' }).dblclick();
  await expect(frame.getByRole('heading', { name: 'Overview', exact: true })).toBeVisible();
  await be(clinician, 'm.kowalczyk');
});

test('a reload says that the session has ended', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  await inner().evaluate(() => window.location.reload());
  await saysOnly(frame, `Your session has ended. ${again}`);
  await page.screenshot({ path: 'test-results/inside/ended-900x600.png' });
});

test('going back and forth brings up nobody', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  await inner().evaluate((url) => window.location.assign(url), `${viewerOrigin}/health/live`);
  await expect(frame.locator('body')).toContainText('live');
  await page.evaluate(() => window.history.back());
  await saysOnly(frame, `Your session has ended. ${again}`);
});

test('a bookmark of the viewer opens nobody', async () => {
  const tab = await clinician.context.newPage();
  await tab.goto(`${viewerOrigin}/app/launch`);
  await expect(tab.getByRole('alert')).toHaveText(
    'Your session has ended. Open One Health and Care again from your own record system.',
  );
  await tab.close();
});

test('a tab that was left for another page and is come back to shows nobody', async () => {
  const tab = await clinician.context.newPage();
  await tab.goto(`${hostOrigin}/trentside/`);
  await tab.getByRole('link', { name: /^SMITH,/ }).click();
  const [record] = await Promise.all([
    clinician.context.waitForEvent('page'),
    tab.getByRole('button', { name: /One Health and Care/ }).click(),
  ]);
  const form = record.getByRole('checkbox');
  await form.or(record.getByRole('banner').getByText('SMITH')).first().waitFor();
  if (await form.isVisible()) {
    await form.check();
    await record.getByRole('button', { name: 'Save and open the record' }).click();
  }
  await expect(record.getByRole('banner')).toContainText('SMITH, John (Mr)');
  await record.goto(`${viewerOrigin}/health/live`);
  await record.goBack();
  await expect(record.getByRole('alert')).toHaveText(
    'Your session has ended. Open One Health and Care again from Trentside Practice System.',
  );
  await expect(record.locator('body')).not.toContainText('SMITH');
  await record.close();
  await tab.close();
});

test('a launch that was used opens nothing in a duplicated tab', async () => {
  const asked = page.waitForRequest((request) => request.url().includes('/app/launch?'));
  const frame = await openInMillbrook(page, 'SMITH');
  const launchUrl = (await asked).url();
  await isOpen(frame);
  const tab = await clinician.context.newPage();
  await tab.goto(launchUrl);
  await expect(tab.getByRole('alert')).toContainText('Open One Health and Care again from');
  await expect(tab.locator('body')).not.toContainText('SMITH');
  // The first goes on: what was tried with its handle ended nothing of it.
  await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
  await tab.close();
});

test('offline it says so, keeps what came, and says nothing new', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  await clinician.context.setOffline(true);
  await expect(frame.getByText(/^You are offline\. What you see arrived at \d\d:\d\d\.$/)).toBeVisible();
  await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
  await clinician.context.setOffline(false);
  await expect(frame.getByText(/^You are offline/)).toHaveCount(0);
});

test('when the host opens another person, the first is closed, and the host is told', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  const answer = await page.evaluate(
    ({ origin }) =>
      new Promise<unknown>((done) => {
        window.addEventListener('message', (event) => done({ from: event.origin, data: event.data as unknown }));
        const window2 = document.querySelector<HTMLIFrameElement>('iframe[name="record"]')?.contentWindow;
        window2?.postMessage({ type: 'one-health-and-care.patient-changed' }, origin);
      }),
    { origin: viewerOrigin },
  );
  expect(answer).toEqual({ from: viewerOrigin, data: { type: 'one-health-and-care.closed' } });
  await saysOnly(frame, 'Another person has been opened in Millbrook Clinical Desktop. This record is closed.');
  await page.screenshot({ path: 'test-results/inside/changed-900x600.png' });
});

test('a message from any window but the host’s closes nothing', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  await inner().evaluate(() => {
    window.postMessage({ type: 'one-health-and-care.patient-changed' }, window.location.origin);
  });
  await expect(frame.getByRole('meter')).toHaveAccessibleName(/have answered/);
  await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
});

test('a new launch in the same frame leaves nothing of the first, and breaks off what it asked', async () => {
  await setSwitches(page, { uhdb: { mode: 'hang' } });
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  const broken = page.waitForEvent('requestfailed', (request) => request.url().includes('$everything'));
  await openInMillbrook(page, 'BENTLEY');
  await broken;
  await setSwitches(page, {});
  await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('BENTLEY, Oliver');
  await expect(frame.locator('body')).not.toContainText('SMITH');
});

test('a sign-out at the host closes the record within a minute', async () => {
  test.setTimeout(150_000);
  const own = await openNurse();
  const before = page;
  page = await own.context.newPage();
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  const { millbrook } = await hostKeys(hostKeysFile());
  const claims = {
    iss: `${hostOrigin}/millbrook`,
    aud: viewerOrigin,
    jti: randomUUID(),
    sub: 'm.kowalczyk',
    event: 'end',
  };
  const ended = await fetch(`${viewerOrigin}/launch/end`, {
    method: 'POST',
    body: new URLSearchParams({ context: await millbrook.sign(claims, Math.floor(Date.now() / 1000)) }),
  });
  expect(ended.status).toBe(204);
  // The server lets the viewer ask anew each minute, by its own clock.
  await saysOnly(frame, `Your session has ended. ${again}`, 80_000);
  page = before;
  await own.close();
});

test('a launch that finds no server says so, and what to do', async () => {
  const own = await openNurse();
  const before = page;
  page = await own.context.newPage();
  await page.route(`${viewerOrigin}/fhir/**`, (route) => route.abort('internetdisconnected'));
  const frame = await openInMillbrook(page, 'SMITH');
  await saysOnly(
    frame,
    'One Health and Care did not answer in time. Open One Health and Care again from your own record system.',
  );
  page = before;
  await own.close();
});

test('Close gives the tokens back, and leaves nobody on the screen', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  const revoked = page.waitForResponse((response) => response.url().endsWith('/revocation'));
  await frame.getByRole('button', { name: 'Close', exact: true }).click();
  expect((await revoked).status()).toBe(200);
  await saysOnly(frame, `You have closed this record. ${again}`);
});

test('the user sees their own profile, and may correct what the host does not say', async () => {
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  await frame
    .getByRole('navigation', { name: 'Sections' })
    .getByRole('button', { name: /^About this record/ })
    .click();
  const form = frame.getByRole('form', { name: 'You' });
  await form.scrollIntoViewIfNeeded();
  await expect(form).toContainText('From Millbrook Clinical Desktop');
  await expect(form).toContainText('Maria Kowalczyk');
  // Millbrook gives the number too: there is nothing to correct.
  await expect(form.getByRole('button')).toHaveCount(0);
  await page.screenshot({ path: 'test-results/inside/own-profile-900x600.png' });
});

test('after fifteen minutes without use it locks, and after use it does not', async () => {
  const own = await openNurse();
  const before = page;
  page = await own.context.newPage();
  await page.clock.install();
  const frame = await openInMillbrook(page, 'SMITH');
  await isOpen(frame);
  await page.clock.fastForward('10:00');
  await frame.getByRole('heading', { name: 'Overview', exact: true }).click();
  await page.clock.fastForward('10:00');
  await expect(frame.getByRole('region', { name: 'Organisations' })).toContainText('SMITH, John');
  await page.clock.fastForward('15:10');
  await saysOnly(frame, `Locked after 15 minutes without use. ${again}`);
  await page.screenshot({ path: 'test-results/inside/locked-900x600.png' });
  page = before;
  await own.close();
});

test('the name-and-role page fits 320 px and a pane of 900 x 600, and axe finds no fault', async () => {
  for (const [width, user] of [
    [320, 'j.pointon'],
    [900, 'r.steele'],
  ] as const) {
    const own = await openClinician({ thirdParty: 'blocked', viewport: { width, height: 600 } });
    await be(own, user);
    const tab = await own.context.newPage();
    // The page itself, at the width of the window: the host's own page is no narrower than a desktop.
    const handOver = await (await tab.request.post(await chartOf(tab), { form: { user } })).text();
    const context = /name="context" value="([^"]+)"/.exec(handOver)?.[1] ?? '';
    await tab.goto(`${viewerOrigin}/health/live`);
    await tab.setContent(
      `<form id="f" method="post" action="${viewerOrigin}/launch"><input name="context" value="${context}"></form>`,
    );
    await tab.locator('form').evaluate((form) => {
      if (form instanceof HTMLFormElement) form.submit();
    });
    await expect(tab.getByRole('heading', { name: 'Tell us who you are' })).toBeVisible();
    const save = tab.getByRole('button', { name: 'Save and open the record' });
    await save.focus();
    await tab.keyboard.press('Enter');
    await expect(tab.getByText('Agree before you go on').first()).toBeVisible();
    const sideways = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(sideways, `${width} px`).toBeLessThanOrEqual(0);
    expect(await axeFaults(tab)).toEqual([]);
    await tab.screenshot({ path: `test-results/inside/name-and-role-${width}.png`, fullPage: true });
    // By keyboard alone: from the summary to the field, agree, save.
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await expect(tab.getByRole('checkbox')).toBeFocused();
    await tab.keyboard.press('Space');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await expect(tab.getByRole('region', { name: 'Organisations' })).toBeVisible();
    await own.close();
  }
});

/** The address to which Millbrook's page posts to open SMITH. */
async function chartOf(tab: Page): Promise<string> {
  const list = await (await tab.request.get(`${hostOrigin}/millbrook/`)).text();
  const path = /href="(\/millbrook\/patients\/[^"]+)">SMITH/.exec(list)?.[1] ?? '';
  return `${hostOrigin}${path}/open`;
}
