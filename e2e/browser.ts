import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type BrowserContext, type FrameLocator, type Page } from '@playwright/test';
import { hostOrigin, viewerOrigin } from './region.ts';

/** Chromium's arguments for a closed network, and for root, under whom its sandbox does not start. */
export const chromiumArgs: string[] = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What the server sent in one answer. */
export type Sent = { readonly url: string; readonly status: number; readonly body: string };

/** A browser of one clinician, with third-party cookies and storage allowed or blocked, that remembers all it was sent. */
export type Clinician = {
  readonly context: BrowserContext;
  /** Every answer of the server so far, bodies whole. */
  readonly sent: () => Promise<readonly Sent[]>;
  readonly close: () => Promise<void>;
};

export async function openClinician(options: {
  readonly thirdParty: 'allowed' | 'blocked';
  readonly viewport?: { readonly width: number; readonly height: number };
}): Promise<Clinician> {
  const profile = await mkdtemp(join(tmpdir(), 'ohc-chromium-'));
  await mkdir(join(profile, 'Default'));
  const blocked = options.thirdParty === 'blocked';
  await writeFile(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ profile: { cookie_controls_mode: blocked ? 1 : 0, block_third_party_cookies: blocked } }),
  );
  const executablePath = process.env['CHROMIUM_PATH'];
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: chromiumArgs,
    viewport: options.viewport ?? { width: 1366, height: 768 },
    locale: 'en-GB',
    timezoneId: 'Europe/London',
  });
  const answers: Promise<Sent>[] = [];
  context.on('response', (response) => {
    if (!response.url().startsWith(viewerOrigin)) return;
    answers.push(
      response.body().then(
        (body) => ({ url: response.url(), status: response.status(), body: body.toString('utf8') }),
        // A redirect has no body.
        () => ({ url: response.url(), status: response.status(), body: '' }),
      ),
    );
  });
  return {
    context,
    sent: () => Promise.all(answers),
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** One request that a source system of the demo was sent. */
export type SourceRequest = { readonly system: string; readonly path: string; readonly nhsNumber?: string };

/** The sources' own HTTP log: who was asked, and about whom. */
export async function sourceLog(page: Page): Promise<readonly SourceRequest[]> {
  const answer = await page.request.get(`${hostOrigin}/log.json`);
  return (await answer.json()) as readonly SourceRequest[];
}

/** Puts the sources' faults as told; every source that is not named works again. */
export async function setSwitches(page: Page, switches: Readonly<Record<string, { mode: string }>>): Promise<void> {
  const url = `${hostOrigin}/switches.json`;
  const now: unknown = await (await page.request.get(url)).json();
  const all = Object.keys(now ?? {}).map((one) => [one, { mode: 'on' }] as const);
  const answer = await page.request.post(url, { data: Object.fromEntries([...all, ...Object.entries(switches)]) });
  if (!answer.ok()) throw new Error(`switches: ${answer.status()}`);
}

/** Opens a person in Millbrook Clinical Desktop, and the record from its left-hand menu. Returns the frame. */
export async function openInMillbrook(page: Page, family: string): Promise<FrameLocator> {
  await page.goto(`${hostOrigin}/millbrook/`);
  await page.getByRole('link', { name: new RegExp(`^${family},`) }).click();
  await page.getByRole('link', { name: 'One Health and Care' }).first().click();
  return page.frameLocator('iframe[name="record"]');
}

/**
 * Makes this one the user of Millbrook in a browser. All files share one region, and a first time is had once: the doctor's
 * (who is there without this) is journey.spec.ts's, that of `d.asante`, `j.pointon` and `r.steele` inside.spec.ts's. Whoever
 * merely wants a record is `m.kowalczyk`, a nurse.
 */
export function be({ context }: Clinician, user: string): Promise<void> {
  return context.addCookies([{ name: 'user', value: user, url: `${hostOrigin}/millbrook/` }]);
}

/** Says who one is. */
export async function register(frame: FrameLocator): Promise<void> {
  await frame.getByRole('checkbox').check();
  await frame.getByRole('button', { name: 'Save and open the record' }).click();
}

/** Waits for a record that is being opened, and says who one is where the page asks. */
export async function opened(frame: FrameLocator): Promise<void> {
  const form = frame.getByRole('heading', { name: 'Tell us who you are' });
  const overview = frame.getByRole('heading', { name: 'Overview', exact: true });
  await expect(form.or(overview).first()).toBeVisible();
  if (await form.isVisible()) await register(frame);
  await expect(overview).toBeVisible();
}
