import type { FhirDate } from '../fhir/date.ts';
import { sectionIds, type SectionId } from '../fhir/look.ts';
import type { SourceView } from '../fhir/region.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Products } from './product-hierarchy.ts';
import type { DataClass, RecordStatus, SourceStatus } from '../fhir/status.ts';

export { sectionIds, type SectionId };

/** Which kinds of contributed fact a section shows. A section of none (overview, timeline) waits for every source. */
export const sectionClasses: Readonly<Record<SectionId, readonly DataClass[]>> = {
  overview: [],
  timeline: [],
  problems: ['problems'],
  medicines: ['medicines'],
  allergies: ['allergies'],
  results: ['results'],
  'vital-signs': ['vital-signs'],
  encounters: ['encounters'],
  appointments: ['appointments', 'referrals'],
  procedures: ['procedures'],
  immunisations: ['immunisations'],
  documents: ['documents'],
  'care-plans': ['care-plans'],
  'social-care': ['social-care'],
  'mental-health': ['mental-health'],
  alerts: ['alerts'],
  people: ['people'],
  about: [],
};

/** One source while and after it is asked. Order as in `RegionView.sources`. */
export type SourceState = {
  readonly source: SourceView;
  readonly status: 'asking' | SourceStatus;
  /** The outcome's own text, fit for the screen; empty while asking. */
  readonly text: string;
  /** When its closing outcome arrived, ms since 1970. */
  readonly answeredAt: number | undefined;
  /** How fresh its data is, where it said so. */
  readonly dataAsOf: FhirDate | undefined;
  /** Older than its usual delay. */
  readonly stale: boolean;
  /** It was not asked, since nobody knows the person's NHS number. */
  readonly notAsked: boolean;
  /** How many resources of it have arrived (support resources too). */
  readonly count: number;
};

export type Telecom = {
  readonly kind: 'phone' | 'email' | 'other';
  readonly value: string;
  readonly use: string | undefined;
  /** Label of the source that gave it; undefined: the demographics service. */
  readonly from: string | undefined;
};

export type Address = {
  readonly lines: readonly string[];
  readonly use: string | undefined;
  readonly from: string | undefined;
};

/** The one Patient, as the banner shows it. */
export type Demographics = {
  readonly family: string | undefined;
  readonly given: readonly string[];
  readonly title: string | undefined;
  /** `SMITH, John (Mr)`; `Not known` where nothing of it is known. */
  readonly name: string;
  readonly birthDate: FhirDate | undefined;
  /** `Male`, `Female`, `Other`, `Not known`. */
  readonly gender: string;
  readonly nhsNumber: string | undefined;
  /** False: a present but unverified number (it is shown with its warning). */
  readonly nhsNumberVerified: boolean;
  readonly deceased: boolean;
  readonly deceasedDate: FhirDate | undefined;
  readonly addresses: readonly Address[];
  readonly telecom: readonly Telecom[];
  /** Who keeps where the person lives, or how they are reached, to themselves: labels; undefined: the demographics service. */
  readonly restrictedAt: readonly (string | undefined)[];
  readonly languages: readonly string[];
  readonly interpreter: boolean;
  readonly practice:
    { readonly name: string; readonly ods: string | undefined; readonly phone: string | undefined } | undefined;
  /** Raw Patient, for the drawer. */
  readonly resource: Resource;
};

/** The practice's own words at the head of a section: something of this list may be missing (list warning, empty reason). */
export type Warning = {
  readonly sourceId: string;
  readonly label: string;
  readonly text: string;
  readonly date: FhirDate | undefined;
  /** True where something of the list may be missing; false where it only says why the list is empty. */
  readonly incomplete: boolean;
};

/** A source as a row's chip shows it. `organisation` is the author where the source is an aggregate (`WMShCR: UHB`). */
export type ChipRef = {
  readonly sourceId: string;
  readonly label: string;
  readonly organisation: { readonly ods: string | undefined; readonly name: string | undefined };
};

export type Flag = 'high' | 'low' | 'critical-high' | 'critical-low' | 'critical' | 'abnormal';

