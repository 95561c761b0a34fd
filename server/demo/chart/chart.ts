import type { Resource } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import type { Calendar, When } from '../calendar.ts';
import type { DemoPerson } from '../people.ts';
import { seeded, type Random } from '../random.ts';
import type { R4System } from '../systems.ts';
import type { Letter } from '../letter.ts';
import { patientAt, patientIdAt, type PatientVariant } from './patient.ts';
import { practitioner, type Staff } from './staff.ts';

/** A FHIR Reference. */
export type Ref = { readonly reference?: string; readonly display?: string };
/** Members of a resource; those that are undefined are left out. */
export type Members = { readonly [member: string]: unknown };

/** What one system holds about one person, while a story writes it. */
export type Chart = {
  readonly system: R4System;
  readonly person: DemoPerson;
  readonly calendar: Calendar;
  readonly random: Random;
  readonly patient: Ref;
  /** The system's own organisation. */
  readonly organisation: Ref;
  /** Adds a resource: its id, profile, `meta` and pointer to the person come by themselves. */
  readonly add: (resourceType: string, recorded: When, members: Members) => Ref;
  /** Adds a resource that several people share, once, under an id of its own. */
  readonly share: (resourceType: string, id: string, members: Members) => Ref;
  readonly staff: (one: Staff) => Ref;
  /** When something was recorded; undefined in systems that do not say. */
  readonly recorded: (when: When) => string | undefined;
  /** The same chart, writing what a member organisation of an aggregating record gave it: tagged with its ODS code. */
  readonly of: (ods: string, name: string) => Chart & { readonly member: Ref };
  /** Adds a letter as Binary; returns the id of it. */
  readonly file: (letter: Letter) => string;
};

/** A person's record at one system. References are local; the server makes them absolute where its style is so. */
export type SystemRecord = {
  readonly person: DemoPerson;
  readonly patientId: string;
  readonly resources: readonly Resource[];
  readonly letters: ReadonlyMap<string, Letter>;
};

const byPatient = new Set([
  'AllergyIntolerance',
  'Immunization',
  'EpisodeOfCare',
  'RelatedPerson',
  'Consent',
  'Device',
  'FamilyMemberHistory',
]);
const withoutPerson = new Set([
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'HealthcareService',
  'Appointment',
]);
const notUkCore = new Set(['Goal', 'RiskAssessment', 'ClinicalImpression', 'ResearchSubject', 'DetectedIssue']);

function pointer(resourceType: string, patient: Ref): Members {
  if (withoutPerson.has(resourceType)) return {};
  if (resourceType === 'Task') return { for: patient };
  if (resourceType === 'ResearchSubject') return { individual: patient };
  return byPatient.has(resourceType) ? { patient } : { subject: patient };
}

function defined(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Rewrites each Practitioner reference below a value. */
function mapStaff(value: unknown, change: (ref: Ref) => Ref): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => mapStaff(one, change));
  if (typeof value !== 'object' || value === null) return value;
  const { reference } = value as Ref;
  if (typeof reference === 'string' && reference.startsWith('Practitioner/')) return change(value);
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, mapStaff(inner, change)]));
}

/** Opens an empty chart; `close` gives what was written into it. `index` is the person's place in the region. */
export function openChart(
  system: R4System,
  person: DemoPerson,
  index: number,
  calendar: Calendar,
  variant: PatientVariant = {},
): { readonly chart: Chart; readonly close: () => SystemRecord } {
  const { style } = system;
  const random = seeded(`${system.id}/${person.key}`);
  const resources = new Map<string, Resource>();
  const letters = new Map<string, Letter>();
  const staffById = new Map<string, Resource>();
  let count = 0;
  const nextId = (resourceType: string): string => {
    count += 1;
    if (style.ids === 'uuid') return random.uuid();
    const number = (index + 1) * 100_000 + count;
    return style.ids === 'number'
      ? String(number)
      : `${system.id}-${resourceType.toLowerCase().slice(0, 12)}-${number}`;
  };
  const patientId = patientIdAt(system, person, index);
  const patient: Ref = { reference: `Patient/${patientId}` };
  const profile = (resourceType: string): Members =>
    notUkCore.has(resourceType)
      ? {}
      : { profile: [`https://fhir.hl7.org.uk/StructureDefinition/UKCore-${resourceType}`] };

  const keep = (resource: Resource): Ref => {
    const key = `${resource.resourceType}/${String(resource['id'])}`;
    resources.set(key, resource);
    return { reference: key };
  };
  const withStaff = (members: Members): Members => {
    if (style.staff === 'resource') return members;
    if (style.staff === 'display')
      return mapStaff(members, ({ display }) => ({ ...(display === undefined ? {} : { display }) })) as Members;
    const contained = new Map<string, Resource>();
    const changed = mapStaff(members, (ref) => {
      const one = staffById.get(ref.reference ?? '');
      if (one === undefined) return ref;
      const id = `staff-${String(one['id'])}`;
      contained.set(id, { ...one, id, meta: undefined });
      return { ...ref, reference: `#${id}` };
    }) as Members;
    const all = [...contained.values()].map((one) => defined(one));
    return all.length === 0 ? changed : { contained: all, ...changed };
  };

  const share: Chart['share'] = (resourceType, id, members) =>
    keep({ resourceType, id, meta: profile(resourceType), ...defined(members) });
  const organisation: Ref = {
    ...share('Organization', `${system.id}-organisation`, {
      active: true,
      identifier: [{ system: fhirSystem.odsOrganisation, value: system.ods }],
      name: system.name,
    }),
    display: system.name,
  };

  const write =
    (tag: readonly unknown[]): Chart['add'] =>
    (resourceType, recorded, members) => {
      const meta = {
        ...(style.lastUpdated ? { versionId: '1', lastUpdated: calendar.instant(recordedTime(recorded)) } : {}),
        ...profile(resourceType),
        ...(tag.length === 0 ? {} : { tag }),
      };
      return keep({
        resourceType,
        id: nextId(resourceType),
        meta,
        ...withStaff(defined(members)),
        ...pointer(resourceType, patient),
      });
    };

  const chart: Chart = {
    system,
    person,
    calendar,
    random,
    patient,
    organisation,
    share,
    recorded: (when) => (style.recordedDate ? calendar.instant(when) : undefined),
    add: write([]),
    of: (ods, name) => {
      const identifier = [{ system: fhirSystem.odsOrganisation, value: ods }];
      const member = {
        ...share('Organization', `member-${ods.toLowerCase()}`, { active: true, identifier, name }),
        display: name,
      };
      const tag = [{ system: fhirSystem.odsOrganisation, code: ods, display: name }];
      return { ...chart, organisation: member, member, add: write(tag) };
    },
    staff: (one) => {
      const resource = practitioner(one);
      const ref = `Practitioner/${String(resource['id'])}`;
      staffById.set(ref, resource);
      if (style.staff === 'resource') resources.set(ref, resource);
      return { reference: ref, display: `${one.title} ${one.given} ${one.family}` };
    },
    file: (letter) => {
      const id = nextId('Binary');
      letters.set(id, letter);
      return id;
    },
  };
  keep(patientAt(system, person, patientId, calendar, organisation, variant));
  return {
    chart,
    close: () => ({ person, patientId, resources: [...resources.values()], letters }),
  };
}

/** `meta.lastUpdated` is an instant: a partial date of long ago becomes its first moment. */
function recordedTime(when: When): When {
  if (typeof when !== 'string' || when.includes('T')) return when;
  return `${when}${'-01-01'.slice(when.length - 10)}`.slice(0, 10).concat('T09:00:00Z');
}
