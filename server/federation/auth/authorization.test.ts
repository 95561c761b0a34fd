import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Http } from '../http.ts';
import { asker } from '../stand-in.ts';
import { authorized, type Authorization } from './authorization.ts';
import { userJwt } from './gp-connect-auth.ts';

const base = 'https://fhir.example/r4';

/** HTTP that answers 401 to all but `good`, and what it was shown. */
function refusing(good?: string): { readonly http: Http; readonly shown: (string | undefined)[] } {
  const shown: (string | undefined)[] = [];
  const http: Http = {
    request: async ({ headers }) => {
      shown.push(headers?.['authorization']);
      return { status: headers?.['authorization'] === good ? 200 : 401, body: {} };
    },
    open: async ({ headers }) => {
      shown.push(headers?.['authorization']);
      const status = headers?.['authorization'] === good ? 200 : 401;
      return { status, contentType: undefined, size: undefined, state: undefined, body: Readable.from([]) };
    },
    close: async () => undefined,
  };
  return { http, shown };
}
const ask = (
  http: Http,
  authorization: Authorization,
  url = `${base}/Patient/1`,
  how: 'request' | 'open' = 'request',
): Promise<{ readonly status: number }> =>
  authorized(http, base, authorization)[how]({
    address: base,
    method: 'GET',
    url,
    signal: new AbortController().signal,
  });

describe.each(['request', 'open'] as const)('a credential (%s)', (how) => {
  test.each([
    'https://elsewhere.example/r4/Patient/1',
    'https://fhir.example/r4x/Patient/1',
    'https://fhir.example/other',
    'http://fhir.example/r4/Patient/1',
    'https://u:p@fhir.example/r4/Patient/1',
  ])('does not go to %s, and nothing else does', async (url) => {
    const { http, shown } = refusing();
    await expect(ask(http, async () => 'Bearer t', url, how)).rejects.toMatchObject({ kind: 'paging' });
    expect(shown).toEqual([]);
  });

  test('that is refused is replaced by a new one, once', async () => {
    const tokens: Authorization = async (_signal, refused) => (refused === undefined ? 'Bearer old' : 'Bearer new');
    const taken = refusing('Bearer new');
    expect((await ask(taken.http, tokens, undefined, how)).status).toBe(200);
    expect(taken.shown).toEqual(['Bearer old', 'Bearer new']);
    const never = refusing();
    expect((await ask(never.http, tokens, undefined, how)).status).toBe(401);
    expect(never.shown).toHaveLength(2);
  });

  test('that is refused and has no other is not sent again: a host’s token, a user’s JWT', async () => {
    let made = 0;
    const jwt = userJwt(asker, base, 'https://ohc.example');
    for (const authorization of [
      async () => 'Bearer host',
      async (signal: AbortSignal, refused?: string) =>
        `${await jwt(signal, refused)}${refused === undefined ? (made += 1) : ''}`,
    ]) {
      const { http, shown } = refusing();
      expect((await ask(http, authorization, undefined, how)).status).toBe(401);
      expect(shown).toHaveLength(1);
    }
    expect(made).toBe(1);
  });
});
