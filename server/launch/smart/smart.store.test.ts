import { generateKeyPair, exportJWK, type JWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { profile } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { publicKeySet } from '../jwks.ts';
import { openDoors, people, type Doors } from '../testing.ts';
import { contextOf, launchAt, launchUrl, locationOf, openBrowser, saidName } from './browser.testing.ts';
import { ashby, drOkafor, openStrictHost, visitor, type StrictHost } from './strict-host.testing.ts';

async function appKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `app-${alg}`, alg, use: 'sig' };
}
const launchKeys = [await appKey('RS384'), await appKey('ES384')];

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(() => store.db.delete(profile));

/** Doors that know this host alone. */
function doorsOf(strict: StrictHost, more: Partial<StrictHost['host']> = {}): Promise<Doors> {
  return openDoors({
    store,
    launchKeys,
    change: (config) => ({ ...config, hosts: [{ ...strict.host, ...more }] }),
  });
}

const asymmetric = '@64 @72 @317 @319 @320 @321 @322 @323 @327 @328 @329 @330 @331 @332 @333 @334';

describe.each([
  { clientAuth: 'none', assertions: undefined, shows: '@63 @71' },
  { clientAuth: 'client_secret_basic', assertions: undefined, shows: '@64 @72 @345' },
  { clientAuth: 'private_key_jwt', assertions: undefined, shows: asymmetric },
  { clientAuth: 'private_key_jwt', assertions: ['RS384'], shows: '@308' },
  { clientAuth: 'private_key_jwt', assertions: ['ES384'], shows: '@309' },
] as const)(
  'a host that holds its app to the letter ($clientAuth, $assertions)',
  ({ clientAuth, assertions, shows }) => {
    let strict: StrictHost;
    let doors: Doors;
    beforeAll(async () => {
      const appKeys = publicKeySet(launchKeys);
      strict = await openStrictHost(clientAuth, {
        appKeys: { keys: [...appKeys.keys] },
        ...(assertions === undefined ? {} : { assertions }),
      });
      doors = await doorsOf(strict);
    });
    afterAll(async () => {
      await doors.close();
      await strict.close();
    });

    const requests = '@3 @13 @29 @32 @33 @34 @35 @37 @41 @44 @45 @47 @50 @51 @62 @67 @68 @69 @70 @93 @202 @211 @227';
    it(`launches, and finds nothing wrong with any request ${requests} ${shows}`, async () => {
      const context = await contextOf(doors, await launchAt(doors, strict.iss));
      expect(strict.violations).toEqual([]);
      expect(context).toMatchObject({
        host: 'strict',
        user: { id: 'okafor@epr', name: 'Dr Peter Okafor', registration: { body: 'GMC', number: '7654321' } },
        organisation: { ods: 'RJE', name: 'University Hospitals of North Midlands' },
        role: 'R8000',
        patient: people.ashby,
        encounter: 'enc-1',
        intent: 'summary',
        needsBanner: false,
        clientId: 'viewer',
      });
      expect(context.hostRecord).toBeUndefined();
    });

    it('gives back tokens that are not kept', async () => {
      await doors.hostTokens.close();
      strict.reset();
      await launchAt(doors, strict.iss);
      await doors.hostTokens.close();
      expect(strict.violations).toEqual([]);
      expect(strict.revoked).toHaveLength(2);
      expect([...strict.tokens].filter((token) => strict.revoked.includes(token))).toEqual([]);
    });
  },
);

