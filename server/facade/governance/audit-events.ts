import type { Resource } from '../../../src/fhir/resource.ts';
import { idOf } from '../../../src/fhir/resource.ts';
import type { AuditTrail } from '../../audit/audit.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import type { LaunchSession } from '../../launch/context.ts';
import { badValue } from '../general-parameter.ts';
import { actOf } from './consent-register.ts';
import { codesOf, nhsNumberOf, notThere, oneOf, periodsOf, type Question } from './question.ts';

/** What a search on the audit trail may ask. */
export const auditParameters = [
  '_id',
  'patient:identifier',
  'agent:identifier',
  'entity:identifier',
  'date',
  'action',
  'subtype',
  'outcome',
] as const;

const subtypes = [
  'launch',
  'registration',
  'authorization',
  'disclosure',
  'look',
  'objection',
  'administration',
] as const satisfies readonly AuditEntry['type'][];
const outcomes = { '0': 'success', '4': 'refused', '8': 'failed' } as const;

/** The audit trail as `AuditEvent`. Whoever reads it stands on it too: no row, no answer. */
export function createAuditEvents(trail: Pick<AuditTrail, 'list' | 'record'>) {
  const read = async (
    session: LaunchSession,
    asked: { readonly what: string; readonly nhsNumber?: string; readonly parameters: readonly string[] },
    events: number,
  ): Promise<void> => {
    const { nhsNumber, what, parameters } = asked;
    await trail.record({
      type: 'administration',
      action: 'R',
      outcome: 'success',
      ...actOf(session).as,
      ...(nhsNumber === undefined ? {} : { nhsNumber }),
      detail: { request: what, parameters, events },
    });
  };

  return {
    /** @throws {Fault} `not-found` */
    read: async (id: string, session: LaunchSession): Promise<Resource> => {
      const [event] = await trail.list({ id });
      await read(session, { what: 'read AuditEvent', parameters: [] }, event === undefined ? 0 : 1);
      if (event === undefined) throw notThere();
      return event;
    },

    /** One page, latest first, of what was written before the event whose id is `after`. */
    search: async (question: Question, after: string | undefined, session: LaunchSession) => {
      const id = oneOf(question, '_id');
      const nhsNumber = nhsNumberOf(question);
      const user = userOf(question);
      const launchId = oneOf(question, 'entity:identifier');
      const action = codesOf(question, 'action', ['C', 'R', 'U', 'D', 'E']);
      const type = codesOf(question, 'subtype', subtypes);
      const outcome = codesOf(question, 'outcome', ['0', '4', '8'])?.map((code) => outcomes[code]);
      const events = await trail.list({
        ...(id === undefined ? {} : { id }),
        ...(nhsNumber === undefined ? {} : { nhsNumber }),
        ...(user === undefined ? {} : { user }),
        ...(launchId === undefined ? {} : { launchId }),
        ...(action === undefined ? {} : { action }),
        ...(type === undefined ? {} : { type }),
        ...(outcome === undefined ? {} : { outcome }),
        recorded: periodsOf(question, 'date'),
        ...(after === undefined ? {} : { before: after }),
        limit: question.count + 1,
      });
      const shown = events.slice(0, question.count);
      await read(
        session,
        {
          what: 'search AuditEvent',
          ...(nhsNumber === undefined ? {} : { nhsNumber }),
          parameters: [...question.values.keys()],
        },
        shown.length,
      );
      const last = shown.at(-1);
      const next = events.length > shown.length && last !== undefined ? idOf(last) : undefined;
      // How many there are of a trail that grows with each asking is not counted.
      return { resources: shown, total: undefined, next };
    },
  };
}

/** The user in `agent:identifier`: the host's id, `|`, and the user's id there. */
function userOf(question: Question): { readonly host: string; readonly id: string } | undefined {
  const value = oneOf(question, 'agent:identifier');
  if (value === undefined) return undefined;
  const at = value.indexOf('|');
  if (at < 1 || at === value.length - 1) throw badValue('agent:identifier', 'a host and a user of it, host|user');
  return { host: value.slice(0, at), id: value.slice(at + 1) };
}
