import { nameOf } from '../fhir/coding.ts';
import { objects, text } from '../fhir/json.ts';
import {
  conceptKeys,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  spanOf,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { words } from './words.ts';

/** Flag: what must be known before anything is done. */
export function readFlag(reader: Reader): Fact {
  const { resource, now } = reader;
  const status = statusOf(resource['status']);
  const { end } = spanOf(resource['period']);
  const live = (status === undefined || status === 'active') && (end === undefined || end.instant >= now - 86_400_000);
  return fact(reader, {
    section: 'alerts',
    subsection: live ? 'current' : 'past',
    title: nameOf(resource['code']) ?? namesOf(resource['category'])[0] ?? words.nameNotRecorded,
    status: statusWord(status),
    detail: joined([...namesOf(resource['category']), reader.nameOf(resource['author'])]),
    when: whenOf(resource['period']),
    struckThrough: status === 'entered-in-error',
    keys: [
      ...identifierKeys(resource),
      ...conceptKeys(resource['code']).map((one) => `flag|${one}|${live ? 'live' : whenOf(resource['period']).text}`),
    ],
    rank: live ? 0 : 1,
    current: live,
    compared: { status },
  });
}

/** RiskAssessment and DetectedIssue. */
export function readRisk(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const inError = status === 'entered-in-error' || status === 'cancelled';
  const predictions = objects(resource['prediction']);
  return fact(reader, {
    section: 'alerts',
    subsection: inError ? 'past' : 'current',
    title:
      nameOf(resource['code']) ??
      predictions.map((one) => nameOf(one['outcome'])).find((one) => one !== undefined) ??
      statusWord(resource.resourceType) ??
      words.nameNotRecorded,
    status: status === 'final' ? undefined : statusWord(status),
    detail: joined([
      statusWord(text(resource['severity'])),
      ...predictions.flatMap((one) => [nameOf(one['outcome']), nameOf(one['qualitativeRisk']), text(one['rationale'])]),
      text(resource['mitigation']),
      text(resource['detail']),
      ...objects(resource['mitigation']).map((one) => nameOf(one['action'])),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(
      resource['occurrenceDateTime'],
      resource['occurrencePeriod'],
      resource['identifiedDateTime'],
      resource['date'],
    ),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    current: !inError,
  });
}
