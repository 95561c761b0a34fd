import { createCipheriv, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { undecided } from '../../fault.ts';
import { gt } from 'drizzle-orm';
import { pendingAuthorization, profile, rateCounter, signInSession } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { openDoors, people, type DoorOptions, type Doors } from '../testing.ts';
import {
  linkHost,
  openBrowser,
  openProvider,
  paramedic,
  role,
  type Browser,
  type Page,
  type StrictProvider,
} from '../sign-in/testing.ts';
import type { EncryptedLinkHost } from '../../config/schema.ts';

const key = randomBytes(32);
let store: Store;
let provider: StrictProvider;
let doors: Doors;
let browser: Browser;

beforeAll(async () => {
  process.env['TEST_LINK_KEY'] = key.toString('base64');
  store = await openTestStore();
});
afterAll(async () => {
  delete process.env['TEST_LINK_KEY'];
  await store.close();
});
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

async function open(options: DoorOptions = {}, more: Partial<EncryptedLinkHost> = {}): Promise<void> {
  const hosts = [linkHost(provider.issuer, more)];
  doors = await openDoors({ store, ...options, change: (config) => ({ ...config, hosts }) });
  browser = openBrowser(doors.base);
}

const stamp = (offsetMs = 0): string =>
  new Date(Date.now() + offsetMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
const plainOf = (more: { number?: string; birthDate?: string; time?: string } = {}): string =>
  `nhs=${more.number ?? people.ashby.nhsNumber}&dob=${more.birthDate ?? '1961-04-17'}&t=${more.time ?? stamp()}`;

function gcm(plain: string | Buffer, with_ = key): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', with_, nonce);
  return Buffer.concat([nonce, cipher.update(Buffer.from(plain)), cipher.final(), cipher.getAuthTag()]);
}
function cbc(plain: string | Buffer, with_ = key, padding = true): Buffer {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', with_, iv).setAutoPadding(padding);
  return Buffer.concat([iv, cipher.update(Buffer.from(plain)), cipher.final()]);
}
const address = (bytes: Buffer | string, host = 'toolbar'): string =>
  `/launch?${new URLSearchParams({ host, c: typeof bytes === 'string' ? bytes : bytes.toString('base64url') }).toString()}`;
/** One byte of it changed. */
const altered = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
};

const through = async (page: Page): Promise<Page> =>
  page.text.includes('Tell us who you are')
    ? browser.submit(page, { registrationBody: 'HCPC', registrationNumber: 'PA12345', promise: 'yes' })
    : page;
const heading = (page: Page): string => /<h1>([^<]*)<\/h1>/.exec(page.text)?.[1] ?? '';
const launched = (page: Page): string | null =>
  page.url.pathname === '/app/launch' ? page.url.searchParams.get('launch') : null;
const viewer = (): string => doors.config.clients.find((one) => one.launchUri.endsWith('/app/launch'))?.clientId ?? '';

