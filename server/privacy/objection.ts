import { and, asc, eq, gte, inArray, lte } from 'drizzle-orm';
import { personHash } from '../keyed-hash.ts';
import { objection, objectionEvent } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { childReview, type ChildReview } from './child-review.ts';
import { unseal, unsealSaid, type Objector, type Said } from './seal.ts';

type Row = typeof objection.$inferSelect;
export type ObjectionStatus = Row['status'];
export type ObjectionAction = (typeof objectionEvent.$inferSelect)['action'];

/** One thing that was done to an objection. */
export type HistoryItem = Said & {
  readonly action: ObjectionAction;
  readonly by: string;
  readonly at: Date;
};

/** An objection with its person and its whole history, oldest first. */
export type Objection = Pick<
  Row,
  'id' | 'status' | 'channel' | 'requester' | 'route' | 'receivedAt' | 'dueAt' | 'version'
> & {
  readonly person: Objector;
  readonly history: readonly HistoryItem[];
  /** When a parent's is to be looked at again. */
  readonly review: ChildReview | undefined;
};

/** Which objections are asked for: all that hold to each member that is given. */
export type Which = {
  readonly id?: string;
  readonly nhsNumber?: string;
  readonly status?: readonly ObjectionStatus[];
  readonly route?: Row['route'];
  /** ODS code of the practice that decides. */
  readonly practice?: string;
  /** Received in each of these periods; both ends count. */
  readonly received?: readonly { readonly from?: Date; readonly to?: Date }[];
  /** Those of which a review is due, or those of which none is. */
  readonly reviewDue?: boolean;
};

/** What was done to each of these objections, oldest first. */
export async function historyOf(
  { db, registerKey }: { readonly db: Database; readonly registerKey: Buffer },
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly HistoryItem[]>> {
  const events = await db
    .select()
    .from(objectionEvent)
    .where(inArray(objectionEvent.objectionId, [...ids]))
    .orderBy(asc(objectionEvent.id));
  const items = events.map(({ objectionId, action, by, sealed, at }) => ({
    objectionId,
    item: { action, by, at, ...(sealed === null ? {} : unsealSaid(registerKey, { objectionId, action, at }, sealed)) },
  }));
  return new Map(
    [...Map.groupBy(items, (one) => one.objectionId)].map(([id, those]) => [id, those.map(({ item }) => item)]),
  );
}

/** When an objection is to be looked at again, where it is a parent's. */
export function reviewOf(
  row: Pick<Row, 'requester' | 'status' | 'receivedAt'>,
  history: readonly HistoryItem[],
  { birthDate }: Pick<Objector, 'birthDate'>,
  now: Date,
): ChildReview | undefined {
  return childReview(
    {
      requester: row.requester,
      isOpen: row.status !== 'rejected' && row.status !== 'inactive',
      birthDate,
      receivedAt: row.receivedAt,
      reviewedAt: history.filter(({ action }) => action === 'review').map(({ at }) => at),
    },
    now,
  );
}

/** The objections that are asked for, oldest first, with their people unsealed. Whoever calls this audits it. */
export async function objectionsIn(
  { db, registerKey, now }: { readonly db: Database; readonly registerKey: Buffer; readonly now: Date },
  which: Which,
): Promise<readonly Objection[]> {
  const rows = await db
    .select()
    .from(objection)
    .where(
      and(
        which.id === undefined ? undefined : eq(objection.id, which.id),
        which.nhsNumber === undefined ? undefined : eq(objection.personHash, personHash(registerKey, which.nhsNumber)),
        which.status === undefined ? undefined : inArray(objection.status, [...which.status]),
        which.route === undefined ? undefined : eq(objection.route, which.route),
        ...(which.received ?? []).flatMap(({ from, to }) => [
          from === undefined ? undefined : gte(objection.receivedAt, from),
          to === undefined ? undefined : lte(objection.receivedAt, to),
        ]),
      ),
    )
    .orderBy(asc(objection.receivedAt), asc(objection.id));
  const histories = await historyOf(
    { db, registerKey },
    rows.map(({ id }) => id),
  );
  const found = rows.map(({ id, status, channel, requester, route, receivedAt, dueAt, version, sealed }) => {
    const person = unseal(registerKey, id, sealed);
    const history = histories.get(id) ?? [];
    const review = reviewOf({ requester, status, receivedAt }, history, person, now);
    return { id, status, channel, requester, route, receivedAt, dueAt, version, person, history, review };
  });
  // What is sealed cannot be asked of the database.
  return found.filter(
    ({ person, review }) =>
      (which.practice === undefined || person.practice === which.practice) &&
      (which.reviewDue === undefined || (review?.due === true) === which.reviewDue),
  );
}
