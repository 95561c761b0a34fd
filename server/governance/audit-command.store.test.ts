import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gt } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAudit } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/entry.ts';
import { checkHead } from '../audit/head.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { createLog } from '../log.ts';
import { auditEvent } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { auditCommands } from './audit-command.ts';

const idKey = Buffer.alloc(32, 1);
const nhsNumber = '9990000018';
const doctor = {
  user: { host: 'epr', id: 'u1', name: 'Dr Ada Wren' },
  organisation: { ods: 'RJE', name: 'Millbrook Hospital' },
  role: 'R8000',
  clientId: 'demo-viewer',
  nhsNumber,
} as const;
const disclosed: AuditEntry = { ...doctor, type: 'disclosure', action: 'R', outcome: 'success', launchId: 'l1' };
const looked = (look: string, sections: readonly string[]): AuditEntry => ({
  ...doctor,
  type: 'look',
  action: 'R',
  outcome: 'success',
  launchId: 'l1',
  detail: { look, sections, requestId: 'r' },
});

describe('npm run audit', () => {
  let store: Store;
  let config: Config;
  let dataDir: string;
  const log = { error: () => undefined };
  const trail = () => createAudit({ db: store.db, idKey, site: 'http://localhost:3000' });
  const run = (asked: object) => auditCommands({ config, trail: trail(), idKey, dataDir })(asked, log);
  const heads = () => checkHead({ trail: trail(), idKey, dataDir, log: createLog('silent') });
  beforeAll(async () => {
    store = await openTestStore();
    config = await loadConfig('smart-config');
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.db.delete(auditEvent);
    dataDir = await mkdtemp(join(tmpdir(), 'ohc-audit-'));
    return () => rm(dataDir, { recursive: true });
  });

  const looks = async (more: object = {}): Promise<string> => {
    const answer = await run({ command: 'looks', nhsNumber, by: 'P. Officer', ...more });
    return answer.ok ? String(answer.result) : answer.refusal;
  };

  it('looks: tells a person who looked, when, from where, in which role, why, and what they opened', async () => {
    const [source] = config.sources.filter(({ kind }) => kind === 'fhir-r4');
    const purpose = { code: 'call', text: 'Fell at home' };
    await trail().record({ ...disclosed, purpose, reason: 'begun', detail: { request: '$everything' } });
    await trail().record({
      ...disclosed,
      purpose,
      reason: 'ended',
      detail: { request: '$everything', sources: [`${source?.id} complete 21`, 'other timeout 0'] },
    });
    await trail().record(looked('section', ['medicines', 'vital-signs']));
    await trail().record(looked('document', ['documents']));
    await trail().record(looked('print', ['encounters']));
    await trail().record({ ...disclosed, nhsNumber: '9990000026', user: { ...doctor.user, name: 'Dr Elsewhere' } });
    const told = await looks();
    for (const line of [
      '  Dr Ada Wren, ' + (config.roles.find(({ code }) => code === 'R8000')?.title ?? '') + ', Millbrook Hospital',
      '  - asked for the record',
      '  - looked at medicines, vital signs',
      '  - opened a document in documents',
      '  - printed contacts',
      '  The reason given: Fell at home',
      `  Shown from: ${source?.name}`,
    ])
      expect(told.split('\n')).toContain(line);
    expect(told).toMatch(new RegExp(`${new Date().getFullYear()}, \\d\\d:\\d\\d`));
    expect(told).not.toContain('Elsewhere');
    expect(told.match(/Dr Ada Wren/g), 'one launch is one visit').toHaveLength(1);
  });

  it('looks: tells of a refusal, of what was done to an objection, and of whoever read the trail', async () => {
    await trail().record({ ...disclosed, launchId: 'l2', outcome: 'refused', reason: 'objection' });
    await trail().record({
      type: 'objection',
      action: 'U',
      outcome: 'success',
      nhsNumber,
      detail: { act: 'uphold', by: 'Dr Practice' },
    });
    await looks();
    const told = await looks();
    expect(told).toContain('Nothing was shown: it was refused.');
    expect(told).toMatch(/Dr Practice\n {2}- upheld the objection/);
    expect(told).toMatch(/P\. Officer\n {2}- read who looked at the record/);
  });

  it('looks: gives every visit of many pages, and those of a time alone', async () => {
    const { record } = trail();
    await Promise.all(Array.from({ length: 1_203 }, (_, n) => record({ ...disclosed, launchId: `l${n}`, detail: {} })));
    expect((await looks()).match(/Dr Ada Wren/g)).toHaveLength(1_203);
    expect(await looks({ to: '2020-01-01' })).toBe('Nobody has opened this record here.');
  });

  it.each([
    [{ nhsNumber: '9990000019' }, /no valid NHS number/],
    [{ by: ' ' }, /^by:/],
    [{ from: 'May' }, /^from:/],
  ])('looks: refuses %j', async (more, words) => {
    expect(await looks(more)).toMatch(words);
    expect(await trail().verify()).toEqual({ events: 0 });
  });

  it('looks: gives nothing where its own row cannot be written', async () => {
    await trail().record(disclosed);
    const silent = { ...trail(), record: () => Promise.reject(new Error('disk full')) };
    const answer = await auditCommands({ config, trail: silent, idKey, dataDir })(
      { command: 'looks', nhsNumber, by: 'x' },
      log,
    );
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).not.toContain('Wren');
  });

  it('verify: says how far a whole trail reaches, and what it was held to', async () => {
    await trail().record(disclosed);
    await heads();
    const answer = await run({ command: 'verify' });
    expect(answer).toMatchObject({ ok: true, result: { events: 1, comparedWith: [1] } });
    expect(await trail().list({ type: ['administration'] })).toHaveLength(1);
  });

  it('verify: sees an end that was cut, by the data folder and by a line of a log', async () => {
    for (let n = 0; n < 3; n += 1) await trail().record(disclosed);
    const head = await trail().head();
    await heads();
    await store.db.delete(auditEvent).where(gt(auditEvent.seq, 1));
    expect(await run({ command: 'verify' })).toMatchObject({ ok: false, refusal: /event 3 is missing/ });
    await rm(join(dataDir, 'audit-head.json'));
    expect(await run({ command: 'verify' })).toMatchObject({ ok: true });
    expect(await run({ command: 'verify', ...head })).toMatchObject({ ok: false });
    expect(await run({ command: 'verify', events: '3' })).toMatchObject({ ok: false, refusal: /belong together/ });
  });
});
