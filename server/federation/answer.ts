import type { Resource } from '../../src/fhir/resource.ts';
import type { SourceStatus } from '../../src/fhir/status.ts';
import type { Source } from '../config/schema.ts';
import type { Opened } from './documents/reading.ts';
import type { SourceDocument } from './documents/source-document.ts';

/** On whose behalf a source is asked: it goes into GP Connect's JWT and the headers of national services (§6.4). */
export type Asker = {
  readonly userId: string;
  readonly userName: string;
  readonly organisation: { readonly ods: string; readonly name: string };
  readonly role: { readonly code: string; readonly title: string };
  readonly registration?: { readonly body: string; readonly number: string };
  /** The user and the role in which they look as the Spine knows them (SDS), where they signed in nationally. */
  readonly sds?: { readonly userId: string; readonly roleProfileId: string };
  /** Stands for one asking in `X-Correlation-ID` and `Ssp-TraceID`; says nothing about the person. */
  readonly traceId: string;
};

/** A person as the demographics service knows them: what sources are asked about, and the one Patient of the record. */
export type NhsPerson = {
  readonly nhsNumber: string;
  /** FHIR date. */
  readonly birthDate: string;
  /** ODS code of the registered practice, where there is one. */
  readonly practice?: string;
  /** The demographics service's R4 Patient; its `id` is already the facade's. */
  readonly patient: Resource;
};

/** A person whose NHS number the host does not know: nobody but that host can be asked about them. */
export type HostPerson = {
  readonly nhsNumber?: undefined;
  /** The id of the host's Patient, at the host. */
  readonly hostPatientId: string;
  readonly practice?: undefined;
  /** The host's own R4 Patient; its `id` is already the facade's. */
  readonly patient: Resource;
};

/** Whom a gathering is about. */
export type Person = NhsPerson | HostPerson;

/** A SMART host's own record, which joins as a source for one launch and is read with that user's token. */
export type Joined = {
  readonly source: Source;
  /** The id of the person's Patient at the host. */
  readonly patientId: string;
  /** The value of `Authorization` at this host and nowhere else. Rejects where the host gives no token any more. */
  readonly authorization: () => Promise<string>;
};

/** What the demographics service says. It throws `undecided` where it cannot be asked. */
export type Demographics =
  | { readonly kind: 'found'; readonly person: NhsPerson }
  | { readonly kind: 'restricted' }
  | { readonly kind: 'unknown' };

/** How a source, or one organisation behind it, stands in labels. */
export type Origin = { readonly ods: string; readonly name: string; readonly label: string };

/**
 * All that one source gave about the person, proved to be about them, as R4 with the facade's ids, `meta.source` and
 * `meta.tag`; nothing of it has been withheld yet. Yielded once, when the source is whole or has failed.
 */
export type SourceAnswer = {
  readonly source: Source;
  /** The organisation that answered: for GP Connect the practice. */
  readonly origin: Origin;
  readonly status: SourceStatus;
  /** Fit for the screen; never the source's own words. */
  readonly text: string;
  /** Clinical resources and what they point at. Never the source's Patient. */
  readonly resources: readonly Resource[];
  /** Elements of the source's Patient that may stand in the one Patient: `address`, `telecom`, `communication`. */
  readonly contacts: readonly { readonly element: 'address' | 'telecom' | 'communication'; readonly value: unknown }[];
  /** The fields of the person that differ at this source (`birthDate`, `nhsNumber`; `address`, which is shown), never their values. */
  readonly differsOn: readonly string[];
  /** When the source says its data was last brought up to date. FHIR instant. */
  readonly dataAsOf?: string;
  /** ISO instant at which it answered. */
  readonly answeredAt: string;
  /**
   * What the registered practice's answer means for consent: `refused` where it said NO_PATIENT_CONSENT; `silent` where
   * there is no practice to wait for (outside the region, not sharing, PATIENT_NOT_FOUND, NO_ORGANISATION_CONSENT);
   * `unreachable` where it could not be asked; `answered` where its record is here to be read for dissent.
   * Absent for sources that are not the registered practice. Where a host's own record is all there is, the host stands
   * in the practice's place.
   */
  readonly practiceConsent?: 'answered' | 'refused' | 'silent' | 'unreachable';
  /** True where it was not asked, since nobody knows the person's NHS number: it may hold something or nothing. */
  readonly notAsked?: boolean;
  /**
   * Of the registered practice alone: what it gave without saying whom it is about. To be read for dissent beside
   * `resources` (it may be the dissent), never to be released.
   */
  readonly unproved?: readonly Resource[];
  /** The documents in it: what their words meet, and where they are to be opened. Never released. */
  readonly documents?: readonly SourceDocument[];
};

/** What a person is looked for by where their NHS number is not known. */
export type Traced = {
  readonly family: string;
  readonly given: string;
  /** FHIR date, whole. */
  readonly birthDate: string;
  /** FHIR's administrative gender. */
  readonly gender: string;
  readonly postcode: string;
};

/** The sources of a region, as one. */
export type Federation = {
  /**
   * Asks the demographics service about an NHS number, following a superseded one only where it agrees.
   * @throws {Fault} `undecided` where it cannot be asked
   */
  readonly demographics: (nhsNumber: string, asker: Asker, signal: AbortSignal) => Promise<Demographics>;
  /**
   * Looks for one person at the demographics service by what is known of them.
   * @returns the NHS number where exactly one person matches and is not restricted; undefined for none and many alike
   * @throws {Fault} `undecided` where it cannot be asked
   */
  readonly trace: (traced: Traced, asker: Asker, signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Asks every contributing source at once; yields each answer as it is whole, first come, exactly one a source. Never
   * throws for a source's fault. Sources whose `apps` leave out `clientId` are not asked and answer `not-permitted`.
   * `joined`: the host's own record; about a {@link HostPerson} nobody else is asked. `only`: the ids of those to ask,
   * where not all are.
   */
  readonly gather: (
    person: Person,
    asker: Asker,
    clientId: string,
    signal: AbortSignal,
    joined?: Joined,
    only?: ReadonlySet<string>,
  ) => AsyncIterable<SourceAnswer>;
  /**
   * Opens a document of an answer at its source, on behalf of whoever asks. Where its words may have changed since they
   * were read, they have been read again, and the verdict that comes with it is the new one.
   * @returns undefined where it is gone, or this source is not asked on behalf of this app any more
   * @throws {SourceError} where the source fails
   */
  readonly open: (
    document: SourceDocument,
    of: Pick<SourceAnswer, 'source' | 'origin'>,
    asker: Asker,
    clientId: string,
    signal: AbortSignal,
    joined?: Joined,
  ) => Promise<Opened | undefined>;
  /**
   * The person as the host alone knows them, who has no NHS number there.
   * @throws {Fault} `undecided` where the host cannot be asked, or answers about someone else or someone with a number
   */
  readonly hostPerson: (joined: Joined, signal: AbortSignal) => Promise<HostPerson>;
  /** Closes pooled connections. */
  readonly close: () => Promise<void>;
};
