import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { format } from 'prettier';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { readCommand } from './client-arguments.ts';
import { Refusal } from './refusal.ts';
import { configText } from './config-text.ts';

const who = ['--name', 'Growth chart', '--owner', 'Chart Ltd', '--purpose', 'Growth of children'];
const app = ['add', '--id', 'growth-chart', ...who, '--scope', 'launch openid fhirUser patient/Observation.rs'];
const opens = ['--redirect-uri', 'https://chart.example/', '--launch-uri', 'https://chart.example/launch.html'];

describe('npm run clients', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ohc-clients-test-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await cp('smart-config', folder, { recursive: true });
    path = join(folder, 'clients.json');
  });

  function run(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
    return new Promise((done) => {
      const child = spawn(process.execPath, ['server/commands/clients.ts', ...args], {
        // The test runner has a BASE_URL of its own.
        env: { ...process.env, BASE_URL: '', SMART_CONFIG: folder },
      });
      const told = { out: '', err: '' };
      child.stdout.on('data', (chunk) => (told.out += String(chunk)));
      child.stderr.on('data', (chunk) => (told.err += String(chunk)));
      child.on('close', (code) => done({ code, ...told }));
    });
  }
  const clients = async () => (await loadConfig(folder)).clients;

  it('adds a public app, tells when it takes effect, and removes it: the file is as it was', async () => {
    await chmod(path, 0o640);
    const before = await readFile(path, 'utf8');
    const added = await run(...app, ...opens, '--until', '2030-12-31');
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).toContain('Servers that run take it within seconds.');
    expect((await clients()).at(-1)).toMatchObject({
      clientId: 'growth-chart',
      clientAuth: 'none',
      owner: 'Chart Ltd',
      until: '2030-12-31',
    });
    expect((await run('list')).out).toContain('growth-chart\tnone\tuntil 2030-12-31\tGrowth chart\tChart Ltd\n');
    expect((await run('remove', '--id', 'growth-chart')).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).toSorted()).toEqual((await readdir('smart-config')).toSorted());
  });

  it('makes a secret that is printed once and kept as a hash alone', async () => {
    const { out } = await run(...app, ...opens, '--auth', 'client_secret_basic');
    const secret = /shown this once: ([\w-]{43})\n/.exec(out)?.[1] ?? '';
    expect((await clients()).at(-1)?.secretHash).toBe(createHash('sha256').update(secret).digest('base64url'));
    expect(await readFile(path, 'utf8')).not.toContain(secret);
  });

  it('takes the public keys of a confidential app, and no private one', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES384', { extractable: true });
    const jwks = join(folder, 'keys.json');
    const backend = [...app, '--auth', 'private_key_jwt', '--jwks', jwks];
    await writeFile(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid: 'a' }] }));
    const before = await readFile(path, 'utf8');
    const leaked = await run(...backend);
    expect(leaked.code).toBe(1);
    expect(leaked.err).toContain('a public key');
    expect(await readFile(path, 'utf8')).toBe(before);
    await writeFile(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'a' }] }));
    expect((await run(...backend)).code).toBe(0);
    expect((await clients()).at(-1)?.jwks?.keys).toHaveLength(1);
  });

  it.each([
    [['remove', '--id', 'viewer'], 'one client whose launchUri ends in /app/launch'],
    [['remove', '--id', 'nobody'], 'nobody is not registered.'],
    [['add', '--id', 'viewer', ...app.slice(3), ...opens], 'viewer is registered already.'],
    [[...app, '--auth', 'private_key_jwt', '--jwks', 'no-such-file'], 'no-such-file cannot be read (ENOENT).'],
  ])('refuses %j and changes nothing', async (args, words) => {
    const before = await readFile(path, 'utf8');
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(words);
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('writes nothing beside a configuration that has a fault', async () => {
    await writeFile(join(folder, 'region.json'), '{}');
    const { code, err } = await run(...app, ...opens);
    expect(code).toBe(1);
    expect(err).toContain('region.json');
    expect(await readFile(path, 'utf8')).not.toContain('growth-chart');
  });
});

describe('the arguments', () => {
  const refusal = (...args: readonly string[]): string => {
    try {
      readCommand(args);
      return '';
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  };

  it('are refused all at once', () => {
    expect(refusal('add', '--auth', 'basic', '--until', 'soon')).toBe(
      '--auth: none, private_key_jwt or client_secret_basic; --id: is missing; --name: is missing; --scope: is missing; --owner: is missing; --purpose: is missing; --until: a date such as 2027-03-31.',
    );
    expect(refusal('list', 'all')).toContain('one word too many');
    expect(refusal('drop')).toContain('drop is no command');
    expect(refusal('remove')).toBe('--id: is missing.');
    expect(refusal('add', '--colour', 'red')).toContain('--colour');
  });

  it.each([
    'http://chart.example/',
    'https://chart.example/#x',
    'https://user@chart.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//chart.example/',
    'chart.example',
  ])('send no code to %s', (uri) => {
    expect(refusal(...app, '--redirect-uri', uri)).toContain(uri);
  });

  it.each([
    'https://chart.example/',
    'http://localhost:4000/cb',
    'http://127.0.0.1/cb',
    '/app/callback',
    'uk.nhs.chart:/cb',
  ])('may send one to %s', (uri) => {
    expect(refusal(...app, '--redirect-uri', uri)).toBe('');
  });

  it.each([
    'patient/Observation',
    'patient/observation.rs',
    'patient/*.sr',
    'patient/Observation.',
    'everything',
    'system/',
  ])('know no scope %s', (scope) => {
    expect(refusal('add', '--id', 'x', ...who, ...opens, '--scope', scope)).toContain(`${scope} is no SMART scope`);
  });

  it('have no public backend service, and keys only where they are used', () => {
    expect(refusal(...app)).toContain('a public app cannot be a backend service');
    expect(refusal(...app, ...opens, '--jwks-uri', 'https://chart.example/jwks')).toContain('only for private_key_jwt');
    expect(refusal(...app, '--auth', 'private_key_jwt')).toContain('one of the two');
    expect(refusal(...app, '--auth', 'private_key_jwt', '--jwks-uri', 'http://chart.example/')).toContain('https URL');
  });
});

describe('the text of a file of the configuration', () => {
  it.each(['clients.json', 'hosts.json', 'roles.json', 'sources.json', 'region.json', 'exclusions.json'])(
    'is written as %s is formatted',
    async (file) => {
      const content = await readFile(join('smart-config', file), 'utf8');
      const again = configText(JSON.parse(content));
      expect(again).toBe(await format(again, { parser: 'json', printWidth: 120 }));
    },
  );
});
