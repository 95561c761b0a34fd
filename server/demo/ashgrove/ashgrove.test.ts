import express from 'express';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  Configuration,
  enableNonRepudiationChecks,
  PrivateKeyJwt,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  tokenRevocation,
} from 'openid-client';
import { expect, test } from 'vitest';
import { isObject, object, objects, text } from '../../../src/fhir/json.ts';
import { entriesOf } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import { ashgrove, hospitalNumber } from '../hosts/host.ts';
import { careClientId } from '../identity/provider.ts';
import { appWithKeys, listeningAs } from '../testing.ts';
import { createAshgrove } from './ashgrove.ts';
import { ashgrovePatients } from './patients.ts';

const scope = 'openid fhirUser launch online_access patient/*.rs user/Practitioner.r user/PractitionerRole.r';
const [doctor, nurse] = ashgrove.users;

type App = {
  readonly demoUrl: string;
  readonly fhir: string;
  readonly redirectUri: string;
  readonly config: Configuration;
  /** A click on the icon: the `iss` and `launch` that the app is opened with. */
  readonly open: (key: string, user?: string) => Promise<URLSearchParams>;
};

async function start(): Promise<App> {
  const { baseUrl, key } = await appWithKeys();
  const demoUrl = await listeningAs((origin) =>
    express().use('/ashgrove', createAshgrove({ demoUrl: origin, baseUrl, practiceName: (ods) => ods, now: Date.now })),
  );
  const fhir = `${demoUrl}/ashgrove/fhir`;
  const metadata: unknown = await (await fetch(`${fhir}/.well-known/smart-configuration`)).json();
  if (!isObject(metadata)) throw new Error('no smart-configuration');
  const config = new Configuration(
    { ...metadata, issuer: String(metadata['issuer']) },
    careClientId,
    undefined,
    PrivateKeyJwt(key),
  );
  allowInsecureRequests(config);
  enableNonRepudiationChecks(config);
  return {
    demoUrl,
    fhir,
    config,
    redirectUri: `${baseUrl}/launch/callback/demo-ashgrove`,
    open: async (key, user = doctor.id) => {
      const patient = ashgrovePatients.find((one) => one.key === key);
      if (patient === undefined) throw new Error(`no patient ${key}`);
      const click = await fetch(`${demoUrl}/ashgrove/patients/${hospitalNumber(patient)}/open`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ user, handle: 'h-1' }),
      });
      const to = new URL(click.headers.get('location') ?? '');
      expect(click.status).toBe(303);
      expect(`${to.origin}${to.pathname}`).toBe(`${baseUrl}/launch`);
      return to.searchParams;
    },
  };
}

type Asked = { readonly url: URL; readonly verifier: string; readonly state: string; readonly nonce: string };

async function ask(app: App, launch: string, change: Record<string, string> = {}): Promise<Asked> {
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  const url = buildAuthorizationUrl(app.config, {
    redirect_uri: app.redirectUri,
    scope,
    state,
    nonce,
    aud: app.fhir,
    launch,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...change,
  });
  return { url, verifier, state, nonce };
}

/** The authorization server's answer to a browser that keeps no cookie. */
async function answered({ url }: Asked): Promise<{ readonly to: URL; readonly answer: Response }> {
  const answer = await fetch(url, { redirect: 'manual' });
  return { to: new URL(answer.headers.get('location') ?? 'none:'), answer };
}

async function tokensFor(
  app: App,
  key: string,
  user?: string,
): Promise<Awaited<ReturnType<typeof authorizationCodeGrant>>> {
  const launch = (await app.open(key, user)).get('launch') ?? '';
  const asked = await ask(app, launch);
  const { to } = await answered(asked);
  return authorizationCodeGrant(app.config, to, {
    expectedState: asked.state,
    expectedNonce: asked.nonce,
    pkceCodeVerifier: asked.verifier,
    idTokenExpected: true,
  });
}

async function read(
  app: App,
  path: string,
  token?: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(`${app.fhir}/${path}`, { headers });
  return { status: answer.status, body: await answer.json() };
}

test('a launch is authorized without page and cookie, and its token says what is open', async () => {
  const app = await start();
  const opened = await app.open('smith');
  expect(opened.get('iss')).toBe(app.fhir);
  expect(opened.get('launch')).toMatch(/^[\w-]{32}$/);
  const asked = await ask(app, opened.get('launch') ?? '');
  const { to, answer } = await answered(asked);
  expect(answer.status).toBe(303);
  expect(answer.headers.getSetCookie()).toEqual([]);
  expect(`${to.origin}${to.pathname}`).toBe(app.redirectUri);
  const tokens = await authorizationCodeGrant(app.config, to, {
    expectedState: asked.state,
    expectedNonce: asked.nonce,
    pkceCodeVerifier: asked.verifier,
    idTokenExpected: true,
  });
  expect(tokens).toMatchObject({
    scope,
    need_patient_banner: false,
    intent: 'summary-timeline-view',
    tenant: 'ashgrove-main',
    smart_web_messaging_origin: app.demoUrl,
    smart_web_messaging_handle: 'h-1',
  });
  expect(tokens.claims()).toMatchObject({ sub: doctor.id, fhirUser: `${app.fhir}/Practitioner/${doctor.id}` });
  const patient = await read(app, `Patient/${text(tokens['patient'])}`, tokens.access_token);
  expect(patient.body).toMatchObject({ birthDate: '1945-07-14' });
  expect(objects(object(patient.body)?.['identifier'])).toContainEqual(
    expect.objectContaining({ system: fhirSystem.nhsNumber, value: '9991234578' }),
  );
  expect(await read(app, `Encounter/${text(tokens['encounter'])}`, tokens.access_token)).toMatchObject({
    status: 200,
    body: { status: 'in-progress' },
  });
  expect((await read(app, `Practitioner/${doctor.id}`, tokens.access_token)).body).toMatchObject({
    name: [{ given: ['Helen'], family: 'Marlow' }],
    identifier: [{ system: 'https://fhir.hl7.org.uk/Id/gmc-number', value: '7000789' }],
  });
});

