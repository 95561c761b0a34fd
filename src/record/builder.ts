import type { FhirDate } from '../fhir/date.ts';
import { codingsOf } from '../fhir/coding.ts';
import { objects, text } from '../fhir/json.ts';
import { endingOf } from '../fhir/outcome.ts';
import type { RegionView, SourceView } from '../fhir/region.ts';
import { isResource, metaOf, type Resource } from '../fhir/resource.ts';
import { isWhole, recordStatusOf, type RecordStatus, type SourceStatus } from '../fhir/status.ts';
import { ohc, system } from '../fhir/systems.ts';
import { allergyTitle, type Assertion } from './allergy-title.ts';
import { assertsNoneKnown } from './allergies.ts';
import { assemble, compareGroups, nothingAssembled, type Assembled } from './assemble.ts';
import { dataAsOf, demographicsOf, mismatchesOf, wasNotAsked } from './demographics.ts';
import { detailOf, finderOf, Links, type Finder } from './detail.ts';
import { isMentalHealth } from './encounters.ts';
import { decisionsOf } from './escalation.ts';
import type { Fact, Reader, Entry } from './fact.ts';
import { displayOf } from '../fhir/reference.ts';
import { asResource, Library } from './library.ts';
import { calledOf } from './people.ts';
import type { Products } from './product-hierarchy.ts';
import { isClinical, readFact } from './reading.ts';
import {
  sectionClasses,
  sectionIds,
  type Banner,
  type ChipRef,
  type ClinicalRecord,
  type Demographics,
  type Group,
  type GroupDetail,
  type RecordBuilder,
  type SearchAnswer,
  type Section,
  type SectionId,
  type SourceState,
  type Warning,
} from './record.ts';
import { isEvent, timelineSections } from './timeline.ts';
import { newSince } from './since.ts';
import { SearchIndex, type Findable } from './search.ts';
import { readList, warningsBySection, type ListFacts } from './warnings.ts';

type SourceEnding = {
  readonly status: SourceStatus;
  readonly text: string;
  readonly answeredAt: number;
  readonly asOf: FhirDate | undefined;
  readonly differsOn: readonly string[];
  readonly notAsked: boolean;
};

/** Sections of which mental health lists what is its own. */
const mentalSections: readonly SectionId[] = ['encounters', 'appointments', 'documents', 'care-plans'];

const crisisPlan = '736253002';
const none: readonly never[] = [];

/** What the reader of one resource may ask of all that has arrived. */
class EntryReader implements Reader {
  readonly entry: Entry;
  readonly now: number;
  private readonly library: Library;

  constructor(library: Library, entry: Entry, now: number) {
    this.library = library;
    this.entry = entry;
    this.now = now;
  }

  get resource(): Resource {
    return this.entry.resource;
  }

  get setting(): SourceView['setting'] | undefined {
    return this.entry.source?.setting;
  }

  get isNamed(): boolean {
    return this.library.isNamed(this.entry);
  }

  follow(reference: unknown): Resource | undefined {
    return this.library.resourceOf(this.entry, reference);
  }

  entryId(reference: unknown): string | undefined {
    return this.library.entryOf(this.entry, reference)?.id;
  }

  nameOf(reference: unknown): string | undefined {
    return displayOf(reference) ?? calledOf(this.follow(reference), (one) => this.follow(one));
  }
}

class Builder implements RecordBuilder {
  private readonly region: RegionView;
  private readonly now: number;
  private library: Library;
  private pending = new Set<Entry>();
  private readonly home = new Map<SectionId, Set<Entry>>();
  private readonly dirty = new Set<SectionId>(sectionIds);
  private readonly assembled = new Map<SectionId, Assembled>();
  private readonly patients = new Set<Entry>();
  private readonly lists = new Map<Entry, ListFacts | undefined>();
  private readonly endings = new Map<string, SourceEnding>();
  /** Sources that the region does not name and that gave clinical facts (a host's own record). */
  private readonly guests = new Map<string, SourceView>();
  private recordEnding: { readonly status: RecordStatus; readonly text: string } | undefined;
  /** Put together of several askings: then the closing line speaks of the last one alone. */
  private mended = false;
  private since: number | undefined;
  private products: Products;
  private unreadable = 0;
  private changed = true;
  private last: ClinicalRecord | undefined;
  private links: Links;
  private finder: Finder | undefined;
  private searched = new SearchIndex();
  private findable: { readonly all: readonly Findable[]; readonly places: ReadonlyMap<Group, number> } | undefined;
  private readonly mental = new WeakMap<Fact, boolean>();
  /** What is listed of other sections, and the lists that it was gathered from. */
  private readonly gathered = new Map<
    SectionId,
    { readonly from: readonly (readonly Group[])[]; readonly groups: readonly Group[] }
  >();

