import type { ClinicalRecord, Group, Section, SectionId } from '../../record/record.ts';
import { sectionClasses } from '../../record/record.ts';
import { isFresh } from './filter.ts';
import { hasAnswered, isGap, sourcesOf } from './sources.ts';
import type { SourceState } from '../../record/record.ts';

const notCounted = new Set(['past', 'ruled-out', 'family-history', 'reports', 'supporting']);

const current = new WeakMap<Section, readonly Group[]>();
const fresh = new WeakMap<readonly Group[], number>();

/**
 * What stands in the list as current: what the rail counts. A section of events alone counts them all. Worked out once
 * for each section as it stands: the rail asks of all of them whenever anything arrives.
 */
export function currentOf(section: Section): readonly Group[] {
  const known = current.get(section) ?? currentIn(section);
  current.set(section, known);
  return known;
}

function currentIn(section: Section): readonly Group[] {
  const whole: readonly SectionId[] = [
    'encounters',
    'procedures',
    'immunisations',
    'documents',
    'vital-signs',
    'timeline',
  ];
  if (whole.includes(section.id)) return section.groups.filter((group) => !group.row.struckThrough);
  return section.groups.filter((group) => !notCounted.has(group.subsection) && !group.row.struckThrough);
}

const past = new WeakMap<Section, number>();

/** How many stand in the list as past. */
export function pastIn(section: Section): number {
  const known = past.get(section) ?? section.groups.filter((group) => group.subsection === 'past').length;
  past.set(section, known);
  return known;
}

export function newIn(groups: readonly Group[]): number {
  const known = fresh.get(groups) ?? groups.filter(isFresh).length;
  fresh.set(groups, known);
  return known;
}

const freshAtHome = new WeakMap<Section, number>();

/** What is new in the whole record, each group once: in the section that is its home. */
export function newInAll(record: ClinicalRecord): number {
  return Object.values(record.sections).reduce((sum, section) => {
    const known =
      freshAtHome.get(section) ??
      section.groups.filter((group) => group.section === section.id && isFresh(group)).length;
    freshAtHome.set(section, known);
    return sum + known;
  }, 0);
}

/** How complete a section is: who is still asked, who will not answer in whole. */
export type Completeness = {
  readonly asking: readonly SourceState[];
  readonly gaps: readonly SourceState[];
  readonly answered: readonly SourceState[];
  /** False while anything of it may be missing. */
  readonly whole: boolean;
};

export function completenessOf(record: ClinicalRecord, id: SectionId): Completeness {
  const section = record.sections[id];
  // A section that names no class of its own (overview, timeline) waits for every source.
  const waiting = sectionClasses[id].length === 0 ? record.sources : sourcesOf(record, section.waitingFor);
  const asking = waiting.filter((one) => one.status === 'asking');
  const gaps = waiting.filter(isGap);
  const answered =
    sectionClasses[id].length === 0 ? record.sources.filter(hasAnswered) : sourcesOf(record, section.answered);
  return { asking, gaps, answered, whole: asking.length === 0 && gaps.length === 0 };
}