/** A measured value exactly as it was recorded. */
export type Value = {
  /** The value without its unit, as recorded: `168`, `<5`, `Positive`. */
  readonly text: string;
  readonly unit: string | undefined;
  /** For charts; undefined where the value is no plain number. */
  readonly number: number | undefined;
  readonly flag: Flag | undefined;
  /** The reference range as recorded: `59–104`. */
  readonly range: string | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
};

/** What a row of results or vital signs has beyond the common. */
export type ResultFacts = {
  /** Equal for all results of one test on one specimen in one unit: one column of the grid, one chart. */
  readonly test: string;
  /** Other than blood, as far as it is said: `urine`. */
  readonly specimen?: string | undefined;
  /** The latest of its test and unit: what the overview shows. */
  readonly latest: boolean;
  readonly previous:
    { readonly text: string; readonly unit: string | undefined; readonly date: FhirDate | undefined } | undefined;
  /** `Preliminary`, `Corrected`, `Not yet reported`; undefined for final. */
  readonly status: string | undefined;
  /** Group id of the report it belongs to. */
  readonly report: string | undefined;
  /** Group ids of a report's results, of a panel's components. */
  readonly results: readonly string[];
  readonly components: readonly { readonly name: string; readonly value: Value | undefined }[];
};

export type MedicineSpan = {
  readonly chip: ChipRef;
  readonly from: FhirDate | undefined;
  readonly to: FhirDate | undefined;
};

/** What last changed of a current medicine, whenever that was. */
export type MedicineChange = {
  readonly kind: 'started' | 'stopped' | 'dose';
  readonly date: FhirDate;
  readonly by: ChipRef;
  readonly reason: string | undefined;
  /** Who stopped it, where that is recorded. */
  readonly who?: string | undefined;
};

/** That a medicine was stopped or is on hold, or why it is not taken besides; each part only where it is recorded. */
export type MedicineHalt = {
  readonly kind: 'stopped' | 'on-hold' | 'other';
  readonly reason: string | undefined;
  /** The person who stopped it. */
  readonly who: string | undefined;
  /** Who holds it so, where others who list it do not. */
  readonly at: ChipRef | undefined;
};

export type MedicineFacts = {
  /** In full, never cut. */
  readonly dose: string | undefined;
  readonly quantity: string | undefined;
  /** Form and ingredients, where the name itself holds no strength. */
  readonly strength: string | undefined;
  /** Why it is taken or was begun, and what was noted of it; not that it merely goes on. */
  readonly note: string | undefined;
  /** The earliest of all that list it. */
  readonly start: FhirDate | undefined;
  /** The latest of all that list it. */
  readonly lastIssued: FhirDate | undefined;
  readonly end: FhirDate | undefined;
  /** `Repeat`, `Acute`, `Repeat dispensing`, … as recorded. */
  readonly kind: string | undefined;
  readonly halt: MedicineHalt | undefined;
  /** Reckoned from the day of the last issue and the days that it supplies. */
  readonly nextDue: { readonly date: FhirDate; readonly days: number } | undefined;
  /** Who says that another organisation than the one that lists it prescribes it, in their words. */
  readonly elsewhere: readonly { readonly words: string; readonly chip: ChipRef }[];
  /** Whoever prescribes it, only to an inpatient. */
  readonly hospitalOnly: boolean;
  readonly change: MedicineChange | undefined;
  /** Under which other names it stands, brand or generic, and at whose. */
  readonly alsoCalled: readonly { readonly title: string; readonly chip: ChipRef }[];
  /** A current one of which nothing says what product it is: a brand or generic of it may stand on another line (H4). */
  readonly brandsNotCompared: boolean;
  /** One an organisation, for the "Prescribed" bars, in the order of the chips. */
  readonly spans: readonly MedicineSpan[];
};

export type AllergyFacts = {
  /** What happened: coded, else in the free words of the source. Never cut. */
  readonly reaction: string | undefined;
  /** `High risk, confirmed`. */
  readonly said: string | undefined;
};

export type PersonFacts = {
  /** `daughter`, `heart failure nurse`, `GP practice`: what goes behind the name. */
  readonly role: string | undefined;
  /** Further relations, of a team its members, of a professional the organisation. */
  readonly more: string | undefined;
  /** One number to ring: of work, else a mobile. The others are in the drawer. */
  readonly phone: string | undefined;
};