  constructor(region: RegionView, now: number) {
    this.region = region;
    this.now = now;
    this.library = new Library(region, (entry) => this.unread(entry));
    this.links = new Links(this.library);
  }

  add(lines: readonly unknown[], at: number = this.now): void {
    for (const line of lines) this.take(line, at);
  }

  private take(line: unknown, at: number): void {
    const resource = asResource(line);
    if (resource === undefined) {
      this.unreadable += 1;
      this.changed = true;
      return;
    }
    const ending = endingOf(resource);
    if (ending === undefined) return this.hold(resource);
    this.changed = true;
    if (ending.of === 'record') {
      this.recordEnding = this.recordEnding?.status === 'refused' ? this.recordEnding : ending;
      if (ending.status === 'refused') this.forget();
      return;
    }
    const known = this.endings.get(ending.sourceId);
    // Asked again, a source's later answer counts; the same one twice changes nothing.
    if (known !== undefined && known.answeredAt >= at && known.status === ending.status) return;
    this.endings.set(ending.sourceId, {
      status: ending.status,
      text: ending.text,
      answeredAt: at,
      asOf: dataAsOf(resource),
      differsOn: mismatchesOf(resource),
      notAsked: wasNotAsked(resource),
    });
    // One that the region does not list is named where it left a gap, so that a part never looks like the whole (H2).
    if (!isWhole(ending.status) && !this.region.sources.some((one) => one.id === ending.sourceId)) {
      const tags = codingsOf(metaOf(resource)['tag']);
      const { code: ods, display: name } = tags.find((one) => one.system === system.odsOrganisation) ?? {};
      const label = tags.find((one) => one.system === ohc.sourceLabel)?.code ?? ending.sourceId;
      this.welcome({ sourceId: ending.sourceId, label, organisation: { ods, name } });
    }
    if (this.staleOf(ending.sourceId) !== undefined) for (const id of sectionIds) this.dirty.add(id);
  }

  /** An objection that arrives in the stream ends it: nothing of the person stays. */
  private forget(): void {
    this.library = new Library(this.region, (entry) => this.unread(entry));
    this.links = new Links(this.library);
    this.searched = new SearchIndex();
    this.pending.clear();
    this.home.clear();
    this.patients.clear();
    this.lists.clear();
    this.guests.clear();
    this.assembled.clear();
    for (const id of sectionIds) this.dirty.add(id);
  }

  private hold(resource: Resource): void {
    if (this.recordEnding?.status === 'refused') return;
    let entry: Entry | undefined;
    try {
      entry = this.library.add(resource);
    } catch {
      // Nested beyond what can be compared (H2: counted, never silent).
      this.unreadable += 1;
      this.changed = true;
      return;
    }
    if (entry === undefined) return;
    this.changed = true;
    this.pending.add(entry);
    this.searched.add(entry);
    if (resource.resourceType === 'Patient') this.patients.add(entry);
    if (resource.resourceType === 'List') {
      this.lists.set(entry, undefined);
      // GP Connect's ended allergies stand within their list, and are facts like any other (H14).
      for (const one of objects(resource['contained']))
        if (isResource(one) && isClinical(one.resourceType)) {
          const inner = this.library.add(one, entry);
          if (inner === undefined) continue;
          this.pending.add(inner);
          this.searched.add(inner);
        }
    }
    // The demographics service, which gives only who is near to the person, is no organisation with a record of them.
    const isOfRecord = isClinical(resource.resourceType) && resource.resourceType !== 'RelatedPerson';
    if (entry.source === undefined && isOfRecord) this.welcome(entry.chip);
  }

  private welcome({ sourceId, label, organisation }: ChipRef): void {
    if (sourceId === 'unknown' || this.guests.has(sourceId)) return;
    this.guests.set(sourceId, {
      id: sourceId,
      label,
      name: organisation.name ?? label,
      ods: organisation.ods ?? '',
      setting: 'acute',
      contributes: [],
      usualDelayHours: Number.MAX_SAFE_INTEGER,
      sharing: true,
      aggregate: false,
    });
  }

