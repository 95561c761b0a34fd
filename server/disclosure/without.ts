import { isObject, lookup, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { metaOf, type Resource } from '../../src/fhir/resource.ts';
import { ohc, system } from '../../src/fhir/systems.ts';
import { carriesElement, isPointer } from '../privacy/elements.ts';

/** What R4 knows of a type: of a narrowed resource nothing else leaves, whatever a source calls it (`specialty` of STU3). */
const knownElements: Readonly<Record<string, ReadonlySet<string>>> = {
  Appointment: new Set(
    'identifier status cancelationReason serviceCategory serviceType specialty appointmentType reasonCode reasonReference priority description supportingInformation start end minutesDuration slot created comment patientInstruction basedOn participant requestedPeriod'.split(
      ' ',
    ),
  ),
  Location: new Set(
    'identifier status operationalStatus name alias description mode type telecom address physicalType position managingOrganization partOf hoursOfOperation availabilityExceptions endpoint'.split(
      ' ',
    ),
  ),
  Organization: new Set('identifier active type name alias telecom address partOf contact endpoint'.split(' ')),
  Practitioner: new Set(
    'identifier active name telecom address gender birthDate photo qualification communication'.split(' '),
  ),
};

const always = new Set(['resourceType', 'id', 'meta', 'language', 'extension']);
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
 * A resource as a role gets it that does not get all of it (`without` in roles.json): the named elements go (`participant.type`
 * is one within another; `extension` means those at any depth), and what could say the same in their stead: narrative,
 * contained resources, the source's labels, and every pointer to what the role may not read, with the participant or entry
 * that has no sense without it. Of other pointers the target stays and the display goes, but for a place's.
 * @returns undefined where a modifier extension says that the rest cannot be understood without it
 */
export function withoutElements(
  resource: Resource,
  elements: readonly string[],
  mayRead: (type: string) => boolean,
): Resource | undefined {
  if (resource['modifierExtension'] !== undefined) return undefined;
  const gone = new Set(elements);
  const extensions = !gone.has('extension');
  const known = lookup(knownElements, resource.resourceType);
  const inside = new Map(objects(resource['contained']).map((one) => [text(one['id']), one]));

  const pointer = (from: JsonObject): JsonObject | undefined => {
    const literal = text(from['reference']);
    const target = parseReference(literal ?? '');
    const contained = target?.kind === 'contained' ? inside.get(target.id) : undefined;
    const type =
      target !== undefined && 'type' in target
        ? target.type
        : text((contained ?? from)['resourceType'] ?? from['type']);
    if (type === undefined || !mayRead(type)) return undefined;
    const name = places.has(type) ? (text(from['display']) ?? text(contained?.['name'])) : undefined;
    const left = {
      ...(literal === undefined || literal.startsWith('#') ? {} : { reference: literal }),
      ...(name === undefined ? {} : { display: name }),
    };
    return Object.keys(left).length === 0 ? undefined : left;
  };

  const keep = (value: unknown, key: string, path: string): unknown => {
    if (Array.isArray(value)) {
      const left = value.map((one: unknown) => keep(one, key, path)).filter((one) => one !== undefined);
      return left.length === 0 ? undefined : left;
    }
    if (!isObject(value)) return value;
    if (value['modifierExtension'] !== undefined) return undefined;
    if (isPointer(value, key)) return pointer(value);
    const left: Record<string, unknown> = {};
    for (const member in value) {
      if (!stays(member, `${path}.${member}`)) continue;
      const kept = keep(value[member], member, `${path}.${member}`);
      if (kept !== undefined) left[member] = kept;
      else if (carriesElement.has(member) && isObject(value[member])) return undefined;
    }
    return Object.keys(left).length === 0 ? undefined : left;
  };

  const stays = (member: string, path: string): boolean => {
    if (gone.has(path)) return false;
    const name = member.replace(/^_/, '');
    if (name === 'extension') return extensions;
    // A primitive's own extensions stand in a sibling with an underscore.
    if (member !== name) return extensions && !gone.has(path.slice(0, -member.length) + name);
    return true;
  };

  const out: Record<string, unknown> & { resourceType: string } = {
    resourceType: resource.resourceType,
    id: resource['id'],
    meta: bareMeta(resource),
  };
  for (const member in resource) {
    const name = member.replace(/^_/, '');
    if (name === 'text' || name === 'contained' || name === 'implicitRules' || member in out) continue;
    if (known !== undefined && !known.has(name) && !always.has(name)) continue;
    if (!stays(member, member)) continue;
    const kept = keep(resource[member], member, member);
    if (kept !== undefined) out[member] = kept;
  }
  return out;
}
