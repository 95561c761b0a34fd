import type { Config } from '../config/config.ts';
import type { Asker, Demographics, Traced } from '../federation/answer.ts';
import { Fault, undecided } from '../fault.ts';
import type { ProvedContext } from './attempt.ts';
import { refuse } from './page/refusal.ts';

/** Asks the demographics service about one NHS number. */
export type AskDemographics = (nhsNumber: string, asker: Asker, signal: AbortSignal) => Promise<Demographics>;

/**
 * Looks for one person at the demographics service.
 * @returns the NHS number where exactly one person matches; undefined for none and for many alike
 * @throws {Fault} `undecided` where it cannot be asked
 */
export type AskTrace = (traced: Traced, asker: Asker, signal: AbortSignal) => Promise<string | undefined>;

/** How long a door waits for the demographics service. */
export const patienceMs = 10_000;

/** On whose behalf the demographics service is asked, before the user's role is known in every case. */
export function askerOf(config: Config, context: ProvedContext, traceId: string): Asker {
  const role = config.roles.find((one) => one.code === context.role);
  return {
    userId: context.user.id,
    userName: context.user.name,
    organisation: context.organisation,
    // UNK is what GP Connect's own claims say where a system knows no role.
    role: { code: role?.code ?? 'UNK', title: role?.title ?? 'Unknown' },
    ...(context.user.registration === undefined ? {} : { registration: context.user.registration }),
    ...(context.user.sds === undefined ? {} : { sds: context.user.sds }),
    traceId,
  };
}

/**
 * Asks the demographics service once whether the host and the NHS mean the same person. From here on the context has
 * the service's number and birth date. A person it does not know, or restricts, goes on unchanged: they are refused
 * where everyone is refused, so that the door tells nothing.
 * @throws {Fault} `birth-date-differs`; `undecided` where it cannot be asked
 */
export async function confirmIdentity(
  config: Config,
  ask: AskDemographics,
  context: ProvedContext,
): Promise<ProvedContext> {
  const { patient } = context;
  if (patient === undefined) return context;
  let answer: Demographics;
  try {
    const asker = askerOf(config, context, crypto.randomUUID());
    answer = await ask(patient.nhsNumber, asker, AbortSignal.timeout(patienceMs));
  } catch (error) {
    throw error instanceof Fault ? error : undecided('the demographics service could not be asked', error);
  }
  if (answer.kind !== 'found') return context;
  const { nhsNumber, birthDate } = answer.person;
  if (birthDate !== patient.birthDate) throw refuse('birth-date-differs', 'birth date');
  return { ...context, patient: { nhsNumber, birthDate } };
}
