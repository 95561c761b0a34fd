import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import { loadConfig, type Config } from './config/config.ts';
import { house } from './disclosure/house.testing.ts';
import { Fault } from './fault.ts';
import { createLog } from './log.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function app(
  ready: () => Promise<void> = async () => undefined,
  warnings: readonly string[] = [],
  metricsToken?: string,
  more: Partial<Config> = {},
) {
  const config = { ...(await loadConfig('smart-config')), ...more };
  const launch = express.Router();
  launch.get('/launch', () => {
    throw new Error('a secret detail');
  });
  const made = createApp({
    config,
    baseUrl: 'http://localhost:9',
    log: createLog('silent'),
    launch,
    authorization: {
      router: express.Router(),
      smartConfiguration: {},
      verify: () => Promise.reject(new Fault('token-missing', 'An access token is needed.')),
      endLaunches: async () => async () => undefined,
      endLaunchesOfUser: async () => undefined,
      correctUser: async () => undefined,
      close: async () => undefined,
    },
    facade: { house: house({}), patientIdOf: () => 'p', userId: () => 'u', pageKey: Buffer.alloc(32) },
    ready,
    warnings: () => warnings,
    metricsToken,
  });
  const server = made.listen(0, '127.0.0.1');
  open.push(server);
  await new Promise((done) => server.once('listening', done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (path: string, headers: Record<string, string> = {}) =>
    fetch(`${base}${path}`, { redirect: 'manual', headers });
}

describe('every answer', () => {
  it.each(['/health/live', '/fhir/metadata', '/fhir/Patient/p', '/app/region.json', '/nothing', '/launch', '/'])(
    '%s has the security headers and an id of its own',
    async (path) => {
      const get = await app();
      const [one, other] = [await get(path), await get(path)];
      const policy = one.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(/script-src ([^;]*)/.exec(policy)?.[1]).toBe("'self'");
      expect(/frame-ancestors ([^;]*)/.exec(policy)?.[1]).toBe("'self' http://127.0.0.1:3001");
      expect(one.headers.get('x-content-type-options')).toBe('nosniff');
      expect(one.headers.get('referrer-policy')).toBe('no-referrer');
      expect(one.headers.get('x-powered-by')).toBeNull();
      expect(one.headers.get('x-frame-options')).toBeNull();
      expect(one.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
    },
  );
});

describe('health', () => {
  it('is live whatever the store does, and ready only with it', async () => {
    const broken = await app(() => Promise.reject(new Error('no database')));
    expect((await broken('/health/live')).status).toBe(200);
    const answer = await broken('/health/ready');
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain('database');
    const ready = await (await app())('/health/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', warnings: [] }]);
  });

  it('says what will soon be a fault, and is ready all the same', async () => {
    const answer = await (await app(undefined, ['A certificate ends.']))('/health/ready');
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready', warnings: ['A certificate ends.'] }]);
  });
});

describe('metrics', () => {
  const token = 'a-token-of-at-least-thirty-two-characters';

  it('are read by whoever shows the token, and by nobody else', async () => {
    const get = await app(undefined, [], token);
    expect((await get('/health/metrics')).status).toBe(401);
    expect((await get('/health/metrics', { authorization: `Bearer ${token.slice(1)}` })).status).toBe(401);
    const answer = await get('/health/metrics', { authorization: `Bearer ${token}` });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toMatch(
      /^ohc_request_seconds_count{method="GET",route="\/health\/metrics",status="401"} \d+$/m,
    );
  });

  it('are not there where no token is set, whatever is shown', async () => {
    const get = await app();
    expect((await get('/health/metrics')).status).toBe(404);
    expect((await get('/health/metrics', { authorization: 'Bearer undefined' })).status).toBe(404);
  });

  it('name a route as it is written, never a URL', async () => {
    const get = await app(undefined, [], token);
    await get('/fhir/Patient/9991234578?secret=1');
    const told = await (await get('/health/metrics', { authorization: `Bearer ${token}` })).text();
    expect(told).toContain('route="/fhir/');
    expect(told).not.toMatch(/9991234578|secret/);
  });
});

describe('what goes wrong', () => {
  it('is a page in plain words that tells nothing of the inside', async () => {
    const answer = await (await app())('/launch');
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toContain('html');
    expect(await answer.text()).not.toContain('secret detail');
  });

  it('a page that is not there is a page that says so', async () => {
    const answer = await (await app())('/nothing');
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('Open the record from your own system.');
  });
});

describe('the region, for the viewer', () => {
  it('names who contributes and what is never shown, and nothing that is not for everyone', async () => {
    const text = await (await (await app())('/app/region.json')).text();
    const region = JSON.parse(text) as { sources: { id: string }[]; viewOnly: unknown[]; neverShown: string };
    expect(region.sources).toHaveLength(9);
    expect(region.sources.map((one) => one.id)).not.toContain('demo-pds');
    expect(region.neverShown).toBe(
      'Some things are never shown here, for anyone: sexual health, HIV, termination of pregnancy, fertility treatment, gender reassignment.',
    );
    expect(text).not.toMatch(/baseUrl|jwks|issuer|http:/);
  });

  it('is told what brand and generic are compared by where the region gives it, and once', async () => {
    expect((await (await app())('/app/medicines.json')).status).toBe(404);
    const get = await app(undefined, [], undefined, { medicines: new Map([['100', ['101']]]) });
    expect(await (await get('/app/region.json')).json()).toMatchObject({ medicines: true });
    const answer = await get('/app/medicines.json');
    expect(await answer.json()).toEqual({ products: { '100': ['101'] } });
    const again = await get('/app/medicines.json', {
      'If-None-Match': answer.headers.get('etag') ?? '',
      'Cache-Control': 'max-age=0',
    });
    expect(again.status).toBe(304);
  });

  it('the root page leads to where the region says', async () => {
    const answer = await (await app())('/');
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('http://127.0.0.1:3001/millbrook/');
  });
});
