import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { endingOf } from '../../src/fhir/outcome.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { isWhole } from '../../src/fhir/status.ts';
import { disclose } from '../disclosure/disclose.ts';
import { allowance, rightsOf } from '../disclosure/rights.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { givenUpWith } from './disclosed.ts';
import { parametersIn } from './everything-query.ts';
import { formatOf, isLenient, parametersOfUrl } from './format.ts';
import { badValue, called, invalid, isGeneral } from './general-parameter.ts';
import { jsonBody } from './json-body.ts';
import type { SearchDependencies } from './search.ts';
import { sendFhir } from './send.ts';
import { ipsProfiles, summaryDocument, type Gap } from './summary/document.ts';
import { givenBy } from './summary/narrative.ts';

const parametersOfBody = jsonBody('Parameters', '16kb');

/** `$summary` takes the profile of what is wanted, and has one to give. @throws {Fault} `invalid-request` */
function checkParameters(given: Iterable<readonly [name: string, value: string]>, lenient: boolean): void {
  for (const [name, value] of given) {
    if (isGeneral(name, value)) continue;
    if (name === 'profile') {
      if (!ipsProfiles.includes(value)) throw badValue(name, `the International Patient Summary, ${ipsProfiles[0]}`);
    } else if (!lenient) throw invalid(`$summary does not know the parameter ${called(name)}. It knows profile.`);
  }
}

/**
 * `Patient/[id]/$summary` (International Patient Summary, operation `summary`), by GET or with Parameters by POST: the
 * sources are asked anew, and what the one door lets out is put into a document.
 */
export async function answerSummary(
  { house, baseUrl }: Pick<SearchDependencies, 'house' | 'baseUrl'>,
  session: LaunchSession,
  request: Request,
  response: Response,
): Promise<void> {
  const given = parametersOfUrl(request.originalUrl);
  if (request.method === 'POST')
    for (const [name, value] of parametersIn(await parametersOfBody(request, response))) given.append(name, value);
  formatOf(request, given, ['json']);
  checkParameters(given, isLenient(request));

  let patient: Resource | undefined;
  const resources: Resource[] = [];
  const asked: { readonly name: string; readonly text: string }[] = [];
  const gaps: Gap[] = [];
  const contributes = new Map(house.config.sources.map((source) => [source.id, source.contributes]));
  const asking = { ...givenUpWith(house, session, '$summary', request, response), together: true };
  for await (const release of disclose(house, asking)) {
    patient = (release.kind === 'source' ? undefined : release.patient) ?? patient;
    if (release.kind !== 'source') continue;
    for (const resource of release.resources) resources.push(resource);
    const ending = endingOf(release.ending);
    const one = { name: givenBy(release.ending) ?? 'An organisation', text: ending?.text ?? '' };
    asked.push(one);
    const holds = ending?.of === 'source' ? contributes.get(ending.sourceId) : undefined;
    if (!isWhole(release.status)) gaps.push({ ...one, contributes: holds ?? [] });
  }
  if (patient === undefined)
    throw new Fault('exception', 'The record could not be read. Try again.', { detail: 'no Patient was released' });
  const allowed = allowance(rightsOf(house.config, session).scopes, 'search');
  const summary = summaryDocument({
    baseUrl,
    regionName: house.config.region.name,
    patient,
    resources,
    gaps,
    asked,
    mayHave: (type) => allowed.type(type) !== 'none',
    now: new Date(),
    newId: randomUUID,
  });
  sendFhir(response, 200, summary);
}
