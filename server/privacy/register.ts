import { randomUUID } from 'node:crypto';
import { and, eq, exists, inArray, ne, sql, type SQL } from 'drizzle-orm';
import { parseNhsNumber } from '../../src/fhir/nhs-number.ts';
import type { AuditTrail } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { Region } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import type { Demographics, NhsPerson } from '../federation/answer.ts';
import { keyedHash, personHash } from '../keyed-hash.ts';
import { notify } from '../store/notice.ts';
import { objection, objectionEvent } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { isAdult } from './child-review.ts';
import { isNameOf } from './identity.ts';
import {
  historyOf,
  objectionsIn,
  reviewOf,
  type Objection,
  type ObjectionAction,
  type ObjectionStatus,
  type Which,
} from './objection.ts';
import { refusal } from './objection-refusal.ts';
import { keyName, seal, sealSaid, unseal, type Said } from './seal.ts';
import { weighedFor } from './weighing.ts';

type Row = typeof objection.$inferSelect;
/** Where a change moves an objection to, and what was weighed for it. */
type Move = { readonly status: ObjectionStatus } & Pick<Said, 'weighed'>;
export type Channel = Row['channel'];
export type Requester = Row['requester'];

/** Who does something to the register: as they are called, and for the audit trail what their token says of them. */
export type Act = {
  readonly by: string;
  readonly as?: Pick<AuditEntry, 'user' | 'organisation' | 'role' | 'clientId' | 'launchId'>;
};

/** What is done to one objection, and why. */
export type Change = Act & { readonly id: string; readonly reason: string };

/** A person as whoever writes or phones says who they are. */
export type SaidIdentity = { readonly nhsNumber: string; readonly name: string; readonly birthDate: string };

/** The channel on which all servers hear of an objection as it takes effect: the payload is the person's hash. */
export const objectionNotice = 'objection';

/**
 * The register of those who object. An objection takes effect with its commit: with it the launches on the person have
 * ended, and every server is told. Every change stands in one transaction with its history and its audit row.
 * A refusal is a {@link Fault} `objection-refused` whose text is fit for whoever asked.
 */
export type Register = {
  /** Whether an objection hides this person's record now. One read. To be asked for every number that a person is known by. */
  readonly hides: (nhsNumber: string) => Promise<boolean>;
  /** The same as a part of another read. */
  readonly hidesWithin: (nhsNumber: string) => SQL<boolean>;
  /** The hash under which the register knows a person, and under which {@link objectionNotice} tells of them. */
  readonly hashOf: (nhsNumber: string) => string;
  /** Which of these hashes are those of people whom an objection hides now. One read. */
  readonly hidden: (hashes: readonly string[]) => Promise<readonly string[]>;
  /**
   * Receives an objection once the full name, birth date and NHS number are those of one person at the demographics
   * service. One refusal for a mismatch, an unknown and a restricted person. It is routed to the practice where the
   * person is registered, where that one is listed and shares, else to the records team.
   * @param input `status`: `draft` for one that is still being written down; it is received all the same
   * @throws {Fault} `objection-refused`; `undecided` where the demographics service cannot be asked
   */
  readonly raise: (
    input: Act &
      SaidIdentity & {
        readonly channel: Channel;
        readonly requester: Requester;
        readonly status?: (typeof received)[number];
      },
  ) => Promise<{ readonly id: string }>;
  /** Puts a draft forward to be decided. */
  readonly submit: (change: Change) => Promise<void>;
  /**
   * Upholds or declines what was received. Of two who decide at once one wins and the other is refused.
   * @param change `weighed`: how a child's age and maturity were weighed where a parent or guardian asks, with what
   * authority a representative does; to be given there and nowhere else
   */
  readonly decide: (
    change: Change & { readonly decision: 'uphold' | 'decline'; readonly weighed?: string | undefined },
  ) => Promise<void>;
  /** Ends an objection that is received or upheld, at any time. */
  readonly withdraw: (change: Change) => Promise<void>;
  /**
   * Ends the open objection of somebody who asks the records team for it, since their practice does not share and has
   * nothing to change. They say who they are as when they objected. Refused where the practice shares.
   */
  readonly reverse: (input: Act & SaidIdentity & { readonly reason: string }) => Promise<{ readonly id: string }>;
  /** A parent's objection was looked at again before a birthday, and stands. Refused where no review is due. */
  readonly review: (change: Change) => Promise<void>;
  /** The objections that are asked for, all where nothing is, oldest first. The reading is audited. */
  readonly list: (act: Act, which?: Which) => Promise<readonly Objection[]>;
  /** Whether the demographics service knows the person of each open objection by a new number; those follow to it. */
  readonly follow: () => Promise<{ readonly followed: number; readonly unasked: number }>;
  /**
   * To be called before the first request is served.
   * @throws where rows stand under another key: with this one nobody in them would be found, and they would be shown
   */
  readonly checkKey: () => Promise<void>;
};