test('it is refused: a launch used twice or unknown, another server’s aud, a request without a challenge', async () => {
  const app = await start();
  const launch = async (): Promise<string> => (await app.open('smith')).get('launch') ?? '';
  const once = await launch();
  expect((await answered(await ask(app, once))).to.searchParams.get('code')).toBeTruthy();
  const refused = [
    await ask(app, once),
    await ask(app, 'unknown'),
    await ask(app, await launch(), { aud: `${app.demoUrl}/millbrook/fhir` }),
    await ask(app, await launch(), { code_challenge: '' }),
  ];
  for (const one of refused) {
    const { to } = await answered(one);
    expect(to.searchParams.get('error')).toBe('invalid_request');
    expect(to.searchParams.get('code')).toBeNull();
  }
  expect((await answered(await ask(app, await launch(), { redirect_uri: `${app.demoUrl}/else` }))).answer.status).toBe(
    400,
  );
});

test('its FHIR server answers the token’s own person, and 401 without a token', async () => {
  const app = await start();
  const { access_token: smith, ...context } = await tokensFor(app, 'smith');
  const { access_token: moreau, ...other } = await tokensFor(app, 'moreau');
  const own = `Patient/${text(context['patient'])}`;
  for (const [path, token, status] of [
    [own, undefined, 401],
    [own, 'made-up', 401],
    [own, smith, 200],
    [own, moreau, 404],
    [`Patient/${text(other['patient'])}/$everything`, smith, 404],
    [`Encounter/${text(context['encounter'])}`, moreau, 404],
    ['metadata', undefined, 200],
  ] as const)
    expect((await read(app, path, token)).status, `${path} ${token === moreau ? 'moreau' : ''}`).toBe(status);
  const everything = await read(app, `${own}/$everything`, smith);
  const types = new Set(entriesOf(everything.body).map((one) => one.resourceType));
  for (const type of ['Patient', 'Encounter', 'Condition', 'Observation', 'Appointment']) expect(types).toContain(type);
  const unauthorized = await fetch(`${app.fhir}/${own}`);
  expect(unauthorized.headers.get('www-authenticate')).toBe('Bearer');
});

test('one of its patients has no NHS number', async () => {
  const app = await start();
  const tokens = await tokensFor(app, 'moreau');
  const { body } = await read(app, `Patient/${text(tokens['patient'])}`, tokens.access_token);
  expect(JSON.stringify(body)).not.toContain(fhirSystem.nhsNumber);
  expect(body).toMatchObject({ name: [{ given: ['Élodie'] }], birthDate: '1979-03-08' });
  const record = await read(app, `Patient/${text(tokens['patient'])}/$everything`, tokens.access_token);
  expect(entriesOf(record.body).filter((one) => one.resourceType === 'AllergyIntolerance')).toHaveLength(1);
  const page = await (await fetch(`${app.demoUrl}/ashgrove/`)).text();
  expect(page).toMatch(/MOREAU, Élodie[\s\S]*?<td>None<\/td>/);
});

test('the ID token of a nurse names the role that she holds there', async () => {
  const app = await start();
  const tokens = await tokensFor(app, 'smith', nurse?.id);
  expect(tokens.claims()?.['fhirUser']).toBe(`${app.fhir}/PractitionerRole/${nurse?.id ?? ''}`);
  const { body } = await read(app, `PractitionerRole/${nurse?.id ?? ''}`, tokens.access_token);
  expect(body).toMatchObject({ code: [{ coding: [{ system: fhirSystem.sdsJobRole, code: 'R8001' }] }] });
  const reference = text(object(object(body)?.['practitioner'])?.['reference']) ?? '';
  expect((await read(app, reference, tokens.access_token)).body).toMatchObject({ name: [{ family: 'Sedgwick' }] });
});

test('a token is refreshed with its context, and revoked with its refresh token', async () => {
  const app = await start();
  const first = await tokensFor(app, 'forsyth');
  const second = await refreshTokenGrant(app.config, first.refresh_token ?? '');
  expect(second['patient']).toBe(first['patient']);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  const path = `Patient/${text(first['patient'])}`;
  expect((await read(app, path, second.access_token)).status).toBe(200);
  await tokenRevocation(app.config, second.refresh_token ?? '');
  expect((await read(app, path, second.access_token)).status).toBe(401);
  await expect(refreshTokenGrant(app.config, second.refresh_token ?? '')).rejects.toThrow();
});

test('the page around the record frames it in a sandbox and listens to its app alone', async () => {
  const app = await start();
  const [smith] = ashgrovePatients;
  const markup = await (
    await fetch(`${app.demoUrl}/ashgrove/patients/${hospitalNumber(smith ?? { nhsNumber: '' })}/one-health-and-care`)
  ).text();
  expect(markup).toMatch(/<iframe[^>]*name="record"[^>]*sandbox="allow-scripts allow-forms allow-same-origin/);
  expect(markup).toMatch(new RegExp(`data-app-origin="${new URL(app.redirectUri).origin}"`));
  expect(markup).not.toContain('9991234578"');
});
