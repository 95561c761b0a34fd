import type { ClinicalRecord } from '../../record/record.ts';
import type { Connection } from './connection.ts';

/**
 * The record as it stands once nobody is waited for any more: after a stream that broke off, who was still being asked
 * has not answered. While the connection is open it is the record itself.
 */
export function settledRecord(record: ClinicalRecord, connection: Connection): ClinicalRecord {
  if (connection.kind === 'open' || record.sources.every((one) => one.status !== 'asking')) return record;
  return {
    ...record,
    sources: record.sources.map((one) => (one.status === 'asking' ? { ...one, status: 'timeout' } : one)),
    banner: { ...record.banner, allergies: { ...record.banner.allergies, asking: 0 } },
  };
}

/** True where the asking is over and no organisation has answered. */
export function nobodyAnswered(record: ClinicalRecord, connection: Connection): boolean {
  return (
    connection.kind !== 'open' &&
    record.sources.every((one) => one.status === 'timeout' || one.status === 'unavailable')
  );
}
