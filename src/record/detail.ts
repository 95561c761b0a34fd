import { text } from '../fhir/json.ts';
import { displayOf, referenceOf } from '../fhir/reference.ts';
import { attachmentsOf } from './attachments.ts';
import { compareGroups, type Assembled } from './assemble.ts';
import { codesOf, fieldsOf } from './fields.ts';
import { referencesIn, targetOf, type Library } from './library.ts';
import type { Entry } from './fact.ts';
import { calledOf } from './people.ts';
import type { Group, GroupDetail, Link, MemberDetail } from './record.ts';

/** Who points at whom, both ways; made when a drawer first opens, then kept up with what arrives. */
export class Links {
  private readonly library: Library;
  private readonly out = new Map<Entry, ReadonlySet<string>>();
  private readonly into = new Map<string, Set<Entry>>();

  constructor(library: Library) {
    this.library = library;
  }

  private catchUp(): void {
    for (const versions of this.library.entries)
      for (const entry of versions) {
        if (this.out.has(entry)) continue;
        const targets = referencesIn(entry.resource);
        this.out.set(entry, targets);
        for (const target of targets) {
          const known = this.into.get(target);
          if (known === undefined) this.into.set(target, new Set([entry]));
          else known.add(entry);
        }
      }
  }

  /** The entries that one entry names and those that name it; the person and lists of everything apart. */
  around(entry: Entry): readonly Entry[] {
    this.catchUp();
    const found = new Set<Entry>();
    for (const target of this.out.get(entry) ?? []) {
      const one = this.library.entryOf(entry, target, false);
      if (one !== undefined) found.add(one);
    }
    const id = text(entry.resource['id']);
    if (id !== undefined)
      for (const one of this.into.get(`${entry.resource.resourceType}/${id}`) ?? [])
        if (this.library.entryOf(one, `${entry.resource.resourceType}/${id}`, false) === entry) found.add(one);
    found.delete(entry);
    return [...found].filter((one) => one.resource.resourceType !== 'Patient');
  }
}

/** Where each group and each entry is found, for one snapshot. */
export type Finder = {
  readonly byEntry: ReadonlyMap<Entry, Group>;
  /** By the id of a group or of any of its members. */
  readonly byId: ReadonlyMap<string, { readonly group: Group; readonly entries: readonly Entry[] }>;
};

export function finderOf(sections: Iterable<Assembled>): Finder {
  const byEntry = new Map<Entry, Group>();
  const byId = new Map<string, { readonly group: Group; readonly entries: readonly Entry[] }>();
  for (const { kept } of sections)
    for (const { facts, group } of kept.values()) {
      const entries = facts.map((one) => one.entry);
      for (const entry of entries) {
        byEntry.set(entry, group);
        byId.set(entry.id, { group, entries });
      }
    }
  return { byEntry, byId };
}

/** What the drawer shows of the group that has a member with this id; undefined where there is none. */
export function detailOf(
  id: string,
  { byEntry, byId }: Finder,
  library: Library,
  links: Links,
): GroupDetail | undefined {
  const found = byId.get(id);
  if (found === undefined) return undefined;
  const { group, entries } = found;
  const members = group.members.flatMap((member): MemberDetail[] => {
    const entry = entries.find((one) => one.id === member.id);
    if (entry === undefined) return [];
    const follow = (reference: unknown): Entry['resource'] | undefined => library.resourceOf(entry, reference);
    const nameOf = (reference: unknown): string | undefined => {
      const literal = referenceOf(reference);
      const shown = displayOf(reference) ?? calledOf(follow(reference), follow);
      return shown ?? (literal === undefined ? undefined : targetOf(literal)?.split('/')[0]);
    };
    return [
      {
        ...member,
        fields: fieldsOf(entry.resource, nameOf),
        codes: codesOf(entry.resource),
        attachments: attachmentsOf(entry.resource),
        raw: entry.resource,
      },
    ];
  });
  const linked = new Set(entries.flatMap((entry) => links.around(entry)).map((entry) => byEntry.get(entry)));
  linked.delete(group);
  linked.delete(undefined);
  const list: readonly Link[] = [...linked]
    .filter((one) => one !== undefined)
    .sort(compareGroups)
    .flatMap((one) => {
      const [chip] = one.row.chips;
      if (chip === undefined) return [];
      return [
        {
          groupId: one.id,
          section: one.section,
          title: one.row.title,
          date: one.row.date,
          dateText: one.row.dateText,
          chip,
        },
      ];
    });
  return { group, members, linked: list };
}
