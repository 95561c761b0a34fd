import { createDecipheriv } from 'node:crypto';
import { createServer } from 'node:http';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { hospitalNumber, millbrook, trentside, type HostPerson } from './host.ts';
import { createHosts } from './hosts.ts';
import { hostKeys } from './signing.ts';

const people: readonly HostPerson[] = [
  {
    nhsNumber: '9991234578',
    title: 'Mr',
    given: 'John',
    family: 'Smith',
    gender: 'male',
    birthDate: '1945-07-14',
    practice: 'M83001',
    story: 'Takes <fourteen> medicines',
    look: ['Two doses'],
    hosts: ['millbrook', 'trentside'],
  },
  {
    nhsNumber: '9991236015',
    given: 'Priya',
    family: 'Nair',
    gender: 'female',
    birthDate: '1988-02-03',
    practice: 'M83002',
    story: 'Asthma',
    hosts: ['millbrook'],
  },
];
const baseUrl = 'http://localhost:3000';
const linkKey = Buffer.alloc(32, 7);
const [smith = '', nair = ''] = people.map(hospitalNumber);

async function start(
  now?: () => number,
): Promise<{ readonly demoUrl: string; readonly keys: Awaited<ReturnType<typeof hostKeys>> }> {
  const app = express();
  const server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const demoUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = await hostKeys();
  const practiceName = (ods: string): string => `Practice ${ods}`;
  app.use(
    createHosts({ people, practiceName, keys, linkKey, demoUrl, baseUrl, ...(now === undefined ? {} : { now }) }),
  );
  return { demoUrl, keys };
}

/** What a link says to who has the key: the layout that hosts.json promises. */
function decrypted(link: string, cipher: 'aes-256-gcm' | 'aes-256-cbc'): string {
  const bytes = Buffer.from(link, 'base64url');
  if (cipher === 'aes-256-cbc') {
    const cbc = createDecipheriv(cipher, linkKey, bytes.subarray(0, 16));
    return cbc.update(bytes.subarray(16), undefined, 'utf8') + cbc.final('utf8');
  }
  const gcm = createDecipheriv(cipher, linkKey, bytes.subarray(0, 12));
  gcm.setAuthTag(bytes.subarray(-16));
  return gcm.update(bytes.subarray(12, -16), undefined, 'utf8') + gcm.final('utf8');
}

async function page(url: string, init?: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  return response.text();
}

async function open(demoUrl: string, path: string, user: string): Promise<{ action: string; context: string }> {
  const body = new URLSearchParams({ user });
  const markup = await page(`${demoUrl}${path}/open`, { method: 'POST', body });
  return {
    action: /action="([^"]*)"/.exec(markup)?.[1] ?? '',
    context: /name="context" value="([^"]*)"/.exec(markup)?.[1] ?? '',
  };
}

