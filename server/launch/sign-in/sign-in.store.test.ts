import { generateKeyPair, exportJWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault, undecided } from '../../fault.ts';
import { userHash } from '../../keyed-hash.ts';
import { gt } from 'drizzle-orm';
import { pendingAuthorization, profile, rateCounter, signInSession } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { openDoors, people, type DoorOptions, type Doors } from '../testing.ts';
import { createStandaloneLaunches } from '../standalone.ts';
import {
  openBrowser,
  openProvider,
  paramedic,
  role,
  signInHost,
  type Browser,
  type Misdeed,
  type Page,
  type StrictProvider,
} from './testing.ts';

let store: Store;
let provider: StrictProvider;
let doors: Doors;
let browser: Browser;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  provider = await openProvider();
  for (const table of [profile, rateCounter, signInSession, pendingAuthorization]) await store.db.delete(table);
});
/** The searches that count towards a stop: they are remembered for ten minutes, other counts for two. */
const searchesCounted = () =>
  store.db
    .select()
    .from(rateCounter)
    .where(gt(rateCounter.expiresAt, new Date(Date.now() + 3 * 60_000)));

afterEach(async () => {
  await doors.close();
  await provider.close();
});

/** Opens the doors with the ambulance service as their host, and a browser before them. */
async function open(options: DoorOptions = {}, hosts = [signInHost(provider.issuer)]): Promise<void> {
  doors = await openDoors({ store, ...options, change: (config) => ({ ...config, hosts }) });
  browser = openBrowser(doors.base);
}

const ashby = {
  nhsNumber: people.ashby.nhsNumber,
  'birthDate-day': '17',
  'birthDate-month': '4',
  'birthDate-year': '1961',
};
const reason = { reason: 'call', reasonText: 'Fell at home, ambulance there' };
const known = { ...ashby, ...reason };
const traceForm = {
  family: 'Ashby',
  given: 'Alex',
  'birthDate-day': '17',
  'birthDate-month': '4',
  'birthDate-year': '1961',
  gender: 'female',
  postcode: 'st4 6qg',
  ...reason,
};
const asRegistered = { registrationBody: 'HCPC', registrationNumber: 'PA12345', promise: 'yes' };

/** Through the name-and-role page where it comes, to where the launch ends. */
const through = async (page: Page): Promise<Page> =>
  page.text.includes('Tell us who you are') ? browser.submit(page, asRegistered) : page;
const heading = (page: Page): string => /<h1>([^<]*)<\/h1>/.exec(page.text)?.[1] ?? '';
const launched = (page: Page): string | null =>
  page.url.pathname === '/app/launch' ? page.url.searchParams.get('launch') : null;

