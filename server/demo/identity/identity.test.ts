import express from 'express';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import { expect, test } from 'vitest';
import { objects } from '../../../src/fhir/json.ts';
import { appWithKeys, cookiesOf, listeningAs } from '../testing.ts';
import { careClientId, createIdentity, identityPath } from './provider.ts';
import { identityUsers } from './users.ts';

const scope = 'openid profile nhsperson nationalrbacaccess associatedorgs selectedrole';
type User = (typeof identityUsers)[number]['given'];
const idOf = (given: User): string => identityUsers.find((one) => one.given === given)?.id ?? '';

async function start(): Promise<{
  readonly config: Configuration;
  readonly demoUrl: string;
  readonly redirectUri: string;
}> {
  const { baseUrl, key } = await appWithKeys();
  const demoUrl = await listeningAs((origin) =>
    express().use(identityPath, createIdentity({ demoUrl: origin, baseUrl, hostIds: ['demo-on-call'] })),
  );
  const config = await discovery(new URL(`${demoUrl}${identityPath}`), careClientId, undefined, PrivateKeyJwt(key), {
    execute: [allowInsecureRequests, enableNonRepudiationChecks],
  });
  return { config, demoUrl, redirectUri: `${baseUrl}/launch/callback/demo-on-call` };
}

/** A browser's way from the authorization request to the address it ends at. `cookie`: what it brought. */
async function choose(
  authorize: URL,
  user: string,
  cookie = '',
): Promise<{ readonly end: URL; readonly markup: string; readonly cookie: string }> {
  const { origin } = authorize;
  const asked = await fetch(authorize, { redirect: 'manual', headers: { cookie } });
  const interaction = new URL(asked.headers.get('location') ?? '', origin);
  const cookies = cookiesOf(cookie, asked);
  const markup = await (await fetch(interaction, { headers: { cookie: cookies } })).text();
  const chosen = await fetch(interaction, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookies },
    body: new URLSearchParams({ user }),
  });
  const resume = new URL(chosen.headers.get('location') ?? '', origin);
  const resumed = await fetch(resume, { redirect: 'manual', headers: { cookie: cookies } });
  return { end: new URL(resumed.headers.get('location') ?? '', origin), markup, cookie: cookiesOf(cookies, resumed) };
}

async function signIn(given: User): Promise<{
  readonly idToken: Readonly<Record<string, unknown>>;
  readonly userInfo: Readonly<Record<string, unknown>>;
}> {
  const { config, redirectUri } = await start();
  const [state, nonce, pkceCodeVerifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const { end } = await choose(
    buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    }),
    idOf(given),
  );
  const tokens = await authorizationCodeGrant(config, end, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier,
    idTokenExpected: true,
  });
  const idToken = tokens.claims() ?? {};
  const userInfo = await fetchUserInfo(config, tokens.access_token, String(tokens.claims()?.sub));
  return { idToken, userInfo };
}

test('a paramedic signs in: assurance in the ID token, one role in one organisation at UserInfo', async () => {
  const { idToken, userInfo } = await signIn('Kerry');
  expect(idToken).toMatchObject({
    sub: idOf('Kerry'),
    idassurancelevel: '3',
    authentication_assurance_level: '3',
  });
  expect(userInfo).toMatchObject({
    sub: idOf('Kerry'),
    uid: idOf('Kerry'),
    nhsid_useruid: idOf('Kerry'),
    name: 'Mrs Kerry Whitmore',
    given_name: 'Kerry',
    family_name: 'Whitmore',
    title: 'Mrs',
    nhsid_nrbac_roles: [
      { org_code: 'RYA', person_roleid: '990000000111', role_code: 'S0080:G0430:R1070', activity_codes: ['B0401'] },
    ],
    nhsid_user_orgs: [{ org_code: 'RYA', org_name: 'West Midlands Ambulance Service' }],
  });
  expect(userInfo).not.toHaveProperty('selected_roleid');
});

test('two roles in two organisations, with and without a chosen one', async () => {
  const undecided = await signIn('Samir');
  expect(objects(undecided.userInfo['nhsid_nrbac_roles']).map((role) => role['org_code'])).toEqual(['NNH01', 'M83002']);
  expect(undecided.userInfo).not.toHaveProperty('selected_roleid');
  const decided = await signIn('Beth');
  expect(objects(decided.userInfo['nhsid_nrbac_roles']).map((role) => role['person_roleid'])).toContain(
    decided.userInfo['selected_roleid'],
  );
});

test('who is proved to level 1 alone says so', async () => {
  const { idToken, userInfo } = await signIn('Neil');
  for (const claims of [idToken, userInfo])
    expect(claims).toMatchObject({ idassurancelevel: '1', authentication_assurance_level: '1' });
});

test('it asks anew at each sign-in, in a page without anything from elsewhere', async () => {
  const { config, redirectUri } = await start();
  const authorize = async (): Promise<URL> =>
    buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope,
      state: randomState(),
      code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    });
  const first = await choose(await authorize(), idOf('Kerry'));
  expect(first.end.searchParams.get('code')).toBeTruthy();
  const second = await choose(await authorize(), '', first.cookie);
  expect(second.markup).toContain('Choose who you are');
  for (const { family } of identityUsers) expect(second.markup).toContain(family);
  expect(second.markup).not.toMatch(/(src|href|url)[=(]["']?(https?:)?\/\//);
  expect(second.end.searchParams.get('error')).toBe('access_denied');
});

test('a request with a redirect URI of nobody is refused on a page of its own', async () => {
  const { config, demoUrl } = await start();
  const url = buildAuthorizationUrl(config, {
    redirect_uri: `${demoUrl}/elsewhere`,
    scope,
    code_challenge: await calculatePKCECodeChallenge(randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  });
  const answer = await fetch(url, { redirect: 'manual' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain('The request was refused');
});

test('an interaction that nobody began says what to do', async () => {
  const { demoUrl } = await start();
  for (const method of ['GET', 'POST']) {
    const answer = await fetch(`${demoUrl}${identityPath}/interaction/nobodys`, { method });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Open One Health and Care again');
  }
});
