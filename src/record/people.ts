import { nameOf } from '../fhir/coding.ts';
import { object, objects, text, texts, type JsonObject } from '../fhir/json.ts';
import { displayOf } from '../fhir/reference.ts';
import type { Resource } from '../fhir/resource.ts';
import {
  identifierKeys,
  joined,
  namesOf,
  personName,
  plainText,
  spanOf,
  statusOf,
  statusWord,
  whenOf,
} from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { inSentence, words } from './words.ts';

/** Which number is rung first: that of work, then a mobile, then any; an old one never. */
const uses = ['work', 'mobile', 'home'];

/** The one number to ring. Absent where there is none. */
export function phoneOf(resource: JsonObject): string | undefined {
  const phones = objects(resource['telecom']).filter(
    (one) => (text(one['system']) ?? 'phone') === 'phone' && text(one['use']) !== 'old',
  );
  const place = (one: JsonObject): number => {
    const at = uses.indexOf(text(one['use']) ?? '');
    return at < 0 ? uses.length : at;
  };
  return phones
    .toSorted((a, b) => place(a) - place(b))
    .map((one) => text(one['value']))
    .find((one) => one !== undefined);
}

/** A person as they are spoken of: `Dr Aisha RAHMAN`. */
function spokenName(value: unknown): string | undefined {
  const names = objects(value);
  const name = names.find((one) => text(one['use']) === 'official') ?? names[0];
  if (name === undefined) return text(value);
  const parts = [...texts(name['prefix']), ...texts(name['given']), texts(name['family']).join(' ').toUpperCase()];
  return joined(parts, ' ') ?? text(name['text']);
}

/** The order of the section: who is nearest first. */
const near = {
  contact: 0,
  practice: 10,
  professional: 20,
  otherContact: 25,
  team: 30,
  organisation: 40,
  past: 50,
} as const;

const kin =
  /next of kin|carer|guardian|parent|relative|brother|sister|mother|father|wife|husband|partner|spouse|daughter|son\b|attorney/i;

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

/** RelatedPerson: next of kin, carers and other contacts. One of the same name and number is the same person (rule 7). */
export function readRelatedPerson(reader: Reader): Fact {
  const { resource, now } = reader;
  const { end } = spanOf(resource['period']);
  const live = resource['active'] !== false && (end === undefined || end.instant >= now);
  const relations = namesOf(resource['relationship']);
  const name = spokenName(resource['name']);
  const phone = phoneOf(resource);
  const [role, ...others] = name === undefined ? relations.slice(1) : relations;
  const more = joined(others.map(inSentence), ', ');
  return fact(reader, {
    section: 'people',
    subsection: live ? 'contact' : 'past',
    title: name ?? relations[0] ?? words.nameNotRecorded,
    status: live ? undefined : 'No longer',
    detail: joined([...relations, phone]),
    person: { role: role === undefined ? undefined : inSentence(role), more, phone },
    when: whenOf(resource['period']),
    keys: [
      ...identifierKeys(resource),
      ...(name === undefined || phone === undefined
        ? []
        : [`person|${plainText(name)}|${phone.replaceAll(/\D/g, '')}|${live ? 'live' : 'past'}`]),
    ],
    rank: live ? (relations.some((one) => kin.test(one)) ? near.contact : near.otherContact) : near.past,
    current: live,
  });
}

/** CareTeam. */
export function readCareTeam(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const live = status === undefined || status === 'active' || status === 'proposed';
  const members = joined(
    objects(resource['participant']).map((one) => {
      const role = namesOf(one['role'])[0];
      return joined([reader.nameOf(one['member']), role === undefined ? undefined : inSentence(role)], ', ');
    }),
  );
  const phone = phoneOf(resource);
  return fact(reader, {
    section: 'people',
    subsection: live ? 'team' : 'past',
    title: text(resource['name']) ?? namesOf(resource['category'])[0] ?? 'Care team',
    status: live && status !== 'proposed' ? undefined : statusWord(status),
    detail: joined([members, phone]),
    person: { role: undefined, more: members, phone },
    when: whenOf(resource['period']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    rank: live ? near.team : near.past,
    current: live,
  });
}

/** Practitioner, PractitionerRole, Organization: under People where the record names them as the person's own, else supporting. */
export function readProfessional(reader: Reader): Fact {
  const { resource } = reader;
  const own = reader.isNamed;
  const type = resource.resourceType;
  const practice = type === 'Organization' && reader.setting === 'gp';
  const place = type === 'Organization' ? (practice ? 'practice' : 'organisation') : 'professional';
  const name = type === 'Practitioner' && own ? spokenName(resource['name']) : undefined;
  const trained = objects(resource['qualification'])
    .map((one) => nameOf(one['code']))
    .find((one) => one !== undefined);
  const role = practice ? 'GP practice' : trained === undefined ? undefined : inSentence(trained);
  const phone = phoneOf(resource);
  const more = joined([reader.nameOf(resource['organization']), ...namesOf(resource['specialty'])], ', ');
  return fact(reader, {
    section: own ? 'people' : 'about',
    subsection: own ? place : 'supporting',
    title: name ?? calledOf(resource, (one) => reader.follow(one)) ?? statusWord(type) ?? words.nameNotRecorded,
    detail: joined([role, more, phone]),
    ...(own ? { person: { role, more, phone } } : {}),
    when: whenOf(resource['period']),
    rank: near[place],
    current: own,
  });
}
