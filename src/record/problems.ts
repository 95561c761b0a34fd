import { codingsOf, hasCode, nameOf } from '../fhir/coding.ts';
import { objects } from '../fhir/json.ts';
import {
  anyValue,
  choiceDates,
  conceptKeys,
  extensionsOf,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  quantityText,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { words } from './words.ts';

/** Condition: problems and diagnoses of every kind. */
export function readCondition(reader: Reader): Fact {
  const { resource } = reader;
  const certainty = statusOf(resource['verificationStatus']);
  const clinical = statusOf(resource['clinicalStatus']);
  const inError = certainty === 'entered-in-error' || clinical === 'entered-in-error';
  const refuted = certainty === 'refuted';
  const ended = anyValue(resource, 'abatement') !== undefined;
  const past =
    clinical === 'resolved' || clinical === 'inactive' || clinical === 'remission' || (clinical === undefined && ended);
  const severity = nameOf(resource['severity']);
  const degree = severity?.toLowerCase() ?? codedDegree(resource['code']);
  const significance = ['ProblemSignificance', 'problem-significance', 'problemSignificance']
    .flatMap((name) => extensionsOf(resource, name))
    .map((one) => statusOf(anyValue(one)))
    .find((one) => one !== undefined);
  const onset = whenOf(...choiceDates(resource, 'onset'));
  const when =
    onset.date === undefined
      ? whenOf(...choiceDates(resource, 'onset'), resource['recordedDate'], resource['assertedDate'])
      : onset;
  const end = whenOf(...choiceDates(resource, 'abatement'));
  return fact(reader, {
    section: 'problems',
    subsection: inError || refuted ? 'ruled-out' : past ? 'past' : 'active',
    strategy: 'problem',
    title: nameOf(resource['code']) ?? words.nameNotRecorded,
    status: inError ? words.enteredInError : refuted ? statusWord(certainty) : statusWord(clinical),
    detail: joined([
      severity,
      statusWord(significance),
      certainty === undefined || certainty === 'confirmed' || inError || refuted ? undefined : statusWord(certainty),
      joined(namesOf(resource['bodySite']), ', '),
      end.date === undefined ? undefined : `ended ${end.text}`,
      ...objects(resource['stage']).map((one) => nameOf(one['summary'])),
      ...notesOf(resource['note']),
    ]),
    when,
    struckThrough: inError,
    keys: identifierKeys(resource),
    concept: conceptKeys(resource['code']),
    rank: inError ? 4 : refuted ? 3 : past ? 2 : certainty === 'confirmed' ? 0 : 1,
    current: !inError && !refuted && !past,
    compared: {
      status: clinical,
      certainty,
      severity: degree,
      start: onset.date === undefined ? undefined : onset.text,
    },
  });
}

/** A severity that stands in the code itself, beside the plain name (`Moderate frailty`). */
function codedDegree(concept: unknown): string | undefined {
  return codingsOf(concept)
    .map((one) => /^(mild|moderate|severe|very severe)\b/i.exec(one.display ?? '')?.[1]?.toLowerCase())
    .find((one) => one !== undefined);
}

/** FamilyMemberHistory: another person's condition, never among the person's own (H6). */
export function readFamilyHistory(reader: Reader): Fact {
  const { resource } = reader;
  const relation = nameOf(resource['relationship']) ?? statusWord('family-member');
  const conditions = objects(resource['condition']);
  const named = conditions.map((one) => nameOf(one['code'])).filter((one) => one !== undefined);
  const inError = statusOf(resource['status']) === 'entered-in-error';
  return fact(reader, {
    section: 'problems',
    subsection: 'family-history',
    title: `${relation ?? ''}: ${joined(named, ', ') ?? words.nameNotRecorded}`,
    status: statusWord(statusOf(resource['status'])),
    detail: joined([
      ...conditions.flatMap((one) => [quantityText(one['onsetAge']), nameOf(one['outcome']), ...notesOf(one['note'])]),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(resource['date']),
    struckThrough: inError,
    keys: identifierKeys(resource),
  });
}

/** True for what UK systems record as a comment and not as a problem. */
export function isCommentNote(concept: unknown): boolean {
  return hasCode(concept, 'http://snomed.info/sct', '37331000000100');
}
