import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gt } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditEvent } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createAudit } from './audit.ts';
import type { AuditEntry } from './entry.ts';
import { checkHead, readHead } from './head.ts';

const idKey = Buffer.alloc(32, 1);
const look: AuditEntry = { type: 'disclosure', action: 'R', outcome: 'success', nhsNumber: '9990000018' };

describe('the end of the audit trail', () => {
  let store: Store;
  let dataDir: string;
  const said: { readonly level: string; readonly what: object }[] = [];
  const trail = () => createAudit({ db: store.db, idKey, site: 'http://localhost:3000' });
  const check = (key = idKey) =>
    checkHead({
      trail: trail(),
      idKey: key,
      dataDir,
      log: {
        info: (what: object) => void said.push({ level: 'info', what }),
        error: (what: object) => void said.push({ level: 'error', what }),
      } as Parameters<typeof checkHead>[0]['log'],
    });
  const cutTo = (seq: number) => store.db.delete(auditEvent).where(gt(auditEvent.seq, seq));

  beforeAll(async () => {
    store = await openTestStore();
  });
  beforeEach(async () => {
    await store.db.delete(auditEvent);
    dataDir = await mkdtemp(join(tmpdir(), 'ohc-head-'));
    said.length = 0;
    return () => rm(dataDir, { recursive: true });
  });
  afterAll(() => store.close());

  it('is kept outside the database and said in the log, as it grows', async () => {
    expect(await check()).toBe('whole');
    expect(said).toEqual([]);
    await trail().record(look);
    await trail().record(look);
    expect(await check()).toBe('whole');
    const head = await trail().head();
    expect(head?.events).toBe(2);
    expect(said).toEqual([{ level: 'info', what: head }]);
    expect(await readHead(dataDir, idKey)).toMatchObject(head ?? {});
    expect((await stat(join(dataDir, 'audit-head.json'))).mode & 0o777).toBe(0o600);
    await check();
    expect(said).toHaveLength(1);
  });

  it('that is cut off is an alarm, each time again, though the chain that is left is whole in itself', async () => {
    for (let n = 0; n < 4; n += 1) await trail().record(look);
    await check();
    const known = await readHead(dataDir, idKey);
    await cutTo(2);
    expect(await trail().verify()).toEqual({ events: 2 });
    expect(await trail().verify(known === undefined ? [] : [known])).toEqual({ events: 2, brokenAt: 4 });
    for (let n = 0; n < 2; n += 1) expect(await check()).toBe('cut');
    expect(said.filter(({ level }) => level === 'error')).toMatchObject([
      { what: { alarm: 'audit-cut', events: 4 } },
      { what: { alarm: 'audit-cut', events: 4 } },
    ]);
  });

  it('that is cut off and written anew is an alarm too', async () => {
    for (let n = 0; n < 4; n += 1) await trail().record(look);
    await check();
    const known = await readHead(dataDir, idKey);
    await cutTo(2);
    for (let n = 0; n < 6; n += 1) await trail().record(look);
    expect(await trail().verify()).toEqual({ events: 8 });
    expect(await trail().verify(known === undefined ? [] : [known])).toEqual({ events: 3, brokenAt: 4 });
    expect(await check()).toBe('cut');
  });

  it('is not believed from a file that somebody without the key has written', async () => {
    await trail().record(look);
    await check();
    const path = join(dataDir, 'audit-head.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"events":1', '"events":2'));
    await expect(readHead(dataDir, idKey)).rejects.toThrow('id-key');
    await expect(check()).rejects.toThrow('id-key');
  });
});
