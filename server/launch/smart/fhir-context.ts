import { isObject, object, text, type JsonObject } from '../../../src/fhir/json.ts';

const typePattern = /^[A-Z][A-Za-z]{2,63}$/;
const absoluteUri = /^[a-z][a-z0-9+.-]*:\S+$/i;
/** The one role that SMART 2.2 gives a short name. */
const launchRole = 'launch';

/** True for what FHIR takes as an id, and what in a path leads nowhere else (`..` is an id by FHIR's pattern alone). */
export function isFhirId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9\-.]{1,64}$/.test(value) && !/^\.+$/.test(value);
}

/** `Type/id`, relative; the type and the id, or undefined for anything else. */
export function localReference(value: unknown): { readonly type: string; readonly id: string } | undefined {
  const [type, id, more] = typeof value === 'string' ? value.split('/') : [];
  return type !== undefined && typePattern.test(type) && isFhirId(id) && more === undefined ? { type, id } : undefined;
}

function isCanonical(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/\S+\/[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(\|\S+)?$/.test(value);
}

/** Whether an item is as SMART 2.2 has it: each part that it has is well formed, and it points at something. */
function isFit(item: JsonObject): boolean {
  const { reference, canonical, identifier, type, role } = item;
  if (reference === undefined && canonical === undefined && identifier === undefined) return false;
  if (reference !== undefined && localReference(reference) === undefined) return false;
  if (canonical !== undefined && !isCanonical(canonical)) return false;
  if (identifier !== undefined && !isObject(identifier)) return false;
  if (type !== undefined && (typeof type !== 'string' || !typePattern.test(type))) return false;
  if (role !== undefined && (typeof role !== 'string' || (role !== launchRole && !absoluteUri.test(role))))
    return false;
  // The person and the encounter of a launch stand in members of their own.
  const pointedAt = localReference(reference)?.type ?? text(type);
  const isOwn = pointedAt === 'Patient' || pointedAt === 'Encounter';
  return !isOwn || (role !== undefined && role !== launchRole);
}

/**
 * What else is open at the host (SMART 2.2, `fhirContext`). An item that is not as the specification has it is left out:
 * it could lead anywhere, and a launch without it is whole.
 */
export function readFhirContext(value: unknown): readonly JsonObject[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).filter(isFit).slice(0, 50);
}

/** The items of one type that the launch was made in the context of: no `role` means `launch`. */
export function launchedIn(items: readonly JsonObject[], type: string): readonly string[] {
  return items
    .filter((item) => item['role'] === undefined || item['role'] === launchRole)
    .map((item) => localReference(object(item)?.['reference']))
    .flatMap((one) => (one?.type === type ? [one.id] : []));
}
