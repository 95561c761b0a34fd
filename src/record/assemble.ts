import { formatDate, type FhirDate } from '../fhir/date.ts';
import { isAhead } from './ahead.ts';
import type { Fact, MedicinePart } from './fact.ts';
import { bucket, compareFacts, groupByKeys, groupProblems, joinByKeys, Sets } from './grouping.ts';
import { compareEntries } from './library.ts';
import { changeOf, earliestOf, endOf, startOf, haltOfLine, type CurrentLine } from './medicine-change.ts';
import { nextDueOf } from './medicine-supply.ts';
import { groupMedicines, type Line, type Prescription } from './prescriptions.ts';
import { productKeys, type Products } from './product-hierarchy.ts';
import { isSafeguarding } from './safeguarding.ts';
import type {
  ChipRef,
  Conflict,
  Group,
  MedicineChange,
  MedicineFacts,
  Member,
  ResultFacts,
  Row,
  SectionId,
  Tag,
} from './record.ts';
import { asOf, stillListedBy, wordOf, words } from './words.ts';

/** A group before it is a row: its facts, the one shown first, and what its neighbours make of it. */
type Draft = {
  readonly facts: readonly Fact[];
  readonly shown: Fact;
  readonly id: string;
  readonly conflicts: Conflict[];
  readonly line: Line | undefined;
  change: MedicineChange | undefined;
  result: Neighbours | undefined;
  stale: FhirDate | undefined;
  /** A result whose date is yet to come: a slip of the pen, or of a clock. */
  ahead: boolean;
};

/** What the other results of its test, and its report, make of a result. */
type Neighbours = Pick<ResultFacts, 'test' | 'latest' | 'previous' | 'report' | 'results'>;

/** A group with what it was made of. */
type Kept = Draft & { readonly group: Group };

/** The groups of one section with what is needed to keep unchanged ones as they are, by their ids. */
export type Assembled = {
  readonly groups: readonly Group[];
  readonly kept: ReadonlyMap<string, Kept>;
};

export const nothingAssembled: Assembled = { groups: [], kept: new Map() };

function draft(facts: readonly Fact[], line?: Line): Draft | undefined {
  const [lone] = facts;
  if (lone !== undefined && facts.length === 1) return draftOf(facts, lone, lone.entry.id, line);
  const sorted = facts.toSorted(compareFacts);
  const shown = line?.prescriptions[0]?.facts[0] ?? sorted[0];
  if (shown === undefined) return undefined;
  const rest = sorted.filter((one) => one !== shown).sort((a, b) => compareEntries(a.entry, b.entry));
  const id = facts.reduce((least, one) => (one.entry.id < least ? one.entry.id : least), shown.entry.id);
  return draftOf([shown, ...rest], shown, id, line);
}

function draftOf(facts: readonly Fact[], shown: Fact, id: string, line: Line | undefined): Draft {
  return {
    facts,
    shown,
    id,
    conflicts: [],
    line,
    change: undefined,
    result: undefined,
    stale: undefined,
    ahead: false,
  };
}

/** Which fields the members say differently; one that is absent says nothing. */
function differing(facts: readonly Fact[]): Conflict[] {
  const [first] = facts;
  if (first === undefined || facts.length < 2) return [];
  // Joined by a business identifier alone: then what they name is itself a difference.
  const names = new Set(first.concept);
  const named = facts.some(
    (one) => one.concept.length > 0 && names.size > 0 && !one.concept.some((key) => names.has(key)),
  );
  const name: Conflict[] = named ? [{ field: 'name', words: 'Name differs' }] : [];
  const fields = Object.keys(first.compared).flatMap((field) => {
    const said = new Set(facts.map((one) => one.compared[field]).filter((one) => one !== undefined));
    return said.size > 1 ? [{ field, words: `${wordOf(field)} differs` }] : [];
  });
  return [...name, ...fields];
}

/** What else a section is made by. */
export type Circumstances = {
  /** Ms since 1970. */
  readonly now: number;
  /** How fresh a source that lags behind its usual delay is; undefined for one that does not. */
  readonly staleOf: (sourceId: string) => FhirDate | undefined;
  /** The tag of what came or changed since the user last looked. */
  readonly newOf: (fact: Fact) => Tag | undefined;
  /** By which brand and generic are compared. */
  readonly products: Products;
};

