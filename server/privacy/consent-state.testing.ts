import { sql } from 'drizzle-orm';
import type { Database } from '../store/store.ts';
import type { ConsentAnswer } from './consent-answer.ts';
import { createConsentState } from './consent-state.ts';

/** What a practice last said of a person who has no objection. */
export async function lastConsent(db: Database, idKey: Buffer, nhsNumber: string): Promise<ConsentAnswer | undefined> {
  const read = createConsentState({
    db,
    idKey,
    register: { hidesWithin: () => sql<boolean>`false` },
    objections: { heed: () => undefined },
  });
  return (await read(nhsNumber)).lastConsent;
}
