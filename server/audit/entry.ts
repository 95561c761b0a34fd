export type AuditEntry = {
  readonly type: 'launch' | 'registration' | 'authorization' | 'disclosure' | 'objection' | 'administration';
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E';
  readonly outcome: 'success' | 'refused' | 'failed';
  /** Why, as a code; fit for a report, not for the screen. */
  readonly reason?: string;
  readonly user?: { readonly host: string; readonly id: string; readonly name: string };
  readonly organisation?: { readonly ods: string; readonly name: string };
  readonly role?: string;
  readonly clientId?: string;
  readonly nhsNumber?: string;
  readonly launchId?: string;
  /** What was asked for or given: codes, counts, source ids; nothing clinical. */
  readonly detail?: Readonly<Record<string, string | number | readonly string[]>>;
};
export type Audit = { readonly record: (entry: AuditEntry) => Promise<void> };
