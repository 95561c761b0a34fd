import type { AuditTrail } from '../audit/audit.ts';
import { Fault } from '../fault.ts';
import { createConsentAnswers } from '../privacy/consent-answer.ts';
import { readDissentList, type BadLine } from '../privacy/dissent-list.ts';
import type { Database } from '../store/store.ts';

/** What came of a practice's list. */
export type ImportedList = {
  readonly practice: string;
  /** How many people the list names in lines that could be read, and of how many the practice's last answer is new. */
  readonly people: number;
  readonly changed: number;
  /** The lines that could not be read: what they say is not in force. */
  readonly bad: readonly BadLine[];
};

/** Keeps a practice's list of dissents as what the practice last said. */
export type ImportDissents = (list: {
  /** ODS code of the practice. */
  readonly practice: string;
  readonly list: string;
  readonly by: string;
}) => Promise<ImportedList>;

/**
 * Every line that can be read is kept, whatever is wrong with another: a dissent is not to wait for a misprint elsewhere.
 * A list that was kept already changes nothing. In one transaction with its row on the audit trail.
 */
export function createDissentImport(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Pick<AuditTrail, 'recordIn'>;
  readonly now?: () => Date;
}): ImportDissents {
  const { db, idKey, audit, now = () => new Date() } = deps;
  return async ({ practice, list, by }) => {
    const read = readDissentList(list, now());
    if (read === undefined)
      throw new Fault(
        'objection-refused',
        'The first line of the list names its columns: nhs-number, date and, where it says who consents again, answer.',
        { detail: 'list' },
      );
    const { answers, bad } = read;
    return db.transaction(async (tx) => {
      const changed = await createConsentAnswers({ db: tx, idKey }).rememberAll(practice, answers);
      await audit.recordIn(tx, {
        type: 'objection',
        action: 'C',
        outcome: 'success',
        detail: { act: 'import-practice', by, practice, people: answers.length, changed, bad: bad.length },
      });
      return { practice, people: answers.length, changed, bad };
    });
  };
}
