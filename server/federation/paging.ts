import { number, object, objects, text } from '../../src/fhir/json.ts';
import { isResource } from '../../src/fhir/resource.ts';
import { contentsOf, type Contents } from './entry.ts';
import type { Http } from './http.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';

/** The pages of one search, as far as they came. */
export type Pages = {
  readonly contents: readonly Contents[];
  /** What kept the rest away; undefined where all came. */
  readonly fault?: SourceError;
};

/** True for a URL at or under the source's own base URL: nothing else is ever asked on a source's word. */
export function isUnder(base: string, url: URL): boolean {
  const own = new URL(baseOf(base));
  const path = own.pathname.replace(/\/$/, '');
  return (
    url.origin === own.origin &&
    url.username === '' &&
    url.password === '' &&
    // What a server behind it might read as a step out of the base.
    !/%(?:2f|5c)/i.test(url.pathname) &&
    (url.pathname === path || url.pathname.startsWith(`${path}/`))
  );
}

/** The URL of the next page, or undefined on the last. @throws {SourceError} `paging` where it leads elsewhere */
export function nextOf(bundle: unknown, base: string): string | undefined {
  const link = isResource(bundle) ? objects(bundle['link']).find((one) => text(one['relation']) === 'next') : undefined;
  const next = text(link?.['url']);
  if (next === undefined) return undefined;
  const url = URL.canParse(next, `${baseOf(base)}/`) ? new URL(next, `${baseOf(base)}/`) : undefined;
  if (url === undefined || !isUnder(base, url)) throw new SourceError('paging', 'the next page leads elsewhere');
  return url.href;
}

/** How many entries the first page says that all pages have; 0 where it does not say. */
export function totalOf(bundle: unknown): number {
  return number(object(bundle)?.['total']) ?? 0;
}

/**
 * Reads a search from its first page on, in order. It ends, with what came, at the first fault: a loop, a page elsewhere,
 * more than `maxPages`, a page that fails or breaks off, or fewer entries than the search says that it has.
 * @throws {SourceError} where nothing of the first page can be read
 */
export async function readPages(
  http: Http,
  first: { readonly address: string; readonly method: 'GET' | 'POST'; readonly url: string; readonly body?: string },
  signal: AbortSignal,
  maxPages: number,
): Promise<Pages> {
  const contents: Contents[] = [];
  const seen = new Set<string>();
  let total = 0;
  let url: string | undefined = first.url;
  while (url !== undefined) {
    try {
      if (contents.length >= maxPages) throw new SourceError('paging', `more than ${maxPages} pages`);
      if (seen.has(url)) throw new SourceError('paging', 'the pages go in a circle');
      if (contents.length > 0 || first.method === 'GET') seen.add(url);
      const answer = await http.request({
        address: first.address,
        signal,
        url,
        part: true,
        ...(contents.length === 0 && first.method === 'POST'
          ? {
              method: 'POST',
              headers: { 'content-type': 'application/x-www-form-urlencoded' },
              body: first.body ?? '',
            }
          : { method: 'GET' }),
      });
      if (answer.status >= 400) throw new SourceError('status', `status ${answer.status}`, answer);
      const page = contentsOf(answer.body);
      if (page === undefined) throw answer.cut ?? new SourceError('not-fhir', 'no Bundle');
      if (contents.length === 0) total = totalOf(answer.body);
      contents.push(page);
      if (answer.cut !== undefined) throw answer.cut;
      url = nextOf(answer.body, first.address);
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind === 'aborted' || contents.length === 0) throw error;
      return { contents, fault: error };
    }
  }
  const came = contents.reduce((sum, page) => sum + page.entries.length + page.unreadable, 0);
  if (came < total) return { contents, fault: new SourceError('paging', 'fewer entries than its total') };
  return { contents };
}
