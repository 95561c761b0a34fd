import { budgetSchema, type SmartHost, type Source } from '../config/schema.ts';
import { isResource, idOf } from '../../src/fhir/resource.ts';
import { undecided } from '../fault.ts';
import type { HostPerson, Joined } from './answer.ts';
import { authorized } from './auth/authorization.ts';
import type { Reached } from './auth/reach.ts';
import type { FacadeIds } from './facade-id.ts';
import type { Http } from './http.ts';
import type { Breakers } from './breaker.ts';
import { entryOf } from './entry.ts';
import { differences } from './identity.ts';
import { currentIdentifiers, releasedPatient } from './released-patient.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';

/**
 * A SMART host's own FHIR server as a source. It names no `apps`: the host gave its token for the viewer, and no other
 * app receives what was read with it.
 */
export function hostSource(host: SmartHost): Source {
  return {
    id: `host-${host.id}`,
    name: host.organisationName ?? host.name,
    ods: host.organisation,
    label: host.label ?? host.organisation.slice(0, 10),
    kind: 'fhir-r4',
    baseUrl: host.iss,
    auth: { type: 'none' },
    contributes: host.contributes,
    deadlineMs: 8_000,
    budget: budgetSchema.parse({}),
    sharing: true,
    aggregate: false,
    setting: host.setting,
    usualDelayHours: 0,
    search: 'get',
  };
}

/**
 * The configured source that is the same system as a host's own record: the same address, or the FHIR server of the same
 * organisation. The record is then not asked for twice; the configured one, which is asked as agreed with it, stands.
 */
export function configuredSourceOf(
  sources: readonly Source[],
  host: { readonly ods: string; readonly baseUrl?: string },
): Source | undefined {
  return sources.find(
    (source) =>
      source.kind === 'fhir-r4' &&
      !source.aggregate &&
      (source.ods === host.ods || (host.baseUrl !== undefined && baseOf(source.baseUrl) === baseOf(host.baseUrl))),
  );
}

/**
 * The way to a host's own record: with the token of the user whose launch it is.
 * @throws {SourceError} `credentials` where the host gives no token any more
 */
export async function reachHost({ source, authorization }: Joined, http: Http): Promise<Reached> {
  try {
    const token = await authorization();
    return { baseUrl: source.baseUrl, http: authorized(http, source.baseUrl, async () => token) };
  } catch (error) {
    throw new SourceError('credentials', 'the host gives no token any more', { cause: error });
  }
}

/**
 * Reads the person at the host that alone knows them.
 * @throws {Fault} `undecided` where it cannot be asked, or its Patient is not the one that was opened, or has a number
 */
export async function readHostPerson(
  joined: Joined,
  deps: { readonly http: Http; readonly breakers: Breakers; readonly ids: FacadeIds },
  signal: AbortSignal,
): Promise<HostPerson> {
  const { source, patientId } = joined;
  try {
    const { http } = await reachHost(joined, deps.http);
    const url = `${baseOf(source.baseUrl)}/Patient/${encodeURIComponent(patientId)}`;
    const { status, body } = await deps.breakers.guard(source.baseUrl, () =>
      http.request({ address: source.baseUrl, method: 'GET', url, signal }),
    );
    if (
      status >= 300 ||
      !isResource(body) ||
      body.resourceType !== 'Patient' ||
      idOf(body) !== patientId ||
      entryOf(body, [], '0') === undefined
    )
      throw new SourceError('not-fhir', `Patient read: status ${status}, or not that Patient`);
    if (differences({ hostPatientId: patientId }, body).length > 0)
      throw new SourceError('not-fhir', 'the Patient has an NHS number by now');
    const id = deps.ids.of(source.id, 'Patient', patientId);
    return {
      hostPatientId: patientId,
      patient: releasedPatient(body, {
        id,
        identifiers: currentIdentifiers(body),
        source,
        practiceName: () => undefined,
      }),
    };
  } catch (error) {
    throw undecided('the host could not be asked about the person', error);
  }
}
