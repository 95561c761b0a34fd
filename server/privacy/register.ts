import { randomUUID } from 'node:crypto';
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
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
import { keyName, seal, unseal } from './seal.ts';

type Row = typeof objection.$inferSelect;
export type Channel = Row['channel'];
export type Requester = Row['requester'];

/** Who does something to the register: as they are called, and for the audit trail what their token says of them. */
export type Act = {
  readonly by: string;
  readonly as?: Pick<AuditEntry, 'user' | 'organisation' | 'role' | 'clientId' | 'launchId'>;
};

/** What is done to one objection, and why. */
export type Change = Act & { readonly id: string; readonly reason: string };

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
  /** The hash under which the register knows a person, and under which {@link objectionNotice} tells of them. */
  readonly hashOf: (nhsNumber: string) => string;
  /** Which of these hashes are those of people whom an objection hides now. One read. */
  readonly hidden: (hashes: readonly string[]) => Promise<readonly string[]>;
  /**
   * Receives an objection once the full name, birth date and NHS number are those of one person at the demographics
   * service. One refusal for a mismatch, an unknown and a restricted person.
   * @param input `status`: `draft` for one that is still being written down; it is received all the same
   * @throws {Fault} `objection-refused`; `undecided` where the demographics service cannot be asked
   */
  readonly raise: (
    input: Act & {
      readonly nhsNumber: string;
      readonly name: string;
      readonly birthDate: string;
      readonly channel: Channel;
      readonly requester: Requester;
      readonly status?: (typeof received)[number];
    },
  ) => Promise<{ readonly id: string }>;
  /** Puts a draft forward to be decided. */
  readonly submit: (change: Change) => Promise<void>;
  /** Upholds or declines what was received. Of two who decide at once one wins and the other is refused. */
  readonly decide: (change: Change & { readonly decision: 'uphold' | 'decline' }) => Promise<void>;
  /** Ends an objection that is received or upheld, at any time. */
  readonly withdraw: (change: Change) => Promise<void>;
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

