/**
 * How one source's answer ended, as it stands in the outcome that closes it.
 * `not-permitted` means that this role or app may not have it; a source that refuses us is `unavailable`.
 */
export const sourceStatuses = [
  'complete',
  'partial',
  'timeout',
  'unavailable',
  'no-record',
  'not-sharing',
  'identity-mismatch',
  'not-permitted',
] as const;
export type SourceStatus = (typeof sourceStatuses)[number];

/** How the whole record ended. */
export const recordStatuses = ['complete', 'partial', 'refused'] as const;
export type RecordStatus = (typeof recordStatuses)[number];

/** A source that answered in whole: nothing of it can be missing. */
export function isWhole(status: SourceStatus): boolean {
  return status === 'complete' || status === 'no-record' || status === 'not-sharing';
}

/** The record is complete when every source is whole (DESIGN.md, facade). */
export function recordStatusOf(statuses: Iterable<SourceStatus>): RecordStatus {
  return [...statuses].every(isWhole) ? 'complete' : 'partial';
}

/** The kinds of fact that a source may contribute; a section of the viewer knows which of them it shows. */
export const dataClasses = [
  'demographics',
  'allergies',
  'problems',
  'medicines',
  'immunisations',
  'results',
  'vital-signs',
  'procedures',
  'encounters',
  'appointments',
  'referrals',
  'documents',
  'care-plans',
  'mental-health',
  'social-care',
  'alerts',
  'people',
] as const;
export type DataClass = (typeof dataClasses)[number];

/** The kind of organisation that a source is (the shape of its chip). */
export const settings = [
  'gp',
  'acute',
  'mental-community',
  'council',
  'continuing-care',
  'ambulance',
  'shared-record',
] as const;
export type Setting = (typeof settings)[number];