export type EventFacts = {
  readonly kind: 'inpatient' | 'emergency' | 'clinic' | 'contact' | 'other';
  readonly start: FhirDate | undefined;
  readonly end: FhirDate | undefined;
  readonly place: string | undefined;
  readonly who: string | undefined;
  readonly specialty: string | undefined;
  readonly status: string | undefined;
};

export type Attachment = {
  readonly url: string | undefined;
  /** Base64, where it came within the record. */
  readonly data: string | undefined;
  /** HTML, where it stands in the record as such (a Composition). */
  readonly text?: string;
  readonly contentType: string | undefined;
  readonly title: string | undefined;
  readonly bytes: number | undefined;
};

/** What one line of a section shows: one real record of one source, chosen by a total order. */
export type Row = {
  readonly title: string;
  /** Status in a word or two where the section needs it (`Active`, `Resolved`, `Refuted`, `Cancelled`). */
  readonly status: string | undefined;
  readonly value: Value | undefined;
  /** Dose, reaction, reason, place: never cut. */
  readonly detail: string | undefined;
  /** What it is sorted by. */
  readonly date: FhirDate | undefined;
  /** `19-Nov-2026`, `Nov-2026`, or `Date not recorded`; what no date can be made of stands as recorded. */
  readonly dateText: string;
  /** All that hold it: the one shown first, then in the region's order. */
  readonly chips: readonly ChipRef[];
  /** Entered in error. */
  readonly struckThrough: boolean;
  /** A safeguarding concern: its details stand behind a press that is recorded. */
  readonly safeguarding?: true;
  readonly allergy?: AllergyFacts;
  readonly person?: PersonFacts;
  readonly medicine?: MedicineFacts;
  readonly result?: ResultFacts;
  readonly event?: EventFacts;
  readonly attachments?: readonly Attachment[];
};

/** One record of one source within a group: light, so that a snapshot of 20,000 travels quickly. */
export type Member = {
  /** Stable; any member id finds its group (`RecordBuilder.detail`). */
  readonly id: string;
  readonly type: string;
  readonly chip: ChipRef;
  readonly date: FhirDate | undefined;
};

/** A field on which the members of a group differ, and what the tag then says (`Dose differs`). */
export type Conflict = { readonly field: string; readonly words: string };

export type Tag = { readonly kind: 'critical' | 'conflict' | 'stale' | 'new'; readonly words: string };

/** One fact, whoever says it. */
export type Group = {
  /** The least of its member ids; hold a member's id where the group must be found again after late arrivals. */
  readonly id: string;
  /** Its one home; timeline and mental health may list it too. */
  readonly section: SectionId;
  /**
   * problems: `active` | `past` | `ruled-out` | `family-history`; allergies: `active` | `past` | `ruled-out` | `none-known`;
   * medicines: `current` | `past` | `planned` | `devices`; results: `blood` | `radiology` | `other` | `reports` | `requests`;
   * encounters: `inpatient` | `emergency` | `clinic` | `contact` | `other`; appointments: `to-come` | `past` | `referrals` | `tasks`;
   * procedures: `current` | `past` | `not-done`; immunisations: `given` | `not-given` | `due` | `prevention`;
   * care-plans: `escalation` | `plan` | `legal` | `preferences` | `goal`; people: `contact` | `practice` | `professional` | `team` | `organisation` | `past`;
   * social-care, mental-health: `current` | `past` | `assessments`; about: `supporting` | `other`; elsewhere `current` | `past`.
   */
  readonly subsection: string;
  readonly row: Row;
  readonly members: readonly Member[];
  readonly conflicts: readonly Conflict[];
  /** All tags, the one a card shows first. */
  readonly tags: readonly Tag[];
};

export type Section = {
  readonly id: SectionId;
  /**
   * Newest first, undated last; allergies live first and the highest risk before that, people by who is nearest.
   * Entered in error and past among them: see `subsection`.
   */
  readonly groups: readonly Group[];
  /** Sources that could contribute and have not answered in whole, the asking ones too. */
  readonly waitingFor: readonly string[];
  /** Sources that could contribute and answered in whole. */
  readonly answered: readonly string[];
  readonly warnings: readonly Warning[];
};

