import type { Request, Response } from 'express';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { disclose } from '../disclosure/disclose.ts';
import type { House } from '../disclosure/house.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { notHereWords, type Asking } from './asking.ts';
import { givenUpWith } from './disclosed.ts';
import { checkGeneral } from './general-parameter.ts';

/** The words for what is not there while a source is missing. */
export const missingWords =
  'There is nothing here that this launch may open. Not every organisation has answered in whole, so it may be missing for now: ask again in a minute.';

/** What a read works with. */
export type ReadDependencies = { readonly house: House; readonly asking: Asking };

/** A read as it was asked, by itself or in a batch. */
export type ReadAsked = {
  readonly type: string;
  readonly id: string;
  readonly given: URLSearchParams;
  readonly lenient: boolean;
};

/**
 * One resource of the record. What is withheld, what another launch has and what never was get the
 * same answer, after the same work.
 */
export async function readResource(
  { house, asking }: ReadDependencies,
  { type, id, given, lenient }: ReadAsked,
  request: Request,
  response: Response,
): Promise<Resource> {
  const session = await asking.session(request);
  await asking.permit(request, session, type, 'read');
  checkGeneral(given, lenient);
  let found: Resource | undefined;
  let whole = false;
  const includes = (one: Resource): boolean => one.resourceType === type && idOf(one) === id;
  const asked = {
    ...givenUpWith(house, session, `read ${type}`, request, response),
    part: { interaction: 'read', includes },
  } as const;
  for await (const release of disclose(house, asked)) {
    if (release.kind === 'source') found ??= release.resources.at(0);
    else if (release.kind === 'record') whole = release.status === 'complete';
  }
  const resource = found ?? launchedEncounter(type, id, session, asking);
  if (resource === undefined) throw new Fault('not-found', whole ? notHereWords : missingWords);
  return resource;
}

/**
 * The encounter that is open at the host. A launch names it by the host's id, and no source need know it: then all that
 * is said of it is what the launch says, that it is this person's and at which organisation.
 */
function launchedEncounter(type: string, id: string, session: LaunchSession, asking: Asking): Resource | undefined {
  const { encounter, organisation } = session.context;
  const person = asking.personOf(session);
  if (type !== 'Encounter' || encounter !== id || person === undefined) return undefined;
  return {
    resourceType: 'Encounter',
    id,
    meta: { tag: [{ system: system.odsOrganisation, code: organisation.ods, display: organisation.name }] },
    status: 'unknown',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK', display: 'unknown' },
    subject: { reference: `Patient/${person}` },
    serviceProvider: {
      identifier: { system: system.odsOrganisation, value: organisation.ods },
      display: organisation.name,
    },
  };
}
