import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pendingAuthorization, profile } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { openDoors, people, type DoorOptions, type Doors } from '../testing.ts';
import { launchAt, launchUrl, openBrowser, toCallback } from './browser.testing.ts';
import { ashby, openStrictHost, type Misbehaviour, type StrictHost } from './strict-host.testing.ts';

let store: Store;
let strict: StrictHost;
let doors: Doors;
beforeAll(async () => {
  store = await openTestStore();
  strict = await openStrictHost('none');
  doors = await openDoors({
    store,
    change: (config) => ({ ...config, hosts: [strict.host, { ...strict.host, id: 'other', iss: `${strict.iss}/b` }] }),
  });
});
beforeEach(() => store.db.delete(profile));
afterEach(() => strict.reset());
afterAll(async () => {
  await doors.close();
  await strict.close();
  await store.close();
});

/** Doors that have met no host yet, so that discovery is done anew. */
async function atNewDoors(walk: (doors: Doors) => Promise<void>, options: DoorOptions = {}): Promise<void> {
  const fresh = await openDoors({ store, change: (config) => ({ ...config, hosts: [strict.host] }), ...options });
  try {
    await walk(fresh);
  } finally {
    await fresh.close();
  }
}

/** Refused, in fixed words, for this reason, with a row on the audit trail; gives the page. */
async function expectRefusal(
  answer: Response,
  { status, reason }: { readonly status: number; readonly reason: string },
  at: Doors = doors,
): Promise<string> {
  const page = await answer.text();
  expect([answer.status, at.trail.at(-1)?.reason]).toEqual([status, reason]);
  expect(answer.headers.get('location')).toBeNull();
  expect(page).toContain('<h1>');
  return page;
}
const hostAnswer = { status: 403, reason: 'host-answer' };
const elsewhere = { status: 403, reason: 'sign-in-elsewhere' };

describe('an iss that only looks like a host’s', () => {
  const iss = 'https://epr.example.nhs.uk/fhir';
  const asked: string[] = [];
  let watched: Doors;
  beforeAll(async () => {
    watched = await openDoors({
      store,
      change: (config) => ({ ...config, hosts: [{ ...strict.host, iss }] }),
      fetch: async (url) => {
        asked.push(url);
        throw new TypeError('fetch failed');
      },
    });
  });
  afterAll(() => watched.close());

  it.each([
    ['upper case', 'https://EPR.example.nhs.uk/fhir'],
    ['upper case in the path', 'https://epr.example.nhs.uk/FHIR'],
    ['a slash at its end', `${iss}/`],
    ['a dot at the end of its host', 'https://epr.example.nhs.uk./fhir'],
    ['its port', 'https://epr.example.nhs.uk:443/fhir'],
    ['a longer path', `${iss}/../fhir`],
    ['another path', 'https://epr.example.nhs.uk/fhir2'],
    ['a query', `${iss}?`],
    ['a fragment', `${iss}#`],
    ['a user', 'https://epr.example.nhs.uk@evil.example/fhir'],
    ['a user before the same host', 'https://a@epr.example.nhs.uk/fhir'],
    ['http', 'http://epr.example.nhs.uk/fhir'],
    ['a letter of another script', 'https://epr.ехample.nhs.uk/fhir'],
    ['a full-width dot', 'https://epr．example.nhs.uk/fhir'],
    ['a space', ` ${iss}`],
    ['an address within', 'http://169.254.169.254/latest/meta-data'],
    ['no address', 'file:///etc/passwd'],
  ])('by %s is refused before any request leaves', async (_what, said) => {
    await expectRefusal(
      await fetch(launchUrl(watched, said), { redirect: 'manual' }),
      { status: 403, reason: 'context-issuer' },
      watched,
    );
    expect(asked).toEqual([]);
  });

  it.each([
    ['two iss', `iss=${encodeURIComponent(iss)}&iss=https://evil.example&launch=x`],
    ['two launch', `iss=${encodeURIComponent(iss)}&launch=x&launch=y`],
    ['no launch', `iss=${encodeURIComponent(iss)}`],
    ['an empty launch', `iss=${encodeURIComponent(iss)}&launch=`],
    ['a launch of great length', `iss=${encodeURIComponent(iss)}&launch=${'x'.repeat(5_000)}`],
  ])('or %s is not a launch', async (_what, query) => {
    const answer = await fetch(`${watched.base}/launch?${query}`, { redirect: 'manual' });
    await expectRefusal(answer, { status: 400, reason: 'context-malformed' }, watched);
    expect(asked).toEqual([]);
  });

  it('while the one that is registered is asked, so that the others were not for another reason', async () => {
    const answer = await fetch(launchUrl(watched, iss), { redirect: 'manual' });
    await expectRefusal(answer, { status: 503, reason: 'undecided' }, watched);
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(asked).toEqual([`${iss}/.well-known/smart-configuration`]);
  });
});

