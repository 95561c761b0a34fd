import type { SourceView } from '../fhir/region.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Setting } from '../fhir/status.ts';
import type { When } from './element.ts';
import type { Stop } from './medicine-stop.ts';
import type { ChipRef, AllergyFacts, Attachment, EventFacts, PersonFacts, SectionId, Value } from './record.ts';

/** One resource of one source, as it is held. */
export type Entry = {
  /** Stable: source, type and id; two versions of one id are told apart by what they say. */
  id: string;
  readonly resource: Resource;
  readonly chip: ChipRef;
  readonly source: SourceView | undefined;
  /** The place of its source in the region's order. */
  readonly order: number;
  content: string | undefined;
  /** What it says, once it was read; undefined again when something that it names has arrived since. */
  fact: Fact | undefined;
  /** What was asked for while reading it. */
  asked: Set<string> | undefined;
};

/** The fields that are compared between the members of a group, by what the screen calls them; absent is no difference. */
export type Compared = Readonly<Record<string, string | undefined>>;

export type MedicinePart = {
  /** How far it tells of the prescription: the statement before the plan before the order before what was dispensed or given. */
  readonly part: 'statement' | 'plan' | 'order' | 'dispense' | 'administration';
  readonly dose: string | undefined;
  readonly doseKey: string;
  readonly quantity: string | undefined;
  readonly strength: string | undefined;
  readonly note: string | undefined;
  /** Noted as going on unchanged, as a hospital does at admission. */
  readonly continued: boolean;
  readonly start: When;
  readonly issued: When;
  readonly end: When;
  readonly kind: string | undefined;
  /** Why it has its status and, of one that was stopped, since when and by whom. */
  readonly stop: Stop;
  readonly onHold: boolean;
  /** Who prescribes it, where that is not the practice that lists it. */
  readonly agency: string | undefined;
  /** To be given to an inpatient alone. */
  readonly inpatient: boolean;
  /** For how many days what was issued, or is to be issued, lasts. */
  readonly supplyDays: number | undefined;
  /** Taken when it is needed: how long an issue lasts is then not known. */
  readonly asNeeded: boolean;
  readonly state: 'current' | 'past' | 'planned';
  /** Stopped on purpose, not merely finished. */
  readonly stopped: boolean;
  /** Entry ids of the prescription parts that it is based on. */
  readonly basedOn: readonly string[];
};

export type ResultPart = {
  /** Specimen and unit: results of one test on different scales have different histories. Undefined: no measurement. */
  readonly scale: string | undefined;
  /** Other than blood, as far as it is said. */
  readonly specimen?: string | undefined;
  readonly status: string | undefined;
  readonly components: readonly { readonly name: string; readonly value: Value | undefined }[];
  /** Entry ids of the results that a report or panel names. */
  readonly results: readonly string[];
};

/** What one resource says by itself, in the words of the screen, with what it may be matched by. Never blended (rule 3). */
export type Fact = {
  readonly entry: Entry;
  readonly section: SectionId;
  readonly subsection: string;
  /** Only facts of one lane are ever matched; live and entered in error are two lanes (rule 4). */
  readonly lane: string;
  readonly strategy: 'keys' | 'problem' | 'medicine';
  readonly title: string;
  readonly status: string | undefined;
  readonly value: Value | undefined;
  readonly detail: string | undefined;
  readonly when: When;
  readonly struckThrough: boolean;
  /** What it is matched by: one key in common makes two facts the same. */
  readonly keys: readonly string[];
  /** Vague keys under which a less precise fact may find it. */
  readonly offers: readonly string[];
  /** Vague keys that it looks for itself: it joins where they lead to exactly one group, else stands alone (rule 8). */
  readonly seeks: readonly string[];
  /** The concept alone, dates apart (problems, medicines). */
  readonly concept: readonly string[];
  /** Lowest is shown: the highest risk, the most alive (rule 4). */
  readonly rank: number;
  readonly compared: Compared;
  readonly current: boolean;
  readonly allergy: AllergyFacts | undefined;
  readonly person: PersonFacts | undefined;
  readonly medicine: MedicinePart | undefined;
  readonly result: ResultPart | undefined;
  readonly event: EventFacts | undefined;
  readonly attachments: readonly Attachment[] | undefined;
};

/** What a reader of one resource may ask. */
export type Reader = {
  readonly entry: Entry;
  readonly resource: Resource;
  readonly setting: Setting | undefined;
  readonly now: number;
  /** The resource behind a Reference, contained ones too. */
  follow(reference: unknown): Resource | undefined;
  /** The id of the entry behind a Reference. */
  entryId(reference: unknown): string | undefined;
  /** How the target of a Reference is called: its display, else its own name. */
  nameOf(reference: unknown): string | undefined;
  readonly isNamed: boolean;
};

/**
 * The parts of a fact that have a usual value, so that a reader states only what is particular. All facts have all members
 * in one order, whoever read them: what goes through them all is several times faster for it.
 */
export function fact(
  reader: Reader,
  own: Pick<Fact, 'section' | 'subsection' | 'title' | 'when'> & Partial<Omit<Fact, 'entry'>>,
): Fact {
  const { resource, entry } = reader;
  const lane = own.lane ?? resource.resourceType;
  const struckThrough = own.struckThrough ?? false;
  return {
    entry,
    section: own.section,
    subsection: own.subsection,
    lane: struckThrough ? `${lane} in error` : lane,
    strategy: own.strategy ?? 'keys',
    title: own.title,
    status: own.status,
    value: own.value,
    detail: own.detail === undefined ? undefined : withoutTitle(own.detail, own.title),
    when: own.when,
    struckThrough,
    keys: own.keys ?? none,
    offers: own.offers ?? none,
    seeks: own.seeks ?? none,
    concept: own.concept ?? none,
    rank: own.rank ?? 0,
    compared: own.compared ?? nothing,
    current: own.current ?? false,
    allergy: own.allergy,
    person: own.person,
    medicine: own.medicine,
    result: own.result,
    event: own.event,
    attachments: own.attachments,
  };
}

/** Many sources say a name twice, as code and as text: once is enough on a line. */
function withoutTitle(detail: string, title: string): string | undefined {
  const parts = detail.split('; ').filter((one) => one.toLowerCase() !== title.toLowerCase());
  return parts.length === 0 ? undefined : parts.join('; ');
}

const none: readonly never[] = [];
const nothing: Compared = {};
