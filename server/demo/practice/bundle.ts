import { isObject } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { formatDate, parseDate } from '../../../src/fhir/date.ts';
import type { Calendar } from '../calendar.ts';
import { sct } from '../codes.ts';
import { generalPractice, type FinishedRecord } from './record.ts';
import { bundleProfile, extension, listWarnings, primaryLists, profileOf, type ListKey } from './stu3.ts';

/** What a caller asked for. */
export type Wanted = {
  readonly parameters: ReadonlySet<string>;
  readonly resolvedAllergies: boolean;
  readonly issues: boolean;
  /** FHIR date; medicines that ended before it are left out. */
  readonly medicationFrom?: string;
  /** A warning that goes with the Bundle, about parameters that this system does not know. */
  readonly notes: readonly Resource[];
};

function refersTo(value: unknown, found: string[] = []): string[] {
  if (Array.isArray(value)) value.forEach((one) => refersTo(one, found));
  else if (isObject(value))
    for (const [member, inner] of Object.entries(value))
      if (member === 'reference' && typeof inner === 'string') found.push(inner);
      else refersTo(inner, found);
  return found;
}

const byEventDate = {
  coding: [{ system: 'http://hl7.org/fhir/list-order', code: 'event-date', display: 'Sorted by Event Date' }],
};
const empty = {
  coding: [
    {
      system: 'https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1',
      code: 'no-content-recorded',
      display: 'No Content Recorded',
    },
  ],
};

function primaryList(
  record: FinishedRecord,
  key: ListKey,
  items: readonly string[],
  calendar: Calendar,
  id: string | undefined,
): Resource {
  const about = primaryLists[key];
  const warnings = record.warnings.get(key) ?? [];
  const contained = key === 'endedAllergies' ? record.ended : [];
  const notes = [
    ...warnings.map(({ code, since }) => listWarnings[code].replace('{date}', formatted(since))),
    ...(items.length + contained.length === 0 ? ['Information not available'] : []),
  ];
  return {
    resourceType: 'List',
    ...(id === undefined ? {} : { id }),
    meta: { profile: [profileOf('List')] },
    ...(contained.length === 0 ? {} : { contained }),
    extension: [generalPractice, ...warnings.map(({ code }) => ({ url: extension.listWarning, valueCode: code }))],
    status: 'current',
    mode: 'snapshot',
    title: about.title,
    code: sct(about.code, 'display' in about ? about.display : about.title),
    subject: { reference: patientOf(record) },
    date: calendar.now,
    orderedBy: byEventDate,
    ...(notes.length === 0 ? {} : { note: [{ text: notes.join(' ') }] }),
    ...(items.length + contained.length === 0
      ? { emptyReason: empty }
      : {
          entry: [
            ...items.map((reference) => ({ item: { reference } })),
            ...contained.map((one) => ({ item: { reference: `#${String(one['id'])}` } })),
          ],
        }),
  };
}

function formatted(day: string): string {
  const date = parseDate(day);
  return date === undefined ? day : formatDate(date);
}

function patientOf(record: FinishedRecord): string {
  return [...record.resources.keys()].find((key) => key.startsWith('Patient/')) ?? '';
}

/** What a secondary list calls each type that consultations or problems lead to. */
const kinds: { readonly [resourceType: string]: string } = {
  MedicationStatement: 'medications',
  Condition: 'problems',
  Observation: 'uncategorised data',
  Immunization: 'immunisations',
  ReferralRequest: 'outbound referrals',
  DiagnosticReport: 'investigations',
};