/** The groups of a section, from all that is at home in it. */
export function assemble(
  facts: readonly Fact[],
  before: Assembled,
  { now, staleOf, newOf, products }: Circumstances,
): Assembled {
  const drafts = [...bucket(facts, (one) => one.lane).values()].flatMap((same) => draftsOf(same, products));
  tellNeighbours(drafts, now);
  const all = drafts.map((one): Kept => {
    one.stale = staleness(one, staleOf);
    const known = before.kept.get(one.id);
    return known !== undefined && saysTheSame(known, one)
      ? known
      : Object.assign(one, { group: groupOf(one, newestOf(one.facts, newOf), products) });
  });
  all.sort((a, b) => placeIn(a.shown) - placeIn(b.shown) || compareGroups(a.group, b.group));
  const groups = all.map((one) => one.group);
  const unchanged =
    groups.length === before.groups.length && groups.every((one, index) => one === before.groups[index]);
  return { groups: unchanged ? before.groups : groups, kept: new Map(all.map((one) => [one.id, one])) };
}

/** Newest first, undated last; ties by name, then by id, so that the order is the same whatever came first. */
export function compareGroups(a: Group, b: Group): number {
  const [x, y] = [a.row.date?.instant, b.row.date?.instant];
  if (x !== y) return (y ?? Number.MIN_SAFE_INTEGER) - (x ?? Number.MIN_SAFE_INTEGER);
  return byName(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** What stands before the date: the liveness and risk of an allergy (its certainty apart), how near a person is. */
function placeIn({ section, lane, rank }: Fact): number {
  if (section === 'allergies') return (lane.startsWith('NoKnown') ? 5 : 0) + Math.floor(rank / 10);
  return section === 'people' ? rank : 0;
}

/** Told without the user's locale, so that a record reads the same on every desk. */
function byName(a: Group, b: Group): number {
  const [x, y] = [a.row.title.toLowerCase(), b.row.title.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

function draftsOf(facts: readonly Fact[], products: Products): readonly Draft[] {
  const strategy = facts[0]?.strategy;
  if (strategy === 'medicine') {
    return groupMedicines(facts, products).flatMap((line) => {
      const prescriptions = line.prescriptions.toSorted(comparePrescriptions);
      const made = draft(
        prescriptions.flatMap((one) => one.facts),
        { ...line, prescriptions },
      );
      return made === undefined ? [] : [made];
    });
  }
  const groups = strategy === 'problem' ? groupProblems(facts) : groupByKeys(facts);
  return groups.flatMap((group) => {
    const made = draft(group);
    if (made === undefined) return [];
    made.conflicts.push(...differing(made.facts));
    return [made];
  });
}

/** The one that runs is shown before one that does not, the later before the earlier. */
function comparePrescriptions(a: Prescription, b: Prescription): number {
  const [x, y] = [a.facts[0], b.facts[0]];
  return (
    Number(b.current) - Number(a.current) ||
    (b.start ?? Number.MIN_SAFE_INTEGER) - (a.start ?? Number.MIN_SAFE_INTEGER) ||
    (x === undefined || y === undefined ? 0 : compareEntries(x.entry, y.entry))
  );
}

function tellNeighbours(drafts: readonly Draft[], now: number): void {
  const [first] = drafts;
  if (first === undefined) return;
  const section: SectionId = first.shown.section;
  if (section === 'allergies') tellAllergies(drafts);
  if (section === 'medicines') tellMedicines(drafts);
  tellResults(drafts, now);
}

/** "No known allergy" beside a live allergy is a difference, and said on the line that asserts it (H6). */
function tellAllergies(drafts: readonly Draft[]): void {
  if (!drafts.some((one) => one.shown.subsection === 'active')) return;
  for (const one of drafts)
    if (one.shown.subsection === 'none-known' && one.shown.current)
      one.conflicts.push({ field: 'allergies', words: words.allergiesListedElsewhere });
}

function tellMedicines(drafts: readonly Draft[]): void {
  const medicines = drafts.filter((one) => one.line !== undefined);
  for (const same of bucket(medicines, (one) => `${one.shown.struckThrough}|${one.line?.concept ?? ''}`).values()) {
    const current = same.filter((one) => one.line?.prescriptions.some((own) => own.current) === true);
    const doses = new Set(current.map((one) => one.line?.dose).filter((one) => one !== undefined && one !== ''));
    const all = same.flatMap((one) => one.line?.prescriptions ?? []);
    const lines = new Map(
      current.map((one): [Draft, CurrentLine] => [
        one,
        { prescriptions: one.line?.prescriptions ?? [], doseDiffers: doses.size > 1 && one.line?.dose !== '' },
      ]),
    );
    const holders = new Set(all.filter((own) => own.current).map((own) => own.sourceId));
    const lastStopped = all
      .filter((own) => own.stopped && !own.current && !holders.has(own.sourceId))
      .reduce((latest, own) => Math.max(latest, own.last ?? Number.MAX_SAFE_INTEGER), Number.NEGATIVE_INFINITY);
    for (const one of current) {
      const own = lines.get(one);
      const others = (): readonly CurrentLine[] =>
        current
          .filter((other) => other.line?.dose !== one.line?.dose && other.line?.dose !== '')
          .flatMap((other) => lines.get(other) ?? []);
      if (own !== undefined) one.change = changeOf(own, own.doseDiffers ? others() : []);
      if (own?.doseDiffers === true) one.conflicts.push({ field: 'dose', words: words.doseDiffers });
      const running = (one.line?.prescriptions ?? []).filter((own) => own.current);
      const earliest = Math.min(...running.map((own) => own.start ?? Number.MIN_SAFE_INTEGER));
      const holder = running[0]?.facts[0]?.entry;
      if (lastStopped >= earliest && holder !== undefined)
        one.conflicts.push({
          field: 'status',
          words: holder.source?.setting === 'gp' ? words.stillOnGpList : stillListedBy(holder.chip.label),
        });
    }
  }
}

/**
 * @param now one that is dated later stands beside the latest and never before it: a slip of the year must hide neither what
 * was measured last nor what it was a slip of
 */
function tellResults(drafts: readonly Draft[], now: number): void {
  const results = drafts.filter((one) => one.shown.result !== undefined);
  if (results.length === 0) return;
  const reports = new Map<string, string>();
  const members = new Map<string, readonly string[]>();
  const naming = results.filter((one) => one.facts.some((fact) => (fact.result?.results.length ?? 0) > 0));
  if (naming.length > 0) {
    const groupOfEntry = new Map<string, string>();
    for (const one of results) for (const fact of one.facts) groupOfEntry.set(fact.entry.id, one.id);
    for (const one of naming.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      const named = one.facts.flatMap((fact) => fact.result?.results ?? []).map((id) => groupOfEntry.get(id));
      const ids = [...new Set(named.filter((id) => id !== undefined && id !== one.id))].filter(
        (id) => id !== undefined,
      );
      members.set(one.id, ids.sort());
      for (const id of ids) if (!reports.has(id)) reports.set(id, one.id);
    }
  }
  for (const one of results) one.ahead = isAhead(one.shown.when.date, now);
  const tests = testsOf(results);
  const testOf = new Map(results.map((one, at) => [one, tests[at] ?? '']));
  for (const [test, series] of bucket(results, (one) => testOf.get(one) ?? '')) {
    const dated = series
      .filter((one) => one.shown.when.date !== undefined && !one.ahead)
      .sort(
        (a, b) =>
          (b.shown.when.date?.instant ?? 0) - (a.shown.when.date?.instant ?? 0) ||
          (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
      );
    const tell = (one: Draft, at: number | undefined): void => {
      const measured = test !== '';
      const previous = at === undefined || !measured ? undefined : dated[at + 1];
      one.result = {
        test,
        latest: measured && (at === 0 || dated.length === 0 || one.ahead),
        previous:
          previous?.shown.value === undefined
            ? undefined
            : { text: previous.shown.value.text, unit: previous.shown.value.unit, date: previous.shown.when.date },
        report: reports.get(one.id),
        results: members.get(one.id) ?? noResults,
      };
    };
    dated.forEach(tell);
    for (const one of series) if (one.shown.when.date === undefined || one.ahead) tell(one, undefined);
  }
}

const noResults: readonly never[] = [];

/**
 * By which test each measurement counts: those that share a code, specimen and unit are one test, also where one
 * organisation codes it in two ways and others in one of them. The least of their codes names it, whatever came first.
 * Empty for what measures nothing (reports).
 */
function testsOf(results: readonly Draft[]): readonly string[] {
  const sets = new Sets(results.length);
  const first = joinByKeys(sets, results, ({ shown }) => {
    const { section, lane, concept, result, entry } = shown;
    if (result?.scale === undefined) return noResults;
    const on = `|${result.scale}|${section}|${lane}`;
    return concept.length === 0 ? [`unnamed ${entry.id}${on}`] : concept.map((code) => code + on);
  });
  const names: string[] = results.map(() => '');
  for (const [key, at] of first) {
    const root = sets.find(at);
    const known = names[root] ?? '';
    if (known === '' || key < known) names[root] = key;
  }
  return results.map((_, at) => names[sets.find(at)] ?? '');
}

/** Stale where every source of it is: the oldest statement counts. */
function staleness(one: Draft, staleOf: (sourceId: string) => FhirDate | undefined): FhirDate | undefined {
  let newest: FhirDate | undefined;
  for (const fact of one.facts) {
    const stale = staleOf(fact.entry.chip.sourceId);
    if (stale === undefined) return undefined;
    if (newest === undefined || stale.instant > newest.instant) newest = stale;
  }
  return newest;
}

/** True where a group that was made of one draft is what would be made of the other. */
function saysTheSame(a: Draft, b: Draft): boolean {
  return (
    a.shown === b.shown &&
    sameItems(a.facts, b.facts) &&
    a.stale?.instant === b.stale?.instant &&
    a.ahead === b.ahead &&
    a.conflicts.length === b.conflicts.length &&
    a.conflicts.every(({ words: said }, index) => said === b.conflicts[index]?.words) &&
    a.change?.kind === b.change?.kind &&
    a.change?.date.instant === b.change?.date.instant &&
    a.change?.by === b.change?.by &&
    sameNeighbours(a.result, b.result)
  );
}

function sameNeighbours(a: Neighbours | undefined, b: Neighbours | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.test === b.test &&
    a.latest === b.latest &&
    a.report === b.report &&
    a.previous?.text === b.previous?.text &&
    a.previous?.unit === b.previous?.unit &&
    a.previous?.date?.instant === b.previous?.date?.instant &&
    sameItems(a.results, b.results)
  );
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function tagsOf(one: Draft, fresh: Tag | undefined, sources: number): readonly Tag[] {
  const tags: Tag[] = [];
  if (one.shown.value?.flag?.startsWith('critical') === true) tags.push({ kind: 'critical', words: words.critical });
  const [only] = one.conflicts;
  if (only !== undefined) {
    const several =
      one.conflicts.length > 1 && !one.conflicts.some((conflict) => conflict.words === words.stillOnGpList);
    const named = one.conflicts.find((conflict) => conflict.words === words.stillOnGpList) ?? only;
    const differ = sources > 1 ? words.organisationsDiffer : words.recordsDiffer;
    tags.push({ kind: 'conflict', words: several ? differ : named.words });
  }
  if (one.ahead) tags.push({ kind: 'stale', words: words.datedAhead });
  if (one.stale !== undefined) tags.push({ kind: 'stale', words: asOf(formatDate(one.stale)) });
  if (fresh !== undefined) tags.push(fresh);
  return tags;
}

/** A group is new only where all of it is: what an organisation adds to a fact that was known has changed it. */
function newestOf(facts: readonly Fact[], newOf: (fact: Fact) => Tag | undefined): Tag | undefined {
  const tags = facts.map(newOf);
  const found = tags.filter((one) => one !== undefined);
  const changed = found.find((one) => one.words === words.newOrChanged);
  const [first] = found;
  if (first === undefined) return undefined;
  return found.length === tags.length ? (changed ?? first) : { kind: 'new', words: words.newOrChanged };
}

function groupOf(one: Draft, fresh: Tag | undefined, products: Products): Group {
  const { shown } = one;
  const members: readonly Member[] = one.facts.map((fact) => ({
    id: fact.entry.id,
    type: fact.entry.resource.resourceType,
    chip: fact.entry.chip,
    date: fact.when.date,
  }));
  const chips = chipsOf(one.facts);
  const medicine = one.line === undefined ? undefined : medicineFacts(one.line, one.change, products);
  const date = medicine?.start ?? shown.when.date;
  const result: ResultFacts | undefined =
    shown.result === undefined || one.result === undefined
      ? undefined
      : {
          specimen: shown.result.specimen,
          status: shown.result.status,
          components: shown.result.components,
          ...one.result,
        };
  const row: { -readonly [member in keyof Row]: Row[member] } = {
    title: shown.title,
    status: shown.status,
    value: shown.value,
    detail: medicine === undefined ? shown.detail : medicineDetail(shown, medicine),
    date,
    dateText: date !== undefined && date !== shown.when.date ? formatDate(date) : shown.when.text,
    chips,
    struckThrough: shown.struckThrough,
  };
  if (one.facts.some(isSafeguarding)) row.safeguarding = true;
  if (shown.allergy !== undefined) row.allergy = shown.allergy;
  if (shown.person !== undefined) row.person = shown.person;
  if (medicine !== undefined) row.medicine = medicine;
  if (result !== undefined) row.result = result;
  if (shown.event !== undefined) row.event = shown.event;
  if (shown.attachments !== undefined) row.attachments = shown.attachments;
  const current = one.line?.prescriptions.some((own) => own.current) ?? false;
  const subsection =
    one.line === undefined
      ? shown.subsection
      : current
        ? 'current'
        : shown.subsection === 'current'
          ? 'past'
          : shown.subsection;
  const sources = new Set(members.map((member) => member.chip.label)).size;
  return {
    id: one.id,
    section: shown.section,
    subsection,
    row,
    members,
    conflicts: one.conflicts,
    tags: tagsOf(one, fresh, sources),
  };
}

function medicineDetail(shown: Fact, medicine: MedicineFacts): string | undefined {
  // The statement of a prescription may leave the dose to its plan: the line must carry it (H7).
  const { dose } = medicine;
  if (dose === undefined || shown.medicine?.dose !== undefined) return shown.detail;
  return shown.detail === undefined ? dose : `${dose}; ${shown.detail}`;
}

function chipsOf(facts: readonly Fact[]): readonly ChipRef[] {
  const chips: ChipRef[] = [];
  for (const { entry } of facts)
    if (!chips.some((one) => one.sourceId === entry.chip.sourceId && one.label === entry.chip.label))
      chips.push(entry.chip);
  return chips;
}

/** The prescription shown, whole: what its statement leaves out stands in its plan or issues, all of one source. Dates are of all. */
function medicineFacts(line: Line, change: MedicineChange | undefined, products: Products): MedicineFacts | undefined {
  const [own] = line.prescriptions;
  if (own === undefined) return undefined;
  const partsOf = (one: Prescription): readonly MedicinePart[] =>
    one.facts.flatMap((fact) => (fact.medicine === undefined ? [] : [fact.medicine]));
  const parts = partsOf(own);
  const issues = parts.filter((one) => one.part === 'order' || one.part === 'dispense');
  // The order that stopped a medicine was no issue of it.
  const running = line.prescriptions.filter((one) => one.current);
  const issued = (running.length > 0 ? running : line.prescriptions).flatMap(partsOf).map((one) => one.issued.date);
  const first = earliestOf(line.prescriptions);
  return {
    dose: parts.map((one) => one.dose).find((one) => one !== undefined),
    quantity: [...issues, ...parts].map((one) => one.quantity).find((one) => one !== undefined),
    strength: parts.map((one) => one.strength).find((one) => one !== undefined),
    note: parts.map((one) => one.note).find((one) => one !== undefined),
    start: first === undefined ? undefined : startOf(first),
    lastIssued: issued.reduce(
      (latest, one) => (latest === undefined || (one !== undefined && one.instant > latest.instant) ? one : latest),
      undefined,
    ),
    end: own.current ? undefined : endOf(own),
    kind: parts.map((one) => one.kind).find((one) => one !== undefined),
    halt: haltOfLine(own, running),
    nextDue: nextDueOf(line.prescriptions),
    elsewhere: elsewhereOf(running.length > 0 ? running : [own]),
    hospitalOnly: running.length > 0 && running.every((one) => partsOf(one).some((part) => part.inpatient)),
    change,
    alsoCalled: alsoCalledOf(line),
    brandsNotCompared:
      running.length > 0 && products !== 'coming' && !running.every((one) => isCompared(one, products)),
    spans: line.prescriptions.flatMap((one) => {
      const chip = one.facts[0]?.entry.chip;
      return chip === undefined ? [] : [{ chip, from: startOf(one), to: one.current ? undefined : endOf(one) }];
    }),
  };
}

/** Each organisation that says that another prescribes it, once, in its words. */
function elsewhereOf(prescriptions: readonly Prescription[]): MedicineFacts['elsewhere'] {
  const told = prescriptions.flatMap((one) =>
    one.facts.flatMap(({ entry, medicine }) =>
      medicine?.agency === undefined ? [] : [{ words: medicine.agency, chip: entry.chip }],
    ),
  );
  return [...new Map(told.map((one) => [`${one.chip.label}|${one.words}`, one])).values()];
}

/** True where the hierarchy knows what product it is. */
function isCompared(one: Prescription, products: Products): boolean {
  return one.facts.some((fact) => productKeys(fact.concept, products).length > 0);
}

/** The names under which others on the line hold it, where they share no code with the one shown: a brand, or its generic. */
function alsoCalledOf({ prescriptions }: Line): MedicineFacts['alsoCalled'] {
  const [shown] = prescriptions;
  const codes = new Set(shown?.facts.flatMap((one) => one.concept));
  const others = prescriptions
    .flatMap((one) => one.facts)
    .filter((one) => one.concept.length > 0 && !one.concept.some((key) => codes.has(key)))
    .map((one) => ({ title: one.title, chip: one.entry.chip }));
  return [...new Map(others.map((one) => [`${one.chip.label}|${one.title}`, one])).values()];
}
