import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { hostSchema } from '../../config/schema.ts';
import { openDoors, people } from '../testing.ts';
import { linkHost, openBrowser, openProvider } from '../sign-in/testing.ts';

const block = (guide: string, kind: string): string =>
  new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(guide)?.[1] ?? '';

it.each(['encrypted-link', 'sign-in'])('docs/%s.md has an entry that the configuration takes', async (name) => {
  const entry: unknown = JSON.parse(block(await readFile(`docs/${name}.md`, 'utf8'), 'json'));
  expect(hostSchema.safeParse(entry).error?.issues ?? []).toEqual([]);
});

it('docs/encrypted-link.md has a sample whose link opens the person', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ohc-link-'));
  const key = randomBytes(32);
  process.env['TEST_LINK_KEY'] = key.toString('hex');
  const provider = await openProvider();
  const doors = await openDoors({ change: (config) => ({ ...config, hosts: [linkHost(provider.issuer)] }) });
  try {
    const sample = block(await readFile('docs/encrypted-link.md', 'utf8'), 'js');
    const given = JSON.stringify({ base: doors.base, host: 'toolbar', ...people.ashby });
    const call = `console.log(linkFor({ ...${given}, key: Buffer.from('${key.toString('hex')}', 'hex') }));`;
    await writeFile(join(folder, 'sample.mjs'), `${sample}\n${call}\n`);
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'sample.mjs')]);
    const page = await openBrowser(doors.base).get(stdout.trim());
    expect(page.text).toContain('Tell us who you are');
    expect(doors.trail.at(-1)).toMatchObject({ nhsNumber: people.ashby.nhsNumber, outcome: 'success' });
  } finally {
    delete process.env['TEST_LINK_KEY'];
    await doors.close();
    await provider.close();
    await rm(folder, { recursive: true });
  }
});
