/** What is to be remembered of one act: who did what, to whose record, with what outcome. Nothing clinical. */
export type AuditEntry = {
  readonly type: 'launch' | 'registration' | 'authorization' | 'disclosure' | 'look' | 'objection' | 'administration';
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E';
  readonly outcome: 'success' | 'refused' | 'failed';
  /** Why, as a code; fit for a report, not for the screen. */
  readonly reason?: string;
  readonly user?: { readonly host: string; readonly id: string; readonly name: string };
  readonly organisation?: { readonly ods: string; readonly name: string };
  readonly role?: string;
  readonly clientId?: string;
  readonly nhsNumber?: string;
  /** The person where nobody knows their NHS number: a host, and its own id of the Patient. */
  readonly hostPatient?: { readonly host: string; readonly id: string };
  readonly launchId?: string;
  /** Why the user looks, where they found the person by hand: a code of the region's, and their own words. */
  readonly purpose?: { readonly code: string; readonly text: string };
  /** What was asked for or given: codes, counts, source ids; nothing clinical. */
  readonly detail?: Readonly<Record<string, string | number | readonly string[]>>;
};

/** The audit trail, to those who add to it. `record` rejects where the row could not be written: no row, no data. */
export type Audit = { readonly record: (entry: AuditEntry) => Promise<void> };
