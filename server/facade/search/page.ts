import { z } from 'zod';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import { Fault } from '../../fault.ts';
import type { LaunchSession } from '../../launch/context.ts';
import { sealText, unsealText } from '../../sealed.ts';
import { dateOf } from './match.ts';
import type { Query, Sort } from './query.ts';

/** Where a resource stands in the order of a search: its value for each sort, `null` for none, then its id. */
type Place = readonly (number | string | null)[];

/** What a `next` link carries, sealed: the search, and the place of the last resource that was given. */
const pageSchema = z.object({
  type: z.string(),
  used: z.array(z.tuple([z.string(), z.string()])),
  ignored: z.array(z.string()),
  after: z.array(z.union([z.number(), z.string(), z.null()])),
});
export type Page = z.infer<typeof pageSchema>;

/** Open ends of a period stand far out, so that they can be written down. */
const finite = (value: number): number => Math.max(Math.min(value, Number.MAX_SAFE_INTEGER), Number.MIN_SAFE_INTEGER);

function placeOf(resource: Resource, sort: readonly Sort[]): Place {
  const id = idOf(resource) ?? '';
  return [
    ...sort.map(({ parameter, descending }) => {
      if (parameter.kind === 'id') return id;
      const said = dateOf(resource, parameter);
      return said === undefined ? null : finite(descending ? said.to : said.from);
    }),
    id,
  ];
}

/** A total order: what has no date stands last either way, and the opaque id decides between equals. */
function compare(one: Place, other: Place, sort: readonly Sort[]): number {
  for (let index = 0; index < one.length; index += 1) {
    const [a, b] = [one[index] ?? null, other[index] ?? null];
    if (a === b) continue;
    if (a === null) return 1;
    if (b === null) return -1;
    return (a < b ? -1 : 1) * (sort[index]?.descending === true ? -1 : 1);
  }
  return 0;
}

/**
 * One page of what matches, in the order asked for, else by id. A page goes on behind the last resource of the one before
 * it and not at a number, so that none is given twice or passed over where another has come or gone since.
 * `next` is the place to go on behind, only where something stands there.
 */
export function pageOf(
  matching: readonly Resource[],
  { sort, count }: Pick<Query, 'sort' | 'count'>,
  after?: Place,
): { readonly resources: readonly Resource[]; readonly next: Place | undefined } {
  const placed = matching
    .map((resource) => ({ resource, place: placeOf(resource, sort) }))
    .filter(({ place }) => after === undefined || compare(place, after, sort) > 0)
    .sort((a, b) => compare(a.place, b.place, sort));
  const shown = placed.slice(0, count);
  return {
    resources: shown.map(({ resource }) => resource),
    next: placed.length > shown.length ? shown.at(-1)?.place : undefined,
  };
}

/** The text that stands in a `next` link: nobody can read or change it, and it is good for one launch alone. */
function sealPage(key: Buffer, launchId: string, page: Page): string {
  return sealText(key, `search-page ${launchId}`, JSON.stringify(page)).toString('base64url');
}

/** @throws {Fault} `invalid-request` for a link of another launch, or that was changed */
function unsealPage(key: Buffer, launchId: string, sealed: string): Page {
  try {
    return pageSchema.parse(
      JSON.parse(unsealText(key, `search-page ${launchId}`, Buffer.from(sealed, 'base64url'))) as unknown,
    );
  } catch (cause) {
    throw new Fault(
      'invalid-request',
      'This page of a search cannot be opened here. Search again from its beginning.',
      {
        detail: 'a page link that does not open for this launch',
        cause,
      },
    );
  }
}

/**
 * The page that a `next` link leads to, or undefined where none is asked for by its link.
 * @param of what the page is of: a type, or an operation
 * @throws {Fault} `invalid-request`
 */
export function pageAsked(
  key: Buffer,
  { launchId }: Pick<LaunchSession, 'launchId'>,
  of: string,
  given: URLSearchParams,
): Page | undefined {
  const sealed = given.get('_page');
  if (sealed === null) return undefined;
  const page = unsealPage(key, launchId, sealed);
  if (page.type !== of || given.size > 1)
    throw new Fault('invalid-request', 'A page of a search is asked for by its link, as it was given.');
  return page;
}

/** The sealed text of the page behind a place, or undefined where nothing stands behind it. */
export function nextPage(
  key: Buffer,
  { launchId }: Pick<LaunchSession, 'launchId'>,
  of: string,
  { used, ignored, next }: Pick<Query, 'used' | 'ignored'> & { readonly next: Place | undefined },
): string | undefined {
  if (next === undefined) return undefined;
  const page = {
    type: of,
    used: [...used].map(([...pair]): [string, string] => [...pair]),
    ignored: [...ignored],
    after: [...next],
  };
  return sealPage(key, launchId, page);
}
