import { isObject, lookup, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { metaOf, type Resource } from '../../src/fhir/resource.ts';
import { ohc, system } from '../../src/fhir/systems.ts';
import { carriesElement, isPointer } from '../privacy/elements.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What R4 knows of a type: of one that is narrowed closely nothing else leaves, whatever a source calls it. */
const knownElements: Readonly<Record<string, ReadonlySet<string>>> = {
  Appointment: words(
    'identifier status cancelationReason serviceCategory serviceType specialty appointmentType reasonCode reasonReference priority description supportingInformation start end minutesDuration slot created comment patientInstruction basedOn participant requestedPeriod',
  ),
  Location: words(
    'identifier status operationalStatus name alias description mode type telecom address physicalType position managingOrganization partOf hoursOfOperation availabilityExceptions endpoint',
  ),
  Organization: words('identifier active type name alias telecom address partOf contact endpoint'),
  Practitioner: words('identifier active name telecom address gender birthDate photo qualification communication'),
};

/** Whose name may stand beside a pointer to it: someone must know where to send the person. */
const places = new Set(['Location', 'Organization']);

/** `meta` without what a source may have said in it of the content: labels, profiles, tags of its own. */
function bareMeta(resource: Resource): JsonObject {
  const { versionId, lastUpdated, source, tag } = metaOf(resource);
  const own = objects(tag).filter(
    (one) => one['system'] === system.odsOrganisation || one['system'] === ohc.sourceLabel,
  );
  return {
    ...(versionId === undefined ? {} : { versionId }),
    ...(lastUpdated === undefined ? {} : { lastUpdated }),
    ...(source === undefined ? {} : { source }),
    ...(own.length === 0 ? {} : { tag: own }),
  };
}

/**
 * A pointer as a role gets it in a closely narrowed resource: to nothing that the role may not read, and without its
 * display but for a place's. A place that is contained leaves its name.
 */
function closePointer(
  from: JsonObject,
  contained: ReadonlyMap<string | undefined, JsonObject>,
  mayRead: (type: string) => boolean,
): JsonObject | undefined {
  const literal = text(from['reference']);
  const target = parseReference(literal ?? '');
  const inside = target?.kind === 'contained' ? contained.get(target.id) : undefined;
  const type = target !== undefined && 'type' in target ? target.type : text(inside?.['resourceType'] ?? from['type']);
  if (type === undefined || !mayRead(type)) return undefined;
  const name = places.has(type) ? (text(from['display']) ?? text(inside?.['name'])) : undefined;
  const left = {
    ...(target === undefined || target.kind === 'contained' ? {} : { reference: literal }),
    ...(name === undefined ? {} : { display: name }),
  };
  return Object.keys(left).length === 0 ? undefined : left;
}

/**
 * A resource as a role gets it that does not get all of it (`without` in roles.json). The named elements go, with the
 * narrative, which would say them again; `participant.type` is one within another, `extension` means those at any depth.
 * Where `display` is named the resource is narrowed closely: what could say the same in another place goes too (contained
 * resources, the source's labels, elements that R4 does not know, and each pointer to what the role may not read with the
 * participant or entry that has no sense without it), and other pointers lose their display.
 * @returns undefined where a modifier extension says that the rest cannot be understood without it
 */
export function withoutElements(
  resource: Resource,
  elements: readonly string[],
  mayRead: (type: string) => boolean,
): Resource | undefined {
  const gone = new Set(elements);
  const closely = gone.has('display');
  const extensions = !gone.has('extension');
  if (!extensions && resource['modifierExtension'] !== undefined) return undefined;
  const contained = new Map(objects(resource['contained']).map((one) => [text(one['id']), one]));

  // What a source adds to a primitive stands in a sibling with an underscore.
  const stays = (member: string, path: string): boolean =>
    (extensions || member !== 'extension') && !gone.has(path.replaceAll('_', ''));

  const keep = (value: unknown, key: string, path: string): unknown => {
    if (Array.isArray(value)) {
      const left = value.map((one: unknown) => keep(one, key, path)).filter((one) => one !== undefined);
      return left.length === 0 ? undefined : left;
    }
    if (!isObject(value)) return value;
    if (!extensions && value['modifierExtension'] !== undefined) return undefined;
    if (closely && isPointer(value, key)) return closePointer(value, contained, mayRead);
    const left: Record<string, unknown> = {};
    for (const member in value) {
      const below = `${path}.${member}`;
      // A display that is no Coding's is a pointer's, whatever else a source has put beside it.
      if (closely && member === 'display' && typeof value['code'] !== 'string') continue;
      if (!stays(member, below)) continue;
      const kept = keep(value[member], member, below);
      if (kept !== undefined) left[member] = kept;
      else if (carriesElement.has(member) && isObject(value[member])) return undefined;
    }
    if (Object.keys(left).length === 0) return undefined;
    // What is left of it may be no more than a pointer by now.
    return closely && isPointer(left, key) ? closePointer(left, contained, mayRead) : left;
  };

  const keepContained = (one: JsonObject): readonly JsonObject[] => {
    if (!extensions && one['modifierExtension'] !== undefined) return [];
    const left: Record<string, unknown> = {};
    for (const member in one) {
      const kept = member === 'text' || !stays(member, member) ? undefined : keep(one[member], member, member);
      if (kept !== undefined) left[member] = kept;
    }
    return [left];
  };

  const known = closely ? lookup(knownElements, resource.resourceType) : undefined;
  const out: Record<string, unknown> & { resourceType: string } = { resourceType: resource.resourceType };
  for (const member in resource) {
    const value = resource[member];
    if (member === 'text' || (closely && member === 'contained')) continue;
    if (member === 'id') out[member] = value;
    else if (member === 'meta') out[member] = closely ? bareMeta(resource) : value;
    else if (member === 'contained') out[member] = objects(value).flatMap(keepContained);
    else {
      const name = member.startsWith('_') ? member.slice(1) : member;
      if ((known !== undefined && !known.has(name) && name !== 'extension') || !stays(member, member)) continue;
      const kept = keep(value, member, member);
      if (kept !== undefined) out[member] = kept;
    }
  }
  return out;
}
