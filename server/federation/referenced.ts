import { parseReference } from '../../src/fhir/reference.ts';
import { ohc } from '../../src/fhir/systems.ts';
import type { Asking as Unreached } from './adapter.ts';
import type { Capability } from './capability.ts';
import { contentsOf, entryOf, type Entry } from './entry.ts';
import type { Http } from './http.ts';
import { each } from './lanes.ts';
import { readPages } from './paging.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';

/** Types that are a service or a place of one: what was done there may be excluded for it (`privacy/withhold.ts`). */
const decidesExclusion: ReadonlySet<string> = new Set([
  'HealthcareService',
  'Location',
  'Organization',
  'PractitionerRole',
]);
/** What is read for an answer that points at it. */
const readTypes: ReadonlySet<string> = new Set([...decidesExclusion, 'Practitioner', 'Medication', 'Device']);

/** How many things are read for one answer, each way. */
const mostReads = 100;
const mostSearched = 1_000;
/** From how many of one type on they are searched for at once. */
const searchFrom = 3;
const searchedAtOnce = 100;
/** A role leads to its organisation, that to the trust it is part of. */
const rounds = 3;

type Asking = Pick<Unreached, 'source' | 'signal'> & { readonly http: Http };

export type Referenced = {
  readonly entries: readonly Entry[];
  /** True where a medicine did not come. Of whoever or whatever else the display stands, and the record is whole. */
  readonly incomplete: boolean;
  /** True where a service or place could not be read just now: what was done there cannot be checked. */
  readonly undecided: boolean;
};

type Wanted = { readonly type: string; readonly id: string };

/**
 * Stands for a service or place that could not be read. Its label makes the filter withhold it, and with it everything
 * that was done there: what cannot be decided is not shown.
 */
function unread({ type, id }: Wanted): readonly Entry[] {
  const security = [{ system: ohc.unread, code: ohc.unreadCode }];
  const entry = entryOf({ resourceType: type, id, meta: { security } }, [], id);
  return entry === undefined ? [] : [entry];
}

/** The things that entries point at and that are not among `here`, each once; those that decide exclusion first. */
function wantedBy(entries: readonly Entry[], seen: Set<string>, base: string): readonly Wanted[] {
  const wanted: Wanted[] = [];
  for (const { links } of entries) {
    for (const link of links) {
      if (seen.has(link)) continue;
      seen.add(link);
      const target = parseReference(link);
      const isHere = target?.kind === 'local' || (target?.kind === 'absolute' && baseOf(target.base) === base);
      if (!isHere || !readTypes.has(target.type)) continue;
      const key = `${target.type}/${target.id}`;
      if (key !== link && seen.has(key)) continue;
      seen.add(key);
      wanted.push({ type: target.type, id: target.id });
    }
  }
  return wanted.toSorted((a, b) => Number(decidesExclusion.has(b.type)) - Number(decidesExclusion.has(a.type)));
}

/** What asking for some of one type brought: what came, and of what the rest is. */
type Brought = { readonly entries: readonly Entry[]; readonly fault?: SourceError };

function ofThose(entries: readonly Entry[], wanted: readonly Wanted[]): readonly Entry[] {
  const keys = new Set(wanted.map(({ type, id }) => `${type}/${id}`));
  return entries.filter((entry) => keys.has(entry.key));
}

async function readOne({ source, http, signal }: Asking, wanted: Wanted): Promise<Brought> {
  const url = `${baseOf(source.baseUrl)}/${wanted.type}/${wanted.id}`;
  const { status, body } = await http.request({ address: source.baseUrl, method: 'GET', url, signal });
  if (status === 404 || status === 410) return { entries: [] };
  if (status >= 300) return { entries: [], fault: new SourceError('status', `read: status ${status}`, { status }) };
  const came = contentsOf({ resourceType: 'Bundle', entry: [{ resource: body }] });
  return { entries: ofThose(came?.entries ?? [], [wanted]) };
}

async function searchSome({ source, http, signal }: Asking, type: string, some: readonly Wanted[]): Promise<Brought> {
  const form = new URLSearchParams({ _id: some.map(({ id }) => id).join(','), _count: String(some.length) }).toString();
  const url = `${baseOf(source.baseUrl)}/${type}`;
  const pages = await readPages(
    http,
    source.search === 'get'
      ? { address: source.baseUrl, method: 'GET', url: `${url}?${form}` }
      : { address: source.baseUrl, method: 'POST', url: `${url}/_search`, body: form },
    signal,
    searchedAtOnce,
  );
  return {
    entries: ofThose(
      pages.contents.flatMap((one) => one.entries),
      some,
    ),
    ...(pages.fault === undefined ? {} : { fault: pages.fault }),
  };
}

/** True where the source would not give it, now or ever: then where a thing was done stays as unknown as it always was. */
function isRefusal({ status }: SourceError): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/**
 * Reads, once and within the deadline, what an answer points at for place, service, organisation, practitioner or
 * medicine and lacks, and what that in turn points at: one by one, or by `_id` where there are many of a type. Only what
 * the source says that it lets read, and never from another host. What is not there (404) is no fault.
 */
export async function readReferenced(
  asking: Asking,
  capability: Capability,
  entries: readonly Entry[],
): Promise<Referenced> {
  const base = baseOf(asking.source.baseUrl);
  const seen = new Set<string>();
  for (const { key, resource } of entries) if (readTypes.has(resource.resourceType)) seen.add(key);
  const extra: Entry[] = [];
  let incomplete = false;
  let undecided = false;
  let reads = mostReads;
  let searched = mostSearched;

  const miss = (wanted: readonly Wanted[], fault?: SourceError): void => {
    const isRefused = fault !== undefined && isRefusal(fault);
    for (const one of wanted) {
      if (one.type === 'Medication') incomplete = true;
      if (isRefused || !decidesExclusion.has(one.type)) continue;
      undecided = true;
      extra.push(...unread(one));
    }
  };

  let newest: readonly Entry[] = entries;
  for (let round = 0; round < rounds && newest.length > 0; round += 1) {
    const asks: { readonly wanted: readonly Wanted[]; readonly ask: () => Promise<Brought> }[] = [];
    const byType = Map.groupBy(wantedBy(newest, seen, base), ({ type }) => type);
    for (const [type, wanted] of byType) {
      const isSearched =
        capability.searchesById.has(type) && (wanted.length >= searchFrom || !capability.reads.has(type));
      if (!isSearched && !capability.reads.has(type)) continue;
      const taken = wanted.slice(0, isSearched ? searched : reads);
      if (taken.length < wanted.length) miss(wanted.slice(taken.length));
      if (isSearched) {
        searched -= taken.length;
        for (let at = 0; at < taken.length; at += searchedAtOnce) {
          const some = taken.slice(at, at + searchedAtOnce);
          asks.push({ wanted: some, ask: () => searchSome(asking, type, some) });
        }
      } else {
        reads -= taken.length;
        for (const one of taken) asks.push({ wanted: [one], ask: () => readOne(asking, one) });
      }
    }
    const brought = await each(asks, async ({ wanted, ask }) => {
      let answer: Brought;
      try {
        answer = await ask();
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        answer = { entries: [], fault: error };
      }
      if (answer.fault !== undefined) {
        const came = new Set(answer.entries.map((entry) => entry.key));
        miss(
          wanted.filter(({ type, id }) => !came.has(`${type}/${id}`)),
          answer.fault,
        );
      }
      return answer.entries;
    });
    newest = brought.flat();
    extra.push(...newest);
  }
  return { entries: extra, incomplete, undecided };
}
