import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type FrameLocator, type Page } from '@playwright/test';
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

/** The users of the demo's hosts, as their choosers name them. */
export type DemoUser = 'doctor' | 'nurse' | 'social-worker' | 'receptionist' | 'ambulance';

/** The system whose sources' HTTP log shows who was asked. */
export async function sourceLog(
  page: Page,
): Promise<readonly { readonly system: string; readonly path: string; readonly nhsNumber?: string }[]> {
  const answer = await page.request.get(`${hostOrigin}/log.json`);
  return (await answer.json()) as readonly { system: string; path: string; nhsNumber?: string }[];
}

/** The viewer inside the host's page. */
export function viewerFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[name="one-health-and-care"]');
}
