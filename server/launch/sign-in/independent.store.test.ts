import { OAuth2Server, type Events, type MutableResponse, type MutableToken } from 'oauth2-mock-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { openDoors, people, type Doors } from '../testing.ts';
import { openBrowser, paramedic, signInHost } from './testing.ts';

// The names are the library's own; its enumeration is typed so that a plain text does not fit.
const beforeTokenSigning = 'beforeTokenSigning' as Events.BeforeTokenSigning;
const beforeUserinfo = 'beforeUserinfo' as Events.BeforeUserinfo;

/** The CIS2 claims but `sub`, which this provider gives itself. */
const { sub: _sub, ...claims } = paramedic;
const form = {
  nhsNumber: people.ashby.nhsNumber,
  'birthDate-day': '17',
  'birthDate-month': '04',
  'birthDate-year': '1961',
  reason: 'call',
  reasonText: 'Fell at home',
};

let store: Store;
let provider: OAuth2Server;
let doors: Doors;
beforeAll(async () => {
  store = await openTestStore();
  provider = new OAuth2Server();
  await provider.issuer.keys.generate('RS256');
  await provider.start(0, '127.0.0.1');
});
afterAll(async () => {
  await provider.stop();
  await store.close();
});

it.each(['id_token', 'userinfo'])(
  'signs in at an OpenID provider that is not ours, claims in the %s',
  async (place) => {
    const issuer = provider.issuer.url ?? '';
    doors = await openDoors({
      store,
      change: (config) => ({ ...config, hosts: [signInHost(issuer, { id: `ambulance-${place.replace('_', '-')}` })] }),
    });
    const intoToken = (token: MutableToken): void => {
      Object.assign(token.payload, { aud: 'one-health-and-care', sub: 'johndoe' }, place === 'id_token' ? claims : {});
    };
    const intoUserinfo = (answer: MutableResponse): void => {
      if (place === 'userinfo') answer.body = { sub: 'johndoe', ...claims };
    };
    provider.service.on(beforeTokenSigning, intoToken);
    provider.service.on(beforeUserinfo, intoUserinfo);
    try {
      const browser = openBrowser(doors.base);
      const find = await browser.get('/launch');
      expect(find.text).toContain('Ada OKORO');
      const register = await browser.submit(find, form);
      const end = await browser.submit(register, {
        registrationBody: 'HCPC',
        registrationNumber: 'PA12345',
        promise: 'yes',
      });
      expect(end.url.pathname).toBe('/app/launch');
    } finally {
      provider.service.off(beforeTokenSigning, intoToken);
      provider.service.off(beforeUserinfo, intoUserinfo);
      await doors.close();
    }
  },
);
