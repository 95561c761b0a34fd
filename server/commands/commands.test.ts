import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { objects } from '../../src/fhir/json.ts';

type End = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a command of this project to its end. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<End> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join('server', 'commands', command), ...args], {
      env: { ...process.env, ...env },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** A port of 127.0.0.1 that something listens on until the test ends. */
function taken(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

test.each(['start.mjs', 'test.mjs', 'serve.mjs'])(
  '%s refuses an option that it does not know, in one sentence',
  async (command) => {
    const { code, out, err } = await run(command, ['--colour']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('--colour is not an option');
  },
);

test.each(['start.mjs', 'test.mjs', 'serve.mjs'])('%s tells its options', async (command) => {
  const { code, out, err } = await run(command, ['--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^npm /);
});

test('a taken port gets one sentence that names it and what to set', async () => {
  const port = await taken();
  const server = await run('start.mjs', [], { PORT: String(port), DEMO_PORT: '1' });
  expect(server).toEqual({
    code: 1,
    out: '',
    err: `Port ${port} is taken: end what uses it, or set PORT to another port.\n`,
  });
  const free = await taken();
  const demo = await run('start.mjs', [], { PORT: String(port === 65_535 ? 1024 : 65_534), DEMO_PORT: String(free) });
  expect(demo.err).toBe(`Port ${free} is taken: end what uses it, or set DEMO_PORT to another port.\n`);
});

test.each([
  [{ PORT: '3000', DEMO_PORT: '3000' }, 'PORT and DEMO_PORT are both 3000: set them to two different ports.'],
  [{ PORT: 'http' }, 'PORT is http, which is not a port: set a number from 1 to 65535.'],
  [{ PORT: '65535' }, 'DEMO_PORT is 65536, which is not a port: set a number from 1 to 65535.'],
])('ports that cannot be: %o', async (env, sentence) => {
  const { code, err } = await run('start.mjs', [], { DEMO_PORT: '', ...env });
  expect({ code, err }).toEqual({ code: 2, err: `${sentence}\n` });
});

test.each([
  [['--iss', 'https://ehr.example/fhir'], '--iss goes with --sandbox.'],
  [['--sandbox', '--iss'], '--iss needs a URL.'],
  [
    ['--sandbox', '--iss', 'http://ehr.example/fhir'],
    '--iss http://ehr.example/fhir: give the FHIR base URL of a SMART server, https off this machine.',
  ],
  [['--sandbox', '--iss=ehr'], '--iss ehr: give the FHIR base URL of a SMART server, https off this machine.'],
])('a sandbox that cannot be: %o', async (args, sentence) => {
  const { code, err } = await run('start.mjs', args);
  expect({ code, err }).toEqual({ code: 2, err: `${sentence}\n` });
});

test('a records folder that does not exist gets one sentence', async () => {
  const { code, err } = await run('start.mjs', ['--records', 'no-such-folder']);
  expect(code).toBe(2);
  expect(err).toMatch(/^There is no folder .*no-such-folder: --records needs one that exists\.\n$/);
});

test('config-check says that a configuration is fine, or each fault on a line of its own', async () => {
  const fine = await run('config-check.ts', ['smart-config']);
  expect(fine).toMatchObject({ code: 0, err: '' });
  expect(fine.out).toMatch(/^The configuration is fine: 6 hosts, .*\n$/);
  const broken = await run('config-check.ts', ['server']);
  expect(broken).toMatchObject({ code: 1, out: '' });
  expect(broken.err.trim().split('\n')).toHaveLength(6);
});

test('the lock file check refuses a polyfill, a registry and too many packages', async () => {
  expect(await run('lock-file.mjs', [])).toEqual({ code: 0, out: '', err: '' });
  const folder = await mkdtemp(join(tmpdir(), 'lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lock: unknown = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const packages = objects(lock)[0]?.['packages'];
  const more = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`node_modules/more-${index}`, {}]));
  const bad = {
    packages: {
      ...objects(packages)[0],
      ...more,
      'node_modules/deep/node_modules/expo-crypto': {},
      'node_modules/far': { resolved: 'https://registry.example/far.tgz' },
      'node_modules/other': { os: ['none'], optionalDependencies: { '@other/elsewhere': '1.0.0' } },
    },
  };
  await writeFile(join(folder, 'lock.json'), JSON.stringify(bad));
  const { code, err } = await run('lock-file.mjs', [join(folder, 'lock.json')]);
  expect(code).toBe(1);
  expect(err.trim().split('\n')).toEqual([
    expect.stringContaining('node_modules/deep/node_modules/expo-crypto is in the lock file'),
    expect.stringMatching(/has \d+ packages; fewer than 600/),
    expect.stringContaining('node_modules/other wants @other/elsewhere, which is not in the lock file'),
    expect.stringContaining('node_modules/far names a registry'),
  ]);
});
