import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { objects } from '../../src/fhir/json.ts';
import { freePort } from '../free-port.testing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ohc-rotate-'));
  return () => rm(folder, { recursive: true, force: true });
});

function rotate(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['server/commands/keys-rotate.ts', ...args], {
      // The test runner has a BASE_URL of its own.
      env: { ...process.env, BASE_URL: '', DATA_DIR: folder, SECRETS_DIR: '' },
    });
    const told = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (told.out += String(chunk)));
    child.stderr.on('data', (chunk) => (told.err += String(chunk)));
    child.on('close', (code) => done({ code, ...told }));
  });
}

describe('npm run keys:rotate', () => {
  it('gives a server that runs new keys, which it publishes beside the old without a restart', async () => {
    const port = await freePort();
    const base = `http://localhost:${port}`;
    const server = spawn(process.execPath, ['server/main.ts'], {
      env: {
        ...process.env,
        PORT: String(port),
        BASE_URL: base,
        DATA_DIR: folder,
        DATABASE_URL: '',
        SECRETS_DIR: '',
        OHC_DEMO: '1',
        // The shipped configuration has hosts that encrypt links.
        DEMO_LINK_KEY: 'ab'.repeat(32),
        LOG_LEVEL: 'silent',
      },
      stdio: 'ignore',
    });
    onTestFinished(() => void server.kill('SIGKILL'));
    const kids = async (path: string): Promise<readonly unknown[]> => {
      for (;;) {
        const answer = await fetch(`${base}${path}`).catch(() => undefined);
        if (answer?.ok === true)
          return objects(((await answer.json()) as { keys: unknown }).keys).map((key) => key['kid']);
        await wait(100);
      }
    };
    const [signing, launch] = [await kids('/auth/jwks'), await kids('/launch/jwks.json')];
    expect([signing.length, launch.length]).toEqual([1, 5]);

    const { code, out, err } = await rotate();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`still verifies and decrypts: ${String(signing[0])} (RS256)`);
    let after = await kids('/auth/jwks');
    while (after.length === 1) {
      await wait(100);
      after = await kids('/auth/jwks');
    }
    // The old one first: it still signs.
    expect(after).toEqual([signing[0], expect.any(String)]);
    expect(out).toContain(`signing-keys.json: new ${String(after[1])} (RS256); signs from 20`);
    expect((await kids('/launch/jwks.json')).slice(0, launch.length)).toEqual(launch);
  });

  it('refuses the next in one sentence while the last is not over, and leaves no draft behind', async () => {
    const { code, out, err } = await rotate();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^signing-keys\.json was rotated a short while ago\. Rotate again after .*\n$/);
    const secrets = join(folder, 'secrets');
    expect((await readdir(secrets)).filter((file) => !/^(id-key|register-key|[a-z]+-keys\.json)$/.test(file))).toEqual(
      [],
    );
    for (const file of ['signing-keys.json', 'launch-keys.json'])
      expect((await stat(join(secrets, file))).mode & 0o777).toBe(0o600);
  });

  it('drops keys that have become known', async () => {
    const { code, out } = await rotate('--drop-old');
    expect(code).toBe(0);
    expect(out).toContain('signs from now');
    expect(out).not.toContain('still verifies');
  });

  it.each([['--signs-in', '0'], ['--signs-in', 'soon'], ['--colour']])('does not take %s %s', async (...args) => {
    const { code, out, err } = await rotate(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).not.toBe('');
  });

  it('tells how it is used', async () => {
    expect(await rotate('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--drop-old') as string });
  });
});
