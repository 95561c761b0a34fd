import { LaunchFailure } from './failure.ts';

/** The part of a fhirclient client that a session needs. */
export type TokenHolder = {
  readonly state: {
    readonly serverUrl: string;
    tokenResponse?: { access_token?: string; refresh_token?: string };
  };
  refreshIfNeeded(options?: RequestInit): Promise<unknown>;
};

/** Requests to our own FHIR base with the launch's token. */
export type Session = {
  readonly base: string;
  /**
   * @param path relative to the base, or a URL below it
   * @param init with `keepalive` it is not broken off when the session ends
   * @throws LaunchFailure `session-ended` where the token is no longer good; TypeError where the network fails
   */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends at once with the token that is held, while the page or the session ends; its answer matters to nobody. */
  leave(path: string, init: RequestInit): void;
  /** Ends it: requests under way are broken off, the tokens revoked where the server can be reached, and forgotten. */
  end(): void;
};

/** The URL of a request below the base. Anything else would carry the token to a stranger, and is refused. */
export function urlWithin(base: string, path: string): string {
  const url = new URL(path, `${base}/`);
  if (url.href !== base && !url.href.startsWith(`${base}/`)) throw new Error(`${url.origin} is outside the FHIR base`);
  return url.href;
}

/** HTTP statuses of a token endpoint that mean that the refresh token itself is no longer good. */
function isEnd(error: unknown): boolean {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return status === 400 || status === 401;
}

/** Where tokens are given back, and as which client. */
export type Revocation = { readonly url: string; readonly clientId: string };

/** Gives a token back. The page may be going away: the request outlives it, and its answer matters to nobody. */
function revoke({ url, clientId }: Revocation, token: string): void {
  const body = new URLSearchParams({ token, client_id: clientId });
  fetch(url, { method: 'POST', body, credentials: 'omit', keepalive: true }).catch(() => undefined);
}

/**
 * A session on fhirclient's token: refreshed by it near expiry. fhirclient drops the refresh token on any failure, a
 * network blip included, so a copy is put back unless the server said that it is spent.
 */
export function openSession(client: TokenHolder, revocation?: Revocation): Session {
  const base = client.state.serverUrl;
  const ending = new AbortController();

  async function token(signal: AbortSignal | null | undefined): Promise<string> {
    const before = client.state.tokenResponse?.refresh_token;
    try {
      await client.refreshIfNeeded(signal ? { signal } : {});
    } catch (cause) {
      if (isEnd(cause)) throw new LaunchFailure('session-ended', 'refresh refused', { cause });
      if (before !== undefined && client.state.tokenResponse !== undefined)
        client.state.tokenResponse.refresh_token = before;
      throw cause;
    }
    const access = client.state.tokenResponse?.access_token;
    if (access === undefined) throw new LaunchFailure('session-ended', 'no access token');
    return access;
  }

  return {
    base,
    async fetch(path, init = {}) {
      const url = urlWithin(base, path);
      if (ending.signal.aborted) throw new LaunchFailure('session-ended', 'ended here');
      const own = init.keepalive === true ? [] : [ending.signal];
      const signal = AbortSignal.any([...own, ...(init.signal ? [init.signal] : [])]);
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${await token(signal)}`);
      const response = await fetch(url, {
        ...init,
        headers,
        signal,
        credentials: 'omit',
        redirect: 'error',
        cache: 'no-store',
      });
      if (response.status === 401) throw new LaunchFailure('session-ended', '401');
      return response;
    },
    leave(path, init) {
      const access = client.state.tokenResponse?.access_token;
      if (ending.signal.aborted || access === undefined) return;
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${access}`);
      fetch(urlWithin(base, path), { ...init, headers, keepalive: true, credentials: 'omit', redirect: 'error' }).catch(
        () => undefined,
      );
    },
    end() {
      if (ending.signal.aborted) return;
      const { refresh_token: refresh, access_token: access } = client.state.tokenResponse ?? {};
      const held = refresh ?? access;
      delete client.state.tokenResponse;
      ending.abort();
      if (held !== undefined && revocation !== undefined) revoke(revocation, held);
    },
  };
}
