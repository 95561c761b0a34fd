import { expect, test } from '@playwright/test';
import { openClinician } from './browser.ts';
import { look, overview, sayWhoOneIs } from './doors.ts';
import { openRegion, type Region } from './region.ts';
import { openSandboxHost, type SandboxHost } from './sandbox-host.ts';

test.describe.configure({ mode: 'serial' });

let host: SandboxHost;
let region: Region;
test.beforeAll(async () => {
  host = await openSandboxHost();
  region = await openRegion({ port: 3120, demoPort: 3121 }, ['--sandbox', '--iss', host.iss]);
});
test.afterAll(async () => {
  await region.stop();
  await host.stop();
});

test('a sandbox that is pointed at the launch URL sees the viewer, with its own patient’s record alone', async () => {
  const clinician = await openClinician({ thirdParty: 'blocked' });
  try {
    // What was printed is all that it takes.
    const launchUrl = /launch URL +(\S+)/.exec(region.said)?.[1] ?? '';
    const [, redirectUri] = /redirect URI +(\S+)/.exec(region.said.split(host.iss)[1] ?? '') ?? [];
    const clientId = /client id +(\S+)/.exec(region.said)?.[1];
    expect(region.said).toContain('https://launch.smarthealthit.org/v/r4/fhir');

    const page = await clinician.context.newPage();
    // The start itself asks about those who objected.
    await fetch(`${region.hostOrigin}/log.json`, { method: 'DELETE' });
    await page.goto(`${region.hostOrigin}/`);
    await expect(page.getByText(host.iss)).toBeVisible();
    await look(page, 'sandbox-first-page');
    await page.goto(
      `${launchUrl}?${new URLSearchParams({ iss: host.iss, launch: 'WzAsIiIsIiIsIkFVVE8i' }).toString()}`,
    );
    await expect(page.getByRole('heading', { name: 'Tell us who you are' })).toBeVisible();
    await expect(page.locator('main')).toContainText('Dr. Albertine Orn');
    await look(page, 'sandbox-name-and-role');
    await sayWhoOneIs(page, { role: 'Clinical practitioner', body: 'GMC' });
    await expect(overview(page)).toBeVisible();
    await expect(page.getByRole('banner')).toContainText('LARCH, Ada');
    await expect(page.getByText('Otitis media').first()).toBeVisible();
    await expect(page.getByText(/Sulfonamide/).first()).toBeVisible();
    await expect(page.getByRole('region', { name: 'Organisations' })).toContainText('No NHS number');
    await look(page, 'sandbox-record');

    expect(host.authorized.map((one) => one.get('aud'))).toEqual([host.iss]);
    expect(redirectUri).toContain('/launch/callback/sandbox-1');
    expect(host.authorized[0]?.get('redirect_uri')).toBe(redirectUri);
    expect(host.authorized[0]?.get('client_id')).toBe(clientId);
    expect(host.authorized[0]?.get('code_challenge_method')).toBe('S256');
    expect(host.asked.length).toBeGreaterThan(3);
    expect(host.asked.filter(({ authorization }) => authorization === undefined)).toEqual([]);
    // The synthetic patient is nobody's here: no organisation of the region was asked, nor the demographics service.
    expect(await (await fetch(`${region.hostOrigin}/log.json`)).json()).toEqual([]);
  } finally {
    await clinician.close();
  }
});

test('a server that is registered nowhere is refused, and is not asked', async () => {
  const stranger = await openSandboxHost();
  const before = host.authorized.length;
  try {
    for (const iss of [stranger.iss, `${host.iss}/`, host.iss.replace('127.0.0.1', 'localhost')]) {
      const answer = await fetch(
        `${region.viewerOrigin}/launch?${new URLSearchParams({ iss, launch: 'x' }).toString()}`,
      );
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('is not registered with One Health and Care');
    }
    expect([...stranger.asked, ...stranger.authorized]).toEqual([]);
    expect(host.authorized).toHaveLength(before);
  } finally {
    await stranger.stop();
  }
});
