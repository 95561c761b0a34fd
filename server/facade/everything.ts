import type { Request, Response } from 'express';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import { openBody, type StreamedBody } from '../content-coding.ts';
import { disclose, type Release } from '../disclosure/disclose.ts';
import { recordEnding } from '../disclosure/ending.ts';
import type { House } from '../disclosure/house.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { givenUpWith } from './disclosed.ts';
import { sendFhir } from './send.ts';

const ndjson = 'application/fhir+ndjson';

/** `GET Patient/[id]`: the one Patient, once the gate has let the record through. No source is asked beyond that. */
export async function answerPatient(
  house: House,
  session: LaunchSession,
  request: Request,
  response: Response,
): Promise<void> {
  for await (const release of disclose(house, givenUpWith(session, 'Patient', request, response))) {
    if (release.kind === 'patient') return sendFhir(response, 200, release.patient);
  }
  throw new Fault('exception', 'The record could not be read. Try again.', { detail: 'no Patient was released' });
}

/** `GET Patient/[id]/$everything`: a Bundle, or a stream of lines for `Accept: application/fhir+ndjson`. */
export async function answerEverything(
  house: House,
  baseUrl: string,
  session: LaunchSession,
  request: Request,
  response: Response,
): Promise<void> {
  const releases = disclose(house, givenUpWith(session, '$everything', request, response));
  if (request.accepts(['application/fhir+json', 'application/json', ndjson]) === ndjson)
    await stream(releases, response);
  else await bundle(releases, baseUrl, response);
}

/** The lines that one release puts on the wire. */
function linesOf(release: Release): readonly Resource[] {
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
async function stream(releases: AsyncIterable<Release>, response: Response): Promise<void> {
  let body: StreamedBody | undefined;
  const write = async (resources: readonly Resource[]): Promise<void> => {
    body ??= openBody(response.status(200).type(`${ndjson}; charset=utf-8`).set('X-Accel-Buffering', 'no'));
    await body.write(resources.map((resource) => `${JSON.stringify(resource)}\n`).join(''));
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
async function bundle(releases: AsyncIterable<Release>, baseUrl: string, response: Response): Promise<void> {
  const resources = new Map<string, Resource>();
  const outcomes: Resource[] = [];
  for await (const release of releases) {
    for (const resource of linesOf(release)) {
      if (resource.resourceType === 'OperationOutcome') outcomes.push(resource);
      // The Patient comes once more where sources have added to it: the later one stands.
      else resources.set(`${resource.resourceType}/${idOf(resource) ?? ''}`, resource);
    }
  }
  sendFhir(response, 200, {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: [
      ...[...resources].map(([path, resource]) => ({
        fullUrl: `${baseUrl}/fhir/${path}`,
        resource,
        search: { mode: 'match' },
      })),
      ...outcomes.map((resource) => ({ resource, search: { mode: 'outcome' } })),
    ],
  });
}
