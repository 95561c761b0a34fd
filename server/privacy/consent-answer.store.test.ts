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

  it('say no where the no came first, and a yes of the same instant after it', async () => {
    await answers().remember('9990000050', 'M83001', 'no', day(6));
    await answers().remember('9990000050', 'M83001', 'yes', day(6));
    expect(await last('9990000050')).toMatchObject({ answer: 'no' });
  });

  it('of a whole list are kept by the same rule, and counted where they are another now', async () => {
    const people = Array.from({ length: 2_001 }, (_, index) => `9991${String(index).padStart(6, '0')}`);
    const all = (answer: 'yes' | 'no', at: Date) => people.map((nhsNumber) => ({ nhsNumber, answer, at }));
    const kept = async () => {
      const [first, , ...others] = await Promise.all(
        [people[0], people[1], people[1_000], people[2_000]].map((one) => last(one ?? '')),
      );
      return [first, ...others].map((one) => `${one?.practice} ${one?.answer} ${one?.answeredAt.getUTCDate()}`);
    };
    const three = (said: string) => [said, said, said];
    expect(await answers().rememberAll('M83001', [])).toBe(0);
    await answers().remember(people[1] ?? '', 'M83001', 'no', day(3));
    expect(await answers().rememberAll('M83001', all('no', day(3)))).toBe(2_000);
    expect(await kept()).toEqual(three('M83001 no 3'));
    expect(await answers().rememberAll('M83001', all('no', day(4)))).toBe(0);
    expect(await kept()).toEqual(three('M83001 no 4'));
    expect(await answers().rememberAll('M83002', all('yes', day(2)))).toBe(0);
    expect(await answers().rememberAll('M83002', all('yes', day(4)))).toBe(0);
    expect(await kept()).toEqual(three('M83001 no 4'));
    expect(await answers().rememberAll('M83002', all('no', day(5)))).toBe(2_001);
    expect(await answers().rememberAll('M83002', all('yes', day(6)))).toBe(2_001);
    expect(await kept()).toEqual(three('M83002 yes 6'));
  });

  it('hold no NHS number', async () => {
    const rows = await store.db.select().from(consentAnswer);
    expect(JSON.stringify(rows)).not.toMatch(/999[01]\d{6}/);
  });
});