function secondaryLists(
  record: FinishedRecord,
  from: ListKey,
  reached: ReadonlySet<string>,
  calendar: Calendar,
): readonly Resource[] {
  const within = from === 'consultations' ? 'contained in consultations' : 'related to problems';
  const title = from === 'consultations' ? 'Consultations' : 'Problems';
  return Object.entries(kinds).flatMap(([type, kind]) => {
    if (from === 'problems' && type === 'Condition') return [];
    const items = [...reached].filter((one) => one.startsWith(`${type}/`));
    if (items.length === 0) return [];
    const name = `${title} - ${kind} ${within}`;
    return [
      {
        resourceType: 'List',
        meta: { profile: [profileOf('List')] },
        extension: [generalPractice],
        status: 'current',
        mode: 'snapshot',
        title: name,
        code: {
          coding: [
            {
              system: 'https://fhir.hl7.org.uk/STU3/CodeSystem/GPConnect-SecondaryListValues-1',
              code: name.toLowerCase().replaceAll(' - ', '-').replaceAll(' ', '-'),
              display: name,
            },
          ],
        },
        subject: { reference: patientOf(record) },
        date: calendar.now,
        orderedBy: byEventDate,
        entry: items.map((reference) => ({ item: { reference } })),
      },
    ];
  });
}

/** The structured record: the lists that were asked for and all that they lead to, as one Bundle of type collection. */
export function structuredRecord(record: FinishedRecord, wanted: Wanted, calendar: Calendar): Resource {
  const { resources } = record;
  const isIssue = (one: Resource): boolean => one.resourceType === 'MedicationRequest' && one['intent'] === 'order';
  const statementsByPlan = new Map<string, string>();
  const issuesByPlan = new Map<string, string[]>();
  const listsByEncounter = new Map<string, string[]>();
  for (const [key, one] of resources) {
    const [plan] = refersTo(one['basedOn']);
    if (plan !== undefined && one.resourceType === 'MedicationStatement') statementsByPlan.set(plan, key);
    if (plan !== undefined && isIssue(one)) issuesByPlan.set(plan, [...(issuesByPlan.get(plan) ?? []), key]);
    const [encounter] = refersTo(one['encounter']);
    if (one.resourceType === 'List' && encounter !== undefined)
      listsByEncounter.set(encounter, [...(listsByEncounter.get(encounter) ?? []), key]);
  }
  const closure = (start: readonly string[]): Set<string> => {
    const reached = new Set<string>();
    const waiting = [...start];
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      const one = resources.get(key);
      if (one === undefined || reached.has(key)) continue;
      reached.add(key);
      waiting.push(...refersTo(one), ...(listsByEncounter.get(key) ?? []));
      const statement = statementsByPlan.get(key);
      if (statement !== undefined) waiting.push(statement);
      if (wanted.issues) waiting.push(...(issuesByPlan.get(key) ?? []));
    }
    return reached;
  };

  const asked = (Object.keys(primaryLists) as ListKey[]).filter(
    (key) =>
      wanted.parameters.has(primaryLists[key].parameter) && (key !== 'endedAllergies' || wanted.resolvedAllergies),
  );
  const current = (key: ListKey): readonly string[] => {
    const items = record.lists.get(key) ?? [];
    const from = wanted.medicationFrom;
    if (key !== 'medications' || from === undefined) return items;
    return items.filter((item) => {
      const period = resources.get(item)?.['effectivePeriod'];
      const end = isObject(period) ? period['end'] : undefined;
      return typeof end !== 'string' || end >= from;
    });
  };
  const withIds = record.practice.legacy === 'CTV3';
  const lists = asked.map((key) =>
    primaryList(record, key, current(key), calendar, withIds ? `${key}-list` : undefined),
  );
  const secondary = asked
    .filter((key) => key === 'consultations' || key === 'problems')
    .flatMap((key) => secondaryLists(record, key, closure(current(key)), calendar));
  const patient = patientOf(record);
  const ended = asked.includes('endedAllergies') ? refersTo(record.ended) : [];
  const reached = closure([patient, ...asked.flatMap(current), ...ended]);
  const roles = [...resources.keys()].filter(
    (key) =>
      key.startsWith('PractitionerRole/') &&
      refersTo(resources.get(key)).some((one) => reached.has(one) && one.startsWith('Practitioner/')),
  );
  const others = [...resources.keys()].filter((key) => reached.has(key) || roles.includes(key));
  return {
    resourceType: 'Bundle',
    meta: { profile: [bundleProfile], lastUpdated: calendar.now },
    type: 'collection',
    entry: [...lists, ...secondary, ...others.flatMap((key) => resources.get(key) ?? []), ...wanted.notes].map(
      (resource) => ({ resource }),
    ),
  };
}
