import { createHmac, createPublicKey } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { undecided, undecidedWords } from '../fault.ts';
import { profile, registrationTicket } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { openDoors, people, type Claimed, type Doors } from './testing.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed context that is wrong in one way, what it is refused with, and what its row on the audit trail says. */
type Bad = {
  readonly name: string;
  readonly token: (doors: Doors) => Promise<string>;
  readonly status: number;
  readonly reason: string;
  readonly words: RegExp;
};
const bad = (name: string, claims: Claimed | (() => Claimed), status: number, reason: string, words: RegExp): Bad => ({
  name,
  token: (doors) => doors.sign(typeof claims === 'function' ? claims() : claims),
  status,
  reason,
  words,
});

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(() => store.db.delete(profile));

const badContexts: readonly Bad[] = [
  {
    name: 'signed by another key',
    token: async (doors) => {
      const { privateKey } = await generateKeyPair('ES256');
      return new SignJWT(doors.claims()).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    },
    status: 403,
    reason: 'context-signature',
    words: /could not be proved/,
  },
  {
    name: 'changed after it was signed',
    token: async (doors) => {
      const [header, , signature] = (await doors.sign()).split('.');
      return [header, b64(doors.claims({ patient: people.dunmore })), signature].join('.');
    },
    status: 403,
    reason: 'context-signature',
    words: /could not be proved/,
  },
  {
    name: 'with alg none',
    token: async (doors) => `${b64({ alg: 'none', kid: 'k1' })}.${b64(doors.claims())}.`,
    status: 403,
    reason: 'context-signature',
    words: /could not be proved/,
  },
  {
    name: 'with HS256 and the public key as its secret',
    token: async (doors) => {
      const [jwk] = doors.host.jwks?.keys ?? [];
      const secret = createPublicKey({ key: jwk ?? {}, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
      const input = `${b64({ alg: 'HS256', kid: 'k1' })}.${b64(doors.claims())}`;
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    },
    status: 403,
    reason: 'context-signature',
    words: /could not be proved/,
  },
  {
    name: 'with a key that the host does not have',
    token: (doors) => doors.sign({}, { kid: 'k2' }),
    status: 403,
    reason: 'context-signature',
    words: /could not be proved/,
  },
  {
    name: 'without a kid',
    token: (doors) => doors.sign({}, { kid: undefined }),
    status: 403,
    reason: 'context-signature',
    words: /could not be proved/,
  },
  {
    name: 'no token at all',
    token: async () => 'one.two.three',
    status: 400,
    reason: 'context-malformed',
    words: /does not understand/,
  },
  {
    name: 'encrypted',
    token: async () => 'a.b.c.d.e',
    status: 400,
    reason: 'context-malformed',
    words: /does not understand/,
  },
  {
    name: 'of 20 kB',
    token: (doors) => doors.sign({ intent: 'x'.repeat(15_000) }),
    status: 400,
    reason: 'context-malformed',
    words: /does not understand/,
  },
  bad('from an unknown issuer', { iss: 'https://other.example' }, 403, 'context-issuer', /not registered/),
  bad('from an issuer that looks alike', { iss: 'https://epr.example/' }, 403, 'context-issuer', /not registered/),
  bad('for another audience', { aud: 'https://elsewhere.example' }, 403, 'context-audience', /another service/),
  bad('expired', () => ({ iat: now() - 200, exp: now() - 61 }), 403, 'context-expired', /too old/),
  bad('from the future', () => ({ iat: now() + 120, exp: now() + 240 }), 403, 'context-expired', /too old/),
  bad('not yet valid', () => ({ nbf: now() + 120 }), 403, 'context-expired', /too old/),
  bad('that works over 5 min', () => ({ exp: now() + 301 }), 403, 'context-expired', /too old/),
  bad('that ends before it begins', () => ({ exp: now() - 10 }), 403, 'context-expired', /too old/),
  bad('with a role that the host may not give', { role: 'R9999' }, 403, 'context-role', /role/),
  bad('for an app that is not registered', { client: 'nobody' }, 403, 'context-client', /app/),
  bad('for an app whose registration has ended', { client: 'ended' }, 403, 'context-client', /app/),
  bad('from another organisation', { organisation: 'RTG' }, 400, 'context-malformed', /does not understand/),
  bad('without a jti', { jti: undefined }, 400, 'context-malformed', /does not understand/),
  bad('without a name', { name: undefined }, 400, 'context-malformed', /does not understand/),
  bad('with a name of 1 MB', { name: 'x'.repeat(201) }, 400, 'context-malformed', /does not understand/),
  bad('with a line break in the name', { name: 'Dr\nOKAFOR' }, 400, 'context-malformed', /does not understand/),
  bad(
    'with no real birth date',
    { patient: { ...people.ashby, birthDate: '1961-02-30' } },
    400,
    'context-malformed',
    /./,
  ),
  bad('without a patient', { patient: undefined }, 400, 'context-malformed', /does not understand/),
  bad(
    'with a bad NHS number',
    { patient: { nhsNumber: '9990000019', birthDate: '1961-04-17' } },
    400,
    'nhs-number-invalid',
    /NHS number/,
  ),
  bad(
    'with another birth date',
    { patient: { ...people.ashby, birthDate: '1961-04-18' } },
    403,
    'birth-date-differs',
    /birth date/,
  ),
];

describe('the signed-context door', () => {
  let doors: Doors;
  beforeAll(async () => {
    doors = await openDoors({
      store,
      change: (config) => ({
        ...config,
        clients: config.clients.flatMap((one) => [
          one,
          { ...one, clientId: 'ended', until: '2020-01-01', launchUri: '/x' },
        ]),
      }),
    });
  });
  afterAll(() => doors.close());
  beforeEach(async () => {
    // The user is known, so that what is refused is not refused for want of a name and role.
    await doors.handle();
    doors.trail.splice(0);
  });

  it.each(badContexts)('refuses a context $name', async ({ token, status, reason, words }) => {
    const answer = await doors.post('/launch', { context: await token(doors) });
    const page = await answer.text();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('location')).toBeNull();
    expect(page).toMatch(words);
    expect(page).toContain(doors.config.region.contacts.pals);
    for (const secret of ['OKAFOR', '999000001', '1961', 'Ashby']) expect(page).not.toContain(secret);
    expect(doors.trail).toMatchObject([{ type: 'launch', outcome: 'refused', reason }]);
  });

  it('records of a context that is not proved no user and no person', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const context = await new SignJWT(doors.claims()).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    await doors.post('/launch', { context });
    const [entry] = doors.trail;
    expect(entry?.detail).toMatchObject({ claimedHost: 'epr' });
    expect(JSON.stringify(entry)).not.toMatch(/OKAFOR|dr-okafor|9990000018/);
  });

  it('records of a proved context who asked about whom', async () => {
    await doors.launch({ patient: { ...people.ashby, birthDate: '1961-04-18' } });
    expect(doors.trail).toMatchObject([
      {
        user: { host: 'epr', id: 'dr-okafor', name: 'Dr Peter OKAFOR' },
        nhsNumber: people.ashby.nhsNumber,
        organisation: { ods: 'RJE' },
      },
    ]);
  });

  it('takes a context once, also when it is raced', async () => {
    const context = await doors.sign();
    const answers = await Promise.all(Array.from({ length: 6 }, () => doors.post('/launch', { context })));
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([303, 403, 403, 403, 403, 403]);
    expect(doors.trail.filter((entry) => entry.reason === 'context-replayed')).toHaveLength(5);
  });

  it('takes a context whose clock is a minute off', async () => {
    expect((await doors.launch({ iat: now() + 50, exp: now() + 170 })).status).toBe(303);
    expect((await doors.launch({ iat: now() - 200, exp: now() - 50 })).status).toBe(303);
  });

  it('refuses a bare JWS in a URL, and a URL without a context', async () => {
    const inUrl = await fetch(`${doors.base}/launch?context=${await doors.sign()}`, { redirect: 'manual' });
    expect(inUrl.status).toBe(400);
    expect(doors.trail).toMatchObject([{ reason: 'context-malformed' }]);
    const none = await fetch(`${doors.base}/launch`);
    expect(none.status).toBe(400);
    expect(await none.text()).toContain('There is no record to open here');
  });

  it('answers a body of 10 MB with a page', async () => {
    const answer = await doors.post('/launch', { context: 'x'.repeat(10_000_000) });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('far larger');
    expect(doors.trail).toMatchObject([{ reason: 'too-large' }]);
  });

  it.each([
    ['application/json', '{"context":"x"}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/x-www-form-urlencoded; charset=x-none', 'context=x'],
    ['application/x-www-form-urlencoded', 'context=a&context=b'],
    ['application/x-www-form-urlencoded', Array.from({ length: 99 }, (_, i) => `f${i}=1`).join('&')],
  ])('answers a body of type %s that it cannot read with a page', async (type, body) => {
    const answer = await fetch(`${doors.base}/launch`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(await answer.text()).toContain('<h1>');
    expect([400, 413]).toContain(answer.status);
  });

  it('may stand in the hosts’ frames and in no other, and asks nothing of any other server', async () => {
    const answer = await doors.launch({ aud: 'x' });
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain('frame-ancestors https://epr.example');
    expect(policy).toContain("default-src 'none'");
    expect(answer.headers.get('x-frame-options')).toBeNull();
    expect(await answer.text()).not.toMatch(/<script|style=|https?:\/\//);
    const style = await fetch(`${doors.base}/launch/page.css`);
    expect(style.headers.get('content-type')).toMatch(/^text\/css/);
    expect(await style.text()).not.toMatch(/url\(|@import/);
  });

  it('goes on with a person whom nobody knows, so that the door tells nothing', async () => {
    const stranger = { nhsNumber: '9990000034', birthDate: '1999-09-09' };
    expect((await doors.launch({ patient: stranger })).status).toBe(303);
  });

  it('needs no patient for a role that looks at none', async () => {
    const page = await (await doors.launch({ patient: undefined, role: 'R0001', sub: 'officer' })).text();
    expect((await doors.fillIn(page)).status).toBe(303);
  });
});

describe('a door that cannot ask', () => {
  it('opens nothing where the demographics service cannot be asked', async () => {
    for (const error of [undecided('down'), new Error('socket hang up for 9990000018')]) {
      const doors = await openDoors({ store, demographics: () => Promise.reject(error) });
      const answer = await doors.launch();
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('60');
      expect(await answer.text()).toContain(undecidedWords);
      expect(doors.trail).toMatchObject([{ outcome: 'failed', reason: 'undecided' }]);
      await doors.close();
    }
  });

  it('opens nothing where the audit trail cannot be written', async () => {
    const doors = await openDoors({ store });
    await doors.handle();
    doors.audit.record = () => Promise.reject(new Error('disk full'));
    const answer = await doors.launch();
    expect(answer.status).toBe(500);
    expect(answer.headers.get('location')).toBeNull();
    await doors.close();
  });

  it('reads the keys that a host serves, and says so where it cannot', async () => {
    const host = { jwksUri: 'https://epr.example/jwks.json' };
    const serving = await openDoors({ store, host, fetchJwks: (keys) => async () => Response.json(keys) });
    expect((await serving.launch()).status).toBe(200);
    expect((await serving.launch({})).status).toBe(200);
    await serving.close();
    const broken = await openDoors({ store, host, fetchJwks: () => () => Promise.reject(new Error('no route')) });
    expect((await broken.launch()).status).toBe(503);
    await broken.close();
  });
});

describe('name and role', () => {
  let doors: Doors;
  beforeEach(async () => {
    doors = await openDoors({ store });
    return () => doors.close();
  });

  const profiles = () => doors.db.select().from(profile);

  it('asks once, locks what the host asserts, and keeps the profile', async () => {
    const first = await doors.launch();
    const page = await first.text();
    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.headers.get('set-cookie')).toBeNull();
    // With `no-referrer` a browser would send `Origin: null` with the form.
    expect(first.headers.get('referrer-policy')).toBe('same-origin');
    expect(page).toContain('From Millbrook Clinical Desktop');
    expect(page).toContain('Clinical practitioner');
    expect(page).not.toContain('name="role"');
    expect((await doors.fillIn(page)).status).toBe(303);
    expect(await profiles()).toMatchObject([
      { name: 'Dr Peter OKAFOR', role: 'R8000', roleSelfDeclared: false, registrationNumber: '7654321' },
    ]);
    expect((await doors.launch()).status).toBe(303);
    expect((await doors.launch({ sub: 'somebody-else' })).status).toBe(200);
  });

  it('shows what is wrong beside what was typed, and goes on when it is mended', async () => {
    const page = await (await doors.launch()).text();
    const wrong = await doors.fillIn(page, { registrationNumber: '612345"><b>' });
    const again = await wrong.text();
    expect(wrong.status).toBe(422);
    expect(again).toContain('There is a problem');
    expect(again).toContain('Enter all 7 digits of your GMC number');
    expect(again).toContain('value="612345&quot;&gt;&lt;b&gt;"');
    expect(await profiles()).toEqual([]);
    expect((await doors.fillIn(again)).status).toBe(303);
  });

  it('lets a user choose where the host asserts no role, among those that it allows', async () => {
    const page = await (await doors.launch({ role: undefined })).text();
    expect(page).toContain('name="role"');
    expect((await doors.fillIn(page, { role: 'R9999' })).status).toBe(422);
    const next = await (await doors.launch({ role: undefined })).text();
    expect((await doors.fillIn(next, { role: 'R8009' })).status).toBe(303);
    expect(await profiles()).toMatchObject([{ role: 'R8009', roleSelfDeclared: true }]);
    expect(doors.trail.at(-1)).toMatchObject({ type: 'launch', outcome: 'success', role: 'R8009' });
  });

  it('asks again when the role that the host asserts changes, and after a year', async () => {
    await doors.handle();
    expect((await doors.launch({ role: 'R8001' })).status).toBe(200);
    expect((await doors.launch({ role: undefined })).status).toBe(200);
    expect((await doors.launch()).status).toBe(303);
    await doors.db.update(profile).set({ promisedAt: new Date(Date.now() - 366 * 86_400_000) });
    const page = await (await doors.launch()).text();
    // What was said before is there already.
    expect(page).toContain('value="7654321"');
  });

  it.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a sandbox', { origin: 'null' }],
    ['without an origin', {}],
  ])('takes no form that comes %s', async (_name, headers) => {
    const page = await (await doors.launch()).text();
    const answer = await doors.fillIn(page, {}, headers);
    expect(answer.status).toBe(403);
    expect(await profiles()).toEqual([]);
    // It was not used up: the user whose page it is goes on.
    expect((await doors.fillIn(page)).status).toBe(303);
  });

  it('leads each click on Save to one and the same launch', async () => {
    const page = await (await doors.launch()).text();
    const answers = await Promise.all([doors.fillIn(page), doors.fillIn(page), doors.fillIn(page)]);
    expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303]);
    const places = new Set(answers.map((answer) => answer.headers.get('location')));
    expect(places.size).toBe(1);
    const handle = new URL([...places][0] ?? '').searchParams.get('launch') ?? '';
    expect(doors.trail.map((entry) => entry.type)).toEqual(['registration', 'launch']);
    expect((await doors.handles.find(handle, 'viewer')).user.id).toBe('dr-okafor');
  });

  it('hands on that a user is here for the first time, and at no later launch or renewal', async () => {
    const contextOf = async (answer: Response) => {
      const launched = new URL(answer.headers.get('location') ?? '', 'http://localhost').searchParams.get('launch');
      return doors.handles.find(launched ?? '', 'viewer');
    };
    expect(await contextOf(await doors.fillIn(await (await doors.launch()).text()))).toMatchObject({ firstTime: true });
    expect(await contextOf(await doors.launch())).not.toHaveProperty('firstTime');
    await doors.db.update(profile).set({ promisedAt: new Date(Date.now() - 366 * 86_400_000) });
    const renewed = await contextOf(await doors.fillIn(await (await doors.launch()).text()));
    expect(renewed.user.id).toBe('dr-okafor');
    expect(renewed).not.toHaveProperty('firstTime');
  });

  it('says of a page whose errors were sent twice what is wrong, both times', async () => {
    const page = await (await doors.launch()).text();
    const wrong = { promise: '' };
    const answers = await Promise.all([doors.fillIn(page, wrong), doors.fillIn(page, wrong)]);
    for (const answer of answers) expect(await answer.text()).toContain('Agree before you go on');
    expect(await profiles()).toEqual([]);
  });

  it('takes a page once, and only for ten minutes', async () => {
    const minutesLeft = async (): Promise<number> => {
      const [row] = await doors.db.select().from(registrationTicket);
      return Math.round(((row?.expiresAt.getTime() ?? 0) - Date.now()) / 60_000);
    };
    await doors.db.delete(registrationTicket);
    const page = await (await doors.launch()).text();
    expect(await minutesLeft()).toBe(10);
    expect((await doors.fillIn(page)).status).toBe(303);
    // Ten seconds are left for a second click, then it is as if it had never been.
    expect(await minutesLeft()).toBe(0);
    await doors.db.update(registrationTicket).set({ expiresAt: new Date(Date.now() - 1) });
    expect((await doors.fillIn(page)).status).toBe(403);
    const late = await (await doors.launch({ sub: 'slow' })).text();
    await doors.db.update(registrationTicket).set({ expiresAt: new Date(Date.now() - 1) });
    const answer = await doors.fillIn(late);
    expect(await answer.text()).toContain('This page can no longer be used');
    const made = await doors.post('/launch/registration', { ticket: 'made-up' }, { origin: doors.base });
    expect(made.status).toBe(403);
  });

  it('gives a self-declared role no more than the least where it must be confirmed', async () => {
    const strict = await openDoors({ store, host: { selfDeclared: 'until-confirmed', roles: ['R8000', 'R8009'] } });
    await strict.fillIn(await (await strict.launch({ role: undefined })).text(), { role: 'R8000' });
    expect(strict.trail.at(-1)).toMatchObject({ type: 'launch', outcome: 'success', role: 'R8009' });
    const [kept] = await strict.db.select().from(profile).where(eq(profile.host, 'epr'));
    expect(kept?.role).toBe('R8000');
    // Confirmed, it counts at the next launch; said again after a year, it still does; another is not confirmed by it.
    const roleNow = async (): Promise<string | undefined> => {
      expect((await strict.launch({ role: undefined })).status).toBe(303);
      return strict.trail.at(-1)?.role;
    };
    expect(await roleNow()).toBe('R8009');
    await strict.db.update(profile).set({ roleConfirmedAt: new Date(), roleConfirmedBy: 'M. Shaw' });
    expect(await roleNow()).toBe('R8000');
    const ask = async (): Promise<string> => {
      await strict.db.update(profile).set({ promisedAt: new Date(Date.now() - 366 * 86_400_000) });
      return (await strict.launch({ role: undefined })).text();
    };
    await strict.fillIn(await ask(), { role: 'R8000' });
    expect(await roleNow()).toBe('R8000');
    await strict.fillIn(await ask(), { role: 'R8009' });
    await strict.fillIn(await ask(), { role: 'R8000' });
    expect(await roleNow()).toBe('R8009');
    await strict.close();
  });
});
