import { afterEach, describe, expect, it, vi } from 'vitest';
import { openSession, urlWithin, type TokenHolder } from './session.ts';

const base = 'https://record.example/fhir';

function holder(refresh: () => Promise<unknown> = async () => undefined): TokenHolder {
  return {
    state: { serverUrl: base, tokenResponse: { access_token: 'access', refresh_token: 'refresh' } },
    refreshIfNeeded: refresh,
  };
}

afterEach(() => vi.unstubAllGlobals());

describe('a session', () => {
  it.each([
    'https://evil.example/fhir/Patient/1',
    '//evil.example/x',
    '../auth/token',
    'https://record.example/fhirx/1',
  ])('never sends the token to %s @97 @98', async (path) => {
    const sent = vi.fn<typeof fetch>();
    vi.stubGlobal('fetch', sent);
    await expect(openSession(holder()).fetch(path)).rejects.toThrow('outside the FHIR base');
    expect(sent).not.toHaveBeenCalled();
  });

  it('resolves paths below the base', () => {
    expect(urlWithin(base, 'Patient/1/$everything')).toBe(`${base}/Patient/1/$everything`);
    expect(urlWithin(base, `${base}/Binary/2`)).toBe(`${base}/Binary/2`);
  });

  it('sends the token, no cookie, and follows no redirect @93', async () => {
    const sent = vi.fn<typeof fetch>(async () => new Response('{}'));
    vi.stubGlobal('fetch', sent);
    await openSession(holder()).fetch('Patient/1');
    const init = sent.mock.calls[0]?.[1];
    expect(new Headers(init?.headers).get('authorization')).toBe('Bearer access');
    expect(init).toMatchObject({ credentials: 'omit', redirect: 'error' });
  });

  it('keeps the refresh token over a network fault, which fhirclient drops', async () => {
    const client = holder(async () => {
      delete client.state.tokenResponse?.refresh_token;
      throw new TypeError('network');
    });
    await expect(openSession(client).fetch('Patient/1')).rejects.toThrow('network');
    expect(client.state.tokenResponse?.refresh_token).toBe('refresh');
  });

  it('ends where the server refuses the refresh, or answers 401', async () => {
    const refused = holder(async () => {
      throw Object.assign(new Error('invalid_grant'), { status: 400 });
    });
    await expect(openSession(refused).fetch('Patient/1')).rejects.toMatchObject({ code: 'session-ended' });
    vi.stubGlobal('fetch', async () => new Response('', { status: 401 }));
    await expect(openSession(holder()).fetch('Patient/1')).rejects.toMatchObject({ code: 'session-ended' });
  });

  it('sends what is said on leaving with the token that it holds, and nothing once it has ended', async () => {
    const sent = vi.fn<typeof fetch>(async () => new Response('{}'));
    vi.stubGlobal('fetch', sent);
    const session = openSession(holder(() => Promise.reject(new Error('never asked'))));
    session.leave('Patient/1/$looked', { method: 'POST', body: '{}' });
    expect(sent.mock.calls[0]?.[1]).toMatchObject({ keepalive: true, credentials: 'omit', redirect: 'error' });
    expect(new Headers(sent.mock.calls[0]?.[1]?.headers).get('authorization')).toBe('Bearer access');
    session.end();
    session.leave('Patient/1/$looked', {});
    expect(sent).toHaveBeenCalledOnce();
  });

  it('does not break off what is to outlive it', async () => {
    const sent = vi.fn<typeof fetch>(async () => new Response('{}'));
    vi.stubGlobal('fetch', sent);
    const session = openSession(holder());
    await session.fetch('Patient/1', { keepalive: true });
    await session.fetch('Patient/1');
    session.end();
    expect(sent.mock.calls.map(([, init]) => init?.signal?.aborted)).toEqual([false, true]);
  });

  it('is ended: requests under way are broken off, the tokens are given back and forgotten', async () => {
    const revocation = { url: 'https://record.example/auth/token/revocation', clientId: 'viewer' };
    const sent = vi.fn<typeof fetch>(
      (_url, init) =>
        new Promise((done, fail) => {
          if (init?.method === 'POST') done(new Response());
          init?.signal?.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')));
        }),
    );
    vi.stubGlobal('fetch', sent);
    const client = holder();
    const session = openSession(client, revocation);
    const under = session.fetch('Patient/1', { signal: new AbortController().signal });
    await vi.waitUntil(() => sent.mock.calls.length === 1);
    session.end();
    session.end();
    await expect(under).rejects.toThrow('aborted');
    expect(client.state.tokenResponse).toBeUndefined();
    await expect(session.fetch('Patient/1')).rejects.toMatchObject({ code: 'session-ended' });
    expect(sent).toHaveBeenCalledTimes(2);
    const [url, init] = sent.mock.calls[1] ?? [];
    expect(url).toBe(revocation.url);
    expect(init).toMatchObject({ method: 'POST', credentials: 'omit', keepalive: true });
    expect(init?.body).toEqual(new URLSearchParams({ token: 'refresh', client_id: 'viewer' }));
  });

  it('is ended also where the server cannot be reached', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    const session = openSession(holder(), { url: 'https://record.example/x', clientId: 'viewer' });
    session.end();
    await expect(session.fetch('Patient/1')).rejects.toMatchObject({ code: 'session-ended' });
  });
});