describe.each(['aes-256-gcm', 'aes-256-cbc'] as const)('an encrypted link, %s', (cipher) => {
  const make = cipher === 'aes-256-gcm' ? gcm : cbc;

  it('names the person, and the sign-in says who asks: both are handed over, and the link is in no address of ours', async () => {
    await open({}, { cipher });
    const seen: string[] = [];
    const away = await browser.until(address(make(plainOf())), /\/authorize\?/);
    seen.push(away.url.href);
    const back = await browser.until(away.url, /\/launch\/callback\//);
    seen.push(back.url.href);
    const inside = await browser.until(back.url, /\/launch\/find\//);
    seen.push(inside.url.href);
    const end = await through(await browser.get(inside.url));
    const context = await doors.handles.find(launched(end) ?? '', viewer());
    expect(context).toMatchObject({
      host: 'toolbar',
      user: { id: '910000000001' },
      organisation: { ods: 'RYA' },
      role: 'R1070',
      patient: people.ashby,
    });
    expect(context.reason).toBeUndefined();
    for (const url of seen) expect(url).not.toMatch(/9990000018|[?&]c=/);
    expect(JSON.stringify(await store.db.select().from(pendingAuthorization))).not.toContain(people.ashby.nhsNumber);
  });

  it('asks for the sign-in once a session', async () => {
    await open({}, { cipher });
    await through(await browser.get(address(make(plainOf()))));
    const other = plainOf({ number: people.dunmore.nhsNumber, birthDate: people.dunmore.birthDate });
    expect(launched(await browser.get(address(make(other))))).not.toBeNull();
    expect(provider.seen).toHaveLength(1);
    expect(doors.trail.at(-1)).toMatchObject({ nhsNumber: people.dunmore.nhsNumber, outcome: 'success' });
  });

  it('opens nothing by itself: sent again it asks another browser to sign in, and is theirs on the audit trail', async () => {
    await open({}, { cipher });
    const link = address(make(plainOf()));
    await through(await browser.get(link));
    const finder = openBrowser(doors.base);
    const asked = await finder.until(link, /\/authorize\?/);
    expect(asked.url.origin).toBe(provider.issuer);
    expect(finder.cookies.has('__Host-ohc-user')).toBe(false);
    provider.state.user = { ...paramedic, sub: '2', uid: '2', nhsid_useruid: '2', display_name: 'Bo REED' };
    await finder.get(link);
    expect(doors.trail.at(-1)).toMatchObject({ user: { id: '2' }, nhsNumber: people.ashby.nhsNumber });
  });

  it('confirms the person once for each sending: what stands in the address bar after it opens nothing more', async () => {
    await open({}, { cipher });
    const back = await browser.until(address(make(plainOf())), /\/launch\/callback\//);
    const inside = await browser.until(back.url, /\/launch\/find\//);
    await through(await browser.get(inside.url));
    expect(heading(await browser.get(inside.url))).toBe('This page can no longer be used');
  });

  it.each([
    ['six minutes old', -6 * 60_000 - 5_000],
    ['two minutes ahead', 2 * 60_000],
  ])('that is %s has run out', async (_name, offset) => {
    await open({}, { cipher });
    const page = await browser.get(address(make(plainOf({ time: stamp(offset) }))));
    expect(page.status).toBe(403);
    expect(heading(page)).toBe('This link has run out');
    expect(doors.trail.at(-1)).toMatchObject({ reason: 'link-stale' });
  });

  it('is as old as when it came, however long the sign-in takes', async () => {
    await open({}, { cipher });
    const back = await browser.until(address(make(plainOf({ time: stamp(-290_000) }))), /\/launch\/callback\//);
    expect(launched(await through(await browser.get(back.url)))).not.toBeNull();
  });

  it.each([
    ['yyyyMMdd and an ISO time', () => plainOf({ birthDate: '19610417', time: new Date().toISOString() })],
    ['dd/MM/yyyy and a spaced number', () => plainOf({ number: '999 000 0018', birthDate: '17/04/1961' })],
    ['a zone', () => plainOf({ time: new Date(Date.now() + 3_600_000).toISOString().slice(0, 19) + '+01:00' })],
  ])('is read with %s', async (_name, plain) => {
    await open({}, { cipher });
    expect(launched(await through(await browser.get(address(make(plain())))))).not.toBeNull();
  });

  it('is one page for whatever is wrong with it', async () => {
    await open({}, { cipher });
    const good = make(plainOf());
    const bad: readonly (readonly [string, Buffer | string])[] = [
      ['first byte', altered(good, 0)],
      ['a middle byte', altered(good, 20)],
      ['last byte', altered(good, -1)],
      ['cut', good.subarray(0, -16)],
      ['longer', Buffer.concat([good, randomBytes(16)])],
      ['of another key', make(plainOf(), randomBytes(32))],
      ['another template', make('x=1')],
      ['more after it', make(`${plainOf()}&x=1`)],
      ['a line more', make(`${plainOf()}\n`)],
      ['no text', make(Buffer.of(0xff, 0xfe, 0xff))],
      ['a bad check digit', make(plainOf({ number: '9990000019' }))],
      ['no such day', make(plainOf({ birthDate: '1961-02-30' }))],
      ['no such time', make(plainOf({ time: '20261399000000' }))],
      ['no base64', '%%%'],
      ['odd base64', `${good.toString('base64url')}A`],
      ['nothing', ''],
      ['a kilobyte and more', randomBytes(1008)],
      ...(cipher === 'aes-256-cbc'
        ? ([['bad padding', cbc('x'.repeat(48), key, false)]] as const)
        : ([['the nonce of another', Buffer.concat([randomBytes(12), good.subarray(12)])]] as const)),
    ];
    const pages: Page[] = [];
    for (const [name, bytes] of bad) {
      // Each by a browser of its own, and counted afresh, so that nobody is stopped.
      await store.db.delete(rateCounter);
      const page = await openBrowser(doors.base).get(address(bytes));
      expect([name, page.status, heading(page)]).toEqual([name, 400, 'The record could not be opened']);
      expect(doors.trail.at(-1)).toMatchObject({ reason: 'link-malformed' });
      pages.push(page);
    }
    for (const page of pages) expect(page.text).toBe(pages[0]?.text);
  });

  it('refuses an unknown, restricted or objecting person and another birth date with the page of a search', async () => {
    const texts: string[] = [];
    for (const [options, plain] of [
      [{}, plainOf({ number: '9990000034' })],
      [{}, plainOf({ birthDate: '1961-04-18' })],
      [{ demographics: async () => ({ kind: 'restricted' }) }, plainOf()],
      [{ hides: async () => true }, plainOf()],
    ] satisfies [DoorOptions, string][]) {
      await store.db.delete(rateCounter);
      await open(options, { cipher });
      const page = await browser.get(address(make(plain)));
      expect(page.status).toBe(404);
      expect(doors.trail.at(-1)).toMatchObject({ reason: 'person-not-found', detail: { search: 'link' } });
      expect(heading(await browser.get(new URL('?again', page.url)))).toBe('This page can no longer be used');
      texts.push(page.text);
      if (texts.length < 4) await doors.close();
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('Check what you typed');
  });

  it('counts toward the five that stop a user, what was altered among them', async () => {
    await open({}, { cipher });
    await through(await browser.get(address(make(plainOf()))));
    for (let count = 0; count < 5; count += 1) {
      const wrong = plainOf({ birthDate: '1961-04-18' });
      const page = await browser.get(address(cipher === 'aes-256-cbc' && count > 2 ? cbc('x') : make(wrong)));
      expect([400, 404]).toContain(page.status);
    }
    const stopped = await browser.get(address(make(plainOf())));
    expect(stopped.status).toBe(429);
    expect(launched(stopped)).toBeNull();
  });

  it('is undecided where the person cannot be checked', async () => {
    await open({ demographics: () => Promise.reject(undecided('down')) }, { cipher });
    const page = await browser.get(address(make(plainOf())));
    expect(page.status).toBe(503);
    expect(await searchesCounted()).toEqual([]);
  });
});

describe('the encrypted-link door', () => {
  it('takes a GCM link without a time where the host’s template has none', async () => {
    await open({}, { template: '{nhsNumber};{birthDate}' });
    expect(launched(await through(await browser.get(address(gcm('9990000018;17/04/1961')))))).not.toBeNull();
  });

  it('tells an altered GCM link apart before anybody signs in, and of a CBC link nothing', async () => {
    await open();
    expect((await browser.get(address(altered(gcm(plainOf()), 20)))).status).toBe(400);
    expect(provider.seen).toEqual([]);
    await doors.close();
    await open({}, { cipher: 'aes-256-cbc' });
    for (const bytes of [cbc(plainOf()), altered(cbc(plainOf()), 0), cbc('x'), randomBytes(64)]) {
      const asked = await openBrowser(doors.base).until(address(bytes), /\/authorize\?/);
      expect(asked.url.origin).toBe(provider.issuer);
    }
  });

  it('counts only roles held at the organisation whose EPR it is', async () => {
    provider.state.user = { ...paramedic, nhsid_nrbac_roles: [role('r', 'R8000', 'M83001')] };
    await open();
    const page = await browser.get(address(gcm(plainOf())));
    expect(heading(page)).toBe('Your sign-in does not allow this');
  });

  it('lets its users look for nobody else', async () => {
    provider.state.user = {
      ...paramedic,
      nhsid_nrbac_roles: [role('r-1', 'R8000', 'RYA'), role('r-2', 'R1070', 'RYA')],
    };
    await open();
    const roles = await browser.get(address(gcm(plainOf())));
    expect(heading(roles)).toBe('Choose your role');
    const sent = await fetch(new URL(roles.url.pathname.replace('/role/', '/find/'), doors.base), {
      method: 'POST',
      redirect: 'manual',
      headers: {
        origin: doors.base,
        cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      body: new URLSearchParams({ nhsNumber: people.dunmore.nhsNumber }),
    });
    expect(sent.status).toBe(303);
    expect(sent.headers.get('location')).toMatch(/^\/launch\/find\//);
    const end = await through(await browser.submit(roles, { role: 'r-1' }));
    expect(await doors.handles.find(launched(end) ?? '', viewer())).toMatchObject({ patient: people.ashby });
  });

  it('takes one c and a host that has such links, in a window of its own', async () => {
    await open();
    const link = address(gcm(plainOf()));
    expect((await browser.get(`${link}&c=x`)).status).toBe(400);
    expect((await browser.get(link.replace('toolbar', 'nobody'))).status).toBe(403);
    expect((await browser.get(`${link}&host=toolbar`)).status).toBe(403);
    const framed = await browser.get(link, { 'sec-fetch-dest': 'iframe' });
    expect(heading(framed)).toBe('Open this in a window of its own');
    expect(provider.seen).toEqual([]);
  });

  it('takes base64 as well, its plus signs lost to spaces included', async () => {
    await open();
    const bytes = Array.from({ length: 50 }, () => gcm(plainOf())).find(
      (one) => /\+/.test(one.toString('base64')) && /\//.test(one.toString('base64')),
    );
    const page = await browser.get(`/launch?host=toolbar&c=${bytes?.toString('base64') ?? ''}`);
    expect(launched(await through(page))).not.toBeNull();
  });
});
