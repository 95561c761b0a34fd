import { expect, test, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { be, opened, openClinician, openInMillbrook, setSwitches, type Clinician } from './browser.ts';
import { viewerOrigin } from './region.ts';

test.describe.configure({ mode: 'serial' });

let clinician: Clinician;
let page: Page;
let frame: FrameLocator;
/** What the page's policy, or a fault of ours, said of what it did. */
const complaints: string[] = [];

/** The drawer, which is a dialog where there is no room to dock it. */
function details(): Locator {
  return frame.getByRole('dialog', { name: 'Details' }).or(frame.getByRole('complementary', { name: 'Details' }));
}

/** Opens the details of a document, and what is behind it. */
async function open(title: string): Promise<Locator> {
  await frame.getByRole('treeitem', { name: new RegExp(title) }).click();
  await details()
    .getByRole('button', { name: `Open ${title}` })
    .click();
  const reader = details().getByRole('region', { name: title });
  await expect(reader).toBeVisible();
  return reader;
}

async function close(): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(frame.getByRole('toolbar', { name: 'Reading the document' })).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(details()).toBeHidden();
}

test.describe('a document of each format opens in place', () => {
  test.beforeAll(async () => {
    clinician = await openClinician({ thirdParty: 'blocked' });
    await be(clinician, 'm.kowalczyk');
    page = await clinician.context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await setSwitches(page, {});
    frame = await openInMillbrook(page, 'FERNYHOUGH');
    await opened(frame);
    // What a busy server could not read in time is left out, and said to be: the next look goes further.
    await expect(async () => {
      await expect(frame.getByRole('meter')).toHaveAccessibleName('All 9 organisations have answered');
      await frame
        .getByRole('navigation', { name: 'Sections' })
        .getByRole('button', { name: /^Documents/ })
        .click();
      const whole = frame.getByText(/^10 documents, newest first/);
      await expect(whole)
        .toBeVisible()
        .catch(async (error: unknown) => {
          frame = await openInMillbrook(page, 'FERNYHOUGH');
          throw error;
        });
    }).toPass({ timeout: 180_000 });
  });
  test.afterAll(() => clinician.close());

  test('PDF: drawn page by page, its words selected, found and counted', async () => {
    const reader = await open('Care review, all pages');
    await expect(reader.getByText(/^of \d+$/)).toBeVisible();
    await expect(reader.locator('[data-page="1"] .words')).toContainText('Lucy came with her sister');
    const drawn = await reader.locator('[data-page="1"] canvas').evaluate((canvas: HTMLCanvasElement) => {
      const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let dark = 0;
      for (let at = 0; at < image.length; at += 4) if ((image[at] ?? 255) < 100) dark += 1;
      return dark;
    });
    expect(drawn).toBeGreaterThan(1000);
    const search = reader.getByRole('searchbox', { name: 'Search in this document' });
    await search.fill('swimming with her');
    await expect(reader.getByText('1 of 60')).toBeVisible();
    await search.press('Shift+Enter');
    await expect(reader.getByText('60 of 60')).toBeVisible();
    const pages = Number((await reader.getByText(/^of \d+$/).textContent())?.slice(3));
    expect(pages).toBeGreaterThan(2);
    await expect(reader.getByRole('textbox', { name: 'Page' })).toHaveValue(String(pages));
    await expect(reader.locator(`[data-page="${pages}"] .words`)).toContainText('swimming');
    await page.screenshot({ path: 'test-results/documents-pdf.png' });
    // A search that is emptied by Esc leaves the document open.
    await search.press('Escape');
    await expect(search).toHaveValue('');
    await reader.getByRole('button', { name: 'Previous page' }).click();
    await expect(reader.getByRole('textbox', { name: 'Page' })).toHaveValue(String(pages - 1));
    await reader.getByRole('textbox', { name: 'Page' }).fill('1');
    await reader.getByRole('textbox', { name: 'Page' }).press('Enter');
    await expect(reader.getByRole('button', { name: 'Previous page' })).toBeDisabled();
    await close();
  });

  test('PDF of a scan: nobody is told that its words are not there', async () => {
    const reader = await open('Consent form, scanned');
    await reader.getByRole('searchbox').fill('Joanne');
    await expect(reader.getByText('1 page is a picture and was not searched')).toBeVisible();
    await reader.getByRole('group', { name: 'Consent form, scanned' }).focus();
    await close();
  });

  test('HTML: in a frame in which nothing runs or loads', async () => {
    const reader = await open('About me');
    const inner = reader.frameLocator('iframe');
    await expect(inner.getByText('I like swimming, trains and tea')).toBeVisible();
    await expect(reader.locator('iframe')).toHaveAttribute('sandbox', 'allow-same-origin');
    await reader.getByRole('searchbox').fill('JOANNE’S  hand');
    await expect(reader.getByText('1 of 1')).toBeVisible();
    await page.screenshot({ path: 'test-results/documents-html.png' });
    // Esc is heard from within the frame.
    await inner.getByText('I like swimming').click();
    await close();
  });

  test('HTML that is hostile: nothing of it runs, loads, is sent or leads away, and what is left out is said', async () => {
    const elsewhere = 'https://elsewhere.example';
    const hostile = `<meta http-equiv="refresh" content="0;url=${elsewhere}"><base href="${elsewhere}">
      <style>@import url(${elsewhere}/a.css); body { background: url(${elsewhere}/b.png) }</style>
      <p onclick="document.title='run'">Stop <s>ramipril</s></p><script>document.title = 'run'</script>
      <img src="${elsewhere}/track.gif" onerror="document.title='run'"><img src="cid:scan">
      <svg><use href="${elsewhere}#x"/><script>document.title = 'run'</script></svg>
      <a href="javascript:document.title='run'">link</a><a href="${elsewhere}">away</a>
      <form action="${elsewhere}"><input name="q" autofocus><button>Send</button></form>
      <iframe src="${elsewhere}"></iframe><object data="${elsewhere}"></object><embed src="${elsewhere}">
      <math><mtext><table><mglyph><style><img src=x onerror="document.title='run'"></style></mglyph></table></mtext></math>
      <p style="position: fixed; background: url(${elsewhere}/c.png)">End</p>`;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.route('**/fhir/Binary/*', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: hostile }),
    );
    const reader = await open('About me');
    const inner = reader.frameLocator('iframe');
    await expect(inner.locator('s')).toHaveText('ramipril');
    await expect(
      reader.getByText('2 pictures of this document are not shown here. Save it to see them.'),
    ).toBeVisible();
    await expect(inner.locator('script, form, input, button, iframe, object, embed, img, svg, base')).toHaveCount(0);
    await expect(inner.locator('[onclick], [onerror], [href], [src], [action]')).toHaveCount(0);
    await inner.getByText('away').click();
    await expect(inner.getByText('End')).toBeVisible();
    expect(await inner.locator('html').evaluate((root) => root.ownerDocument.title)).toBe('');
    expect(asked.filter((url) => !url.startsWith(viewerOrigin) && !url.startsWith('blob:'))).toEqual([]);
    await page.unroute('**/fhir/Binary/*');
    // What the frame's own policy forbade is said in the console; that is the policy at work.
    complaints.length = 0;
    await close();
  });

  test('RTF', async () => {
    const reader = await open('Letter to the practice');
    await expect(reader.frameLocator('iframe').getByText('Levothyroxine 100 micrograms goes on.')).toBeVisible();
    await close();
  });

  test('TIFF: each page of a fax', async () => {
    const reader = await open('Faxed referral');
    await expect(reader.getByRole('img', { name: /^Scanned page/ })).toHaveCount(2);
    await expect(reader.getByText('of 2')).toBeVisible();
    await expect(reader.getByText('A picture: its words cannot be searched')).toBeVisible();
    const dark = await reader
      .getByRole('img', { name: /^Scanned page 2/ })
      .evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')?.getImageData(40, 36, 1, 1).data[0]);
    expect(dark).toBe(0x50);
    await page.screenshot({ path: 'test-results/documents-tiff.png' });
    await close();
  });

  test('a picture', async () => {
    const reader = await open('Photograph of the swimming certificate');
    const image = reader.getByRole('img', { name: 'Photograph of the swimming certificate' });
    await expect(image).toBeVisible();
    expect(await image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(248);
    await close();
  });

  test('text', async () => {
    const reader = await open('Telephone call');
    await expect(reader.getByText('Joanne asks for an easy-read copy')).toBeVisible();
    await close();
  });

  test('CDA: its words, and that the rest is not shown', async () => {
    const reader = await open('Discharge summary, day case');
    await expect(reader.getByText('Laceration of left hand')).toBeVisible();
    await expect(reader.getByText('This is data for computers')).toBeVisible();
    await close();
  });

  test('what cannot be shown says what it is, and can be saved', async () => {
    const reader = await open('Easy-read plan');
    await expect(reader.getByText('This is a Word document, which cannot be shown here.')).toBeVisible();
    const saved = page.waitForEvent('download');
    await reader.getByRole('button', { name: 'Save a copy' }).first().click();
    expect((await saved).suggestedFilename()).toBe('document.docx');
    await close();
  });

  test('one that its organisation cannot give now says so, and is asked for again', async () => {
    await setSwitches(page, { uhnm: { mode: '500' } });
    const reader = await open('Telephone call');
    await expect(reader.getByText('The organisation that holds this document cannot give it now.')).toBeVisible();
    await setSwitches(page, {});
    await expect(async () => {
      await reader.getByRole('button', { name: 'Try again' }).click();
      await expect(reader.getByText('Joanne asks for an easy-read copy')).toBeVisible({ timeout: 5_000 });
    }).toPass();
    await close();
  });

  test('each opening is a look of its own, and nothing was forbidden by the policy or loaded from elsewhere', async () => {
    const sent = await clinician.sent();
    const opened = sent.filter((one) => one.url.includes('/fhir/Binary/') && one.status === 200);
    expect(opened.length).toBeGreaterThanOrEqual(9);
    expect(complaints.filter((one) => !/503|500/.test(one))).toEqual([]);
    expect(sent.every((one) => one.url.startsWith(viewerOrigin))).toBe(true);
  });
});
