import { eq, sql } from 'drizzle-orm';
import { personHash } from '../keyed-hash.ts';
import { consentAnswer } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import type { ConsentAnswer } from './consent-answer.ts';
import type { ObjectionWatch } from './objection-watch.ts';
import type { Register } from './register.ts';

/** What is known of a person's consent before any source is asked. */
export type ConsentState = {
  /** Whether an objection hides their record now. */
  readonly objected: boolean;
  /** What a registered practice last said, where one ever did. */
  readonly lastConsent: ConsentAnswer | undefined;
};

/**
 * Reads it in one statement. To be asked for every number that a person is known by: the register and the practices' answers
 * know them by hashes of that number, each under a key of its own.
 * @param launchedAs the number that the launch has, where that one was followed to this
 */
export type ReadConsentState = (nhsNumber: string, launchedAs?: string) => Promise<ConsentState>;

/** Makes the read. The person's objections are heeded from before it on. */
export function createConsentState(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly register: Pick<Register, 'hidesWithin'>;
  readonly objections: Pick<ObjectionWatch, 'heed'>;
}): ReadConsentState {
  const { db, idKey, register, objections } = deps;
  return async (nhsNumber, launchedAs) => {
    objections.heed(nhsNumber, launchedAs);
    const [row] = await db
      .select({
        objected: register.hidesWithin(nhsNumber),
        lastConsent: {
          answer: consentAnswer.answer,
          practice: consentAnswer.practice,
          answeredAt: consentAnswer.answeredAt,
        },
      })
      .from(sql`(select 1) as one`)
      .leftJoin(consentAnswer, eq(consentAnswer.personHash, personHash(idKey, nhsNumber)));
    if (row === undefined) throw new Error('a read that always has a row has none');
    return { objected: row.objected, lastConsent: row.lastConsent ?? undefined };
  };
}
