import { nameOf } from '../fhir/coding.ts';
import { objects } from '../fhir/json.ts';
import {
  choiceDates,
  conceptKeys,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { words } from './words.ts';

/** Procedure: what was done on one day; what was not done stands apart and says so. */
export function readProcedure(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const notDone = status === 'not-done' || resource['notDone'] === true;
  const when = whenOf(...choiceDates(resource, 'performed'), resource['performedString']);
  const date = when.date;
  const whole = date !== undefined && (date.precision === 'day' || date.precision === 'time');
  const concept = conceptKeys(resource['code']);
  const side = notDone ? 'not done' : 'done';
  const day = date === undefined ? when.text : `${date.year}-${date.month}-${date.day}`;
  const timed = date?.precision === 'time';
  return fact(reader, {
    section: 'procedures',
    subsection: notDone ? 'not-done' : status === 'preparation' || status === 'in-progress' ? 'current' : 'past',
    title: nameOf(resource['code']) ?? words.nameNotRecorded,
    status: notDone ? 'Not done' : statusWord(status),
    detail: joined([
      ...namesOf(resource['bodySite']),
      nameOf(resource['outcome']),
      ...namesOf(resource['reasonCode']),
      nameOf(resource['statusReason']),
      ...objects(resource['performer']).map((one) => reader.nameOf(one['actor'])),
      ...namesOf(resource['complication']),
      ...notesOf(resource['note']),
    ]),
    when,
    struckThrough: status === 'entered-in-error',
    keys: [...identifierKeys(resource), ...(timed ? concept.map((one) => `at|${one}|${date.instant}|${side}`) : [])],
    offers: timed ? concept.map((one) => `day|${one}|${day}|${side}`) : [],
    seeks: timed ? [] : concept.map((one) => `${whole ? 'day' : 'vague'}|${one}|${day}|${side}`),
    compared: { status, outcome: nameOf(resource['outcome'])?.toLowerCase() },
  });
}
