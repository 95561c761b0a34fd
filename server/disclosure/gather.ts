import { idOf } from '../../src/fhir/resource.ts';
import type { Asker, Person, SourceAnswer } from '../federation/answer.ts';
import { toldByDocuments } from '../privacy/document-withholding.ts';
import { raiseAlarm } from '../metrics.ts';
import { atOnce } from './at-once.ts';
import { heedConsent, isFreshYes, type Permitted } from './consent.ts';
import type { Reader } from './early.ts';
import { unchecked } from './ending.ts';
import type { Admission } from './gate.ts';
import type { HeldFor } from './held.ts';
import type { DisclosureRequest, House } from './house.ts';

/**
 * Steps 2 and 3. What the sources hold about an admitted person, less what is never shown. The whole record is asked of
 * them anew, or taken over from what the launch has begun to ask, and each answer is handed on as it comes. A part of it
 * comes from what this launch's last gathering brought, where that still stands; it was heard for consent in full when it
 * was gathered.
 * @throws {Fault} `record-refused` or `undecided`
 */
export async function* gather(
  house: House,
  request: DisclosureRequest,
  admission: Admission,
  asker: Asker,
  signal: AbortSignal,
): AsyncGenerator<Permitted> {
  const { person, lastConsent, joined } = admission;
  const { launchId, clientId, context } = request.session;
  const what = heldFor(launchId, { clientId, role: context.role }, person);
  // A no that another launch has heard since outdoes what was gathered before it.
  const heardNo = lastConsent?.answer === 'no' ? lastConsent.answeredAt.getTime() : 0;
  const ask = (until: AbortSignal): AsyncIterable<Permitted> =>
    heedConsent(
      house,
      admission,
      begunFor(house, request, what, { signal: until, notBefore: heardNo }) ??
        // The sources take their time while the audit row is written, without which nothing leaves.
        atOnce(house.federation.gather(person, asker, clientId, until, joined, asked(house, request, admission))),
    );

  if (request.part === undefined || request.part.anew === 'stream') {
    const lefts: (() => SourceAnswer)[] = [];
    const withhold = withholding(house);
    for await (const next of ask(signal)) {
      if (next.kind === 'permitted') yield next;
      else {
        const left = withhold(next.answer);
        lefts.push(left);
        if (request.together !== true) yield { kind: 'answer', answer: left() };
      }
    }
    // What a later answer took out of an earlier one has left with a stream; nothing that comes after it has it.
    const answers = lefts.map((left) => left());
    if (request.together === true) for (const answer of answers) yield { kind: 'answer', answer };
    if (request.sources !== undefined) {
      // A few of the sources are not the record, and what is held of it lacks what they gave now.
      house.held.forget(launchId);
      return;
    }
    house.held.renew(what, answers);
    if (answers.some((one) => one.documents !== undefined))
      house.held.hold({ ...what, documents: true }, answers.map(documentsOf));
    return;
  }

  const notBefore = request.part.anew === 'hold' ? Math.max(Date.now(), heardNo) : heardNo;
  const gathering = await house.held.of(
    request.part.documents === true ? { ...what, documents: true } : what,
    signal,
    async (until) => {
      const lefts: (() => SourceAnswer)[] = [];
      const withhold = withholding(house);
      for await (const next of ask(until)) if (next.kind === 'answer') lefts.push(withhold(next.answer));
      const answers = lefts.map((left) => left());
      return request.part?.documents === true ? answers.map(documentsOf) : answers;
    },
    notBefore,
  );
  yield { kind: 'permitted' };
  for (const answer of gathering.answers) yield { kind: 'answer', answer };
}

/** What a gathering on an admitted person is made for. `launchId`: the launch, or the key of what it has begun early. */
export function heldFor(
  launchId: string,
  { clientId, role }: Pick<HeldFor, 'clientId' | 'role'>,
  person: Person,
): HeldFor {
  return { launchId, clientId, role, nhsNumber: person.nhsNumber, practice: person.practice };
}

/** What the launch has begun to gather, where it has and it may be used. */
function begunFor(
  house: House,
  { session, sources, patientAlone = false }: DisclosureRequest,
  what: HeldFor,
  reader: Pick<Reader, 'signal' | 'notBefore'>,
): AsyncIterable<SourceAnswer> | undefined {
  const { gathering } = session.context;
  // Some of the sources alone are asked for since what they gave will not do.
  if (gathering === undefined || sources !== undefined) return undefined;
  return house.early.answers({ ...what, launchId: gathering }, { ...reader, listens: patientAlone });
}

/** Of an answer, no more than what holds documents: enough to open one, and little to hold. */
function documentsOf(answer: SourceAnswer): SourceAnswer {
  const holders = new Set((answer.documents ?? []).flatMap((one) => one.holders.map((name) => name.split('#')[0])));
  return {
    ...answer,
    contacts: [],
    resources: answer.resources.filter((one) => holders.has(`${one.resourceType}/${idOf(one) ?? ''}`)),
  };
}

/** Who is asked, where not all are. Nothing leaves before the practice has been heard, so that it is among them (H9). */
function asked(
  { config }: House,
  { sources }: DisclosureRequest,
  { person, lastConsent }: Admission,
): ReadonlySet<string> | undefined {
  if (sources === undefined) return undefined;
  if (isFreshYes(lastConsent, person.practice, config.region.consentAnswerFreshHours, Date.now())) return sources;
  const practices = config.sources.filter((source) => source.kind === 'gp-connect').map(({ id }) => id);
  return new Set([...sources, ...practices]);
}

/**
 * Step 3, begun for one record: takes in each answer, and gives what is left of it by all that has been read when it is
 * asked. A filter that throws withholds that source's whole answer, and is an alarm.
 */
function withholding(house: House): (answer: SourceAnswer) => () => SourceAnswer {
  const filter = house.beginWithholding();
  const fail = (answer: SourceAnswer, error: unknown): SourceAnswer => {
    raiseAlarm(house.log, 'withhold-failed', { source: answer.source.id, err: error });
    return unchecked(answer);
  };
  return (answer) => {
    const { unproved: _unproved, ...proved } = answer;
    const { documents } = answer;
    try {
      const told = documents === undefined ? undefined : toldByDocuments(documents, house.config.categories);
      const left = filter(answer.resources, told);
      let failed: SourceAnswer | undefined;
      return () => {
        if (failed !== undefined) return failed;
        try {
          return { ...proved, resources: left() };
        } catch (error) {
          return (failed = fail(answer, error));
        }
      };
    } catch (error) {
      const failed = fail(answer, error);
      return () => failed;
    }
  };
}
