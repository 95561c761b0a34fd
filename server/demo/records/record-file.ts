import { isObject, object, objects, text, texts, type JsonObject } from '../../../src/fhir/json.ts';
import { entriesOf, idOf, isResource, metaOf, type Resource } from '../../../src/fhir/resource.ts';
import { parseDate } from '../../../src/fhir/date.ts';

/** One person of a file, and what the file holds about them. */
export type FilePerson = {
  readonly title?: string;
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male' | 'other' | 'unknown';
  readonly birthDate: string;
  /** FHIR dateTime, or undefined where the file does not say that they died. */
  readonly died?: string;
  readonly patient: Resource;
  /** Theirs and what they share with others of the file (staff, organisations), the Patient among them. */
  readonly resources: readonly Resource[];
};

/** What became of a file. */
export type FileReading =
  | {
      readonly version: 'R4' | 'STU3';
      readonly bundle: Resource;
      readonly people: readonly FilePerson[];
      readonly leftOut: number;
    }
  | { readonly reason: string };

/** Types that FHIR gave up with R4. */
const onlyStu3 = new Set(['ReferralRequest', 'ProcedureRequest', 'DeviceUseRequest', 'BodySite', 'EligibilityRequest']);

/** STU3 where a profile says so, or where a resource is as only STU3 has it; everything else is taken for R4. */
export function versionOf(bundle: Resource): 'R4' | 'STU3' {
  const stu3 = [bundle, ...entriesOf(bundle)].some(
    (resource) =>
      texts(metaOf(resource)['profile']).some((profile) => /STU3|\/3\.0\//.test(profile)) ||
      onlyStu3.has(resource.resourceType) ||
      (['AllergyIntolerance', 'Condition'].includes(resource.resourceType) &&
        typeof resource['clinicalStatus'] === 'string'),
  );
  return stu3 ? 'STU3' : 'R4';
}

/** An id as FHIR allows it. */
const fhirId = /^[A-Za-z0-9.-]{1,64}$/;

/**
 * Gives each resource of a Bundle an id and lets references name `Type/id`, as a server has them once it holds the
 * Bundle: in documents and transactions they name `fullUrl`s, and a transaction may name a search that finds one.
 */
export function settled(bundle: Resource): Resource {
  const known = new Map<string, string>();
  const resources = objects(bundle['entry']).flatMap((entry, index) => {
    const resource = entry['resource'];
    if (!isResource(resource)) return [];
    const fullUrl = text(entry['fullUrl']);
    const tail = fullUrl?.split(/[/:]/).at(-1) ?? '';
    const own = idOf(resource) ?? '';
    const id = [own, tail].find((one) => fhirId.test(one)) ?? `entry-${index}`;
    const name = `${resource.resourceType}/${id}`;
    if (fullUrl !== undefined) known.set(fullUrl, name);
    for (const identifier of objects(resource['identifier']))
      known.set(
        `${resource.resourceType}?identifier=${text(identifier['system']) ?? ''}|${text(identifier['value']) ?? ''}`,
        name,
      );
    return [{ ...resource, id }];
  });
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([member, inner]) =>
        (member === 'reference' || member === 'url') && typeof inner === 'string'
          ? [member, known.get(inner) ?? inner]
          : [member, walk(inner)],
      ),
    );
  };
  return { ...bundle, entry: resources.map((resource) => ({ resource: walk(resource) })) };
}

/** The persons that a resource says it is about, as references. */
function aboutWhom(resource: Resource): readonly string[] {
  return ['subject', 'patient', 'beneficiary', 'individual', 'for']
    .flatMap((member) => objects(resource[member]))
    .map((reference) => text(reference['reference']))
    .filter((one) => one !== undefined);
}

