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
const pageSize = 500;

/** The hash under which the looks at a person are found again: by NHS number, or by the one host that knows them. */
export function personOf(
  { nhsNumber, hostPatient }: Pick<AuditEntry, 'nhsNumber' | 'hostPatient'>,
  idKey: Buffer,
): string | null {
  if (nhsNumber !== undefined) return personHash(idKey, nhsNumber);
  return hostPatient === undefined ? null : keyedHash(idKey, 'host-person', hostPatient.host, hostPatient.id);
}

/** All that a row says but its number, and its place in the chain. */
type Said = Omit<Row, 'seq' | 'previousHash' | 'hash'>;

/** The text of what a row says, in two halves: its number, which it is given when it is written, stands between. */
function halvesOf(row: Said): readonly [before: string, after: string] {
  const { event, id, outcome, personHash, recordedAt, type, userKey } = row;
  // In the order of canonical JSON, where `seq` comes behind `recordedAt`.
  const before = canonicalJson({ event, id, outcome, personHash, recordedAt: recordedAt.toISOString() });
  const after = canonicalJson({ type, userKey });
  return [`${before.slice(0, -1)},"seq":`, `,${after.slice(1)}`];
}

/** Everything that a row says, bound to the row before it: as `append_audit_events` of the database makes it. */
function hashOf(row: Omit<Row, 'hash'>): string {
  const [before, after] = halvesOf(row);
  return createHash('sha256').update(`${row.previousHash}${before}${row.seq}${after}`).digest('hex');
}

/** Opens the audit trail: FHIR AuditEvents, append-only, in one hash chain over all servers. */
export function createAudit(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  /** Base URL of this server: who observed it. */
  readonly site: string;
}): AuditTrail {
  const { db, idKey, site } = deps;

  const saidOf = (entry: AuditEntry): Said => {
    const id = randomUUID();
    const recordedAt = new Date();
    return {
      id,
      recordedAt,
      type: entry.type,
      outcome: entry.outcome,
      userKey: entry.user === undefined ? null : keyedHash(idKey, 'user', entry.user.host, entry.user.id),
      personHash: personOf(entry, idKey),
      event: storable(auditEventOf(entry, id, recordedAt, site)),
    };
  };
  /** Adds rows in their order behind the last one. */
  const append = async (to: Database, rows: readonly Said[]): Promise<void> => {
    await to.execute(sql`select append_audit_events(${JSON.stringify(rows.map(halvesOf))}::jsonb)`);
  };

  return {
    recordIn: (tx, entry) => append(tx, [saidOf(entry)]),
    record: inBatches(saidOf, (rows) => append(db, rows)),
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