const received = ['draft', 'proposed'] as const;
const open = [...received, 'active'] as const;

function isAmong(statuses: readonly ObjectionStatus[], status: ObjectionStatus): boolean {
  return statuses.includes(status);
}

const nothing = async (): Promise<void> => undefined;

/** One calendar month later; the last day of a shorter month. */
export function oneMonthAfter(date: Date): Date {
  const due = new Date(date);
  due.setUTCMonth(due.getUTCMonth() + 1);
  if (due.getUTCDate() !== date.getUTCDate()) due.setUTCDate(0);
  return due;
}

export type EndLaunches = (nhsNumber: string, tx: Database) => Promise<() => Promise<void>>;

/** Opens the register. Its people are known by a hash under the register's own key, so that `id-key` opens nothing of it. */
export function createRegister(deps: {
  readonly db: Database;
  readonly registerKey: Buffer;
  readonly region: Pick<Region, 'receivedObjectionHides'>;
  readonly audit: Pick<AuditTrail, 'record' | 'recordIn'>;
  readonly demographics: (nhsNumber: string) => Promise<Demographics>;
  /** Whether the practice with this ODS code is listed and shares its records here. */
  readonly practiceShares: (ods: string) => boolean;
  /** Ends the launches on a person within this transaction; what it gives is done once that is committed. */
  readonly endLaunches: EndLaunches;
  readonly now?: () => Date;
}): Register {
  const { db, registerKey, audit, now = () => new Date() } = deps;
  const hiding: readonly ObjectionStatus[] = deps.region.receivedObjectionHides ? open : ['active'];
  const keyOfRows = keyName(registerKey);
  const hashOf = (nhsNumber: string): string => personHash(registerKey, nhsNumber);

  const entry = (
    action: AuditEntry['action'],
    act: string,
    { by, as }: Act,
    more: Partial<AuditEntry> = {},
  ): AuditEntry => ({
    type: 'objection',
    action,
    outcome: 'success',
    ...as,
    ...more,
    detail: { act, by, ...more.detail },
  });

  /** Runs a change; a refusal is on the audit trail too, in a transaction of its own. */
  const audited = async <Result>(refused: AuditEntry, change: () => Promise<Result>): Promise<Result> => {
    try {
      return await change();
    } catch (error) {
      const fault = error instanceof Fault;
      await audit.record({
        ...refused,
        outcome: fault && error.code === 'objection-refused' ? 'refused' : 'failed',
        reason: fault ? (error.detail ?? error.code) : 'exception',
      });
      throw error;
    }
  };

  const identified = async ({ nhsNumber, name, birthDate }: SaidIdentity): Promise<NhsPerson> => {
    const number = parseNhsNumber(nhsNumber);
    const answer = number === undefined ? undefined : await deps.demographics(number);
    const person = answer?.kind === 'found' ? answer.person : undefined;
    if (person === undefined || person.birthDate !== birthDate || !isNameOf(name, person.patient))
      throw refusal('identity');
    return person;
  };

  /** The practice that decides; undefined where the records team does. */
  const decidingPractice = ({ practice }: NhsPerson): string | undefined =>
    practice !== undefined && deps.practiceShares(practice) ? practice : undefined;

  /** The objection hides the person from this transaction's commit on. */
  const takeEffect = async (tx: Database, nhsNumbers: readonly string[]): Promise<() => Promise<void>> => {
    const after: (() => Promise<void>)[] = [];
    for (const nhsNumber of new Set(nhsNumbers)) {
      after.push(await deps.endLaunches(nhsNumber, tx));
      await notify(tx, objectionNotice, hashOf(nhsNumber));
    }
    return async () => {
      for (const one of after) await one();
    };
  };

  /**
   * Changes one objection as its steps allow, with its history and its audit row, unless someone else has changed it since
   * it was read.
   * @param to the status that it moves to, and what was weighed; throws where it may not
   */
  const change = (
    { id, reason, by, as }: Change,
    action: ObjectionAction,
    to: (row: Row, tx: Database) => Move | Promise<Move>,
  ): Promise<void> =>
    audited(entry('U', action, { by, ...(as && { as }) }, { detail: { objection: id } }), async () => {
      if (by.trim() === '' || reason.trim() === '') throw refusal('said');
      const after = await db.transaction(async (tx) => {
        const [row] = await tx.select().from(objection).where(eq(objection.id, id)).limit(1);
        if (row === undefined) throw refusal('unknown');
        const { status, weighed } = await to(row, tx);
        const moved = await tx
          .update(objection)
          .set({ status, version: row.version + 1 })
          .where(and(eq(objection.id, id), eq(objection.version, row.version)))
          .returning({ id: objection.id });
        if (moved.length === 0) throw refusal('raced');
        const step = { objectionId: id, action, at: now() };
        const sealed = sealSaid(registerKey, step, { reason, weighed });
        await tx.insert(objectionEvent).values({ ...step, by, sealed });
        const { nhsNumber } = unseal(registerKey, id, row.sealed);
        const isNew = hiding.includes(status) && !hiding.includes(row.status);
        const effect = isNew ? await takeEffect(tx, [nhsNumber]) : nothing;
        await audit.recordIn(
          tx,
          entry('U', action, { by, ...(as && { as }) }, { nhsNumber, detail: { objection: id } }),
        );
        return effect;
      });
      await after();
    });

  const hides = (hashes: readonly string[]): SQL | undefined =>
    and(inArray(objection.personHash, [...hashes]), inArray(objection.status, [...hiding]));
  const hidden = async (hashes: readonly string[]): Promise<readonly string[]> => {
    const rows = await db.selectDistinct({ hash: objection.personHash }).from(objection).where(hides(hashes));
    return rows.map((row) => row.hash);
  };

  return {
    hides: async (nhsNumber) => (await hidden([hashOf(nhsNumber)])).length > 0,
    hidesWithin: (nhsNumber) =>
      sql<boolean>`${exists(
        db
          .select({ one: sql`1` })
          .from(objection)
          .where(hides([hashOf(nhsNumber)])),
      )}`,
    hashOf,
    hidden,

    raise: ({ nhsNumber, name, birthDate, channel, requester, status = 'proposed', ...act }) =>
      audited(entry('C', 'raise', act, { nhsNumber, detail: { channel, requester } }), async () => {
        const { by } = act;
        if (by.trim() === '') throw refusal('said');
        const person = await identified({ nhsNumber, name, birthDate });
        const receivedAt = now();
        if (requester === 'guardian' && isAdult(person.birthDate, receivedAt)) throw refusal('adult');
        const id = randomUUID();
        const hash = hashOf(person.nhsNumber);
        const practice = decidingPractice(person);
        const route = practice === undefined ? 'records-team' : 'practice';
        const after = await db.transaction(async (tx) => {
          // Two who raise at once for one person take turns, so that the second finds the first.
          const turn = Buffer.from(keyedHash(registerKey, 'turn', hash), 'base64url').readInt32BE();
          await tx.execute(sql`select pg_advisory_xact_lock(7062420, ${turn})`);
          const others = await tx
            .select({ id: objection.id })
            .from(objection)
            .where(and(eq(objection.personHash, hash), inArray(objection.status, open)))
            .limit(1);
          if (others.length > 0) throw refusal('open');
          await tx.insert(objection).values({
            id,
            personHash: hash,
            keyName: keyOfRows,
            status,
            channel,
            requester,
            route,
            receivedAt,
            dueAt: oneMonthAfter(receivedAt),
            version: 1,
            sealed: seal(registerKey, id, { nhsNumber: person.nhsNumber, name, birthDate, practice }),
          });
          await tx.insert(objectionEvent).values({ objectionId: id, action: 'raise', by, at: receivedAt });
          // A launch may have been begun under the number that was superseded since.
          const effect = hiding.includes(status) ? await takeEffect(tx, [person.nhsNumber, nhsNumber]) : nothing;
          await audit.recordIn(
            tx,
            entry('C', 'raise', act, {
              nhsNumber: person.nhsNumber,
              detail: { channel, requester, route, objection: id },
            }),
          );
          return effect;
        });
        await after();
        return { id };
      }),

    submit: (asked) =>
      change(asked, 'submit', ({ status }) => {
        if (status !== 'draft') throw refusal('draft');
        return { status: 'proposed' };
      }),

    decide: ({ decision, weighed, ...asked }) =>
      change(asked, decision, ({ requester, status }) => {
        if (!isAmong(received, status)) throw refusal('decided');
        return { status: decision === 'uphold' ? 'active' : 'rejected', weighed: weighedFor(requester, weighed) };
      }),

    withdraw: (asked) =>
      change(asked, 'withdraw', ({ status }) => {
        if (!isAmong(open, status)) throw refusal('ended');
        return { status: 'inactive' };
      }),

    reverse: async ({ nhsNumber, name, birthDate, reason, ...act }) => {
      const id = await audited(entry('U', 'reverse', act, { nhsNumber }), async () => {
        if (act.by.trim() === '' || reason.trim() === '') throw refusal('said');
        const person = await identified({ nhsNumber, name, birthDate });
        if (decidingPractice(person) !== undefined) throw refusal('practice-shares');
        const [row] = await db
          .select({ id: objection.id })
          .from(objection)
          .where(and(eq(objection.personHash, hashOf(person.nhsNumber)), inArray(objection.status, open)))
          .limit(1);
        if (row === undefined) throw refusal('none');
        return row.id;
      });
      await change({ ...act, id, reason }, 'reverse', ({ status }) => {
        if (!isAmong(open, status)) throw refusal('ended');
        return { status: 'inactive' };
      });
      return { id };
    },

    review: (asked) =>
      change(asked, 'review', async (row, tx) => {
        const history = (await historyOf({ db: tx, registerKey }, [row.id])).get(row.id) ?? [];
        if (reviewOf(row, history, unseal(registerKey, row.id, row.sealed), now())?.due !== true)
          throw refusal('review');
        return { status: row.status };
      }),

    list: async (act, which = {}) => {
      const found = await objectionsIn({ db, registerKey, now: now() }, which);
      await audit.record(
        entry('R', 'list', act, {
          ...(which.nhsNumber === undefined ? {} : { nhsNumber: which.nhsNumber }),
          detail: { objections: found.length, ...(which.id === undefined ? {} : { objection: which.id }) },
        }),
      );
      return found;
    },

    follow: async () => {
      let followed = 0;
      let unasked = 0;
      for (const { id, status, version, person } of await objectionsIn(
        { db, registerKey, now: now() },
        { status: open },
      )) {
        const answer = await deps.demographics(person.nhsNumber).catch(() => undefined);
        if (answer === undefined) unasked += 1;
        if (answer?.kind !== 'found' || answer.person.nhsNumber === person.nhsNumber) continue;
        const { nhsNumber } = answer.person;
        const by = 'demographics service';
        const step = { objectionId: id, action: 'follow', at: now() } as const;
        const said = sealSaid(registerKey, step, { reason: 'superseded NHS number' });
        const after = await db.transaction(async (tx) => {
          const moved = await tx
            .update(objection)
            .set({
              personHash: hashOf(nhsNumber),
              sealed: seal(registerKey, id, { ...person, nhsNumber }),
              version: version + 1,
            })
            .where(and(eq(objection.id, id), eq(objection.version, version)))
            .returning({ id: objection.id });
          // Somebody changed it meanwhile: it follows the next time.
          if (moved.length === 0) return undefined;
          await tx.insert(objectionEvent).values({ ...step, by, sealed: said });
          const effect = hiding.includes(status) ? await takeEffect(tx, [nhsNumber]) : nothing;
          await audit.recordIn(tx, entry('U', 'follow', { by }, { nhsNumber, detail: { objection: id } }));
          return effect;
        });
        if (after === undefined) continue;
        followed += 1;
        await after();
      }
      return { followed, unasked };
    },

    checkKey: async () => {
      const [other] = await db
        .select({ keyName: objection.keyName })
        .from(objection)
        .where(ne(objection.keyName, keyOfRows))
        .limit(1);
      if (other !== undefined)
        throw new Error(
          `SECRETS_DIR: register-key is ${keyOfRows}, but the objections register was written under ${other.keyName}. Bring that key back: without it nobody in the register would be found.`,
        );
    },
  };
}