describe('the door of SMART hosts', () => {
  let strict: StrictHost;
  let doors: Doors;
  beforeAll(async () => {
    strict = await openStrictHost('none');
    doors = await doorsOf(strict);
  });
  afterEach(() => strict.reset());
  afterAll(async () => {
    await doors.close();
    await strict.close();
  });

  it('asks with a state and a nonce of 256 bits, new each time @2 @40', async () => {
    await launchAt(doors, strict.iss);
    await launchAt(doors, strict.iss);
    const [first, second] = strict.authorizations;
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first?.[name]).toMatch(/^[\w-]{43}$/);
      expect(first?.[name]).not.toBe(second?.[name]);
    }
  });

  it('sends the browser on with a cookie that lives in this frame alone, and takes it back at the end @61', async () => {
    const browser = openBrowser();
    const begun = await browser.get(launchUrl(doors, strict.iss));
    expect(begun.status).toBe(303);
    expect(begun.headers.get('cache-control')).toBe('no-store');
    expect(begun.headers.get('referrer-policy')).toBe('no-referrer');
    const [cookie = ''] = begun.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-ohc-/);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=None', 'Partitioned', 'Path=/'])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toMatch(/domain=/i);
    await browser.get(locationOf(await browser.get(locationOf(begun))));
    expect(browser.jar.size).toBe(0);
  });

  it('takes fhirUser absolute or relative @202 @203 @204', async () => {
    strict.be.idToken = (claims) => ({ ...claims, fhirUser: 'Practitioner/p-77' });
    expect((await contextOf(doors, await launchAt(doors, strict.iss))).user.name).toBe('Dr Peter Okafor');
  });

  it('takes the role of a PractitionerRole, and does not ask for it then', async () => {
    strict.be.idToken = (claims) => ({ ...claims, fhirUser: `${strict.iss}/PractitionerRole/r-77` });
    const page = await (await launchAt(doors, strict.iss)).text();
    expect(page).not.toContain('name="role"');
    const context = await contextOf(doors, await launchAt(doors, strict.iss));
    expect(context).toMatchObject({ role: 'R8000', user: { name: 'Dr Peter Okafor' } });
  });

  it('takes the role of the PractitionerRole that the launch was made in @191', async () => {
    strict.be.tokenResponse = (body) => ({ ...body, fhirContext: [{ reference: 'PractitionerRole/r-77' }] });
    const page = await (await launchAt(doors, strict.iss)).text();
    expect(page).not.toContain('name="role"');
    const context = await contextOf(doors, await launchAt(doors, strict.iss));
    expect(context.fhirContext).toEqual([{ reference: 'PractitionerRole/r-77' }]);
  });

  it('refuses a role that users of this host may not hold', async () => {
    strict.be.idToken = (claims) => ({ ...claims, fhirUser: 'PractitionerRole/r-77' });
    strict.be.fhir = {
      'PractitionerRole/r-77': {
        body: {
          resourceType: 'PractitionerRole',
          id: 'r-77',
          code: [{ coding: [{ system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName', code: 'R0001' }] }],
        },
      },
    };
    const answer = await launchAt(doors, strict.iss);
    expect(answer.status).toBe(403);
    expect(doors.trail.at(-1)).toMatchObject({ outcome: 'refused', reason: 'context-role' });
  });

  it.each([
    ['the name of the id token', { name: 'Dr P. Okafor\u202e\r\nSet-Cookie: a=b' }, 'Dr P. Okafor Set-Cookie: a=b'],
    ['what the user says', {}, saidName],
    ['a very long one, cut', { name: 'é'.repeat(5_000) }, 'é'.repeat(200)],
    ['one in another script', { name: 'د. فاطمة الزهراء' }, 'د. فاطمة الزهراء'],
  ])('goes by %s where there is no Practitioner to read', async (_what, more, name) => {
    strict.be.idToken = ({ fhirUser: _none, ...claims }) => ({ ...claims, ...more });
    const answer = await launchAt(doors, strict.iss);
    expect(answer.headers.get('set-cookie') ?? '').not.toContain('a=b');
    expect((await contextOf(doors, answer)).user.name).toBe(name);
  });

  it('asks who one is where the Practitioner may not be read, and opens all the same', async () => {
    strict.be.fhir = { 'Practitioner/p-77': { status: 403, body: {} } };
    const context = await contextOf(doors, await launchAt(doors, strict.iss));
    expect(context.user).toMatchObject({ id: 'okafor@epr', name: saidName, said: ['name', 'registration'] });
  });

  it('passes on the window that the host speaks with only where its origin is registered', async () => {
    const messaging = (origin: string) => (body: Record<string, unknown>) => ({
      ...body,
      smart_web_messaging_origin: origin,
      smart_web_messaging_handle: 'h-1',
    });
    strict.be.tokenResponse = messaging('https://epr.example');
    const known = await contextOf(doors, await launchAt(doors, strict.iss));
    expect(known.messaging).toEqual({ origin: 'https://epr.example', handle: 'h-1' });
    strict.be.tokenResponse = messaging('https://evil.example');
    expect((await contextOf(doors, await launchAt(doors, strict.iss))).messaging).toBeUndefined();
  });

  it('lets a user without a person in only where the role needs none', async () => {
    strict.be.tokenResponse = ({ patient: _none, ...body }) => body;
    const answer = await launchAt(doors, strict.iss);
    const refused = await doors.fillIn(await answer.text(), { role: 'R8000' });
    expect(refused.status).toBe(400);
    expect(doors.trail.at(-1)?.reason).toBe('context-malformed');
  });

  it('has the same person under their new number', async () => {
    const superseding = await openDoors({
      store,
      change: (config) => ({ ...config, hosts: [strict.host] }),
      demographics: async () => ({
        kind: 'found',
        person: { ...people.ashby, nhsNumber: people.dunmore.nhsNumber, patient: ashby },
      }),
    });
    const context = await contextOf(superseding, await launchAt(superseding, strict.iss));
    expect(context.patient?.nhsNumber).toBe(people.dunmore.nhsNumber);
    await superseding.close();
  });

  it('reads with the token at the host and nowhere else @93 @97 @98', async () => {
    strict.be.fhir = {
      'Patient/pat-1': { body: { ...ashby, managingOrganization: { reference: 'http://127.0.0.1:9/Organization/1' } } },
      'Practitioner/p-77': { body: { ...drOkafor, photo: [{ url: 'http://127.0.0.1:9/photo' }] } },
    };
    await launchAt(doors, strict.iss);
    expect(strict.bearers.map(({ path }) => path).toSorted()).toEqual(['Patient/pat-1', 'Practitioner/p-77']);
  });

  it('keeps nothing that opens without the key @7 @90', async () => {
    const joined = await doorsOf(strict, { recordAsSource: true });
    await doors.hostTokens.close();
    strict.reset();
    const pending = openBrowser();
    await pending.get(launchUrl(joined, strict.iss));
    const context = await contextOf(joined, await launchAt(joined, strict.iss));
    expect(context.hostRecord).toMatchObject({ patientId: 'pat-1' });
    const { state = '', nonce = '' } = strict.authorizations.at(-1) ?? {};
    const kept = await store.db.execute(
      sql`select encode(sealed, 'escape') as s, id as k from host_token union all select encode(sealed, 'escape') as s, state_hash as k from pending_authorization`,
    );
    const text = JSON.stringify(kept);
    for (const secret of [...strict.tokens, ...strict.refreshTokens, String(state), String(nonce)])
      expect(text).not.toContain(secret);
    expect(strict.revoked).toEqual([]);
    await joined.close();
  });

  describe('a Patient without an NHS number', () => {
    const asVisitor = (body: Record<string, unknown>) => ({ ...body, patient: visitor.id });

    it('goes on alone where the host’s own record is shown', async () => {
      const joined = await doorsOf(strict, { recordAsSource: true });
      strict.be.tokenResponse = asVisitor;
      const context = await contextOf(joined, await launchAt(joined, strict.iss));
      expect(context.patient).toBeUndefined();
      expect(context.hostRecord?.patientId).toBe(visitor.id);
      await joined.close();
    });

    it('is refused elsewhere, in words that say why', async () => {
      strict.be.tokenResponse = asVisitor;
      const answer = await launchAt(doors, strict.iss);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('has no NHS number');
      expect(doors.trail.at(-1)).toMatchObject({ outcome: 'refused', reason: 'nhs-number-missing' });
    });
  });
});
