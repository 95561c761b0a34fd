import { Writable } from 'node:stream';
import { exportJWK, FlattenedSign, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { openDoors, people, type Claimed, type Doors } from '../testing.ts';

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

let store: Store;
let doors: Doors;
const lines: string[] = [];
const log = pino(
  { level: 'trace' },
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  }),
);
beforeAll(async () => {
  store = await openTestStore();
  doors = await openDoors({ store, log });
  await doors.handle();
});
afterAll(async () => {
  await doors.close();
  await store.close();
});
beforeEach(() => {
  doors.trail.splice(0);
  lines.splice(0);
});

const posted = (context: string): Promise<Response> => doors.post('/launch', { context });
const reasons = (): readonly (string | undefined)[] => doors.trail.map((entry) => entry.reason);

describe('a header that brings a key or a rule of its own', () => {
  it.each(['jwk', 'jku', 'x5u', 'x5c'])('%s is not looked at: the key is the registered one', async (member) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const own = { ...(await exportJWK(publicKey)), kid: 'k1' };
    const value = { jwk: own, jku: `${doors.base}/evil.json`, x5u: `${doors.base}/evil.pem`, x5c: ['AAAA'] }[member];
    expect((await posted(await doors.signWith(privateKey, {}, { [member]: value }))).status).toBe(403);
    expect(reasons()).toEqual(['context-signature']);
    // Nor does it harm a context that is good.
    expect((await posted(await doors.sign({}, { [member]: value }))).status).toBe(303);
  });

  it('crit is refused, known or not', async () => {
    const input = `${b64({ alg: 'ES256', kid: 'k1', crit: ['of-tomorrow'], 'of-tomorrow': 1 })}.${b64(doors.claims())}`;
    expect((await posted(`${input}.AAAA`)).status).toBe(400);
    const unencoded = await new FlattenedSign(Buffer.from('anything'))
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', b64: false, crit: ['b64'] })
      .sign(doors.keys.privateKey);
    expect((await posted(`${unencoded.protected}.${b64(doors.claims())}.${unencoded.signature}`)).status).toBe(400);
    expect((await posted(await doors.sign({}, { b64: true }))).status).toBe(400);
    expect(reasons()).toEqual(['context-malformed', 'context-malformed', 'context-malformed']);
  });

  it.each(['HS256', 'HS512', 'RS512', 'ES512', 'PS512', 'ES256K', 'none', 'None', 'nOnE', ''])(
    'alg %s is not on the list',
    async (alg) => {
      const [, claims, signature] = (await doors.sign()).split('.');
      expect((await posted([b64({ alg, kid: 'k1' }), claims, signature].join('.'))).status).toBe(403);
      expect(reasons()).toEqual(['context-signature']);
    },
  );

  it('a signature in the other form of its algorithm is refused', async () => {
    const [header, claims, signature = ''] = (await doors.sign()).split('.');
    const raw = Buffer.from(signature, 'base64url');
    const integer = (bytes: Buffer): Buffer => {
      const positive = (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
      return Buffer.concat([Buffer.of(2, positive.length), positive]);
    };
    const both = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
    const der = Buffer.concat([Buffer.of(0x30, both.length), both]);
    expect((await posted([header, claims, der.toString('base64url')].join('.'))).status).toBe(403);
    expect((await posted([header, claims, b64('')].join('.'))).status).toBe(403);
    expect((await posted([header, claims, Buffer.alloc(64).toString('base64url')].join('.'))).status).toBe(403);
  });
});

describe('time', () => {
  const now = (): number => Math.floor(Date.now() / 1000);
  // Ten seconds on either side: the clock goes on while the context is on its way, on a machine that is busy.
  it.each([
    ['50 s ahead', () => ({ iat: now() + 50, exp: now() + 120 }), 303],
    ['72 s ahead', () => ({ iat: now() + 72, exp: now() + 120 }), 403],
    ['50 s behind', () => ({ iat: now() - 300, exp: now() - 50 }), 303],
    ['61 s behind', () => ({ iat: now() - 300, exp: now() - 61 }), 403],
    ['nbf 50 s ahead', () => ({ nbf: now() + 50 }), 303],
    ['nbf 72 s ahead', () => ({ nbf: now() + 72 }), 403],
    ['5 min', () => ({ exp: now() + 299 }), 303],
    ['iat of milliseconds', () => ({ iat: Date.now(), exp: Date.now() + 60 }), 400],
    ['exp as a text', () => ({ exp: String(now() + 60) }), 400],
    ['half a second', () => ({ exp: now() + 60.5 }), 400],
  ] as const)('a clock that is %s', async (_name, claims, status) => {
    expect((await posted(await doors.sign(claims()))).status).toBe(status);
  });
});

