import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAudit } from '../audit/audit.ts';
import { createConsentAnswers } from '../privacy/consent-answer.ts';
import { lastConsent } from '../privacy/consent-state.testing.ts';
import { auditEvent, consentAnswer } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createDissentImport } from './dissent-import.ts';

const idKey = Buffer.alloc(32, 1);
const now = new Date('2026-11-20T10:00:00Z');
const [ada, ben] = ['9990000018', '9990000026'];
const practice = 'M83001';

describe('npm run objections -- import-practice', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    for (const table of [consentAnswer, auditEvent]) await store.db.delete(table);
  });
  const audit = () => createAudit({ db: store.db, idKey, site: 'http://localhost:3000' });
  const answers = () => createConsentAnswers({ db: store.db, idKey });
  const last = (nhsNumber: string) => lastConsent(store.db, idKey, nhsNumber);
  const take = (lines: readonly string[], at = now) =>
    createDissentImport({ db: store.db, idKey, audit: audit(), now: () => at })({
      practice,
      list: ['nhs-number,date,answer', ...lines].join('\n'),
      by: 'officer',
    });

  it('counts as what the practice last said', async () => {
    expect(await take([`${ada},2026-11-20,dissent`])).toEqual({ practice, people: 1, changed: 1, bad: [] });
    expect(await last(ada)).toEqual({ answer: 'no', practice, answeredAt: now });
    await answers().remember(ada, practice, 'yes', new Date('2026-11-20T11:00:00Z'));
    expect(await last(ada)).toMatchObject({ answer: 'yes' });
  });

  it('changes nothing that the practice has said since', async () => {
    await answers().remember(ada, practice, 'yes', new Date('2026-11-19T11:00:00Z'));
    await answers().remember(ben, practice, 'no', new Date('2026-11-19T11:00:00Z'));
    expect(await take([`${ada},2026-11-18,dissent`, `${ben},2026-11-18,consent`])).toMatchObject({ changed: 0 });
    expect(await last(ada)).toMatchObject({ answer: 'yes' });
    expect(await last(ben)).toMatchObject({ answer: 'no' });
  });

  it('takes a consent that is later than a dissent', async () => {
    await take([`${ada},2026-11-01,dissent`]);
    expect(await take([`${ada},2026-11-02,consent`])).toMatchObject({ changed: 1 });
    expect(await last(ada)).toMatchObject({ answer: 'yes' });
  });

  it('changes nothing when it comes again, later on the same day', async () => {
    const lines = [`${ada},2026-11-20,dissent`, `${ben},2026-10-01,dissent`];
    expect(await take(lines)).toMatchObject({ people: 2, changed: 2 });
    expect(await take(lines, new Date('2026-11-20T16:00:00Z'))).toMatchObject({ people: 2, changed: 0 });
  });

  it('keeps what can be read and tells the rest, and stands on the audit trail without a name or a number', async () => {
    const bad = [{ line: 3, wrong: 'has no valid NHS number' }];
    expect(await take([`${ada},2026-11-01,dissent`, 'x,2026-11-01,dissent'])).toMatchObject({ people: 1, bad });
    const [row] = await audit().list({ type: ['objection'] });
    expect(JSON.stringify(row)).toMatch(/import-practice.*officer.*M83001/);
    expect(JSON.stringify(row)).not.toContain(ada);
  });

  it('is not kept where its row cannot be written, nor without its columns', async () => {
    const silent = { recordIn: () => Promise.reject(new Error('disk full')) };
    const taking = createDissentImport({ db: store.db, idKey, audit: silent, now: () => now });
    const list = `nhs-number,date\n${ada},2026-11-01`;
    await expect(taking({ practice, list, by: 'officer' })).rejects.toThrow('disk full');
    await expect(taking({ practice, list: `${ada},2026-11-01`, by: 'officer' })).rejects.toMatchObject({
      code: 'objection-refused',
    });
    expect(await last(ada)).toBeUndefined();
  });

  it('takes a list of many people', async () => {
    const check = (nine: string): number => {
      const sum = [...nine].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
      return (11 - (sum % 11)) % 11;
    };
    const people = Array.from({ length: 2_600 }, (_, n) => `999${String(100_000 + n)}`)
      .filter((nine) => check(nine) < 10)
      .map((nine) => `${nine}${check(nine)}`);
    expect(people.length).toBeGreaterThan(2_000);
    const lines = people.map((one) => `${one},2026-11-01,dissent`);
    expect(await take(lines)).toMatchObject({ people: people.length, changed: people.length, bad: [] });
    expect(await last(people.at(-1) ?? '')).toMatchObject({ answer: 'no' });
  });
});