  private unread(entry: Entry): void {
    const section = entry.fact?.section;
    if (section !== undefined) {
      this.home.get(section)?.delete(entry);
      this.dirty.add(section);
    }
    entry.fact = undefined;
    this.pending.add(entry);
    this.changed = true;
  }

  private readPending(): void {
    const pending = this.pending;
    this.pending = new Set();
    for (const entry of pending) {
      const fact = readFact(new EntryReader(this.library, entry, this.now));
      entry.fact = fact;
      const own = this.home.get(fact.section);
      if (own === undefined) this.home.set(fact.section, new Set([entry]));
      else own.add(entry);
      this.dirty.add(fact.section);
    }
  }

  private staleOf(sourceId: string): FhirDate | undefined {
    const asOf = this.endings.get(sourceId)?.asOf;
    const source = this.region.sources.find((one) => one.id === sourceId);
    if (asOf === undefined || source === undefined) return undefined;
    return asOf.instant + source.usualDelayHours * 3_600_000 < this.now ? asOf : undefined;
  }

  snapshot(): ClinicalRecord {
    if (!this.changed && this.last !== undefined) return this.last;
    this.finder = undefined;
    this.findable = undefined;
    this.readPending();
    const sources = this.sourceStates();
    const warnings = this.warnings();
    const stale = new Map(sources.map((one) => [one.source.id, one.stale ? one.dataAsOf : undefined]));
    for (const id of sectionIds) {
      if (!this.dirty.has(id) || id === 'overview' || id === 'timeline') continue;
      const facts: Fact[] = [];
      for (const { fact } of this.home.get(id) ?? []) if (fact !== undefined) facts.push(fact);
      const before = this.assembled.get(id) ?? nothingAssembled;
      this.assembled.set(
        id,
        assemble(facts, before, {
          now: this.now,
          staleOf: (sourceId) => stale.get(sourceId),
          newOf: (fact) => (this.since === undefined ? undefined : newSince(fact, this.since, this.now)),
          products: this.products,
        }),
      );
    }
    this.dirty.clear();
    const sections = Object.fromEntries(
      sectionIds.map((id) => [id, this.section(id, sources, warnings.get(id) ?? [])]),
    ) as Record<SectionId, Section>;
    const unchanged = this.last !== undefined && sectionIds.every((id) => this.last?.sections[id] === sections[id]);
    this.last = {
      patient: this.demographics(),
      sources,
      status: this.status,
      statusText: this.recordEnding?.text ?? '',
      banner: this.banner(sections, sources),
      sections: unchanged && this.last !== undefined ? this.last.sections : sections,
      unreadable: this.unreadable,
      since: this.since,
    };
    this.changed = false;
    return this.last;
  }

  private sourceStates(): readonly SourceState[] {
    const views = [...this.region.sources, ...[...this.guests.values()].sort((a, b) => (a.id < b.id ? -1 : 1))];
    const states = views.map((source): SourceState => {
      const ending = this.endings.get(source.id);
      // A record that has ended without a word of a source: it was not heard, never "holds nothing" (H2).
      const status = ending?.status ?? (this.recordEnding === undefined ? 'asking' : 'unavailable');
      const next: SourceState = {
        source,
        status,
        text: ending?.text ?? '',
        answeredAt: ending?.answeredAt,
        dataAsOf: ending?.asOf,
        stale: this.staleOf(source.id) !== undefined,
        notAsked: ending?.notAsked ?? false,
        count: this.library.counts.get(source.id) ?? 0,
      };
      const before = this.last?.sources.find((one) => one.source === source);
      return before !== undefined && sameMembers(before, next) ? before : next;
    });
    return kept(this.last?.sources, states);
  }

  private warnings(): ReadonlyMap<SectionId, readonly Warning[]> {
    for (const [entry, read] of this.lists) if (read === undefined) this.lists.set(entry, readList(entry));
    return warningsBySection([...this.lists.values()].filter((one) => one !== undefined));
  }

