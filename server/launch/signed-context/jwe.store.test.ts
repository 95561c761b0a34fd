import { deflateRawSync } from 'node:zlib';
import { CompactEncrypt, exportJWK, FlattenedEncrypt, generateKeyPair, importJWK, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { openDoors, people, type Doors } from '../testing.ts';

type Header = Readonly<Record<string, unknown>>;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function newKey(alg: string, kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'enc' };
}

let store: Store;
let launchKeys: JWK[];
let doors: Doors;
beforeAll(async () => {
  store = await openTestStore();
  launchKeys = [
    await newKey('ECDH-ES+A256KW', 'e1'),
    await newKey('RSA-OAEP-256', 'r1'),
    { ...(await newKey('ECDH-ES+A256KW', 's1')), alg: 'ES384', use: 'sig' },
  ];
  doors = await openDoors({ store, launchKeys });
  await doors.handle();
});
afterAll(async () => {
  await doors.close();
  await store.close();
});
beforeEach(() => void doors.trail.splice(0));

/** Encrypts a text as a host does, to the key set that the server publishes. */
async function encrypted(text: string, more: Header = {}): Promise<string> {
  const published = (await (await fetch(`${doors.base}/launch/jwks.json`)).json()) as { keys: JWK[] };
  const header = { alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: 'e1', cty: 'JWT', ...more };
  const key = published.keys.find((one) => one.alg === header.alg);
  if (key === undefined) throw new Error(`no published key for ${header.alg}`);
  return new CompactEncrypt(bytes(text)).setProtectedHeader(header).encrypt(await importJWK(key, header.alg));
}

/** The same JWE with another protected header: what an attacker can do who has no key. */
async function withHeader(jwe: string, change: (header: Record<string, unknown>) => object): Promise<string> {
  const [header = '', ...rest] = jwe.split('.');
  const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
  return [Buffer.from(JSON.stringify(change(read))).toString('base64url'), ...rest].join('.');
}

const inUrl = (context: string): Promise<Response> =>
  fetch(`${doors.base}/launch?${new URLSearchParams({ context })}`, { redirect: 'manual' });

