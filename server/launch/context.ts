import type { FacadeIds } from '../federation/facade-id.ts';

/** Who looks: the user of a host EPR, as the host asserts them and as their profile has it. */
export type LaunchUser = {
  /** The user's id at the host (`sub`). */
  readonly id: string;
  readonly name: string;
  readonly registration?: { readonly body: string; readonly number: string };
  /** The user and the role in which they look as the Spine knows them (SDS), where they signed in nationally. */
  readonly sds?: { readonly userId: string; readonly roleProfileId: string };
  /**
   * What the user says of themselves, because the host asserts nothing: this they may correct, and only this. A door
   * whose host gave no name sets `name`, and fills the member with what it has.
   */
  readonly said?: readonly Said[];
};

/** What a user may be asked to say of themselves, besides the role. */
export type Said = 'name' | 'registration';

/** What a host EPR hands over, proved by its door: who looks, from where, in which role, at whom. */
export type LaunchContext = {
  /** Id of the host in `hosts.json`. */
  readonly host: string;
  readonly user: LaunchUser;
  /** ODS code and name of the organisation on whose behalf the user looks. */
  readonly organisation: { readonly ods: string; readonly name: string };
  /** National job role (R-code) that narrows what is shown. */
  readonly role: string;
  /** The role that the user says they hold, where it counts only once it is confirmed: `role` is the least till then. */
  readonly declaredRole?: string;
  /** Absent for a role without `patient/` scopes. The birth date is the demographics service's, not the host's word. */
  readonly patient?: { readonly nhsNumber: string; readonly birthDate: string };
  /**
   * The person at a SMART host whose own record joins as a source: the id of the host's Patient, and the key under which
   * the host's tokens are kept. Without `patient` (no NHS number) that record is all there is to show.
   */
  readonly hostRecord?: { readonly patientId: string; readonly tokens: string };
  /** The host's id of the encounter that is open there. */
  readonly encounter?: string;
  readonly intent?: string;
  /** Further things that are open at the host (SMART 2.2, `fhirContext`), as it said them. */
  readonly fhirContext?: readonly Readonly<Record<string, unknown>>[];
  /** Why the user looks, where they found the person by hand. Shown to the person on their audit trail. */
  readonly reason?: { readonly code: string; readonly text: string };
  /** What a SMART host said of this launch: false where it shows a patient banner around the app. */
  readonly needsBanner?: boolean;
  /** How the viewer talks with the host's window (SMART Web Messaging). */
  readonly messaging?: { readonly origin: string; readonly handle: string };
  /** True where the user has said who they are for the first time, on the way to this launch. */
  readonly firstTime?: true;
  /** The SMART app that is launched. */
  readonly clientId: string;
  /** The key of what the launch has begun to gather, in the memory of the process that began it. */
  readonly gathering?: string;
};

/**
 * Whose record is looked at, for the audit trail: by NHS number, or, where the host knows none, by host and its own id.
 */
export function lookedAt({ host, patient, hostRecord }: Pick<LaunchContext, 'host' | 'patient' | 'hostRecord'>): {
  readonly nhsNumber?: string;
  readonly hostPatient?: { readonly host: string; readonly id: string };
} {
  if (patient !== undefined) return { nhsNumber: patient.nhsNumber };
  return hostRecord === undefined ? {} : { hostPatient: { host, id: hostRecord.patientId } };
}

/** The facade's id of the person of a launch; undefined for a launch on nobody. */
export function patientIdOf(
  ids: FacadeIds,
  { host, patient, hostRecord }: Pick<LaunchContext, 'host' | 'patient' | 'hostRecord'>,
): string | undefined {
  if (patient !== undefined) return ids.patient(patient.nhsNumber);
  return hostRecord === undefined ? undefined : ids.of(`host-${host}`, 'Patient', hostRecord.patientId);
}

/** A launch whose token a request carries: what every room above `auth` may know of it. */
export type LaunchSession = {
  /** The grant: one for each launch, the key of everything held for it. */
  readonly launchId: string;
  readonly clientId: string;
  /** The scopes that were granted, narrowed by role at grant time. */
  readonly scopes: readonly string[];
  readonly context: LaunchContext;
};
