import type { Resource } from '../../src/fhir/resource.ts';
import { recordStatusOf, type RecordStatus, type SourceStatus } from '../../src/fhir/status.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { Interaction } from '../auth/scope.ts';
import { Fault } from '../fault.ts';
import { lookedAt } from '../launch/context.ts';
import { raiseAlarm } from '../metrics.ts';
import { askerOf } from './asker.ts';
import { recordEnding, sourceEnding } from './ending.ts';
import { gate } from './gate.ts';
import { gather } from './gather.ts';
import type { DisclosureRequest, House } from './house.ts';
import { narrow } from './narrow.ts';
import { OnePatient } from './one-patient.ts';
import { releasedDocuments, type ReleasedDocuments } from './released-documents.ts';
import { rightsOf } from './rights.ts';
import { sharedNow } from './sharing.ts';
import { checkStanding, standingItems, whileStanding } from './standing.ts';

/** What leaves, in this order: the Patient; each source's resources with its ending, first come; how the record ended. */
export type Release =
  | { readonly kind: 'patient'; readonly patient: Resource }
  | {
      readonly kind: 'source';
      readonly status: SourceStatus;
      readonly resources: readonly Resource[];
      readonly ending: Resource;
      /** The documents that these resources hold, where documents were asked for: for open.ts alone. */
      readonly documents?: ReleasedDocuments;
    }
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
 * 2. `gather`   ask every source at once; take each answer when it is whole (a part of the record may come from what
 *               this launch's last gathering brought)
 * 3. `withhold` drop what is never shown, and everything that would betray it
 * 4. `narrow`   keep what this role's scopes allow at this moment
 * 5. `record`   write the audit event; no audit row, no data
 * 6. `release`  hand it out
 *
 * An objection that takes effect while it is under way ends it at whichever step it is: `request.signal` is then aborted
 * with the Fault. Ending the iteration early gives up everything that was asked. On `record` the Patient stands once more where the
 * sources have added to it.
 * @throws {Fault} `record-refused` or `undecided`, before the first release or in the middle of it
 */
export async function* disclose(house: House, request: DisclosureRequest): AsyncGenerator<Release, void, undefined> {
  const given = new Map<string, { readonly status: SourceStatus; readonly count: number }>();
  const giveUp = new AbortController();
  const signal = AbortSignal.any([request.signal, giveUp.signal]);
  try {
    const asker = askerOf(house, request.session.context, request.requestId);
    const admission = await whileStanding(request.signal, gate(house, request, asker));
    const { person } = admission;
    const patient = new OnePatient(person.patient);
    const { part } = request;
    const rights = rightsOf(house.config, request.session);
    const allowed = (
      resources: readonly Resource[],
      interaction: Interaction = part?.interaction === 'read' ? 'read' : 'search',
    ): readonly Resource[] => {
      const narrowed = narrow(resources, rights, interaction);
      return part === undefined ? narrowed : narrowed.filter(part.includes);
    };
    const thePatient = (): readonly Resource[] =>
      allowed([patient.resource], part?.interaction === 'search' ? 'search' : 'read');

    for await (const next of standingItems(request.signal, gather(house, request, admission, asker, signal))) {
      if (next.kind === 'permitted') {
        await record(house, request, { outcome: 'success', reason: 'begun' });
        checkStanding(request.signal);
        for (const one of thePatient()) yield { kind: 'patient', patient: one };
        continue;
      }
      const answer = sharedNow(house, next.answer);
      const resources = allowed(answer.resources);
      patient.add(answer);
      given.set(answer.source.id, { status: answer.status, count: resources.length });
      const documents =
        part?.documents === true ? releasedDocuments(answer, resources, asker, admission.joined) : undefined;
      yield {
        kind: 'source',
        status: answer.status,
        resources,
        ending: sourceEnding(answer),
        ...(documents === undefined ? {} : { documents }),
      };
    }

    // Whoever was not asked again may be missing: a part is never said to be the whole (H2).
    const status =
      request.sources === undefined ? recordStatusOf([...given.values()].map((one) => one.status)) : 'partial';
    await record(house, request, {
      outcome: 'success',
      reason: 'ended',
      detail: { record: status, sources: summary(given) },
    });
    checkStanding(request.signal);
    yield {
      kind: 'record',
      status,
      patient: patient.grown ? thePatient().at(0) : undefined,
      ending: recordEnding(status),
    };
  } catch (error) {
    if (error instanceof Fault && error.code === 'record-refused') {
      const { context, launchId } = request.session;
      house.held.forget(launchId);
      if (context.patient !== undefined) {
        house.held.forgetPerson(context.patient.nhsNumber);
        house.early.dropPerson(context.patient.nhsNumber);
      }
    }
    await recordFault(house, request, error, given);
    throw error;
  } finally {
    giveUp.abort('ended');
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
    ...(context.reason === undefined ? {} : { purpose: context.reason }),
    ...lookedAt(context),
    ...entry,
    detail: {
      request: request.what,
      requestId: request.requestId,
      ...(rightsOf(house.config, request.session).supervised ? { supervised: 'yes' } : {}),
      ...request.detail,
      ...entry.detail,
    },
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
    raiseAlarm(house.log, 'audit-failed', { err: cause });
  });
}

function summary(
  given: ReadonlyMap<string, { readonly status: SourceStatus; readonly count: number }>,
): readonly string[] {
  return [...given].map(([id, { status, count }]) => `${id} ${status} ${count}`);
}
