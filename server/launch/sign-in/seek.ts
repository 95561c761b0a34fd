import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../../config/config.ts';
import { Fault, undecided } from '../../fault.ts';
import type { Asker, Traced } from '../../federation/answer.ts';
import { patienceMs, type AskDemographics, type AskTrace } from '../identity.ts';

/** Whom a search asks. */
export type Asked = {
  readonly config: Config;
  readonly demographics: AskDemographics;
  readonly trace: AskTrace;
  readonly hides: (nhsNumber: string) => Promise<boolean>;
};

/** What came of a search. `why` is for the audit trail and nowhere else. */
export type Sought =
  | { readonly kind: 'found'; readonly patient: { readonly nhsNumber: string; readonly birthDate: string } }
  | { readonly kind: 'none'; readonly why: 'unknown' | 'restricted' | 'birth-date' | 'objection' | 'not-one-match' };

/** Asks within the door's patience; whoever cannot be asked, nothing is decided. */
async function asking<Answer>(what: string, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
  try {
    return await ask(AbortSignal.timeout(patienceMs));
  } catch (error) {
    throw error instanceof Fault ? error : undecided(`${what} could not be asked`, error);
  }
}

/**
 * Looks for a person by NHS number and birth date. The demographics service and the register are both asked to their
 * end, and the register about the number now in use too, before anything is decided: every refusal takes as long.
 * @throws {Fault} `undecided` where either cannot be asked
 */
export async function seekByNumber(
  { demographics, hides }: Asked,
  { nhsNumber, birthDate }: { readonly nhsNumber: string; readonly birthDate: string },
  asker: Asker,
): Promise<Sought> {
  const hidden = (number: string): Promise<boolean> => asking('the register', () => hides(number));
  const [answer, byTyped] = await Promise.all([
    asking('the demographics service', (signal) => demographics(nhsNumber, asker, signal)),
    hidden(nhsNumber),
  ]);
  const current = answer.kind === 'found' ? answer.person.nhsNumber : nhsNumber;
  const byCurrent = await hidden(current);
  if (answer.kind !== 'found') return { kind: 'none', why: answer.kind };
  if (answer.person.birthDate !== birthDate) return { kind: 'none', why: 'birth-date' };
  if (byTyped || byCurrent) return { kind: 'none', why: 'objection' };
  return { kind: 'found', patient: { nhsNumber: current, birthDate } };
}

/**
 * Looks for a person without their number. Where not exactly one matches it takes about as long as where one does: the
 * register is asked about nobody, and the time of the trace stands in for that of the demographics service.
 * @throws {Fault} `undecided` where any cannot be asked
 */
export async function seekByTrace(asked: Asked, traced: Traced, asker: Asker): Promise<Sought> {
  const began = performance.now();
  const nhsNumber = await asking('the trace', (signal) => asked.trace(traced, asker, signal));
  if (nhsNumber !== undefined) return seekByNumber(asked, { nhsNumber, birthDate: traced.birthDate }, asker);
  await Promise.all([wait(performance.now() - began), asking('the register', () => asked.hides('none'))]);
  await asking('the register', () => asked.hides('none'));
  return { kind: 'none', why: 'not-one-match' };
}
