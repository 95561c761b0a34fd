import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAudit, type AuditTrail } from '../audit/audit.ts';
import { loadConfig, type Config } from '../config/config.ts';
import { createProfiles, type Profile } from '../launch/registration/profile.ts';
import { profile } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import type { CommandKind } from './command.ts';
import { profileCommands } from './profile-command.ts';

const idKey = Buffer.alloc(32, 1);
const log = { error: () => undefined };
const host = 'demo-millbrook';

function declared(userId: string, more: Partial<Profile> = {}): Profile {
  const at = new Date('2026-11-01T09:00:00Z');
  return {
    host,
    userId,
    name: `Name of ${userId}`,
    role: 'R8001',
    roleSelfDeclared: true,
    roleConfirmedAt: null,
    roleConfirmedBy: null,
    organisation: 'RJE',
    registrationBody: 'NMC',
    registrationNumber: '12A3456B',
    promisedAt: at,
    updatedAt: at,
    ...more,
  };
}

describe('npm run profiles', () => {
  let store: Store;
  let config: Config;
  let audit: AuditTrail;
  let run: CommandKind;
  beforeAll(async () => {
    store = await openTestStore();
    const shipped = await loadConfig('smart-config');
    config = { ...shipped, hosts: shipped.hosts.map((one) => ({ ...one, selfDeclared: 'until-confirmed' as const })) };
    audit = createAudit({ db: store.db, idKey, site: 'http://localhost:3000' });
    run = profileCommands({ config, db: store.db, idKey, audit });
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.db.delete(profile);
    const { save } = createProfiles({ db: store.db, idKey });
    await save(declared('done', { roleConfirmedAt: new Date('2026-11-02T09:00:00Z'), roleConfirmedBy: 'M. Shaw' }));
    await save(declared('waits'));
    await save(declared('asserted', { roleSelfDeclared: false }));
    await save(declared('elsewhere', { host: 'demo-trentside' }));
  });

  const confirmed = async (user: string): Promise<string | null | undefined> =>
    (await createProfiles({ db: store.db, idKey }).find(host, user))?.roleConfirmedBy;

  it('lists the roles that only their holders assert, what waits first', async () => {
    const answer = await run({ command: 'list', host }, log);
    expect(answer).toMatchObject({
      ok: true,
      result: [
        { user: 'waits', role: 'R8001', title: 'Nurse', registration: 'NMC 12A3456B', works: 'once it is confirmed' },
        { user: 'done', works: 'now', confirmedBy: 'M. Shaw' },
      ],
    });
    expect(await run({ command: 'list' }, log)).toMatchObject({ result: { length: 3 } });
  });

  it('confirms one, and says so on the audit trail', async () => {
    const answer = await run({ command: 'confirm', host, user: 'waits', role: 'R8001', by: 'M. Shaw' }, log);
    expect(answer).toMatchObject({ ok: true, result: { user: 'waits', works: 'now', confirmedBy: 'M. Shaw' } });
    expect(await confirmed('waits')).toBe('M. Shaw');
    const [row] = await audit.list({ type: ['administration'], limit: 1 });
    expect(JSON.stringify(row)).toContain('profiles confirm');
    expect(JSON.stringify(row)).toContain('M. Shaw');
  });

  it.each([
    ['a role that the host asserts', { user: 'asserted' }, /host itself asserts/],
    ['nobody', { user: 'never-came' }, /has said who they are/],
    ['a role that the user does not claim', { user: 'waits', role: 'R8000' }, /their role is R8001/],
    ['what is confirmed', { user: 'done' }, /already, by M\. Shaw/],
    ['a host that is not registered', { user: 'waits', host: 'gone' }, /has said who they are/],
    ['without a name of who does it', { user: 'waits', by: ' ' }, /^by:/],
  ])('refuses %s', async (_name, more, words) => {
    const answer = await run({ command: 'confirm', host, by: 'M. Shaw', ...more }, log);
    expect(answer.ok).toBe(false);
    expect(answer.ok ? '' : answer.refusal).toMatch(words);
    expect(await confirmed('waits')).toBeNull();
  });

  it('refuses a role that the host has lost since', async () => {
    const hosts = config.hosts.map((one) => ({ ...one, roles: ['R8009'] }));
    const narrower = profileCommands({ config: { ...config, hosts }, db: store.db, idKey, audit });
    const answer = await narrower({ command: 'confirm', host, user: 'waits', by: 'M. Shaw' }, log);
    expect(answer).toMatchObject({ ok: false, refusal: 'R8001 is no longer a role of demo-millbrook.' });
  });

  it('confirms nothing that it cannot put on the audit trail', async () => {
    const broken = profileCommands({
      config,
      db: store.db,
      idKey,
      audit: { recordIn: () => Promise.reject(new Error('disk full')) },
    });
    const answer = await broken({ command: 'confirm', host, user: 'waits', by: 'M. Shaw' }, log);
    expect(answer.ok).toBe(false);
    expect(await confirmed('waits')).toBeNull();
  });
});