export type AllergyTitle = {
  readonly kind: 'known' | 'none-known' | 'not-recorded' | 'unavailable';
  /** The exact words of the banner. */
  readonly text: string;
  readonly agents: readonly string[];
  readonly updated: FhirDate | undefined;
  /** Who asserts that none are known (`none-known` alone). */
  readonly assertedBy: { readonly chip: ChipRef; readonly date: FhirDate | undefined } | undefined;
  /** How many contributors of allergies are still being asked. */
  readonly asking: number;
};

export type Banner = {
  readonly allergies: AllergyTitle;
  /** Treatment-escalation and resuscitation decisions in force, newest first, one entry a decision (`escalation.ts`). */
  readonly escalation: readonly Group[];
  readonly alerts: readonly Group[];
  /** Fields on which organisations differ about the person, in words: `date of birth`. */
  readonly mismatches: readonly { readonly field: string; readonly sourceIds: readonly string[] }[];
};

/** Everything that has arrived, as one record. Parts that did not change since the last snapshot are the same objects. */
export type ClinicalRecord = {
  readonly patient: Demographics | undefined;
  readonly sources: readonly SourceState[];
  readonly status: 'asking' | RecordStatus;
  /** The text of the closing outcome, empty while asking. */
  readonly statusText: string;
  readonly banner: Banner;
  readonly sections: Readonly<Record<SectionId, Section>>;
  /** Lines that were no resource at all (not shown, said in About this record). */
  readonly unreadable: number;
  /** When the user last looked, ms since 1970; undefined where they have not, or it is not known. */
  readonly since: number | undefined;
};

/** A field of a source's own record, in clinical words. `path` is FHIR's, for *Codes*. */
export type Field = { readonly label: string; readonly value: string; readonly path: string };

export type Code = {
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly display: string | undefined;
};

export type MemberDetail = Member & {
  /** Every element of the resource, known ones first and in clinical words; nothing is left out. */
  readonly fields: readonly Field[];
  readonly codes: readonly Code[];
  /** What of it can be opened as a document. */
  readonly attachments: readonly Attachment[];
  readonly raw: Resource;
};

/** One linked item, in either direction. */
export type Link = {
  readonly groupId: string;
  readonly section: SectionId;
  readonly title: string;
  readonly date: FhirDate | undefined;
  readonly dateText: string;
  readonly chip: ChipRef;
};

/** What the drawer shows; made when it opens, not in every snapshot. */
export type GroupDetail = {
  readonly group: Group;
  /** The one shown in the list first. */
  readonly members: readonly MemberDetail[];
  readonly linked: readonly Link[];
};

/** One row that a search has found. */
export type SearchHit = {
  /** A member id of its group. */
  readonly id: string;
  /** What it was found by, where that does not stand on the row itself: a code, another name, a note. */
  readonly why?: string;
};

/** What a search has found, by section; within a section in the order of the section. */
export type SearchAnswer = {
  readonly query: string;
  readonly total: number;
  readonly sections: readonly { readonly section: SectionId; readonly hits: readonly SearchHit[] }[];
};

/** Makes one record of what arrives. Why a conflict's list shows the record that it shows is in `words.ts` (`whyShown`). */
export type RecordBuilder = {
  /**
   * Takes parsed lines of the stream, in any order; a line seen before changes nothing.
   * @param at when they arrived, ms since 1970 (default: the `now` of createRecord)
   */
  add(lines: readonly unknown[], at?: number): void;
  /** Marks what is new or changed since the user last looked, ms since 1970. */
  markSince(at: number): void;
  /** Compares brand and generic from now on by these; at first by none. */
  compareBy(products: Products): void;
  snapshot(): ClinicalRecord;
  /** What there is without these sources, as they are asked again: what they give then takes its place. */
  without(sourceIds: readonly string[]): RecordBuilder;
  /** By the id of a group or of any of its members. */
  detail(id: string): GroupDetail | undefined;
  /** Everything that arrived and says all the words of the query: texts, codes, other names, dates. */
  search(query: string): SearchAnswer;
  /** Reads up to so many resources for the search to come. @returns false where nothing is left to read */
  prepareSearch(most: number): boolean;
};