describe('a host whose configuration leads astray', () => {
  it.each([
    ['has no token endpoint', ({ token_endpoint: _none, ...rest }) => rest],
    ['has no authorization endpoint', ({ authorization_endpoint: _none, ...rest }) => rest],
    [
      'names an authorization endpoint that is script',
      (d) => ({ ...d, authorization_endpoint: 'javascript:alert(1)' }),
    ],
    [
      'names an authorization endpoint that brings our parameters',
      (d) => ({ ...d, authorization_endpoint: `${strict.origin}/authorize?redirect_uri=https://evil.example` }),
    ],
    ['names a token endpoint over http elsewhere', (d) => ({ ...d, token_endpoint: 'http://10.0.0.1/token' })],
    ['names a token endpoint in a file', (d) => ({ ...d, token_endpoint: 'file:///etc/passwd' })],
    ['names a token endpoint with a password', (d) => ({ ...d, token_endpoint: 'https://a:b@epr.example/token' })],
    ['is a list', () => []],
    ['is a text', () => 'smart'],
    ['is far too long', (d) => ({ ...d, padding: 'x'.repeat(2_000_000) })],
  ] satisfies [string, NonNullable<Misbehaviour['smartConfiguration']>][])('that %s', async (_what, change) => {
    await atNewDoors(async (fresh) => {
      strict.be.smartConfiguration = change;
      const answer = await fetch(launchUrl(fresh, strict.iss), { redirect: 'manual' });
      await expectRefusal(answer, hostAnswer, fresh);
      expect(strict.requests.filter((line) => !line.includes('.well-known'))).toEqual([]);
    });
  });

  it.each(['/.well-known/smart-configuration', '/token', '/jwks', '/Patient/pat-1'])(
    'is not followed from %s to another address',
    async (path) => {
      const asked: string[] = [];
      const follows: unknown[] = [];
      await atNewDoors(
        async (fresh) => {
          const browser = openBrowser();
          const begun = await browser.get(launchUrl(fresh, strict.iss));
          const answer = path.startsWith('/.') ? begun : await launchAt(fresh, strict.iss, browser);
          await expectRefusal(answer, hostAnswer, fresh);
          expect(follows).toEqual(['manual']);
          expect(asked.filter((url) => !url.startsWith(strict.origin))).toEqual([]);
        },
        {
          fetch: async (url, init) => {
            asked.push(url);
            if (!url.endsWith(path)) return fetch(url, init);
            follows.push(init.redirect);
            return new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/latest' } });
          },
        },
      );
    },
  );

  it('or that does not answer is no refusal: it can be tried again', async () => {
    await atNewDoors(
      async (fresh) => {
        const answer = await fetch(launchUrl(fresh, strict.iss), { redirect: 'manual' });
        await expectRefusal(answer, { status: 503, reason: 'undecided' }, fresh);
      },
      {
        fetch: async () => {
          throw new DOMException('', 'TimeoutError');
        },
      },
    );
  });

  it('or that failed once is asked again', async () => {
    let isDown = true;
    await atNewDoors(
      async (fresh) => {
        expect((await fetch(launchUrl(fresh, strict.iss), { redirect: 'manual' })).status).toBe(503);
        isDown = false;
        expect((await fetch(launchUrl(fresh, strict.iss), { redirect: 'manual' })).status).toBe(303);
      },
      { fetch: async (url, init) => (isDown ? new Response(null, { status: 502 }) : fetch(url, init)) },
    );
  });
});

