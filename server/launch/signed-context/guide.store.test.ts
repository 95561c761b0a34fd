import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hostSchema } from '../../config/schema.ts';
import { newKey } from '../../config/key-file.ts';
import { freePort } from '../../free-port.testing.ts';
import { refusalOf } from '../page/refusal.ts';
import { openDoors, people, type Doors } from '../testing.ts';
import { claimNames } from './claims.ts';

const guide = await readFile('docs/integrating-an-epr.md', 'utf8');

/** The code block that is marked so. */
function block(mark: string): string {
  const [, content] = new RegExp(`^\`\`\`${mark}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(guide) ?? [];
  if (content === undefined) throw new Error(`no block ${mark} in the guide`);
  return content;
}

/** The first cells of the table whose head begins so, without their backticks. */
function firstCells(head: string): readonly string[] {
  const [, table = ''] = guide.split(new RegExp(`^\\| ${head} .*\\n\\|[ -|]+\\n`, 'm'));
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n');
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

describe('docs/integrating-an-epr.md', () => {
  let doors: Doors;
  let folder: string;
  let port: number;
  let host: string;
  beforeAll(async () => {
    port = await freePort();
    host = `http://127.0.0.1:${port}`;
    const entry = hostSchema.parse(JSON.parse(block('json host').replaceAll('http://127.0.0.1:4000', host)));
    if (entry.door !== 'signed-context') throw new Error('another door');
    doors = await openDoors({
      host: entry,
      launchKeys: [await newKey('ECDH-ES+A256KW')],
      fetchJwks: () => fetch,
      // Whom the samples ask about.
      demographics: async () => ({
        kind: 'found',
        person: {
          nhsNumber: '9991234578',
          birthDate: '1945-07-14',
          patient: { resourceType: 'Patient', id: 'p' },
        },
      }),
    });
    // Under this folder, so that the samples find the packages that they import.
    await mkdir('test-results', { recursive: true });
    folder = await mkdtemp(join('test-results', 'guide-'));
  });
  afterAll(async () => {
    await doors.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has a host of fifty lines that opens the record as it stands there', async () => {
    const sample = block('ts host');
    expect(sample.trim().split('\n').length).toBeLessThanOrEqual(50);
    const file = join(folder, 'host.ts');
    await writeFile(file, sample);
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, RECORD: doors.base, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    onTestFinished(() => void child.kill());
    let page: Response | undefined;
    while (page === undefined) {
      page = await fetch(`${host}/`).catch(() => undefined);
      if (page === undefined) await wait(50);
    }
    expect(await page.text()).toContain('target="record"');

    const click = async (): Promise<Response> => {
      const form = await (await fetch(`${host}/open`, { method: 'POST' })).text();
      const [, action = ''] = /action="([^"]+)"/.exec(form) ?? [];
      const [, context = ''] = /name="context" value="([^"]+)"/.exec(form) ?? [];
      expect(action).toBe(`${doors.base}/launch`);
      return fetch(action, { method: 'POST', body: new URLSearchParams({ context }), redirect: 'manual' });
    };
    const first = await (await click()).text();
    expect(first).toContain('From My EPR');
    expect(first).toContain('Dr Asha Patel');
    expect((await doors.fillIn(first)).status).toBe(303);
    expect((await click()).headers.get('location')).toContain('/app/launch?iss=');
  });

  it('has a link that opens the record as it stands there', async () => {
    const file = join(folder, 'link.ts');
    await writeFile(file, block('ts link'));
    const { link } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      readonly link: (record: string, context: string) => Promise<string>;
    };
    const own = await openDoors({ launchKeys: [await newKey('ECDH-ES+A256KW')] });
    await own.handle();
    const answer = await fetch(await link(own.base, await own.sign({ patient: people.ashby })), { redirect: 'manual' });
    expect(answer.headers.get('location')).toContain('/app/launch?iss=');
    await own.close();
  });

  it('tells every claim that is read, and no other', () => {
    expect(firstCells('claim').toSorted()).toEqual(
      claimNames.filter((name) => name !== 'nbf' && name !== 'event').toSorted(),
    );
    expect(guide).toContain('`nbf` is heeded');
  });

  it('tells every refusal of this door with its status', () => {
    const rows = [...guide.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) => [code, status]);
    const codes = [
      'context-malformed',
      'context-issuer',
      'context-signature',
      'context-audience',
      'context-expired',
      'context-replayed',
      'context-role',
      'context-client',
      'nhs-number-invalid',
      'birth-date-differs',
      'too-large',
      'too-many',
      'undecided',
    ] as const;
    expect(rows).toEqual(codes.map((code) => [code, String(refusalOf(code).status)]));
  });

  it('has the same claims and the same form in each language', () => {
    for (const language of ['ts host', 'csharp', 'java']) {
      const sample = block(language);
      for (const word of ['jti', 'organisation', 'nhsNumber', 'birthDate', '/jwks.json', 'name="context"', 'ES256'])
        expect(sample, language).toContain(word === 'jti' && language === 'ts host' ? 'setJti' : word);
    }
  });
});
