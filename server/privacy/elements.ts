import { isObject, type JsonObject } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { system } from '../../src/fhir/systems.ts';

/**
 * What a pointer means for the resource that it stands in:
 * `hang` it is a part of what it points at; `service` it was made or given there; `target` Provenance's own: it is about
 * all of these; `down` what it points at is a part of it; `point` it merely points.
 */
export type Role = 'hang' | 'service' | 'target' | 'down' | 'point';

/** Types that are a service, or a place or role of one. */
export const serviceTypes: ReadonlySet<string> = new Set([
  'HealthcareService',
  'Location',
  'Organization',
  'PractitionerRole',
  'CareTeam',
]);

/** Types that say nothing by themselves: where only withheld things point at one, nothing else needs it. */
export const supportingTypes: ReadonlySet<string> = new Set([
  ...serviceTypes,
  'Practitioner',
  'RelatedPerson',
  'Medication',
  'Substance',
  'Device',
  'Specimen',
  'Binary',
  'Media',
]);

/**
 * Types that several sources hold of one and the same thing, under one identifier: a referral, an order, a document. What
 * is withheld at one of them is withheld at all.
 */
export const sharesIdentity: ReadonlySet<string> = new Set([
  'ServiceRequest',
  'Task',
  'DocumentReference',
  'DiagnosticReport',
  'Appointment',
]);

/** From part to whole, at the root of any type. A thing is also what its medication is. */
const hanging = new Set([
  'encounter',
  'context',
  'partOf',
  'episodeOfCare',
  'appointment',
  'basedOn',
  'authorizingPrescription',
  'request',
  'medicationReference',
]);

/** The same, of certain types alone. */
const hangingOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['Procedure', ['reasonReference']],
  ['MedicationRequest', ['reasonReference']],
  ['MedicationStatement', ['reasonReference']],
  ['MedicationAdministration', ['reasonReference']],
  ['MedicationDispense', ['reasonReference']],
  ['DocumentReference', ['context.encounter', 'context.related']],
  ['Binary', ['securityContext']],
  ['Medication', ['ingredient.itemReference']],
]);

const down: ReadonlyMap<string, readonly string[]> = new Map([
  ['DiagnosticReport', ['result', 'specimen', 'presentedForm.url']],
  ['Observation', ['hasMember', 'specimen']],
  ['DocumentReference', ['content.attachment.url']],
  ['Media', ['content.url']],
]);

/** Elements that name who made or gave a thing, and where. */
const ofService = new Set([
  'serviceProvider',
  'managingOrganization',
  'careManager',
  'custodian',
  'author',
  'performer',
  'requester',
  'recorder',
  'asserter',
  'informationSource',
  'sender',
  'owner',
  'provider',
  'providedBy',
  'organization',
  'healthcareService',
  'location',
  'locationReference',
  'actor',
  'individual',
]);

/** Standard extensions that do what the element of that name does. */
const hangingExtension = /encounter-associatedEncounter$|event-(basedOn|partOf)$|workflow-episodeOfCare$/i;

/** The part that a pointer plays, by where it stands. `path` is the element's path below the resource. */
export function roleOf(type: string, path: string, extensionUrl: string | undefined): Role {
  // An allergy is never withheld for what it hangs on or where it was recorded.
  if (type === 'AllergyIntolerance') return 'point';
  if (type === 'Provenance' && path === 'target') return 'target';
  if (hanging.has(path) || hangingOf.get(type)?.includes(path) === true) return 'hang';
  if (down.get(type)?.includes(path) === true) return 'down';
  if (extensionUrl !== undefined && path.endsWith('.valueReference') && hangingExtension.test(extensionUrl))
    return 'hang';
  return ofService.has(path.slice(path.lastIndexOf('.') + 1)) ? 'service' : 'point';
}

/** An element that has no sense without the pointer in this member of it goes whole: a list's entry, a participant. */
export const carriesElement: ReadonlySet<string> = new Set([
  'item',
  'reference',
  'condition',
  'actor',
  'individual',
  'member',
  'location',
  'link',
  'target',
  'who',
  'what',
  'itemReference',
  'instance',
  'valueReference',
  'contentReference',
  'manipulated',
]);

