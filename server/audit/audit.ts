import { createHash, randomUUID } from 'node:crypto';
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, sql, type SQL } from 'drizzle-orm';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { keyedHash, personHash, userHash } from '../keyed-hash.ts';
import { auditEvent } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { canonicalJson, storable } from './canonical.ts';
import { inBatches } from './batch.ts';
import type { Audit, AuditEntry } from './entry.ts';
import type { AuditHead } from './head.ts';
import { auditEventOf, ofLaunch } from './event.ts';

/** The audit trail whole: added to, walked, and read for reports. */
export type AuditTrail = Audit & {
  /** Adds the row within a transaction of the caller's, so that the act and its row stand or fall together. */
  readonly recordIn: (tx: Database, entry: AuditEntry) => Promise<void>;
  /**
   * Walks the chain from its first row. `brokenAt` is the sequence number of the first row that is missing, changed or
   * out of its place. A cut-off tail leaves a chain that is whole in itself: that is told by what was `known` of it, where
   * it must have had these hashes; `brokenAt` is then the last row that is missing or another.
   */
  readonly verify: (known?: readonly AuditHead[]) => Promise<{ readonly events: number; readonly brokenAt?: number }>;
  /** How far it reaches; undefined where it is empty. One read. */
  readonly head: () => Promise<AuditHead | undefined>;
  /** The hash of the event with this number; undefined where there is none. One read. */
  readonly hashAt: (seq: number) => Promise<string | undefined>;
  /** The latest events first, those that hold to each member that is given. */
  readonly list: (which?: WhichEvents) => Promise<readonly Resource[]>;
};

/** Which events are asked for. */
export type WhichEvents = {
  readonly id?: string;
  readonly nhsNumber?: string;
  /** Who did it: a user of a host. */
  readonly user?: { readonly host: string; readonly id: string };
  readonly launchId?: string;
  readonly type?: readonly AuditEntry['type'][];
  readonly action?: readonly AuditEntry['action'][];
  readonly outcome?: readonly AuditEntry['outcome'][];
  /** Recorded in each of these periods; both ends count. */
  readonly recorded?: readonly { readonly from?: Date; readonly to?: Date }[];
  /** Only those that were written before the event with this id: the next page of a list. */
  readonly before?: string;
  /** 100 unless told. */
  readonly limit?: number;
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
      userKey: entry.user === undefined ? null : userHash(idKey, entry.user.host, entry.user.id),
      personHash: personOf(entry, idKey),
      event: storable(auditEventOf(entry, id, recordedAt, site)),
    };
  };
  /** Adds rows in their order behind the last one. */
  const append = async (to: Database, rows: readonly Said[]): Promise<void> => {
    await to.execute(sql`select append_audit_events(${JSON.stringify(rows.map(halvesOf))}::jsonb)`);
  };
  const matching = (which: WhichEvents): readonly (SQL | undefined)[] => {
    const { id, nhsNumber, user, launchId, type, action, outcome, recorded = [] } = which;
    const given = <Value>(value: Value | undefined, condition: (value: Value) => SQL): SQL | undefined =>
      value === undefined ? undefined : condition(value);
    return [
      given(id, (one) => eq(auditEvent.id, one)),
      given(nhsNumber, (one) => eq(auditEvent.personHash, personHash(idKey, one))),
      given(user, (one) => eq(auditEvent.userKey, userHash(idKey, one.host, one.id))),
      given(type, (all) => inArray(auditEvent.type, [...all])),
      given(outcome, (all) => inArray(auditEvent.outcome, [...all])),
      given(action, (all) => inArray(sql`${auditEvent.event} ->> 'action'`, [...all])),
      given(launchId, (one) => sql`${auditEvent.event} @> ${JSON.stringify(ofLaunch(one))}::jsonb`),
      ...recorded.flatMap(({ from, to }) => [
        given(from, (at) => gte(auditEvent.recordedAt, at)),
        given(to, (at) => lte(auditEvent.recordedAt, at)),
      ]),
    ];
  };
  const writtenBefore = (id: string | undefined): SQL | undefined =>
    id === undefined
      ? undefined
      : lt(auditEvent.seq, db.select({ seq: auditEvent.seq }).from(auditEvent).where(eq(auditEvent.id, id)));

  return {
    recordIn: (tx, entry) => append(tx, [saidOf(entry)]),
    record: inBatches(saidOf, (rows) => append(db, rows)),
    head: async () => {
      const [last] = await db
        .select({ events: auditEvent.seq, hash: auditEvent.hash })
        .from(auditEvent)
        .orderBy(desc(auditEvent.seq))
        .limit(1);
      return last;
    },
    hashAt: async (seq) => {
      const [row] = await db.select({ hash: auditEvent.hash }).from(auditEvent).where(eq(auditEvent.seq, seq));
      return row?.hash;
    },
    verify: async (known = []) => {
      const wanted = new Map(known.map(({ events, hash }) => [events, hash]));
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
          if ((wanted.get(row.seq) ?? hash) !== hash) return { events, brokenAt: row.seq };
          events += 1;
          previousHash = hash;
        }
        if (rows.length < pageSize) {
          const furthest = Math.max(0, ...wanted.keys());
          return furthest > events ? { events, brokenAt: furthest } : { events };
        }
      }
    },
    list: async (which = {}) => {
      const rows = await db
        .select({ event: auditEvent.event })
        .from(auditEvent)
        .where(and(...matching(which), writtenBefore(which.before)))
        .orderBy(desc(auditEvent.seq))
        .limit(which.limit ?? 100);
      return rows.map((row) => row.event).filter(isResource);
    },
  };
}
