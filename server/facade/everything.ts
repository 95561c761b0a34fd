import type { Request, Response } from 'express';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import { openBody, type StreamedBody } from '../content-coding.ts';
import { disclose, type Release } from '../disclosure/disclose.ts';
import { recordEnding } from '../disclosure/ending.ts';
import type { DisclosureRequest, House } from '../disclosure/house.ts';
import { joinedOf } from '../disclosure/joined.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { givenUpWith } from './disclosed.ts';
import { isAskedFor, parametersIn, readEverything, type EverythingQuery } from './everything-query.ts';
import { contentType, formatOf, isLenient, parametersOfUrl } from './format.ts';
import { checkGeneral } from './general-parameter.ts';
import { jsonBody } from './json-body.ts';
import type { ReadAsked } from './read.ts';
import type { SearchDependencies } from './search.ts';
import { nextPage, pageAsked, pageOf, type Page } from './search/page.ts';
import { passedOver, searchset } from './search/searchset.ts';
import { sendFhir } from './send.ts';

/**
 * `GET Patient/[id]`: the one Patient, once the gate has let the record through. No source is asked beyond that.
 * @throws {Fault} as {@link disclose}; `invalid-request` for a parameter that a read does not know
 */
export async function readPatient(
  house: House,
  session: LaunchSession,
  { given, lenient }: Pick<ReadAsked, 'given' | 'lenient'>,
  request: Request,
  response: Response,
): Promise<Resource> {
  checkGeneral(given, lenient);
  const asked = { ...givenUpWith(house, session, 'Patient', request, response), patientAlone: true };
  for await (const release of disclose(house, asked)) {
    if (release.kind === 'patient') return release.patient;
  }
  throw new Fault('exception', 'The record could not be read. Try again.', { detail: 'no Patient was released' });
}

/** The ids of all who may be asked for this launch: the region's sources, and the host's own record where it joins. */
function knownSources(house: House, { context }: LaunchSession): ReadonlySet<string> {
  const own = joinedOf(house, context)?.source;
  return new Set([...house.config.sources, ...(own === undefined ? [] : [own])].map(({ id }) => id));
}

const parametersOfBody = jsonBody('Parameters', '16kb');

/**
 * `Patient/[id]/$everything`, by GET or with Parameters by POST: a Bundle, a page of one where `_count` is given, or a
 * stream of lines for `Accept: application/fhir+ndjson`.
 */
export async function answerEverything(
  deps: SearchDependencies,
  session: LaunchSession,
  request: Request,
  response: Response,
): Promise<void> {
  const { house, baseUrl, asking } = deps;
  const given = parametersOfUrl(request.originalUrl);
  if (request.method === 'POST')
    for (const [name, value] of parametersIn(await parametersOfBody(request, response))) given.append(name, value);
  const streamed = formatOf(request, given, ['json', 'ndjson']) === 'ndjson';
  const page = pageAsked(deps.pageKey, session, '$everything', given);
  const query = readEverything(page?.used ?? given, {
    lenient: page === undefined && isLenient(request),
    streamed,
    known: knownSources(house, session),
  });
  // What the role may not have is refused by its name, since an empty answer would say that there is none (H2).
  for (const type of query.types ?? [])
    await asking.permit(request, session, type, type === 'Patient' ? 'read' : 'search');

  const asked: DisclosureRequest = {
    ...givenUpWith(house, session, '$everything', request, response),
    ...(query.sources === undefined ? {} : { sources: query.sources }),
    ...(query.used.length === 0 ? {} : { detail: { parameters: [...new Set(query.used.map(([name]) => name))] } }),
  };
  const part = { interaction: 'everything', includes: isAskedFor(query) } as const;
  if (query.count !== undefined) {
    const path = `Patient/${asking.personOf(session) ?? ''}/$everything`;
    const releases = disclose(house, { ...asked, part: { ...part, ...(page === undefined ? { anew: 'hold' } : {}) } });
    return sendFhir(response, 200, await pageOfRecord(deps, { session, query, page, path, given }, releases));
  }
  const whole = query.types === undefined && query.since === undefined && query.care === undefined;
  const anew = { ...asked, ...(whole ? {} : { part: { ...part, anew: 'stream' } as const }) };
  const releases = disclose(house, streamed ? anew : { ...anew, together: true });
  if (streamed) await stream(releases, query.ignored, response);
  else await bundle(releases, query.ignored, baseUrl, response);
}

