import { createHash, randomUUID } from 'node:crypto';
import { asc, desc, eq, gt, sql, and } from 'drizzle-orm';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { keyedHash, personHash } from '../keyed-hash.ts';
import { auditEvent } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { canonicalJson, storable } from './canonical.ts';
import { inBatches } from './batch.ts';
import type { Audit, AuditEntry } from './entry.ts';
import { auditEventOf } from './event.ts';

/** The audit trail whole: added to, walked, and read for reports. */
export type AuditTrail = Audit & {
  /** Adds the row within a transaction of the caller's, so that the act and its row stand or fall together. */
  readonly recordIn: (tx: Database, entry: AuditEntry) => Promise<void>;
  /**
   * Walks the chain from its first row. `brokenAt` is the sequence number of the first row that is missing, changed or
   * out of its place. A cut-off tail leaves a chain that is whole in itself: compare `events` with what was known.
   */
  readonly verify: () => Promise<{ readonly events: number; readonly brokenAt?: number }>;
  /** The latest events first, of one person or of all, at most `limit` (100). */
  readonly list: (filter?: {
    readonly nhsNumber?: string;
    readonly type?: AuditEntry['type'];
    readonly limit?: number;
  }) => Promise<readonly Resource[]>;
};

type Row = typeof auditEvent.$inferSelect;

/** What stands before the first row. */
const genesis = '0'.repeat(64);
/** The lock that every server takes to append: two rows never follow the same one. */
const chainLock = 7_062_419;
const pageSize = 500;

/** An entry and the moment at which it was handed in. */
type Timed = { readonly entry: AuditEntry; readonly recordedAt: Date };

/** The hash under which the looks at a person are found again: by NHS number, or by the one host that knows them. */
function personOf({ nhsNumber, hostPatient }: AuditEntry, idKey: Buffer): string | null {
  if (nhsNumber !== undefined) return personHash(idKey, nhsNumber);
  return hostPatient === undefined ? null : keyedHash(idKey, 'host-person', hostPatient.host, hostPatient.id);
}

/** Everything that a row says, bound to the row before it. */
function hashOf(row: Omit<Row, 'hash'>): string {
  const { previousHash, recordedAt, ...said } = row;
  return createHash('sha256')
    .update(previousHash)
    .update(canonicalJson({ ...said, recordedAt: recordedAt.toISOString() }))
    .digest('hex');
}

/** Opens the audit trail: FHIR AuditEvents, append-only, in one hash chain over all servers. */
export function createAudit(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  /** Base URL of this server: who observed it. */
  readonly site: string;
}): AuditTrail {
  const { db, idKey, site } = deps;

  /** Adds rows in their order behind the last one. One lock and one look at the last row serve them all. */
  const append = async (tx: Database, entries: readonly Timed[]): Promise<void> => {
    await tx.execute(sql`select pg_advisory_xact_lock(${chainLock})`);
    const [last] = await tx
      .select({ seq: auditEvent.seq, hash: auditEvent.hash })
      .from(auditEvent)
      .orderBy(desc(auditEvent.seq))
      .limit(1);
    let seq = last?.seq ?? 0;
    let previousHash = last?.hash ?? genesis;
    const rows = entries.map(({ entry, recordedAt }): Row => {
      const id = randomUUID();
      seq += 1;
      const said: Omit<Row, 'hash'> = {
        seq,
        id,
        recordedAt,
        type: entry.type,
        outcome: entry.outcome,
        userKey: entry.user === undefined ? null : keyedHash(idKey, 'user', entry.user.host, entry.user.id),
        personHash: personOf(entry, idKey),
        event: storable(auditEventOf(entry, id, recordedAt, site)),
        previousHash,
      };
      previousHash = hashOf(said);
      return { ...said, hash: previousHash };
    });
    await tx.insert(auditEvent).values(rows);
  };
  const timed = (entry: AuditEntry): Timed => ({ entry, recordedAt: new Date() });

  return {
    recordIn: (tx, entry) => append(tx, [timed(entry)]),
    record: inBatches(timed, (entries) => db.transaction((tx) => append(tx, entries))),
    verify: async () => {
      let events = 0;
      let previousHash = genesis;
      for (;;) {
        const rows = await db
          .select()
          .from(auditEvent)
          .where(gt(auditEvent.seq, events))
          .orderBy(asc(auditEvent.seq))
          .limit(pageSize);
        for (const { hash, ...row } of rows) {
          if (row.seq !== events + 1 || row.previousHash !== previousHash || hash !== hashOf(row))
            return { events, brokenAt: events + 1 };
          events += 1;
          previousHash = hash;
        }
        if (rows.length < pageSize) return { events };
      }
    },
    list: async (filter = {}) => {
      const { nhsNumber, type, limit = 100 } = filter;
      const rows = await db
        .select({ event: auditEvent.event })
        .from(auditEvent)
        .where(
          and(
            nhsNumber === undefined ? undefined : eq(auditEvent.personHash, personHash(idKey, nhsNumber)),
            type === undefined ? undefined : eq(auditEvent.type, type),
          ),
        )
        .orderBy(desc(auditEvent.seq))
        .limit(limit);
      return rows.map((row) => row.event).filter(isResource);
    },
  };
}
