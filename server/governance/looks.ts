import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { ohc, system } from '../../src/fhir/systems.ts';

/** One time that somebody opened a person's record, or did something to what is kept about them, from the audit trail. */
export type Visit = {
  /** ISO instants of its first and last event. */
  readonly from: string;
  readonly to: string;
  /** As they were called then. */
  readonly who: string;
  readonly role: string | undefined;
  readonly organisation: string | undefined;
  readonly app: string | undefined;
  /** Why, in the user's own words where they had to say. */
  readonly why: string | undefined;
  readonly outcome: 'shown' | 'refused' | 'failed';
  /** What was done, in words, each once and in its order. */
  readonly did: readonly string[];
  /** Ids of the sources of which something was given. */
  readonly sources: readonly string[];
};

/** What an event says. */
type Event = {
  readonly at: string;
  readonly type: string;
  readonly outcome: string;
  readonly launchId: string | undefined;
  readonly detail: ReadonlyMap<string, string>;
  readonly who: string;
  readonly role: string | undefined;
  readonly organisation: string | undefined;
  readonly app: string | undefined;
  readonly why: string | undefined;
};

const identifierOf = (of: JsonObject | undefined): JsonObject | undefined =>
  object(object(of?.['who'])?.['identifier']);

function eventOf(event: Resource): Event {
  const agents = objects(event['agent']);
  const entities = objects(event['entity']);
  const details = entities.flatMap((one) => objects(one['detail']));
  const detail = new Map(details.map((one) => [text(one['type']) ?? '', text(one['valueString']) ?? '']));
  const user = agents.find((one) => text(one['name']) !== undefined && one['requestor'] === true);
  const organisation = agents.find((one) => text(identifierOf(one)?.['system']) === system.odsOrganisation);
  // Behind the user and the organisation stand the app, and last this server itself.
  const app = agents
    .slice(0, -1)
    .find((one) => one !== user && one !== organisation && text(identifierOf(one)?.['value']) !== undefined);
  const launch = entities.find((one) => text(object(one['type'])?.['code']) === 'XrequestId');
  const reason = objects(event['purposeOfEvent']).find((one) =>
    objects(one['coding']).some((coding) => text(coding['system']) === ohc.accessReason),
  );
  const subtypes = objects(event['subtype']);
  return {
    at: text(event['recorded']) ?? '',
    type: text(subtypes.find((one) => text(one['system']) === ohc.auditType)?.['code']) ?? '',
    outcome: text(event['outcome']) ?? '',
    launchId: text(object(object(launch?.['what'])?.['identifier'])?.['value']),
    detail,
    who: text(user?.['name']) ?? detail.get('by') ?? 'This service',
    role: text(objects(objects(user?.['role'])[0]?.['coding'])[0]?.['code']),
    organisation: text(organisation?.['name']),
    app: text(identifierOf(app)?.['value']),
    why: text(reason?.['text']),
  };
}

const sectionNames: Readonly<Record<string, string>> = { encounters: 'contacts', about: 'about this record' };
const sectionsOf = (detail: Event['detail']): string =>
  (detail.get('sections') ?? '')
    .split(' ')
    .map((id) => sectionNames[id] ?? id.replaceAll('-', ' '))
    .join(', ');

const looks: Readonly<Record<string, (sections: string) => string>> = {
  section: (sections) => `looked at ${sections}`,
  item: (sections) => `looked closely at something in ${sections}`,
  document: (sections) => `opened a document in ${sections}`,
  copy: (sections) => `copied something out of ${sections}`,
  print: (sections) => `printed ${sections}`,
};

const requests: Readonly<Record<string, string>> = {
  $everything: 'asked for the record',
  $summary: 'asked for the summary',
  'open document': 'asked for a document',
};

const acts: Readonly<Record<string, string>> = {
  raise: 'received the objection',
  submit: 'put the objection forward',
  uphold: 'upheld the objection',
  decline: 'declined the objection',
  withdraw: 'withdrew the objection',
  reverse: 'reversed the objection',
  review: 'looked at the objection again',
  follow: 'moved the objection to the new NHS number',
  list: 'looked at the objection',
};

