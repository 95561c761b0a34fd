import { parseArgs } from 'node:util';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  None,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { text } from '../../src/fhir/json.ts';
import { viewerOf } from '../config/config.ts';
import { ask, askedOptions, openTrial, runCommand, Sentence, type Trial } from './trial.ts';

const usage = `npm run token -- --person <nhs number> [--role <code>] [options]

Goes through a whole launch at the demo that runs, as Millbrook and the viewer do, and prints an access token
and a curl line that reads the record with it.

  --person <nhs number>  whose record (docs/demo.md lists the people)
  --role <code>          in which role (R8000)
  --birth-date <date>  --host <id>  --user <id>
  --scope <scopes>       what is asked for (what the viewer asks for)
  --help                 says this`;

/** What a page says, in one sentence for the shell. */
function pageWords(page: string): string {
  const words = (tag: string): string =>
    (new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(page.slice(page.indexOf('<main>')))?.[1] ?? '').trim();
  return `${words('h1')}: ${words('p')}`;
}

/** From the host's menu to the handle, by way of the name-and-role page at a user's first time. */
async function launched({ baseUrl, user, sign }: Trial): Promise<string> {
  const post = (path: string, form: Record<string, string>): Promise<Response> =>
    ask(`${baseUrl}${path}`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { origin: new URL(baseUrl).origin },
    });
  let answer = await post('/launch', { context: await sign() });
  if (answer.status === 200) {
    const page = await answer.text();
    answer = await post('/launch/registration', {
      ticket: /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '',
      ...(user.registration === undefined
        ? {}
        : { registrationBody: user.registration.body, registrationNumber: user.registration.number }),
      promise: 'yes',
    });
  }
  const location = answer.headers.get('location');
  const handle = location === null ? null : new URL(location, baseUrl).searchParams.get('launch');
  if (handle === null) throw new Sentence(pageWords(await answer.text()));
  return handle;
}

await runCommand(async () => {
  const { values } = parseArgs({ options: { ...askedOptions, scope: { type: 'string' } } });
  if (values.help) return usage;
  const { 'birth-date': birthDate, scope, ...asked } = values;
  const trial = await openTrial({ ...asked, birthDate });
  const { baseUrl, config } = trial;
  const launch = await launched(trial);
  const viewer = viewerOf(config);
  const server = await discovery(new URL(`${baseUrl}/auth`), viewer.clientId, undefined, None(), {
    execute: [allowInsecureRequests],
  });
  const verifier = randomPKCECodeVerifier();
  const state = randomState();
  const authorize = buildAuthorizationUrl(server, {
    redirect_uri: new URL(viewer.redirectUris[0] ?? '/', baseUrl).href,
    scope: scope ?? viewer.scope,
    aud: `${baseUrl}/fhir`,
    launch,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = (await ask(authorize.href)).headers.get('location');
  if (back === null) throw new Sentence('The server did not answer the authorization request with a redirect.');
  const tokens = await authorizationCodeGrant(server, new URL(back), {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
  const { access_token: token, expires_in: seconds = 300 } = tokens;
  const patient = text(tokens['patient']);
  const url = patient === undefined ? `${baseUrl}/fhir/metadata` : `${baseUrl}/fhir/Patient/${patient}/\\$everything`;
  return [
    token,
    '',
    `${trial.user.name}, ${trial.role}, for ${seconds / 60} minutes: ${tokens.scope ?? ''}`,
    `curl -s -H "Authorization: Bearer ${token}" -H "Accept: application/fhir+json" ${url}`,
  ].join('\n');
});
