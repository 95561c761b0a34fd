import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { isObject, text } from '../src/fhir/json.ts';
import type { BenchPerson } from './people.ts';
import type { Region } from './region.ts';

/** A launch that was walked to its token. */
export type Session = {
  readonly patient: string;
  readonly token: string;
  /** The sum of our requests (launch, authorize, token), ms. */
  readonly requestsMs: number;
};

type Answer = {
  readonly status: number;
  readonly body: string;
  readonly location: URL | undefined;
  /** The cookies that it sets, as the next request sends them. */
  readonly cookies: readonly string[];
  readonly ms: number;
};

/** One request, timed to the last byte of its answer. */
export async function timed(url: string, form?: Record<string, string>, headers: Record<string, string> = {}) {
  const began = performance.now();
  const response = await fetch(url, {
    redirect: 'manual',
    headers,
    signal: AbortSignal.timeout(15_000),
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
  const body = await response.text();
  const ms = performance.now() - began;
  const location = response.headers.get('location');
  const answer: Answer = {
    status: response.status,
    body,
    location: location === null ? undefined : new URL(location, url),
    cookies: response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? ''),
    ms,
  };
  return answer;
}

/** A context as the host signs it: one user, one person, used once. */
export function signContext(region: Region, person: BenchPerson): Promise<string> {
  return new SignJWT({
    name: 'Dr Bench Mark',
    role: 'R8000',
    organisation: 'RJE',
    registration: 'GMC 7654321',
    patient: { nhsNumber: person.nhsNumber, birthDate: person.birthDate, family: person.family },
  })
    .setProtectedHeader({ alg: 'ES256', kid: region.keyId, typ: 'JWT' })
    .setIssuer(region.issuer)
    .setAudience(region.base)
    .setSubject('dr-bench')
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('4m')
    .sign(region.key);
}

const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\s${name}\\s*=\\s*"([^"]*)"`, 'i').exec(tag)?.[1];

/** Fills the name-and-role page as a first-time user would, without script. */
function fillForm(html: string): { readonly action: string; readonly form: Record<string, string> } {
  const inner = /<form\b[\s\S]*?<\/form>/i.exec(html)?.[0] ?? '';
  const form: Record<string, string> = {};
  for (const [tag] of inner.matchAll(/<(?:input|textarea)\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    const type = attribute(tag, 'type') ?? 'text';
    if (name === undefined || ['submit', 'button'].includes(type) || (type === 'radio' && name in form)) continue;
    const typed = /number|reg/i.test(name) ? '7654321' : 'Bench Mark';
    const given = attribute(tag, 'value');
    form[name] = given === undefined || given === '' ? (type === 'checkbox' ? 'on' : typed) : given;
  }
  for (const [, head = '', options = ''] of inner.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/gi)) {
    const name = attribute(` ${head}`, 'name');
    const values = [...options.matchAll(/<option\b[^>]*>/gi)].map(([tag]) => attribute(tag, 'value') ?? '');
    if (name !== undefined)
      form[name] = values.find((value) => value === 'R8000' || value === 'GMC') ?? values.find((v) => v !== '') ?? '';
  }
  return { action: attribute(/<form\b[^>]*>/i.exec(html)?.[0] ?? '', 'action') ?? '', form };
}

const words = (html: string): string =>
  html
    .replaceAll(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);

/** From a signed context to the handle: over the form where the user is new. */
async function toHandle(region: Region, person: BenchPerson, origin: string): Promise<{ handle: string; ms: number }> {
  let url = `${origin}/launch`;
  let answer = await timed(url, { context: await signContext(region, person) });
  let { ms } = answer;
  for (let step = 0; step < 4 && answer.location?.pathname !== '/app/launch'; step += 1) {
    if (answer.location !== undefined) {
      url = answer.location.href;
      answer = await timed(url);
    } else if (answer.status === 200 && /<form/i.test(answer.body)) {
      const page = fillForm(answer.body);
      url = new URL(page.action, url).href;
      answer = await timed(url, page.form, { origin: region.base });
    } else break;
    ms += answer.ms;
  }
  const handle = answer.location?.pathname === '/app/launch' ? answer.location.searchParams.get('launch') : null;
  if (handle === null) throw new Error(`the launch answered ${answer.status}: ${words(answer.body)}`);
  return { handle, ms };
}

