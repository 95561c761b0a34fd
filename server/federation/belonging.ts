import { lookup, object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { identifierKey, type Entry } from './entry.ts';
import { isContainedPerson, ownIdentifiers, type KnownPerson } from './identity.ts';
import type { Resolve } from './resolver.ts';

/** The members by which a resource of any type says whom it is about. */
const subjectMembers = ['subject', 'patient', 'beneficiary', 'for', 'deliverTo'] as const;

/** Types that say it elsewhere. */
const subjectsOfType: Readonly<Record<string, (resource: Resource) => readonly unknown[]>> = {
  Appointment: (resource) => objects(resource['participant']).map((one) => one['actor']),
  AppointmentResponse: (resource) => [resource['actor']],
  ResearchSubject: (resource) => [resource['individual']],
  Group: (resource) => objects(resource['member']).map((one) => one['entity']),
  // What was measured on someone else (a child unborn, a donor) is about them, though it stands in this record.
  Observation: (resource) => objects(resource['focus']).filter((one) => isPatientReference(one)),
  // A message that says no subject is about those between whom it went.
  Communication: correspondents,
  CommunicationRequest: correspondents,
};

function isPatientReference(reference: JsonObject): boolean {
  const target = parseReference(text(reference['reference']) ?? '');
  return (
    text(reference['type']) === 'Patient' || (target !== undefined && 'type' in target && target.type === 'Patient')
  );
}

function correspondents(resource: Resource): readonly unknown[] {
  if (resource['subject'] !== undefined) return [];
  return [...objects(resource['recipient']), ...objects(resource['sender'])].filter(isPatientReference);
}

/** Types that name several people by nature; what others there are is cut out of them. Of any other all must be the person. */
const ofSeveral: ReadonlySet<string> = new Set(['Account', 'Appointment', 'Group', 'ResearchSubject']);

/**
 * The source's own index of people and of who looked at what. They would name the person as the source alone does, and
 * are no part of a record: they stay behind, and are no fault.
 */
const ofTheSourceAlone: ReadonlySet<string> = new Set(['AuditEvent', 'Linkage', 'Person']);

/** Types that are about nobody by nature: they stay where something of the person's leads to them, and are no fault else. */
const shared: ReadonlySet<string> = new Set([
  'Organization',
  'OrganizationAffiliation',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'HealthcareService',
  'Medication',
  'MedicationKnowledge',
  'Substance',
  'Device',
  'DeviceDefinition',
  'Endpoint',
  'Schedule',
  'Slot',
  'Questionnaire',
  'Library',
  'PlanDefinition',
  'ActivityDefinition',
  'ObservationDefinition',
  'SpecimenDefinition',
  'InsurancePlan',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'StructureDefinition',
  'Measure',
  'Binary',
]);

/** Types that hang on what they point at, rather than being pointed at. */
const pointers: Readonly<Record<string, (resource: Resource) => readonly unknown[]>> = {
  Provenance: (resource) => objects(resource['target']),
  PractitionerRole: (resource) => [resource['practitioner']],
  AppointmentResponse: (resource) => [resource['appointment']],
};

type Whose = 'own' | 'other' | 'neither';

/** Reads references to persons, for one answer about one person. */
type Reader = (reference: JsonObject, contained: readonly JsonObject[]) => Whose;

function readerOf(
  person: KnownPerson,
  own: readonly Entry[],
  groups: ReadonlyMap<string, Resource>,
  resolve: Resolve,
): Reader {
  const ownKeys = new Set(own.map((entry) => entry.key));
  const isOwn = ownIdentifiers(own, person.nhsNumber);
  /** What is about a group is about the person where the group is nobody else. */
  const ofGroup = (group: Resource, contained: readonly JsonObject[]): Whose => {
    const whose = objects(group['member']).map((one) => readOne(object(one['entity']) ?? {}, contained, () => 'other'));
    if (whose.includes('other')) return 'other';
    return whose.includes('own') ? 'own' : 'neither';
  };
  const readOne = (reference: JsonObject, contained: readonly JsonObject[], readGroup: typeof ofGroup): Whose => {
    const literal = text(reference['reference']);
    if (literal !== undefined) {
      if (literal.startsWith('#')) {
        const inner = contained.find((one) => text(one['id']) === literal.slice(1));
        if (isResource(inner) && inner.resourceType === 'Group') return readGroup(inner, contained);
        if (!isResource(inner) || inner.resourceType !== 'Patient') return 'neither';
        return isContainedPerson(person, isOwn, inner) ? 'own' : 'other';
      }
      const key = resolve(literal);
      if (key !== undefined) {
        const group = groups.get(key);
        if (group !== undefined) return readGroup(group, objects(group['contained']));
        return ownKeys.has(key) ? 'own' : key.startsWith('Patient/') ? 'other' : 'neither';
      }
      // A Patient at another server is the person where one of their identifiers says so.
      if (isOwn(object(reference['identifier']) ?? {})) return 'own';
      if (literal.startsWith('Patient?')) return 'other';
      const target = parseReference(literal);
      const type = target !== undefined && 'type' in target ? target.type : text(reference['type']);
      return type === 'Patient' ? 'other' : 'neither';
    }
    const identifier = object(reference['identifier']);
    if (identifier === undefined) return 'neither';
    if (isOwn(identifier)) return 'own';
    return text(identifier['system']) === system.nhsNumber ? 'other' : 'neither';
  };
  return (reference, contained) => readOne(reference, contained, ofGroup);
}

/** The references by which a resource says whom it is about. */
function subjectsOf(resource: JsonObject): readonly JsonObject[] {
  const subjects: JsonObject[] = [];
  for (const member of subjectMembers) if (resource[member] !== undefined) subjects.push(...objects(resource[member]));
  const special = isResource(resource) ? lookup(subjectsOfType, resource.resourceType)?.(resource) : undefined;
  if (special !== undefined) subjects.push(...objects(special));
  return subjects;
}

/** Whom a resource says that it is about: `silent` where it does not say. */
function aboutWhom(resource: Resource, read: Reader): Whose | 'silent' {
  const contained = objects(resource['contained']);
  const subjects = subjectsOf(resource);
  const said = subjects.map((one) => read(one, contained));
  // What it carries inside must not be someone else's either.
  if (
    contained.some(
      (one) => one['resourceType'] !== 'Patient' && subjectsOf(one).some((ref) => read(ref, contained) === 'other'),
    )
  )
    return 'other';
  const own = said.includes('own');
  const other = said.includes('other');
  if (own && (!other || ofSeveral.has(resource.resourceType))) return 'own';
  if (other) return 'other';
  return said.length === 0 ? 'silent' : 'neither';
}

export type Belonging = {
  /** What is proved to hang on the person, in the order in which it came; Patients are not among it. */
  readonly proved: readonly Entry[];
  /** What says that it is about someone else. */
  readonly someoneElses: readonly Entry[];
  /** What does not say whom it is about, and nothing of the person's leads to it. */
  readonly nobodys: readonly Entry[];
};

/**
 * Proves each resource of an answer to hang on the person: by its own subject, or by the chain of references that leads
 * to it from something proved. What is about someone else, or about nobody, is told apart and never released (H1).
 * @param own the entries of the proved Patient
 */
export function belonging(
  entries: readonly Entry[],
  own: readonly Entry[],
  person: KnownPerson,
  resolve: Resolve,
): Belonging {
  const groups = new Map(
    entries.filter(({ resource }) => resource.resourceType === 'Group').map(({ key, resource }) => [key, resource]),
  );
  const read = readerOf(person, own, groups, resolve);
  const proved = new Set<Entry>();
  const eligible = new Map<string, Entry>();
  const someoneElses: Entry[] = [];
  for (const entry of entries) {
    if (ofTheSourceAlone.has(entry.resource.resourceType)) continue;
    if (entry.resource.resourceType === 'Patient') {
      if (!own.includes(entry)) someoneElses.push(entry);
      continue;
    }
    const whose = aboutWhom(entry.resource, read);
    if (whose === 'own') proved.add(entry);
    else if (whose === 'other') someoneElses.push(entry);
    else eligible.set(entry.key, entry);
  }
  // A place or service may be named by its identifier alone: it must come, since it may be why a thing is never shown.
  const identified = new Map<string, Entry[]>();
  for (const entry of eligible.values()) {
    if (!shared.has(entry.resource.resourceType)) continue;
    for (const key of objects(entry.resource['identifier']).map(identifierKey)) {
      const before = key === undefined ? undefined : identified.get(key);
      if (before !== undefined) before.push(entry);
      else if (key !== undefined) identified.set(key, [entry]);
    }
  }
  const queue: Entry[] = [...own, ...proved];
  const reach = (next: Entry | undefined): void => {
    if (next === undefined || !eligible.delete(next.key)) return;
    proved.add(next);
    queue.push(next);
  };
  const follow = (): void => {
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      for (const link of entry.links) {
        const key = resolve(link);
        if (key !== undefined) reach(eligible.get(key));
      }
      if (identified.size > 0) for (const key of entry.logical) identified.get(key)?.forEach(reach);
    }
  };
  follow();
  const provedKeys = (): ReadonlySet<string> => new Set([...proved, ...own].map((entry) => entry.key));
  for (let keys = provedKeys(), grown = true; grown; keys = provedKeys()) {
    grown = false;
    for (const entry of eligible.values()) {
      const targets = objects(lookup(pointers, entry.resource.resourceType)?.(entry.resource));
      const hangs = targets.some((target) => {
        const key = resolve(text(target['reference']) ?? '');
        return key !== undefined && keys.has(key);
      });
      if (!hangs) continue;
      eligible.delete(entry.key);
      proved.add(entry);
      queue.push(entry);
      grown = true;
    }
    follow();
  }
  return {
    proved: entries.filter((entry) => proved.has(entry)),
    someoneElses,
    nobodys: [...eligible.values()].filter((entry) => !shared.has(entry.resource.resourceType)),
  };
}
