import { nameOf } from '../fhir/coding.ts';
import { objects, text } from '../fhir/json.ts';
import {
  anyValue,
  conceptKeys,
  extensionsOf,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  plainText,
  quantityText,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { words } from './words.ts';

/** Immunization: one dose of one vaccine on one day. "Not given" means that day alone, and never meets a given one. */
export function readImmunisation(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const notGiven = status === 'not-done' || resource['notGiven'] === true;
  const procedures = extensionsOf(resource, 'VaccinationProcedure').map((one) => anyValue(one));
  const vaccine = nameOf(resource['vaccineCode']) ?? procedures.map(nameOf).find((one) => one !== undefined);
  const when = whenOf(
    resource['occurrenceDateTime'],
    resource['date'],
    resource['occurrenceString'],
    resource['recorded'],
  );
  const lot = text(resource['lotNumber']);
  const protocols = [...objects(resource['protocolApplied']), ...objects(resource['vaccinationProtocol'])];
  const doses = protocols.map((one) => {
    const dose = one['doseNumberPositiveInt'] ?? one['doseNumberString'] ?? one['doseSequence'];
    return typeof dose === 'number' || typeof dose === 'string' ? `dose ${dose}` : undefined;
  });
  const concept = conceptKeys(resource['vaccineCode'], ...procedures);
  const day = when.date;
  const side = notGiven ? 'not given' : 'given';
  const whole = day !== undefined && (day.precision === 'day' || day.precision === 'time');
  const month = day === undefined || day.precision === 'year' ? undefined : `${day.year}-${day.month}`;
  const lots = lot !== undefined && whole ? [`lot|${plainText(lot)}|${day.year}-${day.month}-${day.day}|${side}`] : [];
  const seek = day === undefined ? 'undated' : (month ?? String(day.year));
  return fact(reader, {
    section: 'immunisations',
    subsection: notGiven ? 'not-given' : 'given',
    title: vaccine ?? words.nameNotRecorded,
    status: notGiven ? 'Not given' : status === 'completed' ? undefined : statusWord(status),
    detail: joined([
      ...doses,
      ...protocols.flatMap((one) => namesOf(one['targetDisease'])),
      lot === undefined ? undefined : `batch ${lot}`,
      nameOf(resource['site']),
      nameOf(resource['route']),
      quantityText(resource['doseQuantity']),
      ...procedures.map(nameOf).filter((one) => one !== vaccine),
      nameOf(resource['statusReason']),
      ...namesOf(resource['reasonCode']),
      ...objects(resource['reaction']).map((one) => reader.nameOf(one['detail'])),
      ...notesOf(resource['note']),
    ]),
    when,
    struckThrough: status === 'entered-in-error',
    keys: [
      ...identifierKeys(resource),
      ...lots,
      ...(whole ? concept.map((one) => `day|${one}|${day.year}-${day.month}-${day.day}|${side}`) : []),
    ],
    offers: whole
      ? concept.flatMap((one) => [`in|${one}|${month ?? ''}|${side}`, `in|${one}|${day.year}|${side}`])
      : [],
    seeks: whole ? [] : concept.map((one) => `in|${one}|${seek}|${side}`),
    // Administered is preferred over what was only told (MIROW).
    rank: resource['primarySource'] === false ? 1 : 0,
    compared: { batch: lot === undefined ? undefined : plainText(lot), status: notGiven ? 'not-done' : status },
  });
}

/** ImmunizationRecommendation: what is due. */
export function readRecommendation(reader: Reader): Fact {
  const { resource } = reader;
  const due = objects(resource['recommendation']);
  return fact(reader, {
    section: 'immunisations',
    subsection: 'due',
    title:
      joined(
        due.flatMap((one) => namesOf(one['vaccineCode'])),
        ', ',
      ) ?? words.nameNotRecorded,
    detail: joined(due.flatMap((one) => [nameOf(one['forecastStatus']), text(one['description'])])),
    when: whenOf(resource['date']),
    keys: identifierKeys(resource),
  });
}
