import { nameOf } from '../fhir/coding.ts';
import { object, objects, text } from '../fhir/json.ts';
import {
  conceptKeys,
  dateOf,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { isTestRequest } from './results.ts';
import { words } from './words.ts';

const over = ['cancelled', 'noshow', 'fulfilled', 'entered-in-error', 'checked-in'];

/** Appointment: to come until its time is past or it is over. */
export function readAppointment(reader: Reader): Fact {
  const { resource, now } = reader;
  const status = statusOf(resource['status']);
  const when = whenOf(resource['start'], ...objects(resource['requestedPeriod']));
  const end = dateOf(resource['end']);
  const toCome =
    (when.date === undefined || when.date.instant >= now) && (status === undefined || !over.includes(status));
  const actors = objects(resource['participant']).flatMap((one) => {
    const literal = text(object(one['actor'])?.['reference']) ?? '';
    return literal.includes('Patient/') ? [] : [reader.nameOf(one['actor'])];
  });
  const who = joined(actors, ', ');
  const service = namesOf(resource['serviceType'])[0] ?? namesOf(resource['specialty'])[0];
  const title = text(resource['description']) ?? service ?? nameOf(resource['appointmentType']) ?? 'Appointment';
  return fact(reader, {
    section: 'appointments',
    subsection: toCome ? 'to-come' : 'past',
    title,
    status: statusWord(status),
    detail: joined([
      service,
      ...namesOf(resource['specialty']),
      who,
      ...namesOf(resource['reasonCode']),
      text(resource['comment']),
      text(resource['patientInstruction']),
      nameOf(resource['cancelationReason']),
    ]),
    when,
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    current: toCome,
    compared: { status, time: when.date === undefined ? undefined : String(when.date.instant) },
    event: {
      kind: 'other',
      start: when.date,
      end,
      place: undefined,
      who,
      specialty: service,
      status: statusWord(status),
    },
  });
}

const ended = ['completed', 'revoked', 'entered-in-error', 'cancelled', 'suspended'];

/** ServiceRequest (and STU3's ReferralRequest and ProcedureRequest): referrals, planned recalls, requests for tests, care asked for. */
export function readServiceRequest(reader: Reader): Fact {
  const { resource, setting } = reader;
  const status = statusOf(resource['status']);
  const social = setting === 'council' || setting === 'continuing-care';
  const test = isTestRequest(resource);
  const specialty = joined([nameOf(resource['performerType']), nameOf(resource['specialty'])], ', ');
  const who = joined(
    [...objects(resource['performer']), ...objects(resource['recipient'])].map((one) => reader.nameOf(one)),
    ', ',
  );
  const live = status === undefined || !ended.includes(status);
  const priority = text(resource['priority']);
  return fact(reader, {
    section: test ? 'results' : social ? 'social-care' : 'appointments',
    subsection: test ? 'requests' : social ? (live ? 'current' : 'past') : 'referrals',
    title:
      nameOf(resource['code']) ??
      namesOf(resource['serviceRequested'])[0] ??
      specialty ??
      namesOf(resource['category'])[0] ??
      namesOf(resource['type'])[0] ??
      words.nameNotRecorded,
    status: statusWord(status),
    detail: joined([
      priority === undefined || priority === 'routine' ? undefined : statusWord(priority),
      specialty,
      who,
      ...namesOf(resource['reasonCode']),
      text(resource['description']),
      text(resource['patientInstruction']),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(resource['authoredOn'], resource['occurrenceDateTime'], resource['occurrencePeriod']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    concept: conceptKeys(resource['code']),
    current: live,
    compared: { status, priority },
  });
}