/** The resources of a record, one Patient among them, and the outcomes that tell of its sources. */
async function gathered(releases: AsyncIterable<Release>) {
  const resources = new Map<string, Resource>();
  const outcomes: Resource[] = [];
  let whole = false;
  for await (const release of releases) {
    if (release.kind === 'record') whole = release.status === 'complete';
    for (const resource of linesOf(release)) {
      if (resource.resourceType === 'OperationOutcome') outcomes.push(resource);
      // The Patient comes once more where sources have added to it: the later one stands.
      else resources.set(`${resource.resourceType}/${idOf(resource) ?? ''}`, resource);
    }
  }
  return { resources, outcomes, whole };
}

/** A page of the record, in the order of ids; the outcomes of all sources stand on each (H2). */
async function pageOfRecord(
  { baseUrl, pageKey }: SearchDependencies,
  asked: {
    readonly session: LaunchSession;
    readonly query: EverythingQuery;
    readonly page: Page | undefined;
    readonly path: string;
    readonly given: URLSearchParams;
  },
  releases: AsyncIterable<Release>,
): Promise<Resource> {
  const { session, query, page, path } = asked;
  const { resources, outcomes, whole } = await gathered(releases);
  const released = [...resources.values()];
  const shown = pageOf(released, { sort: [], count: query.count ?? 0 }, page?.after);
  const ignored = page?.ignored ?? query.ignored;
  return searchset({
    base: `${baseUrl}/fhir`,
    path,
    used: query.used,
    includes: [],
    ignored,
    total: whole ? released.length : undefined,
    matches: shown.resources,
    released,
    outcomes,
    self: page === undefined ? undefined : (asked.given.get('_page') ?? undefined),
    next: nextPage(pageKey, session, '$everything', { used: query.used, ignored, next: shown.next }),
  });
}

/** The lines that one release puts on the wire. */
export function linesOf(release: Release): readonly Resource[] {
  switch (release.kind) {
    case 'patient':
      return [release.patient];
    case 'source':
      return [...release.resources, release.ending];
    case 'record':
      return release.patient === undefined ? [release.ending] : [release.patient, release.ending];
  }
}

/**
 * One resource a line, flushed source by source, at the pace of the reader. A record that turns out to be refused while
 * it is under way ends there, in a line that says so; the viewer then empties itself.
 */
async function stream(releases: AsyncIterable<Release>, ignored: readonly string[], response: Response): Promise<void> {
  let body: StreamedBody | undefined;
  const write = async (resources: readonly Resource[]): Promise<void> => {
    const first = body === undefined ? passedOver(ignored) : [];
    body ??= openBody(response.status(200).type(contentType('ndjson')).set('X-Accel-Buffering', 'no'));
    await body.write([...first, ...resources].map((resource) => `${JSON.stringify(resource)}\n`).join(''));
  };
  try {
    for await (const release of releases) await write(linesOf(release));
  } catch (error) {
    if (body === undefined || !(error instanceof Fault) || error.code !== 'record-refused') throw error;
    await write([recordEnding('refused')]);
  }
  body?.end();
}

/** The whole record as one searchset; a refusal at any point refuses it whole. */
async function bundle(
  releases: AsyncIterable<Release>,
  ignored: readonly string[],
  baseUrl: string,
  response: Response,
): Promise<void> {
  const { resources, outcomes } = await gathered(releases);
  sendFhir(response, 200, {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: [
      ...[...resources].map(([path, resource]) => ({
        fullUrl: `${baseUrl}/fhir/${path}`,
        resource,
        search: { mode: 'match' },
      })),
      ...[...passedOver(ignored), ...outcomes].map((resource) => ({ resource, search: { mode: 'outcome' } })),
    ],
  });
}