describe('an answer that is not for this browser, or not for the first time', () => {
  it('is refused without the cookie of its launch: a sign-in of somebody else @4 @39 @61', async () => {
    const callback = await toCallback(doors, strict.iss, openBrowser());
    await expectRefusal(await openBrowser().get(callback), elsewhere);
    expect(strict.requests).not.toContain('POST /token');
  });

  it('is refused with the cookie of another launch under the name of this one, and does not use it up @39', async () => {
    const [mine, theirs] = [openBrowser(), openBrowser()];
    const callback = await toCallback(doors, strict.iss, mine);
    await toCallback(doors, strict.iss, theirs);
    const [name] = mine.jar.keys();
    const [stolen] = theirs.jar.values();
    const crossed = openBrowser();
    crossed.jar.set(name ?? '', stolen ?? '');
    await expectRefusal(await crossed.get(callback), elsewhere);
    // He who began it may still finish it.
    expect((await mine.get(callback)).status).toBe(200);
  });

  it('is refused the second time, with the same cookie @60', async () => {
    const browser = openBrowser();
    const callback = await toCallback(doors, strict.iss, browser);
    const jar = new Map(browser.jar);
    expect((await browser.get(callback)).status).toBe(200);
    for (const [name, value] of jar) browser.jar.set(name, value);
    await expectRefusal(await browser.get(callback), elsewhere);
  });

  it('is taken once of two that come at the same time', async () => {
    const browser = openBrowser();
    const callback = await toCallback(doors, strict.iss, browser);
    const both = await Promise.all([browser.get(callback), browser.get(callback)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
    expect(strict.requests.filter((line) => line === 'POST /token')).toHaveLength(1);
  });

  it('is refused after ten minutes', async () => {
    const browser = openBrowser();
    const callback = await toCallback(doors, strict.iss, browser);
    await store.db.update(pendingAuthorization).set({ expiresAt: new Date(0) });
    await expectRefusal(await browser.get(callback), elsewhere);
  });

  it.each([
    ['an unknown state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['two states', (url: URL) => url.searchParams.append('state', 'x')],
  ])('is refused with %s @4 @60', async (_what, change) => {
    const browser = openBrowser();
    const callback = new URL(await toCallback(doors, strict.iss, browser));
    change(callback);
    await expectRefusal(await browser.get(callback.href), elsewhere);
    expect(strict.requests).not.toContain('POST /token');
  });

  it('cannot bring a code of another launch: PKCE and the nonce hold it to its own', async () => {
    const [mine, theirs] = [openBrowser(), openBrowser()];
    const callback = new URL(await toCallback(doors, strict.iss, mine));
    const injected = new URL(await toCallback(doors, strict.iss, theirs)).searchParams.get('code') ?? '';
    callback.searchParams.set('code', injected);
    await expectRefusal(await mine.get(callback.href), hostAnswer);
    expect(strict.violations).toContain('token: code_verifier');
  });

  it('is refused where the host says that its code was used', async () => {
    const browser = openBrowser();
    const callback = await toCallback(doors, strict.iss, browser);
    const code = new URL(callback).searchParams.get('code') ?? '';
    await fetch(`${strict.origin}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', code, client_id: strict.host.clientId }),
    });
    const page = await expectRefusal(await browser.get(callback), { status: 403, reason: 'sign-in-failed' });
    expect(page).toContain('You could not be signed in');
  });
});

describe('two hosts mixed up', () => {
  it('are told apart by their redirect URIs', async () => {
    const browser = openBrowser();
    const callback = await toCallback(doors, strict.iss, browser);
    await expectRefusal(await browser.get(callback.replace('/callback/strict', '/callback/other')), hostAnswer);
    expect(strict.requests).not.toContain('POST /token');
  });

  it.each([
    ['another issuer', (to: URL) => to.searchParams.set('iss', 'https://evil.example')],
    ['none, where the host promises it', (to: URL) => to.searchParams.delete('iss')],
  ])('are told apart by the issuer in the answer (%s)', async (_what, redirect) => {
    strict.be.redirect = redirect;
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
    expect(strict.requests).not.toContain('POST /token');
  });

  it('are refused at the address of no host', async () => {
    const answer = await fetch(`${doors.base}/launch/callback/nobody?code=x&state=y`);
    await expectRefusal(answer, { status: 403, reason: 'context-issuer' });
  });
});

describe('a host that refuses', () => {
  it('is told in fixed words, never in its own @5', async () => {
    strict.be.redirect = (to) => {
      to.searchParams.delete('code');
      to.searchParams.set('error', 'access_denied');
      to.searchParams.set('error_description', '<script>alert(1)</script> phone 0900 1234');
      to.searchParams.set('error_uri', 'https://evil.example');
    };
    const page = await expectRefusal(await launchAt(doors, strict.iss), { status: 403, reason: 'sign-in-failed' });
    for (const word of ['script>', '0900', 'evil', 'access_denied']) expect(page).not.toContain(word);
    expect(doors.trail.at(-1)?.detail).toMatchObject({ claimedHost: 'strict', why: 'authorization: access_denied' });
  });

  it('cannot write into the log or the trail by its error', async () => {
    strict.be.redirect = (to) => {
      to.searchParams.delete('code');
      to.searchParams.set('error', 'x\r\n{"level":50}');
    };
    await expectRefusal(await launchAt(doors, strict.iss), { status: 403, reason: 'sign-in-failed' });
    expect(JSON.stringify(doors.trail)).not.toContain('level');
  });
});

describe('an id token', () => {
  const now = (): number => Math.floor(Date.now() / 1000);
  const cases: [string, Pick<Misbehaviour, 'idToken' | 'signed'>][] = [
    ['with another nonce', { idToken: (claims) => ({ ...claims, nonce: 'x'.repeat(43) }) }],
    ['without a nonce', { idToken: ({ nonce: _none, ...claims }) => claims }],
    ['for another app', { idToken: (claims) => ({ ...claims, aud: 'another' }) }],
    ['for several apps, issued to another', { idToken: (c) => ({ ...c, aud: [c['aud'], 'x'], azp: 'x' }) }],
    ['without an audience', { idToken: ({ aud: _none, ...claims }) => claims }],
    ['of another issuer', { idToken: (claims) => ({ ...claims, iss: 'https://evil.example' }) }],
    ['that has expired', { idToken: (claims) => ({ ...claims, iat: now() - 900, exp: now() - 600 }) }],
    ['without an end', { idToken: ({ exp: _none, ...claims }) => claims }],
    ['without a subject', { idToken: ({ sub: _none, ...claims }) => claims }],
    ['with an empty subject', { idToken: (claims) => ({ ...claims, sub: '' }) }],
    ['with a subject that is two lines', { idToken: (claims) => ({ ...claims, sub: 'a\r\nX-Evil: 1' }) }],
    ['with a subject of great length', { idToken: (claims) => ({ ...claims, sub: 'a'.repeat(256) }) }],
    ['that is not signed', { signed: (claims) => new UnsecuredJWT(claims).encode() }],
    [
      'signed with another key under the same name',
      {
        signed: async (claims) => {
          const { privateKey } = await generateKeyPair('RS256');
          return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'host-1' }).sign(privateKey);
        },
      },
    ],
    [
      'signed with a key that it brings itself',
      {
        signed: async (claims) => {
          const { privateKey, publicKey } = await generateKeyPair('ES256');
          const jwk = await exportJWK(publicKey);
          return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', jwk }).sign(privateKey);
        },
      },
    ],
    [
      'signed with the public key as a shared secret',
      {
        signed: async (claims) => {
          const keys = (await (await fetch(`${strict.origin}/jwks`)).json()) as { keys: { n: string }[] };
          const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
          const body = `${encode({ alg: 'HS256', kid: 'host-1' })}.${encode(claims)}`;
          const mac = createHmac('sha256', keys.keys[0]?.n ?? '').update(body);
          return `${body}.${mac.digest('base64url')}`;
        },
      },
    ],
    [
      'changed after it was signed',
      {
        signed: async (claims) => {
          const { privateKey } = await generateKeyPair('RS256');
          const signed = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'host-1' }).sign(privateKey);
          const [header, , signature] = signed.split('.');
          const other = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
          return [header, other, signature].join('.');
        },
      },
    ],
    ['that is no token', { signed: () => 'x.y.z' }],
  ];

  it.each(cases)('%s is refused @201', async (_what, be) => {
    Object.assign(strict.be, be);
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
    expect(strict.bearers).toEqual([]);
  });

  it('that is missing is refused: nobody would know who looks', async () => {
    strict.be.tokenResponse = ({ id_token: _none, ...body }) => body;
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
    expect(strict.bearers).toEqual([]);
  });

  it.each([
    'https://evil.example/fhir/Practitioner/p-77',
    'http://127.0.0.1:9/fhir/Practitioner/p-77',
    'Practitioner/../../admin',
    'Practitioner/..',
    '/Practitioner/p-77',
    '//evil.example/Practitioner/p-77',
    'Practitioner/p-77/_history/1',
    'Practitioner/p-77?x=y',
    'Practitioner/%2e%2e',
    7,
  ])('with the fhirUser %s is refused, and nobody is asked @97', async (fhirUser) => {
    strict.be.idToken = (claims) => ({ ...claims, fhirUser });
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
    expect(strict.bearers).toEqual([]);
  });

  it.each(['Patient/pat-1', 'RelatedPerson/1', 'Person/1'])(
    'of a user who is no professional (%s) is refused',
    async (fhirUser) => {
      strict.be.idToken = (claims) => ({ ...claims, fhirUser });
      await expectRefusal(await launchAt(doors, strict.iss), { status: 403, reason: 'sign-in-not-allowed' });
    },
  );
});

describe('a token response', () => {
  it.each([
    '../Practitioner/p-77',
    'Patient/pat-1',
    'pat-1/../pat-9',
    '..',
    '.',
    'pat-1?_elements=id',
    'pat-1#',
    'pat%2d1',
    'pat-1\n',
    ' pat-1',
    '',
    'x'.repeat(65),
    7,
    { reference: 'Patient/pat-1' },
    null,
  ])('with the patient %j is refused, and nobody is asked', async (patient) => {
    strict.be.tokenResponse = (body) => ({ ...body, patient });
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
    expect(strict.bearers).toEqual([]);
  });

  it.each([
    ['an encounter that is a path', { encounter: '../Patient/pat-9' }],
    ['a token with a line break', { access_token: 'a\r\nX-Evil: 1' }],
    ['a token of another kind', { token_type: 'dpop' }],
    ['a token of 1 MB', { access_token: 'x'.repeat(1_048_000) }],
  ])('with %s is refused', async (_what, more) => {
    strict.be.tokenResponse = (body) => ({ ...body, ...more });
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
    expect(strict.bearers).toEqual([]);
  });

  it('of many megabytes is refused', async () => {
    strict.be.tokenResponse = (body) => ({ ...body, padding: 'x'.repeat(8_000_000) });
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
  });
});

describe('a Patient of the host', () => {
  const number = (value: unknown, use?: string) => ({ system: 'https://fhir.nhs.uk/Id/nhs-number', value, use });
  it.each([
    ['is somebody else’s', { id: 'pat-2' }, 403, 'host-answer'],
    ['has no id', { id: undefined }, 403, 'host-answer'],
    ['is no Patient', { resourceType: 'Person' }, 403, 'host-answer'],
    ['is many megabytes long', { photo: 'x'.repeat(8_000_000) }, 403, 'host-answer'],
    ['has a number with a wrong digit', { identifier: [number('9990000019')] }, 400, 'nhs-number-invalid'],
    ['has a number that is no text', { identifier: [number(9_990_000_018)] }, 400, 'nhs-number-invalid'],
    [
      'has two numbers',
      { identifier: [number(people.ashby.nhsNumber), number(people.dunmore.nhsNumber)] },
      400,
      'nhs-number-invalid',
    ],
    ['has an old number alone', { identifier: [number(people.ashby.nhsNumber, 'old')] }, 400, 'nhs-number-missing'],
    ['has another birth date', { birthDate: '1961-04-18' }, 403, 'birth-date-differs'],
    ['has half a birth date', { birthDate: '1961-04' }, 403, 'birth-date-differs'],
    ['has no birth date', { birthDate: undefined }, 403, 'birth-date-differs'],
  ])('that %s is refused', async (_what, more, status, reason) => {
    strict.be.fhir = { 'Patient/pat-1': { body: { ...ashby, ...more } } };
    const page = await expectRefusal(await launchAt(doors, strict.iss), { status, reason });
    expect(page).not.toMatch(/999\d{7}/);
    expect(JSON.stringify(doors.trail.at(-1)?.detail ?? {})).not.toMatch(/999\d{7}/);
  });

  it('that may not be read is refused', async () => {
    strict.be.fhir = { 'Patient/pat-1': { status: 403, body: {} } };
    await expectRefusal(await launchAt(doors, strict.iss), hostAnswer);
  });

  it('that cannot be read just now is no refusal', async () => {
    strict.be.fhir = { 'Patient/pat-1': { status: 503, body: {} } };
    await expectRefusal(await launchAt(doors, strict.iss), { status: 503, reason: 'undecided' });
  });

  it('that is refused leaves no token behind', async () => {
    strict.be.fhir = { 'Patient/pat-1': { status: 403, body: {} } };
    await doors.hostTokens.close();
    strict.revoked.length = 0;
    await launchAt(doors, strict.iss);
    await doors.hostTokens.close();
    expect(strict.revoked).toHaveLength(2);
  });
});
