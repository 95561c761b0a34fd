import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { createAudit } from '../audit/audit.ts';
import { consentAnswer, objection, objectionEvent } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { countingReads, openTestStore } from '../store/testing.ts';
import { createConsentAnswers } from './consent-answer.ts';
import { createConsentState } from './consent-state.ts';
import { createRegister, type Register } from './register.ts';

const nhsNumber = '9990000018';
const other = '9990000026';
const idKey = Buffer.alloc(32, 1);
const answeredAt = new Date('2026-01-30T10:00:00Z');
const because = { reason: 'asked by letter', by: 'Dr Wren' };
const patient = { resourceType: 'Patient', name: [{ family: 'Ashby', given: ['Alex'] }] };

describe('what is known of a person’s consent before any source is asked', () => {
  let store: Store;
  const heeded: unknown[] = [];
  const registerOf = (receivedObjectionHides: boolean): Register =>
    createRegister({
      db: store.db,
      registerKey: Buffer.alloc(32, 2),
      region: { receivedObjectionHides },
      audit: createAudit({ db: store.db, idKey, site: 'http://localhost:3000' }),
      demographics: async () => ({ kind: 'found', person: { nhsNumber, birthDate: '1961-04-17', patient } }),
      endLaunches: async () => async () => undefined,
      practiceShares: () => false,
      now: () => new Date('2026-01-31T10:00:00Z'),
    });
  const raise = (register: Register) =>
    register.raise({
      nhsNumber,
      name: 'Alex Ashby',
      birthDate: '1961-04-17',
      channel: 'pals',
      requester: 'person',
      by: 'officer',
    });
  const stateBy = (register: Pick<Register, 'hidesWithin'>, db = store.db) =>
    createConsentState({ db, idKey, register, objections: { heed: (...numbers) => void heeded.push(numbers) } });
  const answers = () => createConsentAnswers({ db: store.db, idKey });
  beforeAll(async () => {
    store = await openTestStore();
  });
  beforeEach(async () => {
    heeded.splice(0);
    for (const table of [objectionEvent, objection, consentAnswer]) await store.db.delete(table);
  });
  afterAll(() => store.close());

  it('is nothing of somebody of whom nothing was ever said', async () => {
    expect(await stateBy(registerOf(true))(nhsNumber)).toEqual({ objected: false, lastConsent: undefined });
  });

  it('is whether an objection hides them, at each step of it, and what a practice last said', async () => {
    await answers().remember(nhsNumber, 'M83001', 'yes', answeredAt);
    await answers().remember(other, 'M83002', 'no', answeredAt);
    const register = registerOf(true);
    const read = stateBy(register);
    const lastConsent = { answer: 'yes', practice: 'M83001', answeredAt };
    expect(await read(nhsNumber)).toEqual({ objected: false, lastConsent });
    const { id } = await raise(register);
    expect(await read(nhsNumber)).toEqual({ objected: true, lastConsent });
    expect(await read(other)).toMatchObject({ objected: false, lastConsent: { answer: 'no' } });
    await register.decide({ id, decision: 'uphold', ...because });
    expect(await read(nhsNumber)).toEqual({ objected: true, lastConsent });
    await register.withdraw({ id, ...because });
    expect(await read(nhsNumber)).toEqual({ objected: false, lastConsent });
  });

  it('is an objection alone where no practice ever said anything, once upheld where the region decides so', async () => {
    const register = registerOf(false);
    const { id } = await raise(register);
    expect(await stateBy(register)(nhsNumber)).toEqual({ objected: false, lastConsent: undefined });
    await register.decide({ id, decision: 'uphold', ...because });
    expect(await stateBy(register)(nhsNumber)).toEqual({ objected: true, lastConsent: undefined });
  });

  it('is heeded under both numbers before it is read', async () => {
    const read = stateBy({
      hidesWithin: () => {
        expect(heeded).toEqual([[other, nhsNumber]]);
        return sql<boolean>`false`;
      },
    });
    await read(other, nhsNumber);
    expect(heeded).toHaveLength(1);
  });

  it('is one statement', async () => {
    const { db, reads } = countingReads(store.db);
    await stateBy({ hidesWithin: () => sql<boolean>`false` }, db)(nhsNumber);
    expect(reads()).toBe(1);
  });
});
