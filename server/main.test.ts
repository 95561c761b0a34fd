import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, texts, type JsonObject } from '../src/fhir/json.ts';
import { freePort } from './free-port.testing.ts';

/** Runs a program of this project on Node, and gives what it says. */
function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { child: ChildProcess; said: () => string } {
  const child = spawn(process.execPath, [file, ...args], { env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, said: () => said };
}

describe('a server whose configuration is edited while it runs', () => {
  let folder: string;
  let base: string;
  let env: NodeJS.ProcessEnv;
  let server: ReturnType<typeof run>;

  const json = async (path: string): Promise<JsonObject> => object(await (await fetch(`${base}${path}`)).json()) ?? {};
  const path = (file: string): string => join(folder, 'smart-config', file);
  const edit = async (file: string, change: (before: JsonObject) => object): Promise<void> =>
    writeFile(path(file), JSON.stringify(change(object(JSON.parse(await readFile(path(file), 'utf8'))) ?? {})));
  const faultLines = (): readonly string[] =>
    server
      .said()
      .split('\n')
      .filter((line) => line.includes('the configuration has faults'));
  const soon = { timeout: 30_000, interval: 50 };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ohc-main-'));
    await cp('smart-config', join(folder, 'smart-config'), { recursive: true });
    await edit('hosts.json', () => ({ hosts: [] }));
    const pds = {
      id: 'pds',
      name: 'Demographics',
      ods: 'X26',
      label: 'PDS',
      kind: 'pds',
      baseUrl: 'http://127.0.0.1:9',
    };
    await edit('sources.json', () => ({ sources: [pds], viewOnly: [] }));
    const port = await freePort();
    base = `http://localhost:${port}`;
    env = {
      PORT: String(port),
      BASE_URL: '',
      DATABASE_URL: '',
      SECRETS_DIR: '',
      SMART_CONFIG: join(folder, 'smart-config'),
      DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'info',
    };
    server = run(join('server', 'main.ts'), [], env);
    const isReady = (): Promise<boolean> =>
      fetch(`${base}/health/ready`).then(
        (answer) => answer.ok,
        () => false,
      );
    while (!(await isReady())) {
      if (server.child.exitCode !== null) throw new Error(server.said());
      await new Promise((done) => setTimeout(done, 50));
    }
  });
  afterAll(async () => {
    server.child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('takes what has changed, without being told and without a restart', async () => {
    await edit('region.json', (before) => ({ ...before, name: 'Westshire' }));
    await edit('sources.json', (before) => ({ ...before, viewOnly: [{ ods: 'RZ9', name: 'Hospice' }] }));
    await expect.poll(async () => (await json('/app/region.json'))['name'], soon).toBe('Westshire');
    expect((await json('/app/region.json'))['viewOnly']).toEqual([{ ods: 'RZ9', name: 'Hospice' }]);
  });

  it('keeps the one before where it has faults, says so in one line and in its health, and takes it once mended', async () => {
    const good = await readFile(path('sources.json'), 'utf8');
    await edit('sources.json', () => ({ sources: [] }));
    server.child.kill('SIGHUP');
    await expect.poll(async () => texts((await json('/health/ready'))['warnings']), soon).toHaveLength(1);
    expect(await json('/health/ready')).toMatchObject({
      status: 'ready',
      warnings: [expect.stringMatching(/^config: /)],
    });
    expect((await json('/app/region.json'))['viewOnly']).toHaveLength(1);
    expect(faultLines()).toHaveLength(1);
    expect(faultLines()[0]).toContain('sources.json sources: expected exactly one source of kind pds');
    await writeFile(path('sources.json'), good);
    await expect.poll(() => json('/health/ready'), soon).toEqual({ status: 'ready', warnings: [] });
  });

  it('checks it as at its start: what only the demo may use is not taken', async () => {
    const before = faultLines().length;
    const demo = object(JSON.parse(await readFile('smart-config/hosts.json', 'utf8'))) ?? {};
    await edit('hosts.json', () => demo);
    await expect.poll(() => faultLines().length, soon).toBe(before + 1);
    expect(faultLines().at(-1)).toContain('hosts.json: demo-millbrook is the demo');
    await edit('hosts.json', () => ({ hosts: [] }));
    await expect.poll(() => json('/health/ready'), soon).toEqual({ status: 'ready', warnings: [] });
  });

  it('knows an app as soon as npm run clients has registered it', async () => {
    const ask = async (): Promise<unknown> => {
      const form = { grant_type: 'refresh_token', refresh_token: 'none', client_id: 'growth-chart' };
      const answer = await fetch(`${base}/auth/token`, { method: 'POST', body: new URLSearchParams(form) });
      return object(await answer.json())?.['error'];
    };
    expect(await ask()).toBe('invalid_client');
    const [add, who] = [
      ['add', '--id', 'growth-chart', '--scope', 'launch openid fhirUser patient/Observation.rs'],
      ['--name', 'Growth chart', '--owner', 'Chart Ltd', '--purpose', 'Growth of children'],
    ];
    const opens = ['--redirect-uri', 'https://chart.example/', '--launch-uri', 'https://chart.example/launch'];
    const { child, said } = run(join('server', 'commands', 'clients.ts'), [...add, ...who, ...opens], env);
    await once(child, 'close');
    expect(said()).toContain('Servers that run take it within seconds.');
    await expect.poll(ask, soon).toBe('invalid_grant');
  });
});
