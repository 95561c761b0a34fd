import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { median, ms, type Figure } from './figure.ts';
import { signContext } from './launch.ts';
import { firstRowText, people } from './people.ts';
import type { Region } from './region.ts';

const slowDown = 4;
const runs = 3;

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

/** In every frame: notes when the awaited text is in the page and has been painted. */
function watchForRow(awaited: string): void {
  const look = (): boolean => document.body.textContent.includes(awaited);
  const note = (): void => {
    requestAnimationFrame(() =>
      setTimeout(() => Object.assign(window, { rowAt: performance.timeOrigin + performance.now() }), 0),
    );
  };
  const start = (): void => {
    if (look()) {
      note();
      return;
    }
    const observer = new MutationObserver((changes) => {
      const here = changes.some((change) =>
        [...change.addedNodes, change.target].some((node) => node.textContent?.includes(awaited) === true),
      );
      if (!here) return;
      observer.disconnect();
      note();
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  };
  if (window.parent === window) return;
  document.addEventListener('DOMContentLoaded', start);
}

async function oneStart(browser: Browser, page: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  try {
    await context.addInitScript(watchForRow, firstRowText);
    const tab = await context.newPage();
    const devtools = await context.newCDPSession(tab);
    await tab.goto(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowDown });
    await tab.getByRole('button', { name: 'One Health and Care' }).click({ noWaitAfter: true });
    const frame = tab.frame({ name: 'record' });
    if (frame === null) throw new Error('the frame is not there');
    const until = Date.now() + 20_000;
    while (Date.now() < until) {
      const at = await frame.evaluate('window.rowAt ?? 0').catch(() => 0);
      if (typeof at === 'number' && at > 0) return at - Number(await tab.evaluate('window.clickedAt'));
      await tab.waitForTimeout(50);
    }
    const shown = await frame.evaluate('document.body.innerText').catch(() => '');
    throw new Error(`no clinical row in 20 s; the frame shows: ${String(shown).replaceAll(/\s+/g, ' ').slice(0, 200)}`);
  } finally {
    await context.close();
  }
}

/**
 * From the click in the host's page to the first clinical row painted in the frame, with the page's thread slowed down
 * four times and nothing in the browser's cache. Frames of all sites share one process here, so that the slow-down,
 * which is set for a process, reaches the viewer.
 */
export async function viewerStartFigure(region: Region, signal: AbortSignal): Promise<Figure> {
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
    const times: number[] = [];
    const failures: string[] = [];
    for (let i = 0; i < runs; i += 1) {
      signal.throwIfAborted();
      try {
        times.push(await oneStart(browser, `${region.hostOrigin}/`));
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    if (times.length === 0) throw new Error(failures[0]);
    return {
      what: `viewer, click in the host to first clinical row, ${slowDown} x slow-down`,
      measured: { value: median(times), unit: 'ms' },
      target: '1,500 ms',
      met: median(times) < 1500,
      note: `the middle of ${times.map((time) => ms(time)).join(', ')}; cold cache, Chromium ${browser.version()}${failures.length === 0 ? '' : `; failed ${failures.length} of ${runs}: ${failures[0]}`}`,
    };
  } finally {
    await browser.close();
    host.closeAllConnections();
    host.close();
  }
}
