import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { object, text } from '../../src/fhir/json.ts';
import type { Pair, ServerProcess } from './pair.ts';

/** Where a server answers. */
type Served = Pick<ServerProcess, 'origin'>;

/** One answer, read to its end. */
export type Answer = {
  readonly status: number;
  readonly location: URLSearchParams;
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
};

/** An app, and what its launches claim of the user besides what the host always says. */
export type App = {
  readonly clientId: string;
  readonly callback: string;
  readonly scope: string;
  readonly claims?: Readonly<Record<string, unknown>>;
};

export const viewer: App = {
  clientId: 'viewer',
  callback: '/app/callback',
  scope: 'openid fhirUser launch online_access patient/*.rs user/Practitioner.r',
};

/** For a privacy officer, who looks at nobody. */
export const officers: App = {
  clientId: 'console',
  callback: '/console/callback',
  scope: 'openid launch online_access user/Consent.crus user/AuditEvent.rs',
  claims: { sub: 'officer', name: 'Pat OFFICER', role: 'R0001', patient: undefined, client: 'console' },
};

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    return object(JSON.parse(body)) ?? {};
  } catch {
    return {};
  }
}

/** The steps of a launch, each of which may be asked of either process. */
export function clientOf({ base, sign }: Pick<Pair, 'base' | 'sign'>, app: App = viewer) {
  const { clientId, scope } = app;
  const redirectUri = `${base}${app.callback}`;
  const ask = async (url: string, init: RequestInit = {}): Promise<Answer> => {
    const answer = await fetch(url, { redirect: 'manual', ...init });
    const body = await answer.text();
    const location = answer.headers.get('location');
    return {
      status: answer.status,
      location: location === null ? new URLSearchParams() : new URL(location, base).searchParams,
      body,
      json: parsed(body),
    };
  };
  const post = (at: Served, path: string, form: Record<string, string>): Promise<Answer> =>
    ask(`${at.origin}${path}`, { method: 'POST', body: new URLSearchParams(form), headers: { origin: base } });

  const launch = async (at: Served, context?: string): Promise<Answer> =>
    post(at, '/launch', { context: context ?? (await sign(app.claims)) });
  const register = (at: Served, page: Answer): Promise<Answer> =>
    post(at, '/launch/registration', {
      ticket: /name="ticket" value="([^"]+)"/.exec(page.body)?.[1] ?? '',
      promise: 'yes',
    });

  /** A one-time handle; the name-and-role page is filled in where it comes. */
  async function handle(at: Served, then: Served = at): Promise<string> {
    const answer = await launch(at);
    const led = answer.status === 200 ? await register(then, answer) : answer;
    const found = led.location.get('launch');
    if (found === null) throw new Error(`launch answered ${led.status}`);
    return found;
  }

  const verifierFor = (): string => randomBytes(48).toString('base64url');
  const authorize = (at: Served, launchHandle: string, verifier: string): Promise<Answer> =>
    ask(
      `${at.origin}/auth/auth?${new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope,
        state: randomUUID(),
        aud: `${base}/fhir`,
        launch: launchHandle,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })}`,
    );
  const exchange = (at: Served, code: string, verifier: string): Promise<Answer> =>
    post(at, '/auth/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: clientId,
      code_verifier: verifier,
    });
  const refresh = (at: Served, token: string): Promise<Answer> =>
    post(at, '/auth/token', { grant_type: 'refresh_token', refresh_token: token, client_id: clientId });

  return {
    launch,
    register,
    handle,
    verifierFor,
    authorize,
    exchange,
    refresh,
    /** A whole launch, each step at the next of these processes. */
    session: async (...at: readonly [Served, Served, Served]): Promise<Answer> => {
      const verifier = verifierFor();
      const granted = await authorize(at[1], await handle(at[0]), verifier);
      const code = granted.location.get('code');
      if (code === null) throw new Error(`authorize: ${granted.location.toString()}`);
      return exchange(at[2], code, verifier);
    },
    /** Asks the facade with the token of a session; `path` is below the FHIR base. */
    fhir: (at: Served, session: Answer, path: string, init: RequestInit = {}): Promise<Response> => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${text(session.json['access_token']) ?? ''}`);
      return fetch(`${at.origin}/fhir/${path}`, { ...init, headers });
    },
    /** The record of a session, whole. */
    record: (at: Served, session: Answer): Promise<Answer> =>
      ask(`${at.origin}/fhir/Patient/${text(session.json['patient']) ?? ''}/$everything`, {
        headers: { authorization: `Bearer ${text(session.json['access_token']) ?? ''}` },
      }),
  };
}
