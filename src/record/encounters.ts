import { codingsOf, nameOf } from '../fhir/coding.ts';
import { lookup, object, objects, text, type JsonObject } from '../fhir/json.ts';
import { displayOf } from '../fhir/reference.ts';
import { system } from '../fhir/systems.ts';
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
import { remembering } from './memory.ts';
import type { EventFacts } from './record.ts';
import { words } from './words.ts';

const classes: Readonly<Record<string, EventFacts['kind']>> = {
  imp: 'inpatient',
  acute: 'inpatient',
  nonac: 'inpatient',
  obsenc: 'inpatient',
  ss: 'inpatient',
  inpatient: 'inpatient',
  emer: 'emergency',
  emergency: 'emergency',
  amb: 'clinic',
  outpatient: 'clinic',
  ambulatory: 'clinic',
  hh: 'contact',
  vr: 'contact',
  fld: 'contact',
  home: 'contact',
  virtual: 'contact',
  community: 'contact',
};

function kindOf(reader: Reader): EventFacts['kind'] {
  const { resource, setting } = reader;
  const said = codingsOf(resource['class']).map((one) => one.code);
  const code = [...said, text(resource['class'])].find((one) => one !== undefined)?.toLowerCase() ?? '';
  const kind = lookup(classes, code);
  // A hospital's ambulatory visit is a clinic; a practice's or a community team's is a contact.
  if (kind === 'clinic' && setting !== undefined && setting !== 'acute' && setting !== 'shared-record')
    return 'contact';
  if (kind !== undefined) return kind;
  return setting === 'acute' ? 'clinic' : setting === undefined ? 'other' : 'contact';
}

function peopleOf(reader: Reader, participants: unknown): string | undefined {
  return joined(
    objects(participants).map((one) => reader.nameOf(one['individual'] ?? one['actor'] ?? one['member'])),
    ', ',
  );
}

const mental = /mental|psych|crisis|cmht|camhs|iapt|talking therap|eating disorder|substance misuse|addiction/;
const saysMental = remembering((said) => mental.test(said.toLowerCase()));

/** True where a service or its specialty is a mental health one (treatment functions 700 to 727, or said in words). */
export function isMentalHealth(resource: JsonObject): boolean {
  const concepts = [
    resource['serviceType'],
    resource['type'],
    resource['specialty'],
    resource['category'],
    resource['practiceSetting'],
  ];
  return concepts.some(
    (concept) =>
      concept !== undefined &&
      (codingsOf(concept).some(
        ({ system: space, code, display }) =>
          (display !== undefined && saysMental(display)) ||
          (space === system.treatmentFunction && /^7[0-2]\d$/.test(code ?? '')),
      ) ||
        namesOf(concept).some(saysMental)),
  );
}

/** Encounter: stays, A&E attendances, clinics, contacts. */
export function readEncounter(reader: Reader): Fact {
  const { resource } = reader;
  const kind = kindOf(reader);
  const status = statusOf(resource['status']);
  const span = spanOf(resource['period']);
  const when = whenOf(resource['period'], resource['plannedStartDate']);
  const types = namesOf(resource['type']);
  const service = nameOf(resource['serviceType']);
  const provider = reader.nameOf(resource['serviceProvider']);
  const places = joined(
    [provider, ...objects(resource['location']).map((one) => reader.nameOf(one['location']))],
    ', ',
  );
  const who = peopleOf(reader, resource['participant']);
  const reasons = [
    ...namesOf(resource['reasonCode']),
    ...namesOf(resource['reason']),
    ...objects(resource['diagnosis']).map((one) => displayOf(one['condition'])),
  ];
  const hospitalization = object(resource['hospitalization']);
  const providerId = reader.entryId(resource['serviceProvider']);
  const providerEntry = reader.follow(resource['serviceProvider']);
  const ods = objects(providerEntry?.['identifier'] ?? object(resource['serviceProvider'])?.['identifier'])
    .map((one) => (text(one['system']) === system.odsOrganisation ? text(one['value']) : undefined))
    .find((one) => one !== undefined);
  const by = ods ?? reader.entry.chip.organisation.ods ?? providerId ?? '';
  const title = service ?? types[0] ?? nameOf(resource['class']) ?? statusWord(kind) ?? words.nameNotRecorded;
  const exact = when.date?.precision === 'time' ? `at|${kind}|${when.date.instant}|${by}` : undefined;
  return fact(reader, {
    section: 'encounters',
    subsection: kind,
    title,
    status: statusWord(status),
    detail: joined([
      ...types.filter((one) => one !== title),
      ...reasons,
      places,
      who,
      nameOf(hospitalization?.['admitSource']),
      nameOf(hospitalization?.['dischargeDisposition']),
      ...notesOf(resource['note']),
    ]),
    when,
    struckThrough: status === 'entered-in-error',
    keys: [
      ...identifierKeys(resource),
      ...(exact === undefined ? [] : conceptOrNothing(resource).map((one) => `${exact}|${one}`)),
    ],
    current: status === 'in-progress' || status === 'arrived' || status === 'onleave' || status === 'triaged',
    compared: { status, end: span.end === undefined ? undefined : String(span.end.instant) },
    event: {
      kind,
      start: span.start,
      end: span.end,
      place: places,
      who,
      specialty: service,
      status: statusWord(status),
    },
  });
}

/** What kind of encounter it is said to be; one key that says nothing where nothing is said. */
function conceptOrNothing(resource: JsonObject): readonly string[] {
  const keys = conceptKeys(
    resource['serviceType'],
    ...(Array.isArray(resource['type']) ? (resource['type'] as readonly unknown[]) : []),
  );
  return keys.length > 0 ? keys : ['-'];
}

/** EpisodeOfCare: where a team has someone on its list. Social care, mental health or other care by who gives it. */
export function readEpisode(reader: Reader): Fact {
  const { resource, setting } = reader;
  const status = statusOf(resource['status']);
  const span = spanOf(resource['period']);
  const current =
    status === undefined || status === 'active' || status === 'planned' || status === 'onhold' || status === 'waitlist';
  const section =
    setting === 'council' || setting === 'continuing-care'
      ? 'social-care'
      : isMentalHealth(resource)
        ? 'mental-health'
        : 'encounters';
  const who = reader.nameOf(resource['careManager']);
  const place = reader.nameOf(resource['managingOrganization']);
  return fact(reader, {
    section,
    subsection: section === 'encounters' ? 'other' : current ? 'current' : 'past',
    title: namesOf(resource['type'])[0] ?? 'Episode of care',
    status: statusWord(status),
    detail: joined([
      ...namesOf(resource['type']).slice(1),
      who,
      place,
      ...objects(resource['diagnosis']).map((one) => displayOf(one['condition'])),
      ...objects(resource['team']).map((one) => reader.nameOf(one)),
    ]),
    when: whenOf(resource['period']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    rank: current ? 0 : 1,
    current,
    compared: { status },
    event: {
      kind: 'other',
      start: span.start,
      end: span.end,
      place,
      who,
      specialty: undefined,
      status: statusWord(status),
    },
  });
}

/** Communication: a message or call that was recorded. */
export function readCommunication(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  return fact(reader, {
    section: 'encounters',
    subsection: 'contact',
    title: nameOf(resource['topic']) ?? namesOf(resource['category'])[0] ?? 'Communication',
    status: statusWord(status),
    detail: joined([
      ...objects(resource['payload']).map((one) => text(one['contentString'])),
      reader.nameOf(resource['sender']),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(resource['sent'], resource['received']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
  });
}