  private groupsOf(id: SectionId): readonly Group[] {
    const own = this.assembled.get(id)?.groups ?? [];
    if (id !== 'timeline' && id !== 'mental-health') return own;
    const gathered = id === 'timeline' ? timelineSections : [id, ...mentalSections];
    const from = gathered.map((section) => this.assembled.get(section)?.groups ?? none);
    const before = this.gathered.get(id);
    if (before !== undefined && before.from.every((groups, index) => groups === from[index])) return before.groups;
    const groups =
      id === 'timeline'
        ? from.flat().filter(isEvent).sort(compareGroups)
        : [...own, ...mentalSections.flatMap((section) => this.mentalIn(section))].sort(compareGroups);
    this.gathered.set(id, { from, groups });
    return groups;
  }

  private mentalIn(section: SectionId): readonly Group[] {
    const assembled = this.assembled.get(section);
    return (assembled?.groups ?? []).filter((group) => this.isMental(assembled?.kept.get(group.id)?.shown));
  }

  private isMental(fact: Fact | undefined): boolean {
    if (fact === undefined) return false;
    const known = this.mental.get(fact);
    if (known !== undefined) return known;
    const { resource } = fact.entry;
    const found =
      isMentalHealth(resource) ||
      objects(resource['type']).some((one) =>
        objects(one['coding']).some((coding) => text(coding['code']) === crisisPlan),
      );
    this.mental.set(fact, found);
    return found;
  }

  private section(id: SectionId, sources: readonly SourceState[], warnings: readonly Warning[]): Section {
    const classes = sectionClasses[id];
    const could = sources.filter(
      (one) =>
        classes.length === 0 ||
        one.source.contributes.length === 0 ||
        one.source.contributes.some((own) => classes.includes(own)),
    );
    const before = this.last?.sections[id];
    const whole = (one: SourceState): boolean => one.status !== 'asking' && isWhole(one.status);
    const next: Section = {
      id,
      groups: kept(before?.groups, this.groupsOf(id)),
      waitingFor: kept(
        before?.waitingFor,
        could.filter((one) => !whole(one)).map((one) => one.source.id),
      ),
      answered: kept(
        before?.answered,
        could.filter(whole).map((one) => one.source.id),
      ),
      warnings: keptEqual(before?.warnings, warnings),
    };
    return before !== undefined && sameMembers(before, next) ? before : next;
  }

  private demographics(): Demographics | undefined {
    const [entry] = [...this.patients].sort(
      (a, b) =>
        a.order - b.order ||
        JSON.stringify(b.resource).length - JSON.stringify(a.resource).length ||
        (a.id < b.id ? -1 : 1),
    );
    if (entry === undefined) return undefined;
    return keptEqual(
      this.last?.patient,
      demographicsOf(withContacts(entry.resource, [...this.patients]), (reference) =>
        this.library.resourceOf(entry, reference),
      ),
    );
  }

  private banner(sections: Readonly<Record<SectionId, Section>>, sources: readonly SourceState[]): Banner {
    const allergies = sections.allergies.groups;
    const made = this.assembled.get('allergies')?.kept;
    const assertions: Assertion[] = [];
    for (const group of allergies) {
      const fact = made?.get(group.id)?.shown;
      const [chip] = group.row.chips;
      if (fact !== undefined && chip !== undefined && assertsNoneKnown(fact))
        assertions.push({ chip, date: group.row.date });
    }
    let listIncomplete = false;
    for (const [entry, list] of this.lists) {
      if (list === undefined || !list.sections.includes('allergies')) continue;
      if (list.incomplete) listIncomplete = true;
      if (list.assertsNone) assertions.push({ chip: entry.chip, date: list.date });
    }
    const mismatches = new Map<string, string[]>();
    for (const [sourceId, ending] of [...this.endings].sort(([a], [b]) => (a < b ? -1 : 1)))
      for (const field of ending.differsOn) {
        const known = mismatches.get(field);
        if (known === undefined) mismatches.set(field, [sourceId]);
        else known.push(sourceId);
      }
    const plans = sections['care-plans'].groups;
    const plansMade = this.assembled.get('care-plans')?.kept;
    const inForce = plans.filter(
      (one) => one.subsection === 'escalation' && plansMade?.get(one.id)?.shown.current === true,
    );
    const next: Banner = {
      allergies: allergyTitle(
        allergies.filter((one) => one.subsection === 'active'),
        assertions,
        sources.filter((one) => one.source.contributes.includes('allergies')),
        listIncomplete,
      ),
      escalation: decisionsOf(inForce),
      alerts: sections.alerts.groups.filter((one) => one.subsection === 'current'),
      mismatches: [...mismatches].map(([field, sourceIds]) => ({ field, sourceIds })),
    };
    const before = this.last?.banner;
    if (before === undefined) return next;
    const merged: Banner = {
      allergies: keptEqual(before.allergies, next.allergies),
      escalation: kept(before.escalation, next.escalation),
      alerts: kept(before.alerts, next.alerts),
      mismatches: keptEqual(before.mismatches, next.mismatches),
    };
    return sameMembers(before, merged) ? before : merged;
  }

