import { nameOf } from '../fhir/coding.ts';
import { object, objects, text } from '../fhir/json.ts';
import { identifierKeys, joined, namesOf, notesOf, spanOf, statusOf, statusWord, whenOf } from './element.ts';
import { planKind } from './documents.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { words } from './words.ts';

const over = ['completed', 'revoked', 'entered-in-error', 'cancelled', 'inactive', 'rejected', 'superseded'];

/** CarePlan: plans of every kind; ReSPECT and treatment escalation first. */
export function readCarePlan(reader: Reader): Fact {
  const { resource, now } = reader;
  const status = statusOf(resource['status']);
  const { end } = spanOf(resource['period']);
  const kind = planKind(...list(resource['category']), { text: text(resource['title']) });
  const live =
    (status === undefined || !over.includes(status)) && (end === undefined || end.instant >= now - 86_400_000);
  const activities = objects(resource['activity']).map((one) => {
    const detail = object(one['detail']);
    return joined([nameOf(detail?.['code']), text(detail?.['description']), reader.nameOf(one['reference'])], ': ');
  });
  return fact(reader, {
    section: 'care-plans',
    subsection: kind ?? 'plan',
    title: text(resource['title']) ?? namesOf(resource['category'])[0] ?? 'Care plan',
    status: statusWord(status),
    detail: joined([
      text(resource['description']),
      ...activities,
      reader.nameOf(resource['author']),
      ...objects(resource['addresses']).map((one) => reader.nameOf(one)),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(resource['created'], resource['period']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    rank: live ? 0 : 1,
    current: live,
    compared: { status, description: text(resource['description'])?.toLowerCase() },
  });
}

/** Goal. */
export function readGoal(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['lifecycleStatus'] ?? resource['status']);
  return fact(reader, {
    section: 'care-plans',
    subsection: 'goal',
    title: nameOf(resource['description']) ?? words.nameNotRecorded,
    status: statusWord(status),
    detail: joined([
      nameOf(resource['achievementStatus']),
      ...namesOf(resource['outcomeCode']),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(resource['startDate'], resource['statusDate']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    current: status === undefined || !over.includes(status),
  });
}

/** Consent: legal decisions and preferences (ADRT, LPA); resuscitation decisions by their category. */
export function readConsent(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const categories = list(resource['category']);
  const kind = planKind(...categories, resource['scope']);
  const live = status === undefined || status === 'active' || status === 'proposed';
  return fact(reader, {
    section: 'care-plans',
    subsection: kind ?? 'legal',
    title: namesOf(categories)[0] ?? nameOf(resource['scope']) ?? 'Consent',
    status: statusWord(status),
    detail: joined([
      scopeText(resource['scope']),
      // Only a refusal is said: what a consent permits by default is no decision.
      text(object(resource['provision'])?.['type']) === 'deny' ? words.refused : undefined,
      ...objects(resource['organization']).map((one) => reader.nameOf(one)),
    ]),
    when: whenOf(resource['dateTime'], object(resource['provision'])?.['period']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    rank: live ? 0 : 1,
    current: live,
    compared: { status },
  });
}

const scopes: ReadonlyMap<string, string> = new Map([
  ['adr', 'Advance decision'],
  ['treatment', 'Treatment'],
  ['patient-privacy', 'Privacy'],
  ['research', 'Research'],
]);

/** What a consent is about; a code that came without a name has one here. */
function scopeText(scope: unknown): string | undefined {
  return scopes.get(statusOf(scope) ?? '') ?? nameOf(scope);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
