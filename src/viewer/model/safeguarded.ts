import type { ClinicalRecord, Group, Row, Section, SectionId } from '../../record/record.ts';
import { safeguarding } from '../words.ts';

/** What the row of a safeguarding concern says until someone has asked for its details: that it is there, when, and from whom. */
function veiledRow({ date, dateText, chips, struckThrough, event, status }: Row): Row {
  return {
    title: safeguarding.title,
    status,
    value: undefined,
    detail: safeguarding.behind,
    date,
    dateText,
    chips,
    struckThrough,
    safeguarding: true,
    ...(event === undefined
      ? {}
      : { event: { ...event, place: undefined, who: undefined, specialty: undefined, status: undefined } }),
  };
}

const veiledGroups = new WeakMap<Group, Group>();

function veiledGroup(group: Group): Group {
  const known = veiledGroups.get(group);
  if (known !== undefined) return known;
  const veiled: Group = {
    ...group,
    row: veiledRow(group.row),
    conflicts: [],
    tags: group.tags.filter((tag) => tag.kind !== 'conflict'),
  };
  veiledGroups.set(group, veiled);
  return veiled;
}

/** True for a concern of which this user has not asked for the details. */
export function isVeiled(group: Group, revealed: ReadonlySet<string>): boolean {
  return group.row.safeguarding === true && !group.members.some((member) => revealed.has(member.id));
}

function veiledList(groups: readonly Group[], revealed: ReadonlySet<string>): readonly Group[] {
  if (!groups.some((group) => isVeiled(group, revealed))) return groups;
  return groups.map((group) => (isVeiled(group, revealed) ? veiledGroup(group) : group));
}

const veiledSections = new WeakMap<ReadonlySet<string>, WeakMap<Section, Section>>();

/** A section that did not change is the same object again, veiled too: nothing is drawn anew for it. */
function veiledSection(section: Section, revealed: ReadonlySet<string>): Section {
  const known = veiledSections.get(revealed) ?? new WeakMap<Section, Section>();
  veiledSections.set(revealed, known);
  const before = known.get(section);
  if (before !== undefined) return before;
  const groups = veiledList(section.groups, revealed);
  const veiled = groups === section.groups ? section : { ...section, groups };
  known.set(section, veiled);
  return veiled;
}

/** The record with every safeguarding concern said and none told, but those that were asked for. */
export function veil(record: ClinicalRecord, revealed: ReadonlySet<string>): ClinicalRecord {
  const sections = Object.fromEntries(
    Object.entries(record.sections).map(([id, section]) => [id, veiledSection(section, revealed)]),
  ) as Record<SectionId, Section>;
  const banner = { ...record.banner, alerts: veiledList(record.banner.alerts, revealed) };
  return { ...record, sections, banner };
}

const nothingRevealed: ReadonlySet<string> = new Set();

/** The record as it goes on paper where nobody chose safeguarding details: none is told, whatever was asked for on the screen. */
export function veilAll(record: ClinicalRecord): ClinicalRecord {
  return veil(record, nothingRevealed);
}

const concernsIn = new WeakMap<Section, readonly Group[]>();

/** Every safeguarding concern, each once, in the order of the sections. Worked out once for each section as it stands. */
export function concernsOf(record: ClinicalRecord): readonly Group[] {
  return Object.values(record.sections).flatMap((section) => {
    const known =
      concernsIn.get(section) ??
      section.groups.filter((group) => group.section === section.id && group.row.safeguarding === true);
    concernsIn.set(section, known);
    return known;
  });
}