  without(sourceIds: readonly string[]): RecordBuilder {
    const rest = new Builder(this.region, this.now);
    rest.mended = true;
    rest.since = this.since;
    rest.products = this.products;
    rest.unreadable = this.unreadable;
    // What stands within another comes with it.
    for (const versions of this.library.entries)
      for (const { id, chip, resource } of versions)
        if (!id.includes('#') && !sourceIds.includes(chip.sourceId)) rest.hold(resource);
    for (const [id, ending] of this.endings) if (!sourceIds.includes(id)) rest.endings.set(id, ending);
    for (const [id, guest] of this.guests) rest.guests.set(id, guest);
    return rest;
  }

  private get status(): ClinicalRecord['status'] {
    const said = this.recordEnding?.status ?? 'asking';
    if (!this.mended || said === 'asking' || said === 'refused') return said;
    const { sources } = this.region;
    const whole = sources.every(({ id }) => this.endings.has(id));
    return whole ? recordStatusOf([...this.endings.values()].map((one) => one.status)) : 'partial';
  }

  detail(id: string): GroupDetail | undefined {
    this.snapshot();
    this.finder ??= finderOf(this.assembled.values());
    return detailOf(id, this.finder, this.library, this.links);
  }

  markSince(at: number): void {
    this.since = at;
    this.changed = true;
    this.assembled.clear();
    for (const id of sectionIds) this.dirty.add(id);
  }

  compareBy(products: Products): void {
    this.products = products;
    this.changed = true;
    this.assembled.delete('medicines');
    this.dirty.add('medicines');
  }

  search(query: string): SearchAnswer {
    const { sections } = this.snapshot();
    this.finder ??= finderOf(this.assembled.values());
    const { byEntry } = this.finder;
    if (this.findable === undefined) {
      const all = sectionIds.flatMap((section) =>
        sections[section].groups
          .filter((group) => group.section === section)
          .map((group): Findable => ({ section, group })),
      );
      this.findable = { all, places: new Map(all.map(({ group }, at) => [group, at])) };
    }
    const { all, places } = this.findable;
    return this.searched.search(query, all, (entry) => {
      const group = byEntry.get(entry);
      return group === undefined ? undefined : places.get(group);
    });
  }

  prepareSearch(most: number): boolean {
    return this.searched.read(most);
  }
}

/** The Patient with what every version of it knows of how to reach the person: each asking adds what its sources say. */
function withContacts(patient: Resource, versions: readonly Entry[]): Resource {
  if (versions.length < 2) return patient;
  const added = (['address', 'telecom', 'communication'] as const).flatMap((element) => {
    const own = objects(patient[element]);
    const known = new Set(own.map((one) => JSON.stringify(one)));
    const others = versions
      .filter((one) => one.resource['id'] === patient['id'])
      .flatMap((one) => objects(one.resource[element]))
      .filter((one) => !known.has(JSON.stringify(one)) && known.add(JSON.stringify(one)) !== undefined);
    return others.length === 0 ? [] : [[element, [...own, ...others]] as const];
  });
  return added.length === 0 ? patient : { ...patient, ...Object.fromEntries(added) };
}

/** The list before where the new one holds the very same objects. */
function kept<T>(before: readonly T[] | undefined, next: readonly T[]): readonly T[] {
  return before !== undefined && before.length === next.length && next.every((one, index) => one === before[index])
    ? before
    : next;
}

/** The value before where the new one says the same. */
function keptEqual<T>(before: T | undefined, next: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(next) ? before : next;
}

function sameMembers<T extends object>(a: T, b: T): boolean {
  return (Object.keys(b) as (keyof T)[]).every((key) => a[key] === b[key]);
}

/**
 * One clinical record from the stream of the facade's `$everything`, in whatever order its lines arrive.
 * @param now when the record was asked for, ms since 1970: what is past and to come, and how stale a source is
 */
export function createRecord(region: RegionView, now: number): RecordBuilder {
  return new Builder(region, now);
}
