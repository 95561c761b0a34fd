import { nameOf } from '../fhir/coding.ts';
import { object, objects, text } from '../fhir/json.ts';
import {
  anyValue,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  quantityText,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { isMentalHealth } from './encounters.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import type { SectionId } from './record.ts';

const ended = ['completed', 'cancelled', 'failed', 'rejected', 'entered-in-error', 'stopped'];

/** Task: a package or piece of care; of a council or continuing healthcare it is social care. */
export function readTask(reader: Reader): Fact {
  const { resource, setting } = reader;
  const status = statusOf(resource['status']);
  const live = status === undefined || !ended.includes(status);
  const social = setting === 'council' || setting === 'continuing-care';
  const section: SectionId = social ? 'social-care' : isMentalHealth(resource) ? 'mental-health' : 'appointments';
  return fact(reader, {
    section,
    subsection: section === 'appointments' ? 'tasks' : live ? 'current' : 'past',
    title: nameOf(resource['code']) ?? text(resource['description']) ?? 'Task',
    status: nameOf(resource['businessStatus']) ?? statusWord(status),
    detail: joined([
      text(resource['description']),
      reader.nameOf(resource['owner']),
      nameOf(resource['reasonCode']),
      ...objects(resource['input']).map((one) => joined([nameOf(one['type']), textOf(anyValue(one))], ': ')),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(resource['executionPeriod'], resource['authoredOn'], resource['lastModified']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    rank: live ? 0 : 1,
    current: live,
    compared: { status },
  });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return String(value);
  return text(value) ?? nameOf(value) ?? quantityText(value);
}

function answers(items: unknown, depth = 0): readonly (string | undefined)[] {
  if (depth > 20) return [];
  return objects(items).flatMap((item) => {
    const given = objects(item['answer']);
    const said = joined(
      given.map((one) => textOf(anyValue(one))),
      ', ',
    );
    const own = said === undefined ? undefined : joined([text(item['text']), said], ': ');
    return [own, ...answers(item['item'], depth + 1), ...given.flatMap((one) => answers(one['item'], depth + 1))];
  });
}

/** Where an assessment belongs by the kind of organisation that made it; `otherwise` where the kind does not say. */
function homeOf(setting: Reader['setting'], otherwise: SectionId): SectionId {
  if (setting === 'council' || setting === 'continuing-care') return 'social-care';
  return setting === 'mental-community' ? 'mental-health' : otherwise;
}

/** QuestionnaireResponse: an assessment, by who made it. */
export function readAssessment(reader: Reader): Fact {
  const { resource, setting } = reader;
  const status = statusOf(resource['status']);
  const section = homeOf(setting, 'care-plans');
  const questionnaire = text(resource['questionnaire']);
  return fact(reader, {
    section,
    subsection: section === 'care-plans' ? 'preferences' : 'assessments',
    title:
      objects(object(resource['_questionnaire'])?.['extension'])
        .map((one) => text(anyValue(one)))
        .find((one) => one !== undefined) ??
      reader.nameOf(resource['questionnaire']) ??
      statusWord(questionnaire?.split('|')[0]?.split('/').at(-1)) ??
      'Assessment',
    status: statusWord(status),
    detail: joined(answers(resource['item'])),
    when: whenOf(resource['authored']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
  });
}

/** ClinicalImpression: a formulation or assessment in words. */
export function readImpression(reader: Reader): Fact {
  const { resource, setting } = reader;
  const status = statusOf(resource['status']);
  const section = homeOf(setting, 'encounters');
  return fact(reader, {
    section,
    subsection: section === 'encounters' ? 'other' : 'assessments',
    title: nameOf(resource['code']) ?? 'Clinical impression',
    status: statusWord(status),
    detail: joined([
      text(resource['description']),
      text(resource['summary']),
      ...objects(resource['finding']).map((one) => nameOf(one['itemCodeableConcept'])),
      ...namesOf(resource['prognosisCodeableConcept']),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(resource['effectiveDateTime'], resource['effectivePeriod'], resource['date']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
  });
}
