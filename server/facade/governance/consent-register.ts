import type { Resource } from '../../../src/fhir/resource.ts';
import { Fault } from '../../fault.ts';
import type { LaunchSession } from '../../launch/context.ts';
import type { Act, Register } from '../../privacy/register.ts';
import { consentOf, readConsent, readUpdate } from './consent.ts';
import { codesOf, practiceOf, nhsNumberOf, notThere, oneOf, periodsOf, type Question } from './question.ts';

/** What a search on the register may ask. */
export const consentParameters = [
  '_id',
  'patient:identifier',
  'organization:identifier',
  'status',
  'date',
  'route',
  'review-due',
] as const;

const statuses = ['draft', 'proposed', 'active', 'rejected', 'inactive'] as const;

/** Who does it, for the register's history and the audit trail. */
export function actOf({ context, clientId, launchId }: LaunchSession): Act {
  const { host, user, organisation, role } = context;
  return {
    by: `${user.name} (${user.id} at ${host})`,
    as: { user: { host, id: user.id, name: user.name }, organisation, role, clientId, launchId },
  };
}

/** A refusal of the register, as FHIR's interactions have it. */
function asInteraction(error: unknown): unknown {
  if (!(error instanceof Fault) || error.code !== 'objection-refused') return error;
  const { detail = '' } = error;
  if (detail === 'unknown') return notThere();
  const isConflict = ['open', 'decided', 'ended', 'raced', 'draft', 'review', 'practice-shares'].includes(detail);
  return new Fault(isConflict ? 'conflict' : 'form-invalid', error.message, { detail });
}

/** The objections register as `Consent`: the same register, rules and trail as `npm run objections`. */
export function createConsentRegister(register: Register) {
  const find = async (id: string, act: Act) => {
    const [found] = await register.list(act, { id });
    if (found === undefined) throw notThere();
    return found;
  };

  return {
    /** @throws {Fault} `not-found` */
    read: async (id: string, session: LaunchSession): Promise<Resource> => consentOf(await find(id, actOf(session))),

    /** One page, oldest first, behind the one whose id is `after`; `total` counts all. */
    search: async (question: Question, after: string | undefined, session: LaunchSession) => {
      const id = oneOf(question, '_id');
      const nhsNumber = nhsNumberOf(question);
      const status = codesOf(question, 'status', statuses);
      const [reviewDue] = codesOf(question, 'review-due', ['true', 'false']) ?? [];
      const [route] = codesOf(question, 'route', ['practice', 'records-team']) ?? [];
      const practice = practiceOf(question);
      const found = await register.list(actOf(session), {
        ...(id === undefined ? {} : { id }),
        ...(nhsNumber === undefined ? {} : { nhsNumber }),
        ...(status === undefined ? {} : { status }),
        ...(route === undefined ? {} : { route }),
        ...(practice === undefined ? {} : { practice }),
        ...(reviewDue === undefined ? {} : { reviewDue: reviewDue === 'true' }),
        received: periodsOf(question, 'date'),
      });
      const from = found.findIndex((one) => one.id === after) + 1;
      const shown = found.slice(from, from + question.count);
      const isLast = from + shown.length >= found.length;
      return { resources: shown.map(consentOf), total: found.length, next: isLast ? undefined : shown.at(-1)?.id };
    },

    /** @throws {Fault} `form-invalid`, `conflict` where one is open already, `undecided` */
    create: async (body: unknown, session: LaunchSession): Promise<Resource> => {
      const act = actOf(session);
      try {
        const { id } = await register.raise({ ...readConsent(body), ...act });
        return consentOf(await find(id, act));
      } catch (error) {
        throw asInteraction(error);
      }
    },

    /** Moves an objection along its lifecycle. @throws {Fault} `not-found`, `form-invalid`, `conflict` */
    update: async (id: string, body: unknown, session: LaunchSession): Promise<Resource> => {
      const act = actOf(session);
      const now = await find(id, act);
      const asked = readUpdate(body, now);
      const { reason, step } = asked;
      try {
        if (step === 'uphold' || step === 'decline')
          await register.decide({ ...act, id, reason, decision: step, weighed: asked.weighed });
        else if (step === 'reverse') {
          const { name, birthDate } = asked;
          await register.reverse({ ...act, reason, nhsNumber: now.person.nhsNumber, name, birthDate });
        } else await register[step]({ ...act, id, reason });
      } catch (error) {
        throw asInteraction(error);
      }
      return consentOf(await find(id, act));
    },
  };
}
