import { Fault, undecided } from '../fault.ts';
import type { Asker, Joined, Person } from '../federation/answer.ts';
import type { LaunchSession } from '../launch/context.ts';
import type { ConsentAnswer } from '../privacy/consent-answer.ts';
import type { ConsentState } from '../privacy/consent-state.ts';
import type { DisclosureRequest, House } from './house.ts';
import { joinedOf } from './joined.ts';
import { refused } from './refusal.ts';

/** What the gate found out about the person, before any source is asked. */
export type Admission = {
  readonly person: Person;
  /** What the registered practice last said about consent, where it ever did. */
  readonly lastConsent: ConsentAnswer | undefined;
  /** The host's own record, where it joins. */
  readonly joined: Joined | undefined;
};

/** What the gate looks at: the launch, and whether anybody still waits for the answer. */
type GateRequest = Pick<DisclosureRequest, 'signal'> & { readonly session: Pick<LaunchSession, 'context'> };

/**
 * Step 1. May this person's record be shown at all? Asked of the database (the objections register, with what the practice
 * last said) and of the demographics service, both at once and both to their end, so that the time it takes does not tell
 * which of them said no.
 * @throws {Fault} `record-refused`, or `undecided` where one of them cannot be asked
 */
export async function gate(house: House, request: GateRequest, asker: Asker): Promise<Admission> {
  const { patient, hostRecord } = request.session.context;
  if (patient === undefined && hostRecord !== undefined) return gateOfHost(house, request);
  if (patient === undefined) {
    throw new Fault(
      'not-permitted',
      'This launch is for no person, so there is no record to show. Open a person in your own system first.',
    );
  }
  const [state, demographics] = await Promise.allSettled([
    consentState(house, patient.nhsNumber),
    house.federation.demographics(patient.nhsNumber, asker, request.signal),
  ]);
  if (state.status === 'rejected') throw state.reason;
  if (demographics.status === 'rejected')
    throw undecided('the demographics service could not be asked', demographics.reason);
  if (state.value.objected) throw refused('objection');
  if (demographics.value.kind !== 'found')
    throw refused(demographics.value.kind === 'restricted' ? 'restricted' : 'unknown-person');
  const { person } = demographics.value;
  // Equal at the door; if the demographics service has since changed its mind, this may be someone else's number (H1).
  if (person.birthDate !== patient.birthDate) throw refused('birth-date-differs');
  // A number that was followed to another: the objection may stand under that one.
  let { lastConsent } = state.value;
  if (person.nhsNumber !== patient.nhsNumber) {
    const followed = await consentState(house, person.nhsNumber, patient.nhsNumber);
    if (followed.objected) throw refused('objection');
    lastConsent = laterOf(lastConsent, followed.lastConsent);
  }
  return { person, lastConsent, joined: joinedOf(house, request.session.context) };
}

/**
 * Of a person whose NHS number their host does not know, neither the register nor the demographics service nor a practice
 * can be asked: the host's own record, shown to the host's own user, is all that may be opened (DESIGN.md, One Patient).
 */
async function gateOfHost(house: House, { session, signal }: GateRequest): Promise<Admission> {
  const joined = joinedOf(house, session.context);
  if (joined === undefined)
    throw new Fault(
      'not-permitted',
      'Your own system does not know this person’s NHS number, and its own record is not shown here.',
    );
  return { person: await house.federation.hostPerson(joined, signal), lastConsent: undefined, joined };
}

/** What stands under a number; the second is the one that was followed to it. */
function consentState(house: House, ...numbers: Parameters<House['consentState']>): Promise<ConsentState> {
  return house.consentState(...numbers).catch((cause: unknown) => {
    throw undecided('the objections register and the kept consent answers could not be read', cause);
  });
}

/** The later of what a practice said under two numbers of one person; its no where both are of one time. */
function laterOf(one: ConsentAnswer | undefined, other: ConsentAnswer | undefined): ConsentAnswer | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const later = one.answeredAt.getTime() - other.answeredAt.getTime();
  return later > 0 || (later === 0 && one.answer === 'no') ? one : other;
}