describe('the sign-in door', () => {
  it('leads from the provider to the person, and hands over who looks, where, in which role, at whom and why', async () => {
    await open();
    provider.state.user = { ...paramedic, nhsid_nrbac_roles: [role('555254240101', 'R1070', 'RYA')] };
    const find = await browser.get('/launch');
    expect(heading(find)).toBe('Find a person');
    expect(find.text).toContain('Ada OKORO');
    const end = await through(await browser.submit(find, known));
    const viewer = doors.config.clients.find((one) => one.launchUri.endsWith('/app/launch'));
    expect(await doors.handles.find(launched(end) ?? '', viewer?.clientId ?? '')).toEqual({
      host: 'ambulance',
      user: {
        id: '910000000001',
        name: 'Ada OKORO',
        registration: { body: 'HCPC', number: 'PA12345' },
        sds: { userId: '910000000001', roleProfileId: '555254240101' },
        said: ['registration'],
      },
      organisation: { ods: 'RYA', name: 'West Midlands Ambulance Service' },
      role: 'R1070',
      clientId: viewer?.clientId,
      patient: people.ashby,
      reason: { code: 'call', text: 'Fell at home, ambulance there' },
      firstTime: true,
    });
    expect(provider.faults).toEqual([]);
    const [asked] = provider.seen;
    expect(asked?.get('redirect_uri')).toBe(`${doors.base}/launch/callback/ambulance`);
    expect(asked?.get('scope')).toContain('nationalrbacaccess');
  });

  it('keeps the user signed in: the next person needs no provider', async () => {
    await open();
    await through(await browser.submit(await browser.get('/launch'), known));
    const again = await browser.get('/launch');
    expect(heading(again)).toBe('Find a person');
    expect(provider.seen).toHaveLength(1);
    expect(launched(await browser.submit(again, known))).not.toBeNull();
  });

  it('records the sign-in, each search with its reason, and the launch', async () => {
    await open();
    await through(await browser.submit(await browser.get('/launch'), known));
    const detail = { reasonCode: 'call', reasonText: 'Fell at home, ambulance there' };
    const about = { nhsNumber: people.ashby.nhsNumber, role: 'R1070', organisation: { ods: 'RYA' } };
    expect(doors.trail).toMatchObject([
      { type: 'authorization', outcome: 'success', user: { id: '910000000001' }, detail: { step: 'sign-in' } },
      { type: 'launch', action: 'R', outcome: 'success', ...about, detail: { search: 'number', ...detail } },
      { type: 'registration', outcome: 'success' },
      { type: 'launch', action: 'E', outcome: 'success', ...about, detail },
    ]);
  });

  it('sets a cookie that no other site can send with a form, and keeps no secret of it', async () => {
    await open();
    const back = await browser.until('/launch', /\/launch\/find\//);
    const [cookie] = back.headers.getSetCookie().filter((one) => one.startsWith('__Host-ohc-user='));
    expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const secret = cookie?.split(/[=;]/)[1] ?? 'none';
    const [row] = await store.db.select().from(signInSession);
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(row?.userHash).toBe(userHash(doors.idKey, 'ambulance', '910000000001'));
  });

  it('lets a role that looks at no patient go on without one', async () => {
    provider.state.user = { ...paramedic, nhsid_nrbac_roles: [role('r-privacy', 'R0001', 'RYA')] };
    await open();
    const page = await browser.get('/launch');
    expect(heading(page)).toBe('Tell us who you are');
    expect(launched(await browser.submit(page, { promise: 'yes' }))).not.toBeNull();
    expect(doors.trail.at(-1)).toMatchObject({ role: 'R0001', outcome: 'success' });
    expect(doors.trail.at(-1)?.nhsNumber).toBeUndefined();
  });

  it('offers the providers where there are several, and takes the one that is named', async () => {
    await open({}, [
      signInHost(provider.issuer),
      signInHost(provider.issuer, { id: 'out-of-hours', name: 'Out of hours' }),
    ]);
    const offer = await browser.get('/launch');
    expect(offer.text).toContain('href="/launch?host=ambulance"');
    expect(offer.text).toContain('href="/launch?host=out-of-hours"');
    expect(offer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    await browser.get('/launch?host=out-of-hours');
    expect(provider.seen.at(-1)?.get('redirect_uri')).toBe(`${doors.base}/launch/callback/out-of-hours`);
    expect((await browser.get('/launch?host=nobody')).status).toBe(403);
  });

  it('proves itself to the provider with a key of ours', async () => {
    await provider.close();
    const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
    const named = { kid: 'c1', alg: 'ES384' };
    provider = await openProvider([{ ...(await exportJWK(publicKey)), ...named }]);
    await open({ launchKeys: [{ ...(await exportJWK(privateKey)), ...named }] }, [
      signInHost(provider.issuer, { clientAuth: 'private_key_jwt' }),
    ]);
    expect(heading(await browser.get('/launch'))).toBe('Find a person');
    expect(provider.faults).toEqual([]);
  });
});

describe('a sign-in that cannot be trusted', () => {
  const other = { idToken: (claims: object) => ({ ...claims, iss: 'https://other.example' }) };
  it.each<[string, Misdeed]>([
    ['another nonce', { idToken: (claims) => ({ ...claims, nonce: 'another' }) }],
    ['no nonce', { idToken: ({ nonce: _nonce, ...claims }) => claims }],
    ['another audience', { idToken: (claims) => ({ ...claims, aud: 'somebody-else' }) }],
    ['another issuer', other],
    ['an id_token that has expired', { idToken: (claims) => ({ ...claims, exp: 1_000_000_000 }) }],
    ['a signature by another key', { otherKey: true }],
    ['alg none', { alg: 'none' }],
    ['HS256 with the public key', { alg: 'HS256' }],
    ['no id_token', { noIdToken: true }],
    ['the userinfo of another user', { userinfoSub: 'somebody-else' }],
    ['a return from another issuer', { answer: (params) => params.set('iss', 'https://other.example') }],
    ['a return that names no issuer', { answer: (params) => params.delete('iss') }],
    ['a code of nobody', { answer: (params) => params.set('code', 'made-up') }],
    [
      'a refusal of the provider',
      { answer: (params) => (params.delete('code'), params.set('error', 'access_denied')) },
    ],
    [
      'a refusal with words of its own',
      {
        answer: (params) => {
          params.delete('code');
          params.set('error', 'access_denied');
          params.set('error_description', '<script>alert(1)</script>');
        },
      },
    ],
  ])('is refused: %s', async (_name, misdeed) => {
    await open();
    provider.state.misdeed = misdeed;
    const page = await browser.get('/launch');
    expect(page.status).toBe(403);
    expect(heading(page)).toBe('You could not be signed in');
    expect(page.text).not.toMatch(/script>|denied|other\.example/);
    expect(doors.trail).toMatchObject([{ outcome: 'refused', reason: 'sign-in-failed' }]);
    expect(browser.cookies.has('__Host-ohc-user')).toBe(false);
    expect(await store.db.select().from(signInSession)).toEqual([]);
  });

  it('is undecided where the provider is down', async () => {
    await open();
    provider.state.misdeed = { tokenStatus: 503 };
    const page = await browser.get('/launch');
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('60');
    provider.state.misdeed = {};
    expect(heading(await browser.get('/launch'))).toBe('Find a person');
  });

  it.each([
    ['a weak identity', { idassurancelevel: '1' }, 'identity assurance level'],
    ['no identity level', { idassurancelevel: undefined }, 'identity assurance level'],
    ['a weak authentication', { authentication_assurance_level: '1' }, 'authentication assurance level'],
    ['no authentication level', { authentication_assurance_level: undefined }, 'authentication assurance level'],
    ['no role', { nhsid_nrbac_roles: [] }, 'no role that counts here'],
    ['no claim of roles', { nhsid_nrbac_roles: undefined }, 'no role that counts here'],
    [
      'a role that the host does not allow',
      { nhsid_nrbac_roles: [role('r', 'R8014', 'RYA')] },
      'no role that counts here',
    ],
    ['a role that nobody knows', { nhsid_nrbac_roles: [role('r', 'R9999', 'RYA')] }, 'no role that counts here'],
    ['roles of no form', { nhsid_nrbac_roles: ['R1070', { role_code: 'R1070' }, null] }, 'no role that counts here'],
  ])('is not allowed: %s', async (_name, more, why) => {
    provider.state.user = { ...paramedic, ...more };
    await open();
    const page = await browser.get('/launch');
    expect(page.status).toBe(403);
    expect(heading(page)).toBe('Your sign-in does not allow this');
    expect(doors.trail).toMatchObject([{ reason: 'sign-in-not-allowed', detail: { why } }]);
    expect(browser.cookies.has('__Host-ohc-user')).toBe(false);
  });

  it('takes no return in another browser, and none twice', async () => {
    await open();
    const back = await browser.until('/launch', /\/launch\/callback\//);
    const victim = openBrowser(doors.base);
    const elsewhere = await victim.get(back.url);
    expect(heading(elsewhere)).toBe('This sign-in was begun somewhere else');
    expect(victim.cookies.size).toBe(0);
    expect(heading(await browser.get(back.url))).toBe('Find a person');
    expect(heading(await browser.get(back.url))).toBe('This sign-in was begun somewhere else');
  });

  it('takes no return at another host’s address', async () => {
    await open({}, [signInHost(provider.issuer), signInHost(provider.issuer, { id: 'other' })]);
    const back = await browser.until('/launch?host=ambulance', /\/launch\/callback\//);
    const mixed = await browser.get(back.url.href.replace('/callback/ambulance', '/callback/other'));
    expect(mixed.status).toBe(403);
    expect(doors.trail.at(-1)).toMatchObject({ reason: 'sign-in-failed', detail: { why: 'begun for another host' } });
  });
});

describe('the role', () => {
  const two = [role('r-1', 'R8000', 'M83001'), role('r-2', 'R1070', 'RYA'), role('r-3', 'R8014', 'RYA')];
  const orgs = [
    { org_code: 'RYA', org_name: 'West Midlands Ambulance Service' },
    { org_code: 'M83001', org_name: 'Etruria Vale Surgery' },
  ];
  const withTwo = { ...paramedic, nhsid_nrbac_roles: two, nhsid_user_orgs: orgs };

  it('is asked for where several count, and brings its organisation', async () => {
    provider.state.user = withTwo;
    await open();
    const page = await browser.get('/launch');
    expect(heading(page)).toBe('Choose your role');
    expect(page.text).toContain('Etruria Vale Surgery');
    expect(page.text).not.toContain('Social worker');
    const none = await browser.submit(page, {});
    expect(none.status).toBe(422);
    expect(none.text).toContain('Choose one of your roles');
    const find = await browser.submit(none, { role: 'r-1' });
    expect(find.text).toContain('Etruria Vale Surgery');
    await browser.submit(find, known);
    expect(doors.trail.at(-1)).toMatchObject({ role: 'R8000', organisation: { ods: 'M83001' } });
  });

  it('is the one that the user selected at the provider, where it counts', async () => {
    provider.state.user = { ...withTwo, selected_roleid: 'r-1' };
    await open();
    expect((await browser.get('/launch')).text).toContain('Clinical practitioner');
    provider.state.user = { ...withTwo, selected_roleid: 'r-3' };
    expect(heading(await openBrowser(doors.base).get('/launch'))).toBe('Choose your role');
  });

  it('is not what a form makes up', async () => {
    provider.state.user = withTwo;
    await open();
    const page = await browser.get('/launch');
    for (const made of ['r-3', 'r-9', 'R8000']) {
      const answer = await browser.submit(await browser.get(page.url), { role: made });
      expect(answer.status).toBe(422);
    }
  });

  it('stays with its tab, and a form shown in one role is not sent in another', async () => {
    provider.state.user = withTwo;
    await open();
    const left = await browser.submit(await browser.get('/launch'), { role: 'r-1' });
    const right = await browser.get('/launch');
    expect(right.text).toContain('Etruria Vale Surgery');
    const roles = await browser.get(right.url.href.replace('/find/', '/role/'));
    const rightNow = await browser.submit(roles, { role: 'r-2' });
    expect(rightNow.text).toContain('Ambulance clinician');
    expect((await browser.submit(right, known)).status).toBe(403);
    await browser.submit(left, known);
    expect(doors.trail.at(-1)).toMatchObject({ role: 'R8000', outcome: 'success' });
    await browser.submit(rightNow, known);
    expect(doors.trail.at(-1)).toMatchObject({ role: 'R1070', outcome: 'success' });
  });

  it('that a host no longer allows is lost in a session that stands', async () => {
    await open();
    const find = await browser.get('/launch');
    const { idKey } = doors;
    await doors.close();
    const before = browser;
    await open({ idKey }, [signInHost(provider.issuer, { roles: ['R8000'] })]);
    for (const [name, value] of before.cookies) browser.cookies.set(name, value);
    const shown = await browser.get(find.url.pathname);
    expect(heading(shown)).toBe('Your sign-in does not allow this');
    const sent = await browser.submit({ ...find, url: new URL(find.url.pathname, doors.base) }, known);
    expect(sent.status).toBe(403);
    expect(launched(sent)).toBeNull();
  });
});

describe('a refused search', () => {
  const typed = { ...known };
  const unknown = { ...typed, nhsNumber: '9990000034' };

  /** The refusal page of one search, by a user of its own so that nobody is stopped. */
  async function refusedWith(options: DoorOptions, form: Record<string, string>, path = 'find'): Promise<Page> {
    await open(options);
    const find = await browser.get((await browser.get('/launch')).url.href.replace('/find/', `/${path}/`));
    const page = await browser.submit(find, form);
    await doors.close();
    return page;
  }

  it('is one page, equal to the byte, whatever the cause', async () => {
    const ashbyFound = { kind: 'found', person: { ...people.ashby, patient: { resourceType: 'Patient' } } } as const;
    const moved = { kind: 'found', person: { ...ashbyFound.person, nhsNumber: people.dunmore.nhsNumber } } as const;
    const pages = [
      await refusedWith({}, { ...typed, 'birthDate-year': '1962' }),
      await refusedWith({}, unknown),
      await refusedWith({ demographics: async () => ({ kind: 'restricted' }) }, typed),
      await refusedWith({ hides: async (number) => number === people.ashby.nhsNumber }, typed),
      // Superseded, and the objection stands under the number now in use.
      await refusedWith(
        { demographics: async () => moved, hides: async (number) => number === people.dunmore.nhsNumber },
        typed,
      ),
      await refusedWith({ trace: async () => undefined }, traceForm, 'trace'),
      await refusedWith({ trace: async () => people.ashby.nhsNumber, hides: async () => true }, traceForm, 'trace'),
      await refusedWith({ trace: async () => people.dunmore.nhsNumber }, traceForm, 'trace'),
    ];
    const [first] = pages;
    for (const page of pages) {
      expect(page.status).toBe(404);
      expect(page.text).toBe(first?.text);
      expect([...page.headers.keys()]).toEqual([...(first?.headers.keys() ?? [])]);
      expect(page.headers.get('content-length')).toBe(first?.headers.get('content-length'));
    }
    expect(first?.text).toContain('Check what you typed');
    expect(first?.text).toContain('<a class="action" href="?again">Search again</a>');
    expect(first?.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    for (const secret of ['999', '1961', 'Ashby', 'Ada', 'Fell at home']) expect(first?.text).not.toContain(secret);
  });

  it('asks demographics and register to their end before it refuses, as often for each cause', async () => {
    const counts: string[] = [];
    const asking = (answer: 'unknown' | 'birth-date' | 'objection'): DoorOptions => {
      const calls: string[] = [];
      counts.push('');
      const at = counts.length - 1;
      const note = (what: string): void => {
        calls.push(what);
        counts[at] = calls.toSorted().join(' ');
      };
      return {
        demographics: async () => {
          note('demographics');
          if (answer === 'unknown') return { kind: 'unknown' };
          return { kind: 'found', person: { ...people.ashby, patient: { resourceType: 'Patient' } } };
        },
        hides: async () => {
          note('register');
          return answer === 'objection';
        },
      };
    };
    await refusedWith(asking('unknown'), unknown);
    await refusedWith(asking('birth-date'), { ...typed, 'birthDate-year': '1962' });
    await refusedWith(asking('objection'), typed);
    expect(counts).toEqual(Array.from({ length: 3 }, () => 'demographics register register'));
  });

  it('is on the audit trail with its cause, its reason and the number', async () => {
    await open({ hides: async () => true });
    await browser.submit(await browser.get('/launch'), typed);
    expect(doors.trail.at(-1)).toMatchObject({
      outcome: 'refused',
      reason: 'person-not-found',
      nhsNumber: people.ashby.nhsNumber,
      user: { id: '910000000001' },
      detail: { search: 'number', why: 'objection', reasonCode: 'call', reasonText: reason.reasonText },
    });
  });

  it('of a trace is on the audit trail without a number', async () => {
    await open();
    const find = await browser.get('/launch');
    await browser.submit(await browser.get(find.url.href.replace('/find/', '/trace/')), traceForm);
    expect(doors.trail.at(-1)).toMatchObject({ reason: 'person-not-found', detail: { search: 'trace' } });
    expect(JSON.stringify(doors.trail.at(-1))).not.toMatch(/nhsNumber|Ashby|ST4/);
  });

  it('leads back to an empty form', async () => {
    await open();
    const find = await browser.get('/launch');
    const refused = await browser.submit(find, unknown);
    const again = await browser.get(new URL('?again', refused.url));
    expect(heading(again)).toBe('Find a person');
    expect(again.text).not.toContain('9990000034');
    expect(launched(await through(await browser.submit(again, known)))).not.toBeNull();
  });

  it('is not what cannot be decided: that is said, and does not count', async () => {
    for (const options of [
      { demographics: () => Promise.reject(undecided('down')) },
      { demographics: () => Promise.reject(new Error('socket hang up')) },
      { hides: () => Promise.reject(new Error('no database')) },
    ]) {
      const page = await refusedWith(options, typed);
      expect(page.status).toBe(503);
      expect(page.headers.get('retry-after')).toBe('60');
      expect(await searchesCounted()).toEqual([]);
    }
    const page = await refusedWith({ trace: () => Promise.reject(new Error('down')) }, traceForm, 'trace');
    expect(page.status).toBe(503);
  });

  it('opens nothing where the search cannot be audited', async () => {
    await open();
    const find = await browser.get('/launch');
    doors.audit.record = () => Promise.reject(new Error('disk full'));
    const page = await browser.submit(find, known);
    expect(page.status).toBe(500);
    expect(launched(page)).toBeNull();
  });
});

describe('a trace', () => {
  it('goes on where exactly one person matches, with what was typed', async () => {
    const asked: object[] = [];
    await open({
      trace: async (traced) => {
        asked.push(traced);
        return people.ashby.nhsNumber;
      },
    });
    const find = await browser.get('/launch');
    const page = await browser.get(find.url.href.replace('/find/', '/trace/'));
    expect(launched(await through(await browser.submit(page, traceForm)))).not.toBeNull();
    expect(asked).toEqual([
      { family: 'Ashby', given: 'Alex', birthDate: '1961-04-17', gender: 'female', postcode: 'ST4 6QG' },
    ]);
    expect(doors.trail.at(-1)).toMatchObject({ outcome: 'success', nhsNumber: people.ashby.nhsNumber });
  });
});

describe('five refused searches in ten minutes', () => {
  const wrong = { ...known, 'birthDate-year': '1962' };
  const sign = async (): Promise<Page> => browser.get('/launch');
  const tryOnce = async (): Promise<Page> => browser.submit(await sign(), wrong);

  it('stop the user, also where the next would be right', async () => {
    await open();
    for (let count = 0; count < 4; count += 1) expect((await tryOnce()).status).toBe(404);
    const form = await sign();
    expect((await tryOnce()).status).toBe(404);
    const stopped = await browser.submit(form, known);
    expect(stopped.status).toBe(429);
    expect(stopped.headers.get('retry-after')).toBe('600');
    expect(heading(stopped)).toBe('Wait before you try again');
    expect(heading(await sign())).toBe('Wait before you try again');
    expect(doors.trail.at(-1)).toMatchObject({ reason: 'user-stopped', user: { id: '910000000001' } });
    // The stop is over when its ten minutes are.
    await store.db.update(rateCounter).set({ expiresAt: new Date(Date.now() - 1) });
    expect(launched(await through(await browser.submit(await sign(), known)))).not.toBeNull();
  });

  it('stop no other user', async () => {
    await open();
    for (let count = 0; count < 5; count += 1) await tryOnce();
    provider.state.user = { ...paramedic, sub: '2', uid: '2', nhsid_useruid: '2' };
    browser = openBrowser(doors.base);
    expect(launched(await through(await browser.submit(await sign(), known)))).not.toBeNull();
  });

  it('are counted over what slides: four old ones and one new one stop nobody', async () => {
    await open();
    for (let count = 0; count < 4; count += 1) await tryOnce();
    await store.db.update(rateCounter).set({ expiresAt: new Date(Date.now() - 1) });
    await tryOnce();
    expect(heading(await sign())).toBe('Find a person');
  });

  it('are counted before anything is asked: twelve at once, at two servers, ask five times', async () => {
    let asked = 0;
    const demographics = async () => {
      asked += 1;
      await new Promise((done) => setTimeout(done, 300));
      return { kind: 'unknown' } as const;
    };
    await open({ demographics });
    const forms = [];
    for (let count = 0; count < 6; count += 1) forms.push(await sign());
    const first = { doors, browser };
    const { idKey } = doors;
    await open({ demographics, idKey });
    const second = browser;
    const moreForms = [];
    for (let count = 0; count < 6; count += 1) moreForms.push(await second.get('/launch'));
    const answers = await Promise.all([
      ...forms.map((form) => first.browser.submit(form, wrong)),
      ...moreForms.map((form) => second.submit(form, wrong)),
    ]);
    await first.doors.close();
    expect(asked).toBe(5);
    expect(answers.filter((answer) => answer.status === 404)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(7);
    expect(heading(await second.get('/launch'))).toBe('Wait before you try again');
  });

  it('do not come of searches that found somebody', async () => {
    await open();
    for (let count = 0; count < 7; count += 1)
      expect(launched(await through(await browser.submit(await sign(), known)))).not.toBeNull();
  });
});

describe('a form', () => {
  it.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a sandbox', { origin: 'null' }],
    ['from another site of this browser', { 'sec-fetch-site': 'same-site' }],
  ])('is not taken %s, and is not used up', async (_name, headers) => {
    await open();
    const find = await browser.get('/launch');
    const answer = await browser.submit(find, known, headers);
    expect(answer.status).toBe(403);
    expect(launched(await through(await browser.submit(find, known)))).not.toBeNull();
  });

  it('is taken once, with its own ticket alone, for the user whose it is', async () => {
    await open();
    const find = await browser.get('/launch');
    const forged = { ...find, text: find.text.replace(/name="ticket" value="[^"]+"/, 'name="ticket" value="made-up"') };
    expect((await browser.submit(forged, known)).status).toBe(403);
    const trace = await browser.get(find.url.href.replace('/find/', '/trace/'));
    const swapped = { ...find, text: find.text.replace(/\/launch\/find\/[^#"]+/, trace.url.pathname) };
    expect((await browser.submit(swapped, traceForm)).status).toBe(403);
    provider.state.user = { ...paramedic, sub: '2', uid: '2', nhsid_useruid: '2' };
    const another = openBrowser(doors.base);
    await another.get('/launch');
    expect((await another.submit(find, known)).status).toBe(403);
    const raced = await Promise.all([1, 2, 3].map(() => browser.submit(find, known)));
    expect(raced.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 403, 403]);
  });

  it('that is not filled in says all that is wrong, and asks nobody', async () => {
    let asked = 0;
    await open({
      demographics: async () => {
        asked += 1;
        return { kind: 'unknown' };
      },
    });
    const answer = await browser.submit(await browser.get('/launch'), { nhsNumber: '999"><b>' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="999&quot;&gt;&lt;b&gt;"');
    expect(answer.text.match(/class="error"/g)).toHaveLength(4);
    expect(asked).toBe(0);
    expect(await searchesCounted()).toEqual([]);
  });
});

describe('a session', () => {
  const sessions = () => store.db.select().from(signInSession);

  it.each([
    ['unused for the idle time', 'idleAt'],
    ['older than a shift', 'expiresAt'],
  ])('that was %s is over', async (_name, column) => {
    await open();
    const find = await browser.get('/launch');
    await store.db.update(signInSession).set({ [column]: new Date(Date.now() - 1) });
    const answer = await browser.submit(find, known);
    expect(heading(answer)).toBe('Your session has ended');
    expect(answer.text).toContain('href="/launch"');
    expect(heading(await browser.get(find.url))).toBe('Your session has ended');
    expect(heading(await browser.get('/launch'))).toBe('Find a person');
    expect(provider.seen).toHaveLength(2);
  });

  it('lasts eight hours at most, and is put off by use no further than its idle time', async () => {
    await open();
    await browser.get('/launch');
    const [begun] = await sessions();
    const hours = ((begun?.expiresAt.getTime() ?? 0) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(7.9);
    expect(hours).toBeLessThanOrEqual(8);
    await store.db.update(signInSession).set({ idleAt: new Date(Date.now() + 1000) });
    await browser.get('/launch');
    const [used] = await sessions();
    const minutes = ((used?.idleAt.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(doors.config.region.idleLockMinutes - 1);
    expect(minutes).toBeLessThanOrEqual(doors.config.region.idleLockMinutes);
    expect(used?.expiresAt).toEqual(begun?.expiresAt);
  });

  it('is new at each sign-in: one that was planted, or another user’s, stands for nobody', async () => {
    await open();
    await browser.get('/launch');
    const planted = browser.cookies.get('__Host-ohc-user') ?? '';
    await store.db.update(signInSession).set({ idleAt: new Date(Date.now() - 1) });
    provider.state.user = { ...paramedic, sub: '2', uid: '2', nhsid_useruid: '2' };
    await browser.get('/launch');
    expect(browser.cookies.get('__Host-ohc-user')).not.toBe(planted);
    const rows = await sessions();
    expect(rows).toMatchObject([{ user: { id: '2' } }]);
  });

  it('serves two tabs that signed in at once', async () => {
    await open();
    const [left, right] = [
      await browser.until('/launch', /\/launch\/callback\//),
      await browser.until('/launch', /\/launch\/callback\//),
    ];
    const leftFind = await browser.get(left.url);
    const rightFind = await browser.get(right.url);
    expect(await sessions()).toHaveLength(1);
    expect(launched(await through(await browser.submit(leftFind, known)))).not.toBeNull();
    expect(launched(await through(await browser.submit(rightFind, known)))).not.toBeNull();
  });

  it('ends at sign-out, with the user’s open records, and leaves the other user of this browser nothing', async () => {
    const ended: string[] = [];
    await open({ endLaunchesOfUser: async (hash) => void ended.push(hash) });
    const find = await browser.get('/launch');
    const ask = await browser.get('/launch/sign-out');
    expect(heading(ask)).toBe('Sign out');
    expect((await browser.submit(ask, {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect(await sessions()).toHaveLength(1);
    const out = await browser.submit(ask, {});
    expect(heading(out)).toBe('You are signed out');
    expect(out.text).toContain('Ambulance control');
    expect(browser.cookies.has('__Host-ohc-user')).toBe(false);
    expect(await sessions()).toEqual([]);
    expect(ended).toEqual([userHash(doors.idKey, 'ambulance', '910000000001')]);
    expect(doors.trail.at(-1)).toMatchObject({ type: 'authorization', detail: { step: 'sign-out' } });
    provider.state.user = { ...paramedic, sub: '2', uid: '2', nhsid_useruid: '2' };
    await browser.get('/launch');
    expect(heading(await browser.get(find.url))).toBe('This page can no longer be used');
    expect((await browser.submit(find, known)).status).toBe(403);
  });
});

describe('a frame', () => {
  it.each(['iframe', 'frame', 'embed', 'object'])('is no place for it: %s', async (destination) => {
    await open();
    const framed = { 'sec-fetch-dest': destination };
    expect(heading(await browser.get('/launch', framed))).toBe('Open this in a window of its own');
    expect(provider.seen).toEqual([]);
    const find = await browser.get('/launch');
    expect(heading(await browser.get(find.url, framed))).toBe('Open this in a window of its own');
    expect((await browser.submit(find, known, framed)).status).toBe(403);
  });

  it('may hold none of its pages, the one for name and role among them', async () => {
    await open({}, [signInHost(provider.issuer, { origins: ['https://epr.example'] })]);
    const find = await browser.get('/launch');
    const register = await browser.submit(find, known);
    expect(heading(register)).toBe('Tell us who you are');
    for (const page of [find, register, await browser.get('/launch/sign-out'), await browser.submit(find, known)])
      expect(page.headers.get('content-security-policy')).toMatch(/frame-ancestors (?:'none'|https:\/\/epr\.example$)/);
    for (const page of [find, register])
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describe('an app that launches by itself', () => {
  const request = {
    client_id: 'growth-app',
    response_type: 'code',
    scope: 'launch/patient openid',
    state: 'app-state',
    redirect_uri: 'https://growth.example/callback',
  };
  const withApp: DoorOptions['change'] = (config) => ({
    ...config,
    hosts: [signInHost(provider.issuer)],
    clients: config.clients.flatMap((one) => [
      one,
      {
        ...one,
        clientId: 'growth-app',
        launchUri: 'https://growth.example/launch',
        redirectUris: ['https://growth.example/callback'],
      },
    ]),
  });
  const opened = async (): Promise<string> => {
    doors = await openDoors({ store, change: withApp ?? ((config) => config) });
    browser = openBrowser(doors.base);
    return createStandaloneLaunches({ ...doors, baseUrl: doors.base }).begin(request);
  };

  it('gets its own request back with a handle, through sign-in, person, name and role', async () => {
    const address = await opened();
    expect(address).toMatch(/\/launch\?app=[\w-]{43}$/);
    const find = await browser.get(address);
    // Chromium holds what a form leads to, redirects and all, to the policy of its page.
    expect(find.headers.get('content-security-policy')).toContain("form-action 'self' https://growth.example;");
    const end = await through(await browser.submit(find, known));
    expect(end.url.pathname).toBe('/auth/auth');
    const { launch, ...rest } = Object.fromEntries(end.url.searchParams);
    expect(rest).toEqual(request);
    expect(await doors.handles.find(launch ?? '', 'growth-app')).toMatchObject({
      clientId: 'growth-app',
      patient: people.ashby,
      reason: { code: 'call' },
    });
  });

  it('is answered once, and its ticket works once', async () => {
    const address = await opened();
    const find = await browser.get(address);
    expect(heading(await browser.get(address))).toBe('This page can no longer be used');
    const forms = [find, await browser.get(find.url)];
    const ends = [];
    for (const form of forms) ends.push(await browser.submit(form, known));
    expect(ends.map((page) => page.status)).toEqual([200, 403]);
  });

  it('does not mix with another tab of the user', async () => {
    const address = await opened();
    const app = await browser.get(address);
    const own = await browser.get('/launch');
    expect((await through(await browser.submit(own, known))).url.pathname).toBe('/app/launch');
    expect((await through(await browser.submit(app, known))).url.pathname).toBe('/auth/auth');
  });

  it('is refused where its registration has ended meanwhile', async () => {
    await opened();
    const { begin } = createStandaloneLaunches({ ...doors, baseUrl: doors.base });
    const page = await browser.get(await begin({ ...request, client_id: 'nobody' }));
    expect(page.status).toBe(403);
    expect(doors.trail.at(-1)).toMatchObject({ reason: 'context-client' });
  });

  it('keeps its request sealed, and gives it to one of several who take it', async () => {
    await opened();
    const { begin, take } = createStandaloneLaunches({ ...doors, baseUrl: doors.base });
    const ticket = new URL(await begin(request)).searchParams.get('app') ?? '';
    const rows = await store.db.select().from(pendingAuthorization);
    expect(JSON.stringify(rows)).not.toMatch(/growth|app-state/);
    const raced = await Promise.allSettled(Array.from({ length: 6 }, () => take(ticket)));
    expect(raced.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const late = new URL(await begin(request)).searchParams.get('app') ?? '';
    await store.db.update(pendingAuthorization).set({ expiresAt: new Date(Date.now() - 1) });
    await expect(take(late)).rejects.toBeInstanceOf(Fault);
  });
});

describe('two servers', () => {
  it('are one: a sign-in begun at one is finished and used at the other', async () => {
    await open();
    const first = { doors, browser };
    const back = await browser.until('/launch', /\/launch\/callback\//);
    // The second stands behind the same public address.
    await open({ idKey: first.doors.idKey });
    for (const [name, value] of first.browser.cookies) browser.cookies.set(name, value);
    const answer = await browser.get(new URL(`${back.url.pathname}${back.url.search}`, doors.base));
    // Its own address differs here, so the provider refuses the code: but the state was the other server's, and taken.
    expect(provider.faults).toEqual(['another redirect URI']);
    expect(heading(answer)).toBe('You could not be signed in');
    const find = await first.browser.get('/launch');
    for (const [name, value] of first.browser.cookies) browser.cookies.set(name, value);
    const there = await browser.get(find.url.pathname);
    expect(heading(there)).toBe('Find a person');
    expect(launched(await through(await browser.submit(there, known)))).not.toBeNull();
    await first.doors.close();
  });
});
