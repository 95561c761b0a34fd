import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from '@playwright/test';
import { signContext } from './launch.ts';
import { people } from './people.ts';
import type { Region } from './region.ts';

/** How many times slower than this machine the page's thread is made. */
export const slowDown = 4;

/** CHROMIUM_PATH, else the system's, else the one that Playwright fetched. */
function findChromium(): string {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onSystem = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
  const found = onSystem ?? chromium.executablePath();
  if (!existsSync(found)) throw new Error('no Chromium was found: set CHROMIUM_PATH to one');
  return found;
}

/** A page of a host EPR: one button that posts a fresh context into the frame below it. */
const hostPage = (region: Region, context: string): string => `<!doctype html>
<html lang="en-GB"><meta charset="utf-8"><title>Bench EPR</title>
<style>body{margin:0}iframe{width:100%;height:92vh;border:0}</style>
<form method="post" action="${region.base}/launch" target="record">
<input type="hidden" name="context" value="${context}"><button>One Health and Care</button></form>
<iframe name="record" title="One Health and Care" sandbox="allow-scripts allow-forms allow-same-origin allow-popups"></iframe>
<script>document.forms[0].addEventListener('submit', () => { window.clickedAt = performance.timeOrigin + performance.now(); });</script>`;

/** A viewer that is opened in the frame of a host's page, in a browser of its own with nothing in its cache. */
export type OpenedViewer = {
  readonly browser: Browser;
  readonly tab: Page;
  readonly frame: Frame;
  /** When the host's button was pressed, ms since 1970. */
  readonly clickedAt: () => Promise<number>;
};

/** Runs against viewers in Chromium, each launched by the host's page as a person would; all ends with it. */
export async function withHostPage<Result>(
  region: Region,
  run: (
    launch: (
      options: { readonly slowDown: number; readonly watch: (context: BrowserContext) => Promise<unknown> },
      use: (viewer: OpenedViewer) => Promise<Result>,
    ) => Promise<Result>,
  ) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const [person] = people;
  if (person === undefined) throw new Error('no people');
  const host = createServer((_request, response) => {
    void (async () => {
      const context = await signContext(region, person);
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
      response.end(hostPage(region, context));
    })();
  });
  await new Promise<void>((done) => host.listen(region.hostPort, '127.0.0.1', done));
  // Frames of all sites share one process here, so that the slow-down, which is set for a process, reaches the viewer.
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-site-isolation-trials',
      '--disable-features=IsolateOrigins,site-per-process',
    ],
  });
  try {
    return await run(async ({ slowDown: rate, watch }, use) => {
      const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
      try {
        await watch(context);
        const tab = await context.newPage();
        const devtools = await context.newCDPSession(tab);
        await tab.goto(`${region.hostOrigin}/`);
        if (rate > 1) await devtools.send('Emulation.setCPUThrottlingRate', { rate });
        await tab.getByRole('button', { name: 'One Health and Care' }).click({ noWaitAfter: true });
        const frame = tab.frame({ name: 'record' });
        if (frame === null) throw new Error('the frame is not there');
        return await use({
          browser,
          tab,
          frame,
          clickedAt: async () => Number(await tab.evaluate('window.clickedAt')),
        });
      } finally {
        await context.close();
      }
    });
  } finally {
    await browser.close();
    host.closeAllConnections();
    host.close();
  }
}

/** Waits until an expression in the frame is a number above zero. */
export async function numberIn(frame: Frame, expression: string, what: string, limitMs = 20_000): Promise<number> {
  for (const until = Date.now() + limitMs; Date.now() < until; await frame.page().waitForTimeout(50)) {
    const found: unknown = await frame.evaluate(expression).catch(() => 0);
    if (typeof found === 'number' && found > 0) return found;
  }
  const shown: unknown = await frame.evaluate('document.body.innerText').catch(() => '');
  throw new Error(
    `no ${what} in ${limitMs / 1000} s; the frame shows: ${String(shown).replaceAll(/\s+/g, ' ').slice(0, 200)}`,
  );
}