test.each([
  ['millbrook', millbrook, 'd.asante', 'R8014'],
  ['trentside', trentside, 'a.rahman', 'R8000'],
] as const)('%s signs a context at the click, to its published keys', async (id, host, user, role) => {
  const { demoUrl } = await start();
  const { action, context } = await open(demoUrl, `/${id}/patients/${smith}`, user);
  expect(action).toBe(`${baseUrl}/launch`);
  const jwks = (await (await fetch(`${demoUrl}/${id}/jwks.json`)).json()) as { keys: Record<string, unknown>[] };
  expect(jwks.keys.every((key) => !('d' in key) && String(key['kid']).startsWith('demo-'))).toBe(true);
  const { payload } = await jwtVerify(context, createLocalJWKSet(jwks), {
    issuer: `${demoUrl}/${id}`,
    audience: baseUrl,
    algorithms: ['ES256'],
  });
  expect(payload).toMatchObject({
    sub: user,
    role,
    organisation: host.organisation,
    patient: { nhsNumber: '9991234578', birthDate: '1945-07-14', family: 'Smith' },
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120);
});

test('a second click, however late, brings another context that is fresh', async () => {
  let now = Date.parse('2026-11-20T09:42:00Z');
  const { demoUrl } = await start(() => now);
  const first = decodeJwt((await open(demoUrl, `/millbrook/patients/${smith}`, 'p.okafor')).context);
  now += 3_600_000;
  const second = decodeJwt((await open(demoUrl, `/millbrook/patients/${smith}`, 'p.okafor')).context);
  expect(second.jti).not.toBe(first.jti);
  expect((second.iat ?? 0) - (first.iat ?? 0)).toBe(3600);
});

test('the record page frames the record in a sandbox, and is filled by a form', async () => {
  const { demoUrl } = await start();
  const markup = await page(`${demoUrl}/millbrook/patients/${smith}/one-health-and-care`);
  expect(markup).toContain('SMITH, John (Mr)');
  expect(markup).toMatch(
    /<iframe[^>]*name="record"[^>]*sandbox="allow-scripts allow-forms allow-same-origin allow-popups allow-downloads allow-modals"/,
  );
  expect(markup).toMatch(new RegExp(`<form[^>]*action="/millbrook/patients/${smith}/open"[^>]*target="record"`));
  const other = await page(`${demoUrl}/millbrook/patients/${nair}/one-health-and-care`);
  expect(other).toContain(`/millbrook/patients/${nair}/open`);
  expect(other).not.toContain(smith);
});

test('no page is found under a name or an NHS number, nor in a host that does not list the person', async () => {
  const { demoUrl } = await start();
  const list = await page(`${demoUrl}/millbrook/`);
  expect(list).not.toMatch(/href="[^"]*(9991234578|smith)/i);
  expect((await fetch(`${demoUrl}/millbrook/patients/9991234578`)).status).toBe(404);
  expect((await fetch(`${demoUrl}/trentside/patients/${nair}`)).status).toBe(404);
  expect((await fetch(`${demoUrl}/trentside/patients/${nair}/open`, { method: 'POST' })).status).toBe(404);
});

test('texts are escaped, and the chosen user stays', async () => {
  const { demoUrl } = await start();
  expect(await page(`${demoUrl}/millbrook/patients/${smith}`)).toContain('Takes &lt;fourteen&gt; medicines');
  const chosen = await fetch(`${demoUrl}/millbrook/user`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ user: 'm.kowalczyk' }),
  });
  expect(chosen.status).toBe(303);
  const cookie = chosen.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  const markup = await page(`${demoUrl}/millbrook/patients/${smith}/one-health-and-care`, { headers: { cookie } });
  expect(markup).toContain('name="user" value="m.kowalczyk"');
});

test('the first page links to the hosts, the sign-in, the switches and the log', async () => {
  const { demoUrl } = await start();
  const markup = await page(`${demoUrl}/`);
  const signIn = `${baseUrl}/launch?host=demo-on-call`;
  for (const href of ['/millbrook/', '/trentside/', '/ashgrove/', '/peakside/', signIn, '/switches', '/log.json'])
    expect(markup).toContain(`href="${href}"`);
  expect(markup).not.toContain('Sandboxes');
});

test.each([
  ['aes-256-gcm', 'demo-peakside'],
  ['aes-256-cbc', 'demo-peakside-cbc'],
] as const)('Peakside encrypts a link with %s, fresh at each click, and says no number in it', async (cipher, host) => {
  const now = Date.parse('2026-11-20T09:42:07.123Z');
  const { demoUrl } = await start(() => now);
  const click = async (): Promise<URL> => {
    const answer = await fetch(`${demoUrl}/peakside/patients/${nair}/open`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ cipher }),
    });
    expect(answer.status).toBe(303);
    return new URL(answer.headers.get('location') ?? '');
  };
  const link = await click();
  expect(`${link.origin}${link.pathname}`).toBe(`${baseUrl}/launch`);
  expect([...link.searchParams.keys()]).toEqual(['host', 'c']);
  expect(link.searchParams.get('host')).toBe(host);
  expect(decrypted(link.searchParams.get('c') ?? '', cipher)).toBe('nhs=9991236015&dob=1988-02-03&t=20261120094207');
  expect((await click()).searchParams.get('c')).not.toBe(link.searchParams.get('c'));
  expect((await fetch(`${demoUrl}/peakside/patients/${smith}`)).status).toBe(404);
});

test('kept keys are the same after a restart, and only their owner may read them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'host-keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'deep', 'host-keys.json');
  const first = await hostKeys(file);
  const second = await hostKeys(file);
  expect(second.millbrook.jwks).toEqual(first.millbrook.jwks);
  expect(second.millbrook.jwks).not.toEqual(second.trentside.jwks);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
