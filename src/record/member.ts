import type { Group } from './record.ts';

/**
 * The resource behind a member's id, `AllergyIntolerance/a1`: what is within another is that other. Undefined for one
 * that came without an id of its own.
 */
export function resourceOfMember(id: string): string | undefined {
  return /^[^|]*\|([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:[~#]|$)/.exec(id)?.[1];
}

/** The resources of a group, each once. */
export function resourcesOf({ members }: Pick<Group, 'members'>): readonly string[] {
  return [...new Set(members.map(({ id }) => resourceOfMember(id)))].filter((one) => one !== undefined);
}
