import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { writeDemoConfig } from './config.ts';

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
  expect(derived.region.home).toBe(`${demoUrl}/millbrook/`);
  const gp = derived.sources.find((one) => one.kind === 'gp-connect');
  expect(Object.keys(gp?.practices ?? {})).toEqual(['M83001', 'M83002', 'M83003', 'M83999']);
  expect(derived.categories).toEqual(shipped.categories);
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
