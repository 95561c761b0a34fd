import type { ClinicalRecord } from '../../record/record.ts';
import type { Connection } from './connection.ts';
import { isGap } from './sources.ts';

/**
 * The record as it stands once nobody is waited for any more: after a stream that broke off, who was still being asked
 * has not answered. While the connection is open it is the record itself, in which those asked again are being asked.
 */
export function settledRecord(record: ClinicalRecord, connection: Connection): ClinicalRecord {
  if (connection.kind === 'open' && connection.again !== undefined) {
    const { again } = connection;
    return {
      ...record,
      sources: record.sources.map((one) => (again.includes(one.source.id) ? { ...one, status: 'asking' } : one)),
    };
  }
  if (connection.kind === 'open' || record.sources.every((one) => one.status !== 'asking')) return record;
  return {
    ...record,
    sources: record.sources.map((one) => (one.status === 'asking' ? { ...one, status: 'timeout' } : one)),
    banner: { ...record.banner, allergies: { ...record.banner.allergies, asking: 0 } },
  };
}

/**
 * The sources that failed, by their ids: what *Try again* asks. Undefined where it is simplest and safest to ask everyone.
 */
export function failedOf(record: ClinicalRecord): readonly string[] | undefined {
  const failed = record.sources.filter((one) => isGap(one) && !one.notAsked).map((one) => one.source.id);
  const nobody = failed.length === 0 || failed.length === record.sources.length;
  return nobody || record.patient === undefined ? undefined : failed;
}

/** True where the asking is over and no organisation has answered. */
export function nobodyAnswered(record: ClinicalRecord, connection: Connection): boolean {
  return (
    connection.kind !== 'open' &&
    record.sources.every((one) => one.status === 'timeout' || one.status === 'unavailable')
  );
}
