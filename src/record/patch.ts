import type { Banner, ClinicalRecord, Group, Section, SectionId } from './record.ts';

/** A section as it travels: its groups by the numbers under which they were sent. */
type SectionPatch = Omit<Section, 'groups'> & { readonly order: Int32Array };

/** Groups that are new or changed, each with its number. So many at most that taking them in never holds the page. */
export type Portion = { readonly numbers: readonly number[]; readonly groups: readonly Group[] };

/** What changed between two snapshots, once the portions before it are there. */
export type Patch = {
  readonly record: Omit<ClinicalRecord, 'sections' | 'banner'>;
  readonly banner: Omit<Banner, 'escalation' | 'alerts'> & {
    readonly escalation: readonly number[];
    readonly alerts: readonly number[];
  };
  readonly sections: readonly SectionPatch[];
  /** Groups that are gone: grown into another, or withdrawn. */
  readonly gone: readonly number[];
};

/** How many groups travel at once: read in some milliseconds on a slow desk. */
const portionOf = 200;

/** Tells the other side what it must be told to have each record: a long one crosses to the page once, not at every arrival. */
export function createSender(): {
  /** @returns the portions in their order, and the patch that follows them */
  send(record: ClinicalRecord): { readonly portions: readonly Portion[]; readonly patch: Patch };
} {
  const sent = new Map<string, { readonly number: number; group: Group }>();
  let before: ClinicalRecord | undefined;
  let next = 0;

  function goneFrom(sections: readonly Section[]): readonly number[] {
    const gone: number[] = [];
    for (const { id, groups } of sections) {
      const here = new Set(groups.map((one) => one.id));
      for (const group of before?.sections[id].groups ?? []) {
        const known = sent.get(group.id);
        if (group.section !== id || here.has(group.id) || known === undefined) continue;
        gone.push(known.number);
        sent.delete(group.id);
      }
    }
    return gone;
  }

  return {
    send(record) {
      const { sections, banner, ...rest } = record;
      const changed = Object.values(sections).filter((one) => before?.sections[one.id] !== one);
      const gone = goneFrom(changed);
      const fresh: { readonly number: number; readonly group: Group }[] = [];
      const numberOf = (group: Group): number => {
        const known = sent.get(group.id);
        if (known?.group === group) return known.number;
        const number = known?.number ?? next;
        if (known === undefined) next += 1;
        sent.set(group.id, { number, group });
        fresh.push({ number, group });
        return number;
      };
      const patch: Patch = {
        record: rest,
        banner: { ...banner, escalation: banner.escalation.map(numberOf), alerts: banner.alerts.map(numberOf) },
        sections: changed.map(({ groups, ...own }) => ({ ...own, order: Int32Array.from(groups, numberOf) })),
        gone,
      };
      before = record;
      const portions: Portion[] = [];
      for (let at = 0; at < fresh.length; at += portionOf) {
        const some = fresh.slice(at, at + portionOf);
        portions.push({ numbers: some.map((one) => one.number), groups: some.map((one) => one.group) });
      }
      return { portions, patch };
    },
  };
}

/** Puts portions and patches together again. Sections and groups that no patch names stay the same objects. */
export function createReceiver(): {
  /** Takes groups in; nothing is shown of them before the patch that follows. */
  take(portion: Portion): void;
  apply(patch: Patch): ClinicalRecord;
} {
  const groups = new Map<number, Group>();
  const sections = new Map<SectionId, Section>();
  const named = (numbers: Iterable<number>): readonly Group[] => {
    const found: Group[] = [];
    for (const number of numbers) {
      const group = groups.get(number);
      if (group !== undefined) found.push(group);
    }
    return found;
  };
  return {
    take({ numbers, groups: some }) {
      some.forEach((group, at) => groups.set(numbers[at] ?? -1, group));
    },
    apply(patch) {
      for (const { order, ...rest } of patch.sections) sections.set(rest.id, { ...rest, groups: named(order) });
      for (const number of patch.gone) groups.delete(number);
      return {
        ...patch.record,
        banner: { ...patch.banner, escalation: named(patch.banner.escalation), alerts: named(patch.banner.alerts) },
        sections: Object.fromEntries(sections) as Record<SectionId, Section>,
      };
    },
  };
}