describe('claims that are made to harm', () => {
  it.each([
    ['a line end in the user', { sub: 'u\r\nSet-Cookie: a=b' }],
    ['a line end in the intent', { intent: 'summary\r\nLocation: https://evil.example' }],
    ['a line end in the app', { client: 'viewer\nx' }],
    ['a line end in the jti', { jti: 'a\nb' }],
    ['a URL as encounter', { encounter: 'https://evil.example/' }],
    ['a path as encounter', { encounter: '../Patient/1' }],
    ['a turn of direction in the name', { name: 'Dr \u202eROFAKO' }],
    ['a mark of direction in the name', { name: 'Dr \u200fOKAFOR' }],
    ['an isolate in the name', { name: 'Dr \u2066OKAFOR\u2069' }],
    ['a space without width in the user', { sub: 'dr-\u200bokafor' }],
    ['tag characters in the name', { name: 'Dr OKAFOR\u{e0041}' }],
    ['half a character in the name', { name: 'Dr \ud800' }],
    ['nothing in the name', { name: ' \u00a0 ' }],
    ['NUL in the name', { name: 'Dr\u0000OKAFOR' }],
    ['a list as name', { name: ['Dr', 'OKAFOR'] }],
    ['two audiences', { aud: ['http://localhost', 'https://elsewhere.example'] }],
    ['a role that is no code', { role: 'R8000 OR 1=1' }],
    ['an organisation of small letters', { organisation: 'rje' }],
    ['a number as NHS number', { patient: { nhsNumber: 9990000018, birthDate: '1961-04-17' } }],
    ['a date that is not', { patient: { nhsNumber: '9990000018', birthDate: '17/04/1961' } }],
    ['patient as a text', { patient: '9990000018' }],
  ] satisfies [string, Claimed][])('%s: refused, and nothing of it stands anywhere', async (_name, claims) => {
    const answer = await posted(await doors.sign(claims));
    const page = await answer.text();
    expect(answer.status).toBe(400);
    expect(reasons()).toEqual(['context-malformed']);
    const told = `${page}${[...answer.headers].join()}${lines.join('')}${JSON.stringify(doors.trail)}`;
    expect(told).not.toMatch(/evil|OKAFOR|ROFAKO|9990000018|1961|OR 1=1/);
    for (const line of lines) expect(line.trim().split('\n')).toHaveLength(1);
  });

  it('a name that is markup is a name', async () => {
    const answer = await posted(await doors.sign({ sub: 'markup', name: '<script>alert(1)</script> "O\'Neil" & Co' }));
    const page = await answer.text();
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
  });

  it('a name is composed, however its system writes it', async () => {
    const answer = await posted(await doors.sign({ sub: 'zoe', name: 'Dr Zoe\u0308 Mu\u0308ller' }));
    expect(await answer.text()).toContain('Dr Zo\u00eb M\u00fcller');
  });

  it.each([
    ['of 200 characters', 'Ł'.repeat(200), 200],
    ['of 201', 'Ł'.repeat(201), 400],
    ['of another script', 'د. أحمد الخطيب', 200],
    ['with a joiner that its script needs', 'نیک\u200cنام', 200],
  ])('a name %s', async (_name, name, status) => {
    expect((await posted(await doors.sign({ sub: 'long', name }))).status).toBe(status);
  });

  it('deep JSON ends at the door', async () => {
    const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const token = (claims: string): string =>
      `${b64({ alg: 'ES256', kid: 'k1' })}.${Buffer.from(claims).toString('base64url')}.AAAA`;
    for (const claims of [
      `{"iss":${deep(5_000)}}`,
      `{"iss":"https://epr.example","x":${deep(5_000)}}`,
      `{"__proto__":{"iss":"https://epr.example"}}`,
      '[]',
      'null',
      '"text"',
      '',
    ])
      expect([400, 403]).toContain((await posted(token(claims))).status);
    expect(doors.trail.every((entry) => entry.outcome === 'refused')).toBe(true);
    expect((await posted(await doors.sign())).status).toBe(303);
  });

  it('a claim of 1 MB ends at the door', async () => {
    const answer = await posted(await doors.sign({ name: 'x'.repeat(1_000_000) }));
    expect(answer.status).toBe(413);
    expect(reasons()).toEqual(['too-large']);
  });

  it('no log line of a launch holds who it is about, opened or refused', async () => {
    await posted(await doors.sign());
    await posted(await doors.sign({ patient: { ...people.ashby, birthDate: '1961-04-18' } }));
    await posted(await doors.sign({ role: 'R9999' }));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('')).not.toMatch(/OKAFOR|okafor|9990000018|1961|Ashby/);
  });
});

describe('two servers on one store', () => {
  it('take a context once between them, however it is raced', async () => {
    // One base URL in front of both, as behind a load balancer.
    const { idKey, base, host } = doors;
    const atOther = await openDoors({ store, idKey, publicBase: base, host: { jwks: host.jwks } });
    const context = await doors.sign();
    const answers = await Promise.all(
      [doors, atOther, doors, atOther, doors, atOther].map((one) => one.post('/launch', { context })),
    );
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([303, 403, 403, 403, 403, 403]);
    expect((await atOther.post('/launch', { context: await doors.sign() })).status).toBe(303);
    await atOther.close();
  });
});
