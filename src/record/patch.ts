import type { Banner, ClinicalRecord, Group, Section, SectionId } from './record.ts';

/** A section as it travels: its groups by id, and only those that the other side does not have yet. */
type SectionPatch = Omit<Section, 'groups'> & { readonly order: readonly string[] };

/** What changed between two snapshots: a long record crosses from the worker to the page once, not at every arrival. */
export type Patch = {
  readonly record: Omit<ClinicalRecord, 'sections' | 'banner'>;
  readonly banner: Omit<Banner, 'escalation' | 'alerts'> & {
    readonly escalation: readonly string[];
    readonly alerts: readonly string[];
  };
  readonly sections: readonly SectionPatch[];
  readonly groups: readonly Group[];
  /** Groups that are gone: grown into another, or withdrawn. */
  readonly gone: readonly string[];
};

const idsOf = (groups: readonly Group[]): readonly string[] => groups.map((one) => one.id);

function indexOf(record: ClinicalRecord | undefined): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  if (record !== undefined)
    for (const section of Object.values(record.sections))
      for (const group of section.groups) groups.set(group.id, group);
  return groups;
}

/** What the other side must be told to have `after`, where it has `before`. */
export function patchOf(before: ClinicalRecord | undefined, after: ClinicalRecord): Patch {
  const [had, has] = [indexOf(before), indexOf(after)];
  const { sections, banner, ...record } = after;
  return {
    record,
    banner: { ...banner, escalation: idsOf(banner.escalation), alerts: idsOf(banner.alerts) },
    sections: Object.values(sections)
      .filter((one) => before?.sections[one.id] !== one)
      .map(({ groups, ...rest }) => ({ ...rest, order: idsOf(groups) })),
    groups: [...has.values()].filter((one) => had.get(one.id) !== one),
    gone: [...had.keys()].filter((id) => !has.has(id)),
  };
}

/** Puts patches together again. Sections and groups that no patch names stay the same objects. */
export function createReceiver(): { apply(patch: Patch): ClinicalRecord } {
  const groups = new Map<string, Group>();
  const sections = new Map<SectionId, Section>();
  const named = (ids: readonly string[]): readonly Group[] =>
    ids.map((id) => groups.get(id)).filter((one) => one !== undefined);
  return {
    apply(patch) {
      for (const one of patch.groups) groups.set(one.id, one);
      for (const { order, ...rest } of patch.sections) sections.set(rest.id, { ...rest, groups: named(order) });
      for (const id of patch.gone) groups.delete(id);
      return {
        ...patch.record,
        banner: { ...patch.banner, escalation: named(patch.banner.escalation), alerts: named(patch.banner.alerts) },
        sections: Object.fromEntries(sections) as Record<SectionId, Section>,
      };
    },
  };
}