/** Follows a request to where it leads, with the cookies that are set on the way: to the app, or to an answer. */
async function followed(url: string): Promise<Answer> {
  const jar = new Map<string, string>();
  let answer = await timed(url);
  let { ms } = answer;
  while (answer.location?.origin === new URL(url).origin && !answer.location.searchParams.has('code')) {
    for (const cookie of answer.cookies) jar.set(cookie.slice(0, cookie.indexOf('=')), cookie);
    answer = await timed(answer.location.href, undefined, { cookie: [...jar.values()].join('; ') });
    ms += answer.ms;
  }
  return { ...answer, ms };
}

/** A code flow with PKCE, from authorize to token, against any authorization server, by way of its sign-in if it has one. */
export async function codeFlow(
  server: { readonly authorize: string; readonly token: string },
  client: { readonly clientId: string; readonly redirectUri: string; readonly scope: string },
  more: Record<string, string>,
): Promise<{ readonly token: Record<string, unknown>; readonly ms: number }> {
  const verifier = randomBytes(48).toString('base64url');
  const state = randomUUID();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: client.scope,
    state,
    nonce: randomUUID(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  const granted = await followed(`${server.authorize}?${query.toString()}`);
  const code = granted.location?.searchParams.get('code');
  if (code === null || code === undefined)
    throw new Error(`authorize answered ${granted.status}: ${granted.location?.search ?? words(granted.body)}`);
  const answer = await timed(server.token, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    client_id: client.clientId,
    code_verifier: verifier,
  });
  const token: unknown = answer.status === 200 ? JSON.parse(answer.body) : undefined;
  if (!isObject(token)) throw new Error(`token answered ${answer.status}: ${answer.body.slice(0, 200)}`);
  return { token, ms: granted.ms + answer.ms };
}

/** Reads where the server's authorization endpoints are. */
export async function endpointsOf(region: Region): Promise<{ readonly authorize: string; readonly token: string }> {
  const { body } = await timed(`${region.fhir}/.well-known/smart-configuration`);
  const smart: unknown = JSON.parse(body);
  const authorize = isObject(smart) ? text(smart['authorization_endpoint']) : undefined;
  const token = isObject(smart) ? text(smart['token_endpoint']) : undefined;
  if (authorize === undefined || token === undefined) throw new Error('smart-configuration names no endpoints');
  return { authorize, token };
}

/** The whole way in: signed context, handle, code, token. Each step is asked of the next server, from `turn` on. */
export async function openSession(
  region: Region,
  endpoints: { readonly authorize: string; readonly token: string },
  person: BenchPerson,
  turn = 0,
): Promise<Session> {
  const at = (step: number): string => region.servers[(turn + step) % region.servers.length]?.origin ?? region.base;
  const moved = (url: string, step: number): string => url.replace(region.base, at(step));
  const { handle, ms } = await toHandle(region, person, at(0));
  const redirect = region.viewer.redirectUris[0] ?? '/app/callback';
  const flow = await codeFlow(
    { authorize: moved(endpoints.authorize, 1), token: moved(endpoints.token, 2) },
    {
      clientId: region.viewer.clientId,
      redirectUri: new URL(redirect, `${region.base}/`).href,
      scope: region.viewer.scope,
    },
    { aud: region.fhir, launch: handle },
  );
  const patient = text(flow.token['patient']);
  const token = text(flow.token['access_token']);
  if (patient === undefined || token === undefined) throw new Error('the token response has no patient or no token');
  return { patient, token, requestsMs: ms + flow.ms };
}
