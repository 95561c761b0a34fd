import type { Request, Response } from 'express';
import { disclose } from '../disclosure/disclose.ts';
import type { DisclosureRequest, House } from '../disclosure/house.ts';
import { Fault } from '../fault.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { isWhole } from '../../src/fhir/status.ts';
import type { Asking } from './asking.ts';
import { givenUpWith } from './disclosed.ts';
import { formatOf, isLenient, parametersOfUrl } from './format.ts';
import { matches } from './search/match.ts';
import { nextPage, pageAsked, pageOf } from './search/page.ts';
import { readQuery, type Query } from './search/query.ts';
import { searchset } from './search/searchset.ts';
import { sendFhir } from './send.ts';

/** What the routes of searches work with. `pageKey`: 32 bytes. */
export type SearchDependencies = {
  readonly house: House;
  readonly baseUrl: string;
  readonly pageKey: Buffer;
  readonly asking: Asking;
};

type Found = {
  readonly resources: readonly Resource[];
  readonly outcomes: readonly Resource[];
  readonly whole: boolean;
};

/** Everything of a part of the record, and who is missing from it. */
async function find(house: House, asked: DisclosureRequest): Promise<Found> {
  const resources: Resource[] = [];
  const outcomes: Resource[] = [];
  let whole = false;
  for await (const release of disclose(house, asked)) {
    if (release.kind === 'patient') resources.push(release.patient);
    else if (release.kind === 'source') {
      resources.push(...release.resources);
      if (!isWhole(release.status)) outcomes.push(release.ending);
    } else {
      whole = release.status === 'complete';
      if (!whole) outcomes.push(release.ending);
    }
  }
  return { resources, outcomes, whole };
}

/** The Patient alone: the gate and the practice are waited for, no other source. */
async function findPatient(house: House, asked: DisclosureRequest, query: Query): Promise<Found> {
  for await (const release of disclose(house, { ...asked, patientAlone: true }))
    if (release.kind === 'patient')
      return { resources: [release.patient].filter((one) => matches(one, query.criteria)), outcomes: [], whole: true };
  return { resources: [], outcomes: [], whole: true };
}

const form = 'application/x-www-form-urlencoded';

/** The parameters of a request, of its URL and of its form, in their order. @throws {Fault} `unsupported-type` */
function parametersOf(request: Request): URLSearchParams {
  const given = parametersOfUrl(request.originalUrl);
  if (request.method !== 'POST') return given;
  if (request.is(form) === false)
    throw new Fault('unsupported-type', `A search by POST sends its parameters as ${form}.`);
  const body: unknown = request.body;
  for (const [name, value] of new URLSearchParams(typeof body === 'string' ? body : '')) given.append(name, value);
  return given;
}

/** True where the search asks about anyone but the person of this launch. */
function asksAnother(query: Query, person: string): boolean {
  const ids =
    query.type === 'Patient'
      ? query.criteria.flatMap(({ wanted }) => wanted.flatMap((one) => (one.kind === 'id' ? [one.id] : [])))
      : query.persons;
  return ids.some((id) => id !== person);
}

/** `GET [type]?…` and `POST [type]/_search`. */
export async function answerSearch(
  deps: SearchDependencies,
  type: string,
  request: Request,
  response: Response,
): Promise<void> {
  const given = parametersOf(request);
  formatOf(request, given, ['json']);
  sendFhir(response, 200, await searchRecord(deps, { type, given, lenient: isLenient(request) }, request, response));
}

/** A search as it was asked, by itself or in a batch. */
export type SearchAsked = { readonly type: string; readonly given: URLSearchParams; readonly lenient: boolean };

/**
 * The matching resources of this launch's person as a searchset, a page at a time. All that is searched is what the role may see with what is never shown already gone, so that no parameter can
 * ask after it.
 */
export async function searchRecord(
  deps: SearchDependencies,
  { type, given, lenient }: SearchAsked,
  request: Request,
  response: Response,
): Promise<Resource> {
  const { house, baseUrl, asking } = deps;
  const base = `${baseUrl}/fhir`;
  const session = await asking.session(request);
  await asking.permit(request, session, type, 'search');
  const page = pageAsked(deps.pageKey, session, type, given);
  const query = readQuery(type, page?.used ?? given, base, page === undefined && lenient);
  const person = asking.personOf(session);
  if (person !== undefined && asksAnother(query, person)) throw await asking.notOfThisLaunch(request, session);

  const asked: DisclosureRequest = {
    ...givenUpWith(house, session, `search ${type}`, request, response),
    detail: { parameters: [...new Set(query.used.map(([name]) => name))] },
  };
  const isMatch = (resource: Resource): boolean => resource.resourceType === type && matches(resource, query.criteria);
  const found =
    type === 'Patient'
      ? await findPatient(house, asked, query)
      : await find(house, {
          ...asked,
          part: { interaction: 'search', includes: (one) => isMatch(one) || query.includes.length > 0 },
        });

  const matching = found.resources.filter(isMatch);
  const { resources, next } = pageOf(matching, query, page?.after);
  const ignored = page?.ignored ?? query.ignored;
  return searchset({
    base,
    path: type,
    used: query.used,
    includes: query.includes,
    ignored,
    total: found.whole && query.total ? matching.length : undefined,
    matches: resources,
    released: found.resources,
    outcomes: found.outcomes,
    self: page === undefined ? undefined : (given.get('_page') ?? undefined),
    next: nextPage(deps.pageKey, session, type, { used: query.used, ignored, next }),
  });
}
