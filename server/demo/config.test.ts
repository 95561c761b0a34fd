import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { writeDemoConfig } from './config.ts';
import { publicLauncher, sandboxEntries, sandboxHosts } from './sandbox.ts';

const demoUrl = 'http://127.0.0.1:4567';

async function target(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'smart-config');
}

test('the derived configuration is fine, and names the port that the demo really has', async () => {
  const to = await target();
  const source = {
    id: 'demo-records',
    name: 'Records folder',
    ods: 'M83998',
    label: 'Records',
    kind: 'fhir-r4',
    baseUrl: `${demoUrl}/records/fhir`,
    setting: 'acute',
  };
  const practices = {
    M83999: { name: 'Records Folder Surgery', baseUrl: `${demoUrl}/records/gp/fhir`, sharing: true },
  };
  await writeDemoConfig('smart-config', to, { demoUrl, source, practices });
  const shipped = await loadConfig('smart-config');
  const derived = await loadConfig(to);
  expect(derived.sources.map((one) => one.id)).toEqual([...shipped.sources.map((one) => one.id), 'demo-records']);
  expect(derived.sources.every((one) => one.baseUrl.startsWith(demoUrl))).toBe(true);
  expect(derived.hosts.flatMap((host) => host.origins).every((origin) => origin === demoUrl)).toBe(true);
  const urls = JSON.stringify(derived.hosts).match(/http:[^"]*/g) ?? [];
  expect(urls.length).toBeGreaterThan(8);
  expect(urls.every((url) => url.startsWith(demoUrl))).toBe(true);
  expect(derived.region.home).toBe(`${demoUrl}/millbrook/`);
  const gp = derived.sources.find((one) => one.kind === 'gp-connect');
  expect(Object.keys(gp?.practices ?? {})).toEqual(['M83001', 'M83002', 'M83003', 'M83999']);
  expect(derived.categories).toEqual(shipped.categories);
});

test('a sandbox is a host more: its iss as it was given, every role that looks at people', async () => {
  const to = await target();
  const sandboxes = sandboxHosts([publicLauncher, 'http://127.0.0.1:4999/r4/fhir']);
  const roles: unknown = JSON.parse(await readFile('smart-config/roles.json', 'utf8'));
  await writeDemoConfig('smart-config', to, { demoUrl, hosts: sandboxEntries(sandboxes, roles) });
  const { hosts } = await loadConfig(to);
  expect(hosts.filter(({ id }) => !id.startsWith('demo-'))).toMatchObject([
    { id: 'sandbox-launcher', door: 'smart', iss: 'https://launch.smarthealthit.org/v/r4/fhir', clientAuth: 'none' },
    { id: 'sandbox-1', iss: 'http://127.0.0.1:4999/r4/fhir', origins: ['http://127.0.0.1:4999'], recordAsSource: true },
  ]);
  const [launcher] = hosts.filter(({ id }) => id === 'sandbox-launcher');
  expect(launcher?.roles).toContain('R8000');
  expect(launcher?.roles).not.toContain('R0001');
});

test('what an earlier run left is gone, and a broken file goes on as it is', async () => {
  const to = await target();
  await writeDemoConfig('smart-config', to, { demoUrl });
  await writeFile(join(to, 'left.json'), '{}');
  const from = await target();
  await writeDemoConfig('smart-config', from, { demoUrl });
  await writeFile(join(from, 'roles.json'), '{ broken');
  await writeDemoConfig(from, to, { demoUrl });
  expect(await readFile(join(to, 'roles.json'), 'utf8')).toBe('{ broken');
  await expect(readFile(join(to, 'left.json'))).rejects.toThrow('ENOENT');
});
