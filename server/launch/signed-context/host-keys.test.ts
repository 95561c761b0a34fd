import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compactVerify, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SignedContextHost } from '../../config/schema.ts';
import { Fault } from '../../fault.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { createHostKeys } from './host-keys.ts';

type Pair = { readonly jwk: JWK; readonly privateKey: CryptoKey };

async function pair(kid: string, alg = 'ES256'): Promise<Pair> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }, privateKey };
}

function host(more: Partial<SignedContextHost> = {}): SignedContextHost {
  return {
    id: 'epr',
    name: 'EPR',
    organisation: 'RJE',
    door: 'signed-context',
    issuer: 'https://epr.example',
    jwksUri: 'https://epr.example/jwks.json',
    origins: [],
    roles: ['R8000'],
    showsBanner: false,
    selfDeclared: 'allowed',
    launchesPerMinute: 600,
    ...more,
  };
}

/** What comes of a signature by this key: `good`, the library's code, or our own. */
async function outcome(
  keysOf: ReturnType<typeof createHostKeys>,
  { jwk, privateKey }: Pair,
  of = host(),
  alg = 'ES256',
): Promise<string> {
  const token = await new SignJWT({}).setProtectedHeader({ alg, kid: jwk.kid ?? '' }).sign(privateKey);
  try {
    await compactVerify(token, keysOf(of));
    return 'good';
  } catch (error) {
    return error instanceof Fault ? error.code : String((error as { code?: unknown }).code);
  }
}

/** A host that serves these keys, and counts how often it is asked. */
function serving(keys: () => unknown): { readonly fetch: Fetch; asked: number } {
  const served = {
    asked: 0,
    fetch: async () => {
      served.asked += 1;
      return Response.json({ keys: keys() });
    },
  };
  return served;
}

describe('the keys that a host serves', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());
  const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

  it('are read once, and a new one is found when it is first used', async () => {
    const [first, second] = [await pair('k1'), await pair('k2')];
    let keys = [first.jwk];
    const jwks = serving(() => keys);
    const keysOf = createHostKeys(jwks.fetch);
    expect(await outcome(keysOf, first)).toBe('good');
    expect(await outcome(keysOf, first)).toBe('good');
    expect(jwks.asked).toBe(1);
    keys = [second.jwk, first.jwk];
    later(31_000);
    expect(await outcome(keysOf, second)).toBe('good');
    expect(await outcome(keysOf, first)).toBe('good');
    expect(jwks.asked).toBe(2);
  });

  it('are not asked for at every key id that somebody makes up', async () => {
    const [first, forged] = [await pair('k1'), await pair('made-up')];
    const jwks = serving(() => [first.jwk]);
    const keysOf = createHostKeys(jwks.fetch);
    for (let count = 0; count < 20; count += 1) expect(await outcome(keysOf, forged)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(jwks.asked).toBe(1);
    expect(await outcome(keysOf, first)).toBe('good');
  });

  it('are withdrawn ten minutes after the host withdraws them', async () => {
    const [first, second] = [await pair('k1'), await pair('k2')];
    let keys = [first.jwk, second.jwk];
    const keysOf = createHostKeys(serving(() => keys).fetch);
    expect(await outcome(keysOf, first)).toBe('good');
    keys = [second.jwk];
    later(599_000);
    expect(await outcome(keysOf, first)).toBe('good');
    later(2_000);
    expect(await outcome(keysOf, first)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(await outcome(keysOf, second)).toBe('good');
  });

  it('are not used when they are old and the host cannot be asked', async () => {
    const first = await pair('k1');
    let up = true;
    const keysOf = createHostKeys(async () => {
      if (!up) throw new Error('no route');
      return Response.json({ keys: [first.jwk] });
    });
    expect(await outcome(keysOf, first)).toBe('good');
    up = false;
    later(601_000);
    expect(await outcome(keysOf, first)).toBe('undecided');
    up = true;
    expect(await outcome(keysOf, first)).toBe('good');
  });
});

describe('a key set', () => {
  it('of another algorithm, use or purpose does not serve', async () => {
    const [first, other] = [await pair('k1'), await pair('k1', 'ES384')];
    const only = (jwk: JWK) => createHostKeys(serving(() => [jwk]).fetch);
    expect(await outcome(only({ ...first.jwk, alg: 'ES384' }), first)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(await outcome(only({ ...first.jwk, use: 'enc' }), first)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(await outcome(only({ ...first.jwk, key_ops: ['sign'] }), first)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(await outcome(only(other.jwk), first)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(await outcome(only(first.jwk), first)).toBe('good');
  });

  it('with two keys of one id serves for neither', async () => {
    const [first, second] = [await pair('k1'), await pair('k1')];
    const keysOf = createHostKeys(serving(() => [first.jwk, second.jwk]).fetch);
    expect(await outcome(keysOf, first)).toBe('ERR_JWKS_MULTIPLE_MATCHING_KEYS');
    expect(await outcome(keysOf, second)).toBe('ERR_JWKS_MULTIPLE_MATCHING_KEYS');
  });

  it('that gives a private key away is not believed', async () => {
    const [first, second] = [await pair('k1'), await pair('k2')];
    const leaked = { ...(await exportJWK(second.privateKey)), kid: 'k2' };
    expect(await outcome(createHostKeys(serving(() => [first.jwk, leaked]).fetch), first)).toBe('undecided');
    const secret = { kty: 'oct', k: 'c2VjcmV0', kid: 'k3' };
    expect(await outcome(createHostKeys(serving(() => [first.jwk, secret]).fetch), first)).toBe('undecided');
  });

  it.each([
    ['is not there', async () => new Response('', { status: 404 })],
    ['is not JSON', async () => new Response('<html>')],
    ['is no key set', async () => Response.json([])],
    ['has no end of keys', async () => Response.json({ keys: Array.from({ length: 101 }, () => ({ kty: 'EC' })) })],
    ['is too large', async () => new Response(new Uint8Array(2_000_000))],
    ['cannot be reached', () => Promise.reject(new Error('no route'))],
  ] as const)('that %s opens nothing', async (_name, answer: Fetch) => {
    expect(await outcome(createHostKeys(answer), await pair('k1'))).toBe('undecided');
  });

  it.each([
    ['leads elsewhere', (_part: Buffer) => ({ status: 302, body: '' })],
    ['takes its time', (part: Buffer) => ({ status: 200, body: part })],
  ] as const)('of a real server that %s opens nothing', async (_name, answer) => {
    const first = await pair('k1');
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const whole = Buffer.from(JSON.stringify({ keys: [first.jwk] }));
      if (request.url === '/inner') return void response.end(whole);
      const { status, body } = answer(whole.subarray(0, 20));
      response.writeHead(status, { location: '/inner' });
      // The rest of a body that is begun never comes.
      if (body === '') response.end();
      else response.write(body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    expect(await outcome(createHostKeys(), first, host({ jwksUri }))).toBe('undecided');
    expect(asked).toEqual(['/jwks.json']);
  });
});
