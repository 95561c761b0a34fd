import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, objects, text } from '../../src/fhir/json.ts';
import { freePort } from '../free-port.testing.ts';

type End = { readonly code: number | null; readonly out: string; readonly err: string };

describe('a try at the demo that runs', () => {
  let folder: string;
  let base: string;
  let env: NodeJS.ProcessEnv;
  let end: () => Promise<void>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ohc-trial-'));
    const port = await freePort();
    base = `http://localhost:${port}`;
    env = {
      ...process.env,
      PORT: String(port),
      DEMO_PORT: String(await freePort()),
      // The test runner has a BASE_URL of its own.
      BASE_URL: '',
      DATABASE_URL: '',
      SECRETS_DIR: '',
      DATA_DIR: folder,
    };
    const demo = spawn(process.execPath, ['server/demo/main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((done) => demo.once('exit', done));
    end = async () => {
      demo.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    };
    await new Promise<void>((done, fail) => {
      demo.stdout.on('data', (chunk) => String(chunk).includes('Ready') && done());
      demo.once('exit', (code) => fail(new Error(`the demo ended with ${code}`)));
    });
  });
  afterAll(() => end());

  function run(command: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<End> {
    return new Promise((done) => {
      const child = spawn(process.execPath, [`server/demo/${command}.ts`, ...args], { env: { ...env, ...more } });
      const told = { out: '', err: '' };
      child.stdout.on('data', (chunk) => (told.out += String(chunk)));
      child.stderr.on('data', (chunk) => (told.err += String(chunk)));
      child.on('close', (code) => done({ code, ...told }));
    });
  }

  it('goes through a whole launch and prints a token and a line that reads the record', async () => {
    const { code, out, err } = await run('token', ['--person', '999 123 4578', '--role', 'R8001']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [token = ''] = out.split('\n');
    const [, bearer = '', accept = '', url = ''] =
      /^curl -s -H "Authorization: (Bearer [^"]+)" -H "Accept: ([^"]+)" (http\S+)$/m.exec(out) ?? [];
    expect(bearer).toBe(`Bearer ${token}`);
    // The shell takes the backslash away.
    const answer = await fetch(url.replace('\\$', '$'), { headers: { authorization: bearer, accept } });
    expect(answer.status).toBe(200);
    const types = objects(object(await answer.json())?.['entry']).map(
      (one) => object(one['resource'])?.['resourceType'],
    );
    expect(types.map(text)).toContain('AllergyIntolerance');
    // Not the first time any more.
    expect((await run('token', ['--person', '9991234578', '--role', 'R8001'])).code).toBe(0);
  });

  it('signs a context that opens a launch once, posted as the line says', async () => {
    const { out } = await run('context-sign', ['--person', '9991234578', '--role', 'R8001']);
    const [, context = ''] = /--data-urlencode context=(\S+)$/m.exec(out) ?? [];
    expect(out.startsWith(`${context}\n`)).toBe(true);
    const post = () =>
      fetch(`${base}/launch`, { method: 'POST', body: new URLSearchParams({ context }), redirect: 'manual' });
    expect((await post()).status).toBe(303);
    expect((await post()).status).toBe(403);
  });

  it('encrypts one to the key that the server publishes, for a link', async () => {
    const { out } = await run('context-sign', ['--person', '9991234578', '--role', 'R8001', '--encrypt']);
    const link = out.trim().split('\n').at(-1) ?? '';
    expect((await fetch(link, { redirect: 'manual' })).headers.get('location')).toContain('/app/launch?iss=');
  });

  it.each([
    [['--person', '9991234578', '--birth-date', '1945-07-15'], {}, /^The birth date does not match: The birth date in/],
    [['--person', '9991234578', '--role', 'R0001'], {}, /^--role: demo-millbrook has no R0001: one of R8000/],
    [['--person', '9991234578', '--host', 'nobody'], {}, /^--host: nobody signs no contexts: one of demo-millbrook/],
    [['--person', '9990000018'], {}, /^--birth-date: is missing/],
    [[], {}, /^--person: is missing/],
    [['--person', '9991234578'], { BASE_URL: 'http://localhost:1' }, /^No server answers at http:\/\/localhost:1:/],
    [['--person', '9991234578'], { DATA_DIR: tmpdir() }, /^No demo has been started on .*: run npm start first/],
  ] as const)('says in one sentence what is wrong with %j', async (args, more, words) => {
    const { code, out, err } = await run('token', args, more);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it.each(['token', 'context-sign'])('%s tells how it is used', async (command) => {
    expect(await run(command, ['--help'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^npm run /) as string,
    });
  });
});
