import { nameOf } from '../fhir/coding.ts';
import { object, objects, text, type JsonObject } from '../fhir/json.ts';
import { displayOf } from '../fhir/reference.ts';
import type { Resource } from '../fhir/resource.ts';
import { identifierKeys, joined, namesOf, personName, spanOf, statusOf, statusWord, whenOf } from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { words } from './words.ts';

/** Telephone numbers and addresses for a line of detail. */
export function telecomText(resource: JsonObject): readonly (string | undefined)[] {
  return objects(resource['telecom']).map((one) => joined([text(one['value']), text(one['use'])], ' '));
}

/** How a resource that others point at is called. */
export function calledOf(
  resource: Resource | undefined,
  follow: (reference: unknown) => Resource | undefined,
): string | undefined {
  if (resource === undefined) return undefined;
  if (resource.resourceType === 'PractitionerRole') {
    const person = follow(resource['practitioner']);
    const name = personName(person?.['name']) ?? displayOf(resource['practitioner']);
    return (
      joined([name, namesOf(resource['code'])[0]], ', ') ?? text(object(follow(resource['organization']))?.['name'])
    );
  }
  const name = resource['name'];
  return (
    (typeof name === 'string' ? text(name) : personName(name)) ??
    nameOf(resource['code']) ??
    text(resource['title']) ??
    text(resource['description']) ??
    nameOf(resource['type']) ??
    objects(resource['deviceName'])
      .map((one) => text(one['name']))
      .find((one) => one !== undefined)
  );
}

/** RelatedPerson: next of kin, carers and other contacts. */
export function readRelatedPerson(reader: Reader): Fact {
  const { resource, now } = reader;
  const { end } = spanOf(resource['period']);
  const live = resource['active'] !== false && (end === undefined || end.instant >= now);
  const relations = namesOf(resource['relationship']);
  return fact(reader, {
    section: 'people',
    subsection: live ? 'contact' : 'past',
    title: personName(resource['name']) ?? relations[0] ?? words.nameNotRecorded,
    status: live ? undefined : 'No longer',
    detail: joined([...relations, ...telecomText(resource)]),
    when: whenOf(resource['period']),
    keys: identifierKeys(resource),
    current: live,
  });
}

/** CareTeam. */
export function readCareTeam(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const live = status === undefined || status === 'active' || status === 'proposed';
  return fact(reader, {
    section: 'people',
    subsection: live ? 'professional' : 'past',
    title: text(resource['name']) ?? namesOf(resource['category'])[0] ?? 'Care team',
    status: statusWord(status),
    detail: joined([
      ...objects(resource['participant']).map((one) =>
        joined([reader.nameOf(one['member']), namesOf(one['role'])[0]], ', '),
      ),
      ...telecomText(resource),
    ]),
    when: whenOf(resource['period']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    current: live,
  });
}

/** Practitioner, PractitionerRole, Organization: under People where the record names them as the person's own, else supporting. */
export function readProfessional(reader: Reader): Fact {
  const { resource } = reader;
  const own = reader.isNamed;
  return fact(reader, {
    section: own ? 'people' : 'about',
    subsection: own ? (resource.resourceType === 'Organization' ? 'organisation' : 'professional') : 'supporting',
    title:
      calledOf(resource, (one) => reader.follow(one)) ?? statusWord(resource.resourceType) ?? words.nameNotRecorded,
    detail: joined([
      reader.nameOf(resource['organization']),
      ...namesOf(resource['specialty']),
      ...telecomText(resource),
    ]),
    when: whenOf(resource['period']),
    current: own,
  });
}
