import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentAnswer } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createConsentAnswers } from './consent-answer.ts';
import { lastConsent } from './consent-state.testing.ts';

const idKey = Buffer.alloc(32, 1);

describe('the answers of practices', () => {
  let store: Store;
  const answers = () => createConsentAnswers({ db: store.db, idKey });
  const last = (nhsNumber: string) => lastConsent(store.db, idKey, nhsNumber);
  const day = (date: number) => new Date(Date.UTC(2026, 0, date));
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  it('are kept by person, the latest alone', async () => {
    await answers().remember('9990000018', 'M83001', 'yes', day(1));
    await answers().remember('9990000026', 'M83001', 'no', day(1));
    await answers().remember('9990000018', 'M83002', 'no', day(2));
    expect(await last('9990000018')).toEqual({ answer: 'no', practice: 'M83002', answeredAt: day(2) });
    expect(await last('9990000026')).toMatchObject({ answer: 'no', practice: 'M83001' });
    expect(await last('9990000042')).toBeUndefined();
  });

  it('are never replaced by an older one', async () => {
    await answers().remember('9990000034', 'M83001', 'no', day(5));
    await answers().remember('9990000034', 'M83001', 'yes', day(4));
    expect(await last('9990000034')).toMatchObject({ answer: 'no', answeredAt: day(5) });
  });

  it('say no where two at one instant differ', async () => {
    await Promise.all(
      (['yes', 'no', 'yes'] as const).map((answer) => answers().remember('9990000042', 'M83001', answer, day(6))),
    );
    expect(await last('9990000042')).toMatchObject({ answer: 'no' });
  });

  it('hold no NHS number', async () => {
    const rows = await store.db.select().from(consentAnswer);
    expect(JSON.stringify(rows)).not.toMatch(/9990000\d{3}/);
  });
});