/** The name that a person goes by: official, else usual, else any that is not an old one. */
function nameOf(
  patient: Resource,
): { readonly title?: string; readonly given: string; readonly family: string } | undefined {
  const names = objects(patient['name']).filter((name) => name['use'] !== 'old' && name['use'] !== 'maiden');
  const name =
    names.find((one) => one['use'] === 'official') ?? names.find((one) => one['use'] === 'usual') ?? names[0];
  if (name === undefined) return undefined;
  const words = text(name['text'])?.split(/\s+/) ?? [];
  const family = text(name['family']) ?? words.at(-1);
  const given = texts(name['given']).join(' ') || words.slice(0, -1).join(' ');
  const title = texts(name['prefix'])[0]?.replace(/\.$/, '');
  if (family === undefined) return undefined;
  return { given: given === '' ? 'Not known' : given, family, ...(title === undefined ? {} : { title }) };
}

function genderOf(patient: Resource): FilePerson['gender'] {
  const gender = text(patient['gender']);
  return gender === 'female' || gender === 'male' || gender === 'other' ? gender : 'unknown';
}

/** Whom a file is about: of a document its subject alone, else every Patient in it. */
function patientsOf(bundle: Resource): readonly Resource[] {
  const resources = entriesOf(bundle);
  const patients = resources.filter((one) => one.resourceType === 'Patient');
  const composition = resources.find((one) => one.resourceType === 'Composition');
  if (bundle['type'] !== 'document' || composition === undefined) return patients;
  const subject = aboutWhom(composition);
  const own = patients.filter((one) => subject.some((reference) => reference === `Patient/${idOf(one) ?? ''}`));
  return own.length === 0 ? patients : own;
}

function personOf(patient: Resource, bundle: Resource): FilePerson | string {
  const name = nameOf(patient);
  if (name === undefined) return 'its Patient has no name';
  const birthDate = text(patient['birthDate']);
  if (birthDate === undefined || parseDate(birthDate)?.precision !== 'day')
    return 'its Patient has no whole date of birth';
  const self = `Patient/${idOf(patient) ?? ''}`;
  const others = new Set(
    entriesOf(bundle)
      .filter((one) => one.resourceType === 'Patient' && one !== patient)
      .map((one) => `Patient/${idOf(one) ?? ''}`),
  );
  const resources = entriesOf(bundle).filter((one) => {
    if (one.resourceType === 'Patient') return one === patient;
    const whom = aboutWhom(one);
    return whom.includes(self) || !whom.some((reference) => others.has(reference));
  });
  const died = text(patient['deceasedDateTime']);
  return {
    ...name,
    gender: genderOf(patient),
    birthDate,
    ...(died === undefined ? {} : { died }),
    patient,
    resources,
  };
}

/** Reads one file: who is in it and what it holds about them, or in words why nothing of it can be served. */
export function readRecordFile(content: string): FileReading {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return { reason: 'it is not JSON' };
  }
  if (!isResource(json)) return { reason: 'it is not FHIR: no resourceType' };
  if (json.resourceType !== 'Bundle') return { reason: `it is a ${json.resourceType}, not a Bundle` };
  const version = versionOf(json);
  // GP Connect's references are already as a server has them; what has no id there (some lists) is meant to have none.
  const bundle = version === 'STU3' && object(json['meta']) !== undefined ? json : settled(json);
  const patients = patientsOf(bundle);
  if (patients.length === 0) return { reason: 'it has no Patient' };
  const read = patients.map((patient) => personOf(patient, bundle));
  const people = read.filter((one) => typeof one !== 'string');
  const [fault] = read.filter((one) => typeof one === 'string');
  if (people.length === 0) return { reason: fault ?? 'it has no Patient' };
  const served = new Set(people.flatMap((one) => one.resources));
  return { version, bundle, people, leftOut: entriesOf(bundle).filter((one) => !served.has(one)).length };
}

/** A Bundle with other entries, each a resource as it stands. */
export function bundleOf(resources: readonly Resource[], more: JsonObject): Resource {
  return { resourceType: 'Bundle', ...more, entry: resources.map((resource) => ({ resource })) };
}