describe('an encrypted context', () => {
  it.each([
    ['ECDH-ES+A256KW', 'A256GCM', 'e1'],
    ['ECDH-ES+A256KW', 'A256CBC-HS512', 'e1'],
    ['RSA-OAEP-256', 'A256GCM', 'r1'],
    ['RSA-OAEP-256', 'A256CBC-HS512', 'r1'],
  ])('opens a launch with %s and %s, posted or in a link', async (alg, enc, kid) => {
    const posted = await doors.post('/launch', { context: await encrypted(await doors.sign(), { alg, enc, kid }) });
    expect(posted.status).toBe(303);
    const linked = await inUrl(await encrypted(await doors.sign(), { alg, enc, kid, cty: 'jwt' }));
    expect(linked.status).toBe(303);
    expect(linked.headers.get('location')).toMatch(/\/app\/launch\?iss=[^&]+&launch=[\w-]+$/);
    expect(linked.headers.get('referrer-policy')).toBe('no-referrer');
    expect(doors.trail).toMatchObject([{ outcome: 'success' }, { outcome: 'success' }]);
  });

  it('works once, however it comes', async () => {
    const signed = await doors.sign();
    expect((await inUrl(await encrypted(signed))).status).toBe(303);
    expect((await inUrl(await encrypted(signed))).status).toBe(403);
    expect((await doors.post('/launch', { context: signed })).status).toBe(403);
    expect(doors.trail.slice(1)).toMatchObject([{ reason: 'context-replayed' }, { reason: 'context-replayed' }]);
  });

  it.each([
    ['for another person', { patient: { ...people.ashby, birthDate: '1961-04-18' } }, 'birth-date-differs'],
    ['for another audience', { aud: 'https://elsewhere.example' }, 'context-audience'],
    ['from an unknown issuer', { iss: 'https://other.example' }, 'context-issuer'],
    ['from the past', { iat: 1_700_000_000, exp: 1_700_000_100 }, 'context-expired'],
  ])('is held to the same checks: %s', async (_name, claims, reason) => {
    const open = await doors.post('/launch', { context: await doors.sign(claims) });
    const closed = await doors.post('/launch', { context: await encrypted(await doors.sign(claims)) });
    expect(closed.status).toBe(open.status);
    expect(await closed.text()).toBe(await open.text());
    expect(doors.trail.map((entry) => entry.reason)).toEqual([reason, reason]);
  });

  it('proves nothing by itself: what is in it must be signed', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const [, claims] = (await doors.sign()).split('.');
    for (const inner of [
      `${Buffer.from('{"alg":"none","kid":"k1"}').toString('base64url')}.${claims}.`,
      await doors.signWith(privateKey),
    ]) {
      const answer = await doors.post('/launch', { context: await encrypted(inner) });
      expect(answer.status).toBe(403);
    }
    expect(doors.trail.map((entry) => entry.reason)).toEqual(['context-signature', 'context-signature']);
  });

  const whyNot: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
    ['compressed', async () => withHeader(await encrypted('x'), (header) => ({ ...header, zip: 'DEF' })), /compressed/],
    [
      'a bomb',
      async () => {
        // 50 MB of nothing, in 50 kB: far more than is read, and compressed as well.
        const bomb = deflateRawSync(Buffer.alloc(50_000_000)).toString('base64url');
        return withHeader(['e30', 'AAAA', 'AAAA', bomb.slice(0, 20_000), 'AAAA'].join('.'), () => ({
          alg: 'ECDH-ES+A256KW',
          enc: 'A256GCM',
          kid: 'e1',
          cty: 'JWT',
          zip: 'DEF',
        }));
      },
      /compressed/,
    ],
    ['longer than any', async () => ['e30', 'AAAA', 'AAAA', 'A'.repeat(40_000), 'AAAA'].join('.'), /longer than any/],
    ['of alg dir', async () => withHeader(await encrypted('x'), (header) => ({ ...header, alg: 'dir' })), /alg/],
    [
      'of a password',
      async () =>
        withHeader(await encrypted('x'), (header) => ({
          ...header,
          alg: 'PBES2-HS512+A256KW',
          p2c: 2_000_000_000,
          p2s: 'AAAA',
        })),
      /alg/,
    ],
    [
      'of RSA1_5',
      async () => withHeader(await encrypted('x'), (header) => ({ ...header, alg: 'RSA1_5', kid: 'r1' })),
      /alg/,
    ],
    ['of a weak enc', async () => withHeader(await encrypted('x'), (h) => ({ ...h, enc: 'A128CBC-HS256' })), /enc/],
    ['with crit', async () => withHeader(await encrypted('x'), (h) => ({ ...h, crit: ['exp'], exp: 1 })), /crit/],
    ['of a key that is not ours', async () => encrypted('x', { kid: 'e2' }), /key that this server does not have/],
    ['of a key without a name', async () => encrypted('x', { kid: undefined }), /key that this server does not have/],
    ['of a key for signatures', async () => encrypted('x', { kid: 's1' }), /key that this server does not have/],
    ['of anything but a JWT', async () => encrypted(await doors.sign(), { cty: undefined }), /cty/],
    ['around another', async () => encrypted(await encrypted(await doors.sign())), /JWE within a JWE/],
    ['around plain claims', async () => encrypted(JSON.stringify(doors.claims())), /not a compact JWS/],
    [
      'changed on its way',
      async () => {
        const [header, key, iv, text = '', tag] = (await encrypted(await doors.sign())).split('.');
        return [header, key, iv, `${text.slice(0, -4)}AAAA`, tag].join('.');
      },
      /could not be decrypted/,
    ],
    [
      'from a key that is not on the curve',
      async () =>
        withHeader(await encrypted('x'), (header) => ({
          ...header,
          epk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' },
        })),
      /could not be decrypted/,
    ],
    ['nothing that can be read', async () => 'a.b.c.d.e', /header/],
  ];

  it.each(whyNot)('is refused where it is %s', async (_name, token, why) => {
    const context = await token();
    const answer = await doors.post('/launch', { context });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('does not understand');
    expect(doors.trail).toMatchObject([{ outcome: 'refused', reason: 'context-malformed' }]);
    expect(String(doors.trail[0]?.detail?.['why'])).toMatch(why);
  });

  it('is not taken in its JSON form', async () => {
    const { d: _private, ...key } = launchKeys[0] ?? {};
    const jwe = await new FlattenedEncrypt(bytes(await doors.sign()))
      .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', kid: 'e1', cty: 'JWT' })
      .encrypt(await importJWK(key, 'ECDH-ES+A256KW'));
    expect((await doors.post('/launch', { context: JSON.stringify(jwe) })).status).toBe(400);
  });

  it('is refused with the reason where this server has no key', async () => {
    const bare = await openDoors({ store });
    const answer = await bare.post('/launch', { context: await encrypted(await doors.sign()) });
    expect(answer.status).toBe(400);
    expect(String(bare.trail[0]?.detail?.['why'])).toContain('SECRETS_DIR needs launch-keys.json');
    await bare.close();
  });

  it('is opened by keys that came while the server runs', async () => {
    const keys: JWK[] = [];
    const late = await openDoors({ store, launchKeys: keys, idKey: doors.idKey, host: { jwks: doors.host.jwks } });
    const context = await encrypted(await doors.sign({ aud: late.base }));
    expect((await late.post('/launch', { context })).status).toBe(400);
    keys.push(...launchKeys);
    expect((await late.post('/launch', { context })).status).toBe(303);
    await late.close();
  });
});

describe('the key set of this server', () => {
  it('is public, and public alone', async () => {
    const answer = await fetch(`${doors.base}/launch/jwks.json`);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys } = (await answer.json()) as { keys: JWK[] };
    expect(keys.map(({ kid, alg, use }) => ({ kid, alg, use }))).toEqual([
      { kid: 'e1', alg: 'ECDH-ES+A256KW', use: 'enc' },
      { kid: 'r1', alg: 'RSA-OAEP-256', use: 'enc' },
      { kid: 's1', alg: 'ES384', use: 'sig' },
    ]);
    for (const key of keys)
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(member);
  });
});
