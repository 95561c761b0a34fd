import type { Resource } from '../../src/fhir/resource.ts';
import { recordStatusOf, type RecordStatus, type SourceStatus } from '../../src/fhir/status.ts';
import type { AuditEntry } from '../audit/entry.ts';
import { Fault } from '../fault.ts';
import type { Asker, SourceAnswer } from '../federation/answer.ts';
import { lookedAt } from '../launch/context.ts';
import { heedConsent } from './consent.ts';
import { recordEnding, sourceEnding, unchecked } from './ending.ts';
import { gate } from './gate.ts';
import type { DisclosureRequest, House } from './house.ts';
import { narrow } from './narrow.ts';
import { OnePatient } from './one-patient.ts';

/** What leaves, in this order: the Patient; each source's resources with its ending, first come; how the record ended. */
export type Release =
  | { readonly kind: 'patient'; readonly patient: Resource }
  | { readonly kind: 'source'; readonly resources: readonly Resource[]; readonly ending: Resource }
  | {
      readonly kind: 'record';
      readonly status: RecordStatus;
      readonly patient: Resource | undefined;
      readonly ending: Resource;
    };

/**
 * The one door out: the only code path by which clinical data leaves the server.
 *
 * 1. `gate`     may this record be shown at all? and once more when the registered practice has been heard
 * 2. `gather`   ask every source at once; take each answer when it is whole
 * 3. `withhold` drop what is never shown, and everything that would betray it
 * 4. `narrow`   keep what this role's scopes allow
 * 5. `record`   write the audit event; no audit row, no data
 * 6. `release`  hand it out
 *
 * Ending the iteration early gives up everything that was asked. On `record` the Patient stands once more where the
 * sources have added to it.
 * @throws {Fault} `record-refused` or `undecided`, before the first release or in the middle of it
 */
export async function* disclose(house: House, request: DisclosureRequest): AsyncGenerator<Release, void, undefined> {
  const given = new Map<string, { readonly status: SourceStatus; readonly count: number }>();
  const giveUp = new AbortController();
  const signal = AbortSignal.any([request.signal, giveUp.signal]);
  try {
    const asker = askerOf(house, request);
    const admission = await gate(house, request, asker);
    const { person, joined } = admission;
    const patient = new OnePatient(person.patient);

    const gathered = house.federation.gather(person, asker, request.session.clientId, signal, joined);
    for await (const next of heedConsent(house, admission, gathered)) {
      if (next.kind === 'permitted') {
        await record(house, request, { outcome: 'success', reason: 'begun' });
        yield { kind: 'patient', patient: patient.resource };
        continue;
      }
      const answer = withholdFrom(house, next.answer);
      const resources = narrow(answer.resources, request.session.scopes);
      patient.add(answer);
      given.set(answer.source.id, { status: answer.status, count: resources.length });
      yield { kind: 'source', resources, ending: sourceEnding(answer) };
    }

    const status = recordStatusOf([...given.values()].map((one) => one.status));
    await record(house, request, {
      outcome: 'success',
      reason: 'ended',
      detail: { record: status, sources: summary(given) },
    });
    yield {
      kind: 'record',
      status,
      patient: patient.grown ? patient.resource : undefined,
      ending: recordEnding(status),
    };
  } catch (error) {
    await recordFault(house, request, error, given);
    throw error;
  } finally {
    giveUp.abort();
  }
}

/** Step 3. A filter that throws on one resource withholds that source's whole answer, and is an alarm. */
function withholdFrom(house: House, answer: SourceAnswer): SourceAnswer {
  try {
    return { ...answer, resources: house.withhold(answer.resources) };
  } catch (error) {
    house.log.error(
      { alarm: 'withhold-failed', source: answer.source.id, err: error },
      'the filter could not finish: nothing of this source is shown',
    );
    return unchecked(answer);
  }
}

const unrecordedWords =
  'This look could not be written to the audit trail, so nothing is shown. Try again in a few minutes.';

/** Step 5. Who looked at whose record, from where and in which role. No audit row, no data. */
async function record(
  house: House,
  request: DisclosureRequest,
  entry: Pick<AuditEntry, 'outcome'> & Partial<AuditEntry>,
): Promise<void> {
  const { context, clientId, launchId } = request.session;
  const written = house.audit.record({
    type: 'disclosure',
    action: 'R',
    user: { host: context.host, id: context.user.id, name: context.user.name },
    organisation: context.organisation,
    role: context.role,
    clientId,
    launchId,
    ...lookedAt(context),
    ...entry,
    detail: { request: request.what, requestId: request.requestId, ...entry.detail },
  });
  await written.catch((cause: unknown) => {
    throw new Fault('exception', unrecordedWords, { detail: 'the audit row could not be written', cause });
  });
}

/** A refusal is on the audit trail like a look; where even that fails, the error that is on its way out says enough. */
async function recordFault(
  house: House,
  request: DisclosureRequest,
  error: unknown,
  given: Parameters<typeof summary>[0],
): Promise<void> {
  const isRefusal = error instanceof Fault && error.code === 'record-refused';
  const reason = error instanceof Fault ? (isRefusal ? (error.detail ?? error.code) : error.code) : 'exception';
  const entry = { outcome: isRefusal ? 'refused' : 'failed', reason, detail: { sources: summary(given) } } as const;
  await record(house, request, entry).catch((cause: unknown) => {
    house.log.error({ alarm: 'audit-failed', err: cause }, 'a refusal could not be written to the audit trail');
  });
}

function summary(
  given: ReadonlyMap<string, { readonly status: SourceStatus; readonly count: number }>,
): readonly string[] {
  return [...given].map(([id, { status, count }]) => `${id} ${status} ${count}`);
}

function askerOf(house: House, { session, requestId }: DisclosureRequest): Asker {
  const { user, organisation, role } = session.context;
  return {
    userId: user.id,
    userName: user.name,
    organisation,
    role: { code: role, title: house.config.roles.find((one) => one.code === role)?.title ?? role },
    ...(user.registration === undefined ? {} : { registration: user.registration }),
    traceId: requestId,
  };
}