const words = {
  identity:
    'These details were not found together at the demographics service. Check the full name, the date of birth and the NHS number.',
  open: 'This person already has an objection that is open. Decide or withdraw it first.',
  unknown: 'There is no objection with this id.',
  decided: 'This objection is no longer waiting for a decision.',
  draft: 'This objection is no draft.',
  review: 'No review of this objection is due.',
  ended: 'This objection has already ended.',
  raced: 'Someone else changed this objection at the same time. Look at it again before you change it.',
  said: 'Say who does this and why.',
} as const;

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
  /** Not used for anything that the register keeps: its hashes are under `registerKey`. */
  readonly idKey?: Buffer;
  readonly registerKey: Buffer;
  readonly region: Pick<Region, 'receivedObjectionHides'>;
  readonly audit: Pick<AuditTrail, 'record' | 'recordIn'>;
  readonly demographics: (nhsNumber: string) => Promise<Demographics>;
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

  const refuse = (reason: keyof typeof words): Fault =>
    new Fault('objection-refused', words[reason], { detail: reason });

  const identified = async (nhsNumber: string, name: string, birthDate: string): Promise<NhsPerson> => {
    const number = parseNhsNumber(nhsNumber);
    const answer = number === undefined ? undefined : await deps.demographics(number);
    const person = answer?.kind === 'found' ? answer.person : undefined;
    if (person === undefined || person.birthDate !== birthDate || !isNameOf(name, person.patient))
      throw refuse('identity');
    return person;
  };

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
   * @param to the status that it moves to; throws where it may not
   */
  const change = (
    { id, reason, by, as }: Change,
    action: ObjectionAction,
    to: (row: Row, tx: Database) => ObjectionStatus | Promise<ObjectionStatus>,
  ): Promise<void> =>
    audited(entry('U', action, { by, ...(as && { as }) }, { detail: { objection: id } }), async () => {
      if (by.trim() === '' || reason.trim() === '') throw refuse('said');
      const after = await db.transaction(async (tx) => {
        const [row] = await tx.select().from(objection).where(eq(objection.id, id)).limit(1);
        if (row === undefined) throw refuse('unknown');
        const status = await to(row, tx);
        const moved = await tx
          .update(objection)
          .set({ status, version: row.version + 1 })
          .where(and(eq(objection.id, id), eq(objection.version, row.version)))
          .returning({ id: objection.id });
        if (moved.length === 0) throw refuse('raced');
        await tx.insert(objectionEvent).values({ objectionId: id, action, by, reason, at: now() });
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

  const hidden = async (hashes: readonly string[]): Promise<readonly string[]> => {
    const rows = await db
      .selectDistinct({ hash: objection.personHash })
      .from(objection)
      .where(and(inArray(objection.personHash, [...hashes]), inArray(objection.status, [...hiding])));
    return rows.map((row) => row.hash);
  };

  return {
    hides: async (nhsNumber) => (await hidden([hashOf(nhsNumber)])).length > 0,
    hashOf,
    hidden,

    raise: ({ nhsNumber, name, birthDate, channel, requester, status = 'proposed', ...act }) =>
      audited(entry('C', 'raise', act, { nhsNumber, detail: { channel, requester } }), async () => {
        const { by } = act;
        if (by.trim() === '') throw refuse('said');
        const person = await identified(nhsNumber, name, birthDate);
        const id = randomUUID();
        const hash = hashOf(person.nhsNumber);
        const receivedAt = now();
        const after = await db.transaction(async (tx) => {
          // Two who raise at once for one person take turns, so that the second finds the first.
          const turn = Buffer.from(keyedHash(registerKey, 'turn', hash), 'base64url').readInt32BE();
          await tx.execute(sql`select pg_advisory_xact_lock(7062420, ${turn})`);
          const others = await tx
            .select({ id: objection.id })
            .from(objection)
            .where(and(eq(objection.personHash, hash), inArray(objection.status, open)))
            .limit(1);
          if (others.length > 0) throw refuse('open');
          await tx.insert(objection).values({
            id,
            personHash: hash,
            keyName: keyOfRows,
            status,
            channel,
            requester,
            receivedAt,
            dueAt: oneMonthAfter(receivedAt),
            version: 1,
            sealed: seal(registerKey, id, { nhsNumber: person.nhsNumber, name, birthDate }),
          });
          await tx.insert(objectionEvent).values({ objectionId: id, action: 'raise', by, at: receivedAt });
          // A launch may have been begun under the number that was superseded since.
          const effect = hiding.includes(status) ? await takeEffect(tx, [person.nhsNumber, nhsNumber]) : nothing;
          await audit.recordIn(
            tx,
            entry('C', 'raise', act, { nhsNumber: person.nhsNumber, detail: { channel, requester, objection: id } }),
          );
          return effect;
        });
        await after();
        return { id };
      }),

    submit: (asked) =>
      change(asked, 'submit', ({ status }) => {
        if (status !== 'draft') throw refuse('draft');
        return 'proposed';
      }),

    decide: ({ decision, ...asked }) =>
      change(asked, decision, ({ status }) => {
        if (!isAmong(received, status)) throw refuse('decided');
        return decision === 'uphold' ? 'active' : 'rejected';
      }),

    withdraw: (asked) =>
      change(asked, 'withdraw', ({ status }) => {
        if (!isAmong(open, status)) throw refuse('ended');
        return 'inactive';
      }),

    review: (asked) =>
      change(asked, 'review', async (row, tx) => {
        const history = (await historyOf(tx, [row.id])).get(row.id) ?? [];
        if (reviewOf(row, history, unseal(registerKey, row.id, row.sealed), now())?.due !== true)
          throw refuse('review');
        return row.status;
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
        const reason = 'superseded NHS number';
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
          await tx.insert(objectionEvent).values({ objectionId: id, action: 'follow', by, reason, at: now() });
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