/** What is said about a thing: words there never make it go. */
const remarks = new Set([
  'note',
  'comment',
  'patientInstruction',
  'instruction',
  'dosage',
  'dosageInstruction',
  'progress',
  'outcome',
  'mitigation',
]);

/** True where the strings below this element are said about the thing and not what it is called or says. */
export function isRemark(key: string): boolean {
  return remarks.has(key);
}

/** True for members for machines, and the names of people: no words to be read in them. `within` is the element's own key. */
export function isWordless(key: string, within: string): boolean {
  return wordless.has(key) || (key === 'url' && isExtension(within));
}

/** True for an element that is an extension. */
export function isExtension(key: string): boolean {
  return key === 'extension' || key === 'modifierExtension';
}

const wordless = new Set([
  'id',
  'reference',
  'system',
  'code',
  'version',
  'versionId',
  'language',
  'data',
  'div',
  'contentType',
  'hash',
  'unit',
  'status',
  'resourceType',
  'profile',
  'source',
  'lastUpdated',
  'start',
  'end',
  'family',
  'given',
  'prefix',
  'suffix',
]);

/** Elements that name a service: a bare treatment function there is one, whatever its system is called. */
export const namesService: ReadonlySet<string> = new Set([
  'serviceType',
  'serviceCategory',
  'specialty',
  'practiceSetting',
]);

/** True for what a HealthcareService says that it is: a bare treatment function there is one too. */
export function isServiceItself(type: string, path: string): boolean {
  return type === 'HealthcareService' && path === 'type';
}

const codingElements = new Set([
  'coding',
  'tag',
  'security',
  'securityLabel',
  'class',
  'code',
  'modality',
  'bodySite',
  'laterality',
  'sopClass',
  'format',
  'valueCoding',
  'type',
  'subtype',
  'purpose',
]);
const referenceMembers = new Set(['reference', 'type', 'identifier', 'display', 'id', 'extension', '_display']);

/** True for a Reference: with a literal target, with an identifier, or with nothing but what the target is called. */
export function isPointer(value: JsonObject, key: string): boolean {
  if (typeof value['reference'] === 'string') return true;
  if (codingElements.has(key)) return false;
  if (!isObject(value['identifier']) && typeof value['display'] !== 'string') return false;
  return Object.keys(value).every((member) => referenceMembers.has(member));
}

/** True for a Narrative, at whatever depth. */
export function isNarrative(value: JsonObject): boolean {
  return typeof value['div'] === 'string';
}

/** True for a person's name, whose text is nobody's service. */
export function isHumanName(value: JsonObject): boolean {
  return typeof value['family'] === 'string' || Array.isArray(value['given']);
}

/** Under these stand persons: what bears one is about that person, and is not it. */
const namesPersons: ReadonlySet<string> = new Set([system.nhsNumber, system.localPatient]);

/** The name under which others point at something with this identifier; undefined where it could be anybody's. */
export function identifierName(identifier: unknown): string | undefined {
  if (!isObject(identifier)) return undefined;
  const { system: uri, value } = identifier;
  if (typeof uri !== 'string' || typeof value !== 'string' || namesPersons.has(uri)) return undefined;
  return `|${uri}|${value}`;
}

const plainReference = /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]+$/;

/** The name that a literal reference calls its target by. `container` keeps apart what different resources contain. */
export function literalName(reference: string, container: number): string | undefined {
  if (!reference.startsWith('#') && !reference.includes('/')) return undefined;
  // By far the most are written as their names are.
  if (plainReference.test(reference)) return reference;
  const target = parseReference(reference);
  if (target === undefined || target.kind === 'urn') return undefined;
  return target.kind === 'contained' ? `${container}#${target.id}` : `${target.type}/${target.id}`;
}

const none: readonly string[] = [];

/** Every name by which a Reference calls its target. */
export function namesOf(pointer: JsonObject, container: number): readonly string[] {
  const { reference, identifier } = pointer;
  const literal = typeof reference === 'string' ? literalName(reference, container) : undefined;
  const byIdentifier = identifierName(identifier);
  if (byIdentifier === undefined) return literal === undefined ? none : [literal];
  return literal === undefined ? [byIdentifier] : [literal, byIdentifier];
}