/** What was done, in words that go on from a name. */
function didOf({ type, detail }: Event): string {
  const of = (words: Readonly<Record<string, string>>, key: string): string | undefined =>
    Object.hasOwn(words, key) ? words[key] : undefined;
  switch (type) {
    case 'look':
      return looks[detail.get('look') ?? '']?.(sectionsOf(detail)) ?? 'looked';
    case 'disclosure':
      return (
        of(requests, detail.get('request') ?? '') ?? `asked for ${detail.get('request') ?? 'a part of the record'}`
      );
    case 'objection':
      return of(acts, detail.get('act') ?? '') ?? 'did something to the objection';
    case 'administration':
      return 'read who looked at the record';
    case 'registration':
      return 'said who they are';
    default:
      return 'opened the record from their own system';
  }
}

const outcomeOf = (events: readonly Event[]): Visit['outcome'] => {
  const asked = events.filter(({ type }) => type === 'disclosure' || type === 'look');
  const decisive = asked.length === 0 ? events : asked;
  if (decisive.some(({ outcome }) => outcome === '0')) return 'shown';
  return decisive.some(({ outcome }) => outcome === '4') ? 'refused' : 'failed';
};

/** The ids of those that gave something: `id status count` each, as the end of a record has them. */
function sourcesOf(events: readonly Event[]): readonly string[] {
  const given = events.flatMap(({ detail }) => [
    ...(detail.get('sources') ?? '').matchAll(/(\S+) (?:complete|partial) ([1-9]\d*)/g),
  ]);
  return [...new Set(given.map(([, id = '']) => id))];
}

/** Everything of one launch is one visit; whatever belongs to none stands alone. Oldest first. `events`: in any order. */
export function visitsOf(events: readonly Resource[]): readonly Visit[] {
  const read = events.map(eventOf).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const groups = Map.groupBy(read, (one) => one.launchId ?? one);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const last = <Key extends 'role' | 'organisation' | 'app' | 'why'>(key: Key): Event[Key] =>
      group.findLast((one) => one[key] !== undefined)?.[key];
    return [
      {
        from: first.at,
        to: group.at(-1)?.at ?? first.at,
        who: group.find((one) => one.who !== 'This service')?.who ?? first.who,
        role: last('role'),
        organisation: last('organisation'),
        app: last('app'),
        why: last('why'),
        outcome: outcomeOf(group),
        did: [...new Set(group.map(didOf))],
        sources: sourcesOf(group),
      },
    ];
  });
}

/** What ids and codes are called. */
export type Names = {
  readonly role: (code: string) => string | undefined;
  readonly source: (id: string) => string | undefined;
};

const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', dateStyle: 'long' });
const time = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeStyle: 'short' });

function periodOf({ from, to }: Visit): string {
  const [start, end] = [new Date(from), new Date(to)];
  const [began, ended] = [time.format(start), time.format(end)];
  if (day.format(start) !== day.format(end)) return `${day.format(start)}, ${began} to ${day.format(end)}, ${ended}`;
  return `${day.format(start)}, ${began}${began === ended ? '' : ` to ${ended}`}`;
}

const outcomeWords: Readonly<Record<Visit['outcome'], string>> = {
  shown: '',
  refused: 'Nothing was shown: it was refused.',
  failed: 'Nothing was shown: it failed.',
};

/** The visits as a person reads them: who looked, when, from where, in which role, why, and what was opened. */
export function visitsText(visits: readonly Visit[], names: Names): string {
  if (visits.length === 0) return 'Nobody has opened this record here.';
  const paragraphs = visits.map((visit) => {
    const role = visit.role === undefined ? undefined : (names.role(visit.role) ?? visit.role);
    const sources = visit.sources.map((id) => names.source(id) ?? id);
    return [
      periodOf(visit),
      `  ${[visit.who, role, visit.organisation].filter((one) => one !== undefined).join(', ')}`,
      ...visit.did.map((one) => `  - ${one}`),
      ...(visit.why === undefined ? [] : [`  The reason given: ${visit.why}`]),
      ...(sources.length === 0 ? [] : [`  Shown from: ${sources.join(', ')}`]),
      ...(visit.outcome === 'shown' ? [] : [`  ${outcomeWords[visit.outcome]}`]),
    ].join('\n');
  });
  return `Who looked at this record, and when (the time in London):\n\n${paragraphs.join('\n\n')}`;
}
