import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { hospitalNumber, millbrook } from '../server/demo/hosts/host.ts';
import { personOf } from '../server/demo/people.ts';
import type { Region } from './region.ts';

/** A launch carried through without a browser: what an app has after its token request. */
export type Session = {
  readonly patient: string;
  readonly scope: string;
  /** A request with the launch's token. */
  readonly get: (path: string, accept?: string) => Promise<Response>;
};

type Post = 'doctor' | 'nurse' | 'social-worker' | 'receptionist' | 'ambulance';
const posts: readonly Post[] = ['doctor', 'nurse', 'social-worker', 'receptionist', 'ambulance'];

function valueOf(html: string, name: string): string {
  const input = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0] ?? '';
  const value = /value="([^"]*)"/.exec(input)?.[1];
  if (value === undefined) throw new Error(`the page has no field ${name}`);
  return value;
}

/** Opens a person from Millbrook as this user, says who they are where that is asked, and gets a token. */
export async function openSession(
  region: Pick<Region, 'viewerOrigin' | 'hostOrigin'>,
  who: { readonly person: string; readonly as: Post },
): Promise<Session> {
  const base = region.viewerOrigin;
  const user = millbrook.users[posts.indexOf(who.as)] ?? millbrook.users[0];
  const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

  const chart = `${region.hostOrigin}/millbrook/patients/${hospitalNumber(personOf(who.person))}/open`;
  const handOver = await (await post(chart, { user: user.id })).text();
  let answer = await post(`${base}/launch`, { context: valueOf(handOver, 'context') });
  if (answer.status === 200) {
    const ticket = valueOf(await answer.text(), 'ticket');
    answer = await post(`${base}/launch/registration`, { ticket, promise: 'on' }, { origin: base });
  }
  const launch = new URL(answer.headers.get('location') ?? '', base).searchParams.get('launch');
  if (launch === null) throw new Error(`the launch answered ${answer.status}`);

  const verifier = randomBytes(48).toString('base64url');
  const redirectUri = `${base}/app/callback`;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'viewer',
    redirect_uri: redirectUri,
    scope: 'openid fhirUser launch online_access patient/*.rs user/Practitioner.ru',
    state: randomUUID(),
    aud: `${base}/fhir`,
    launch,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const granted = await fetch(`${base}/auth/auth?${query}`, { redirect: 'manual' });
  const code = new URL(granted.headers.get('location') ?? '', base).searchParams.get('code') ?? '';
  const token = await post(
    `${base}/auth/token`,
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: 'viewer', code_verifier: verifier },
    { origin: base },
  );
  const body = (await token.json()) as { access_token: string; patient: string; scope: string };
  return {
    patient: body.patient,
    scope: body.scope,
    get: (path, accept = 'application/fhir+json') =>
      fetch(`${base}/fhir/${path}`, { headers: { accept, authorization: `Bearer ${body.access_token}` } }),
  };
}

/** The lines of a person's whole record, as they come. */
export async function linesOf(session: Session): Promise<readonly { resourceType: string; id?: string }[]> {
  const answer = await session.get(`Patient/${session.patient}/$everything`, 'application/fhir+ndjson');
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`$everything answered ${answer.status}`);
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { resourceType: string });
}
