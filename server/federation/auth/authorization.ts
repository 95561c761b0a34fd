import type { Http, SourceRequest } from '../http.ts';
import { isUnder } from '../paging.ts';
import { SourceError } from '../source-error.ts';

/**
 * Gives the value of `Authorization`. Told which one was refused, it gives a new one, or the same where it has no other.
 */
export type Authorization = (signal: AbortSignal, refused?: string) => Promise<string>;

/**
 * The same HTTP with a credential that goes to this one base URL: a request elsewhere is not made. Where it is refused
 * (401), the request is sent once more with a new one, if there is one.
 */
export function authorized(
  http: Http,
  base: string,
  authorization: Authorization,
  headers: Readonly<Record<string, string>> = {},
): Http {
  const proved =
    <Answer extends { readonly status: number }>(ask: (request: SourceRequest) => Promise<Answer>) =>
    async (request: SourceRequest): Promise<Answer> => {
      if (!isUnder(base, new URL(request.url))) throw new SourceError('paging', 'a request outside the source');
      const send = (value: string): Promise<Answer> =>
        ask({ ...request, headers: { ...headers, ...request.headers, authorization: value } });
      const first = await authorization(request.signal);
      const answer = await send(first);
      if (answer.status !== 401) return answer;
      const next = await authorization(request.signal, first);
      return next === first ? answer : send(next);
    };
  return { ...http, request: proved(http.request), open: proved(http.open) };
}
