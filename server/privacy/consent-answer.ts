import { eq, sql } from 'drizzle-orm';
import { personHash } from '../keyed-hash.ts';
import { consentAnswer } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

/** What a registered practice last said about consent, and when. The answer is kept, the record is not. */
export type ConsentAnswer = {
  readonly answer: 'yes' | 'no';
  /** ODS code of the practice. */
  readonly practice: string;
  readonly answeredAt: Date;
};

/** The last answers of the practices, by person. */
export type ConsentAnswers = {
  readonly last: (nhsNumber: string) => Promise<ConsentAnswer | undefined>;
  /** Keeps an answer. An older one never replaces a newer; of two at one instant the no stands. */
  readonly remember: (nhsNumber: string, practice: string, answer: 'yes' | 'no', at: Date) => Promise<void>;
};

/** Opens the answers; the person is known by a keyed hash alone. */
export function createConsentAnswers(deps: { readonly db: Database; readonly idKey: Buffer }): ConsentAnswers {
  const { db, idKey } = deps;
  return {
    last: async (nhsNumber) => {
      const [row] = await db
        .select({
          answer: consentAnswer.answer,
          practice: consentAnswer.practice,
          answeredAt: consentAnswer.answeredAt,
        })
        .from(consentAnswer)
        .where(eq(consentAnswer.personHash, personHash(idKey, nhsNumber)))
        .limit(1);
      return row;
    },
    remember: async (nhsNumber, practice, answer, at) => {
      const row = { personHash: personHash(idKey, nhsNumber), practice, answer, answeredAt: at };
      const said = at.toISOString();
      await db
        .insert(consentAnswer)
        .values(row)
        .onConflictDoUpdate({
          target: consentAnswer.personHash,
          set: { practice, answer, answeredAt: at },
          setWhere: sql`${consentAnswer.answeredAt} < ${said} or (${consentAnswer.answeredAt} = ${said} and ${answer} = 'no')`,
        });
    },
  };
}
