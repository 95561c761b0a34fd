import { codingsOf, nameOf } from '../fhir/coding.ts';
import { objects, text } from '../fhir/json.ts';
import {
  conceptKeys,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  plainText,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import type { AllergyFacts } from './record.ts';
import { inSentence, wordOf, words } from './words.ts';

/** Asserts that no allergy at all is known. Narrower ones (no known drug allergy) do not (H6). */
const noneKnown = new Set(['716186003', '160244002', 'no-known-allergies']);
/** Says something about allergies that is no allergy: none of a kind, not asked, no information. */
const noAllergy = new Set([
  ...noneKnown,
  '409137002',
  '429625007',
  '428607008',
  '428197003',
  'no-known-medication-allergies',
  'no-known-environmental-allergies',
  'no-known-food-allergies',
  'no-allergy-info',
  '1631000175102',
]);

/** True where the fact asserts that no allergy of any kind is known. */
export function assertsNoneKnown(one: Fact): boolean {
  return (
    one.subsection === 'none-known' &&
    one.current &&
    codingsOf(one.entry.resource['code']).some((coding) => coding.code !== undefined && noneKnown.has(coding.code))
  );
}

const riskRank: Readonly<Record<string, number>> = { high: 0, 'unable-to-assess': 1, low: 3 };
const certaintyRank: Readonly<Record<string, number>> = { confirmed: 0, unconfirmed: 1, presumed: 1 };

/** AllergyIntolerance, R4 and what is left of STU3. */
export function readAllergy(reader: Reader): Fact {
  const { resource } = reader;
  const certainty = statusOf(resource['verificationStatus']);
  const clinical = statusOf(resource['clinicalStatus']);
  const inError = certainty === 'entered-in-error';
  const refuted = certainty === 'refuted';
  const past = clinical === 'resolved' || clinical === 'inactive';
  const reactions = objects(resource['reaction']);
  const named = resource['code'] ?? reactions.map((one) => one['substance']).find((one) => one !== undefined);
  const codes = codingsOf(named);
  const concept = conceptKeys(named);
  const assertion = codes.some((one) => one.code !== undefined && noAllergy.has(one.code));
  const risk = statusOf(resource['criticality']);
  const manifestations = reactions.flatMap((one) => namesOf(one['manifestation']));
  const severities = reactions.map((one) => text(one['severity'])).filter((one) => one !== undefined);
  const described = reactions.map((one) => text(one['description']));
  // What the reaction was is never left to be guessed: without a coded one, the free words stand in its place.
  const reaction = joined(manifestations, ', ') ?? joined(described, ', ') ?? joined(notesOf(resource['note']), ', ');
  const judged = joined(
    [
      statusOf(resource['type']) === 'intolerance' ? 'intolerance' : undefined,
      risk === 'high' ? 'high risk' : risk === 'low' ? 'low risk' : undefined,
      certainty === undefined || inError || refuted ? undefined : wordOf(certainty).toLowerCase(),
    ],
    ', ',
  );
  const said = judged === undefined ? undefined : wordOf(judged);
  const allergy: AllergyFacts = { reaction: reaction === undefined ? undefined : inSentence(reaction), said };
  const subsection = inError || refuted ? 'ruled-out' : assertion ? 'none-known' : past ? 'past' : 'active';
  const liveness = inError ? 4 : refuted ? 3 : past ? 2 : 0;
  return fact(reader, {
    section: 'allergies',
    subsection,
    lane: assertion ? 'NoKnownAllergy' : 'AllergyIntolerance',
    title: nameOf(named) ?? words.nameNotRecorded,
    // Live is what an allergy in the list is: only what is not has its status said.
    status: inError ? words.enteredInError : refuted ? statusWord(certainty) : past ? statusWord(clinical) : undefined,
    detail: joined([allergy.reaction, said]),
    allergy,
    when: whenOf(
      resource['recordedDate'],
      resource['assertedDate'],
      resource['onsetDateTime'],
      resource['onsetPeriod'],
    ),
    struckThrough: inError,
    concept,
    keys: [...concept, ...identifierKeys(resource)],
    rank: liveness * 100 + (riskRank[risk ?? ''] ?? 2) * 10 + (certaintyRank[certainty ?? ''] ?? 2),
    current: !inError && !refuted && !past,
    compared: { status: clinical, certainty, risk, reaction: listKey(manifestations), severity: listKey(severities) },
  });
}

const listKey = (values: readonly string[]): string | undefined =>
  values.length === 0 ? undefined : [...new Set(values.map(plainText))].sort().join('; ');
