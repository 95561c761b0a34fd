import { inArray, sql } from 'drizzle-orm';
import { personHash } from '../keyed-hash.ts';
import { consentAnswer } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import type { ListedAnswer } from './dissent-list.ts';

/** What a registered practice last said about consent, and when. The answer is kept, the record is not. */
export type ConsentAnswer = {
  readonly answer: 'yes' | 'no';
  /** ODS code of the practice. */
  readonly practice: string;
  readonly answeredAt: Date;
};

/** The last answers of the practices, by person. */
export type ConsentAnswers = {
  /** Keeps an answer. An older one never replaces a newer; of two at one instant the no stands. */
  readonly remember: (nhsNumber: string, practice: string, answer: 'yes' | 'no', at: Date) => Promise<void>;
  /**
   * Keeps what one practice said of many people, each of whom is named once; by the same rule.
   * @returns of how many its last answer is another one now
   */
  readonly rememberAll: (practice: string, answers: readonly ListedAnswer[]) => Promise<number>;
};

/** So many are written in one statement: each brings four parameters, and a statement has room for 65,535. */
const batch = 1_000;

/** Opens the answers; the person is known by a keyed hash alone. */
export function createConsentAnswers(deps: { readonly db: Database; readonly idKey: Buffer }): ConsentAnswers {
  const { db, idKey } = deps;
  const keep = async (rows: readonly (typeof consentAnswer.$inferInsert)[]): Promise<void> => {
    await db
      .insert(consentAnswer)
      .values([...rows])
      .onConflictDoUpdate({
        target: consentAnswer.personHash,
        set: {
          practice: sql`excluded.practice`,
          answer: sql`excluded.answer`,
          answeredAt: sql`excluded.answered_at`,
        },
        setWhere: sql`${consentAnswer.answeredAt} < excluded.answered_at or (${consentAnswer.answeredAt} = excluded.answered_at and excluded.answer = 'no')`,
      });
  };
  const kept = async (hashes: readonly string[]) =>
    new Map(
      (
        await db
          .select()
          .from(consentAnswer)
          .where(inArray(consentAnswer.personHash, [...hashes]))
      ).map((row) => [row.personHash, `${row.practice} ${row.answer}`]),
    );

  return {
    remember: (nhsNumber, practice, answer, at) =>
      keep([{ personHash: personHash(idKey, nhsNumber), practice, answer, answeredAt: at }]),
    rememberAll: async (practice, answers) => {
      let changed = 0;
      for (let from = 0; from < answers.length; from += batch) {
        const rows = answers.slice(from, from + batch).map(({ nhsNumber, answer, at }) => ({
          personHash: personHash(idKey, nhsNumber),
          practice,
          answer,
          answeredAt: at,
        }));
        const hashes = rows.map((row) => row.personHash);
        const before = await kept(hashes);
        await keep(rows);
        const after = await kept(hashes);
        changed += hashes.filter((hash) => before.get(hash) !== after.get(hash)).length;
      }
      return changed;
    },
  };
}
