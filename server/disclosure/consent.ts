import { undecided } from '../fault.ts';
import type { SourceAnswer } from '../federation/answer.ts';
import type { ConsentAnswer } from '../privacy/consent-answer.ts';
import { decideConsent, consentStatements, type ConsentStatement } from '../privacy/dissent.ts';
import type { Admission } from './gate.ts';
import type { House } from './house.ts';
import { refused } from './refusal.ts';

/** An answer that may leave, or the word that from now on answers may. */
export type Permitted = { readonly kind: 'permitted' } | { readonly kind: 'answer'; readonly answer: SourceAnswer };

const hour = 3_600_000;

/** True where the registered practice's yes is recent enough that the others need not wait for it. */
export function isFreshYes(
  last: ConsentAnswer | undefined,
  practice: string | undefined,
  freshHours: number,
  now: number,
): boolean {
  return (
    last !== undefined &&
    last.answer === 'yes' &&
    last.practice === practice &&
    now - last.answeredAt.getTime() < freshHours * hour
  );
}

/**
 * True where the practice where the person is registered last said no, and is not there to say otherwise: it does not
 * share, is outside the region, or does not know the person. Its dissents come as a list.
 */
function hasStandingNo({ person, lastConsent }: Admission): boolean {
  return lastConsent?.answer === 'no' && lastConsent.practice === person.practice;
}

/** What stands while the registered practice cannot be reached: its last no; its last yes for some days; else the region's choice. */
function decideUnreachable(house: House, last: ConsentAnswer | undefined, now: number): void {
  const { consentAnswerDays, practiceUnreachable } = house.config.region;
  if (last?.answer === 'no') throw refused('dissent-at-practice');
  if (last !== undefined && now - last.answeredAt.getTime() <= consentAnswerDays * 24 * hour) return;
  if (practiceUnreachable === 'refuse')
    throw undecided('the registered practice never answered about consent and cannot be reached');
}

/**
 * Step 1, once more: nothing leaves before the registered practice's own answer has been read for dissent, unless it
 * said yes a short while ago. Dissent that any source turns out to hold ends the record, also when it is under way;
 * among all consent codes heard so far the latest by clinical date decides.
 * @throws {Fault} `record-refused`, or `undecided`
 */
export async function* heedConsent(
  house: House,
  admission: Admission,
  answers: AsyncIterable<SourceAnswer>,
): AsyncGenerator<Permitted> {
  const { person, lastConsent } = admission;
  const { region } = house.config;
  const held: SourceAnswer[] = [];
  const heard: ConsentStatement[] = [];
  let open = isFreshYes(lastConsent, person.practice, region.consentAnswerFreshHours, Date.now());
  if (open) yield { kind: 'permitted' };

  for await (const answer of answers) {
    const said = consentStatements([...answer.resources, ...(answer.unproved ?? [])]);
    heard.push(...said);
    if (answer.practiceConsent === 'answered' || answer.practiceConsent === 'refused') {
      const no = answer.practiceConsent === 'refused' || decideConsent(said) === 'dissent';
      if (person.nhsNumber !== undefined)
        await house.consentAnswers
          .remember(
            person.nhsNumber,
            person.practice ?? answer.origin.ods,
            no ? 'no' : 'yes',
            new Date(answer.answeredAt),
          )
          .catch((cause: unknown) => {
            throw undecided('the practice’s answer about consent could not be kept', cause);
          });
      if (answer.practiceConsent === 'refused') throw refused('dissent-at-practice');
    }
    if (decideConsent(heard) === 'dissent')
      throw refused(answer.practiceConsent === undefined ? 'dissent-at-source' : 'dissent-at-practice');
    if (answer.practiceConsent !== undefined) {
      if (answer.practiceConsent === 'silent' && hasStandingNo(admission)) throw refused('dissent-at-practice');
      if (answer.practiceConsent === 'unreachable' && !open) decideUnreachable(house, lastConsent, Date.now());
      if (!open) {
        open = true;
        yield { kind: 'permitted' };
        for (const one of held.splice(0)) yield { kind: 'answer', answer: one };
      }
    }
    if (open) yield { kind: 'answer', answer };
    else held.push(answer);
  }

  // The sources have ended and no practice was among them: where the region has practices to ask, that is no answer.
  if (!open) {
    if (hasStandingNo(admission)) throw refused('dissent-at-practice');
    if (house.config.sources.some((source) => source.kind === 'gp-connect'))
      decideUnreachable(house, lastConsent, Date.now());
    yield { kind: 'permitted' };
    for (const one of held) yield { kind: 'answer', answer: one };
  }
}
