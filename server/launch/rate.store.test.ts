import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../audit/entry.ts';
import { createLog } from '../log.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createLaunchRate, TooMany } from './rate.ts';
import { openDoors, type Doors } from './testing.ts';

let store: Store;
/** The middle of a minute, of another hour for each test, which moves on by itself. */
let hour = Date.UTC(2026, 6, 1, 12, 0, 30);
let at = hour;
const now = (): number => at;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(() => {
  hour += 3_600_000;
  at = hour;
});

const statuses = (answers: readonly Response[]): Readonly<Record<number, number>> => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

/** Doors whose host may launch five times a minute, and another host that may as often. */
async function openFlooded(): Promise<Doors> {
  const doors = await openDoors({
    store,
    now,
    host: { launchesPerMinute: 6 },
    change: (config) => {
      const [host] = config.hosts;
      if (host === undefined || !('issuer' in host)) throw new Error('no host');
      return { ...config, hosts: [host, { ...host, id: 'other', issuer: 'https://other.example' }] };
    },
  });
  // Both users are known, so that a launch ends in a redirect.
  await doors.handle();
  await doors.handle({ iss: 'https://other.example' });
  at += 60_000;
  doors.trail.splice(0);
  return doors;
}

const many = (count: number, act: () => Promise<Response>): Promise<Response[]> =>
  Promise.all(Array.from({ length: count }, act));

describe('a flood of launches', () => {
  it('of one host is stopped with 429 and a time to wait; others, and the next minute, are unharmed', async () => {
    const doors = await openFlooded();
    const answers = await many(20, () => doors.launch());
    expect(statuses(answers)).toEqual({ 303: 6, 429: 14 });
    const refused = answers.find((answer) => answer.status === 429);
    expect(refused?.headers.get('retry-after')).toBe('30');
    expect(await refused?.text()).toContain('Too many requests');
    expect((await doors.launch({ iss: 'https://other.example' })).status).toBe(303);
    at += 30_000;
    expect((await doors.launch()).status).toBe(303);
    await doors.close();
  });

  it('is on the audit trail once with who it was, and then as a count: nothing is lost', async () => {
    const doors = await openFlooded();
    await many(20, () => doors.launch());
    const rows = doors.trail.filter((entry) => entry.reason === 'too-many');
    expect(rows).toMatchObject([{ outcome: 'refused', user: { host: 'epr', id: 'dr-okafor' } }]);
    const minute = new Date(at - 30_000).toISOString();
    at += 60_000;
    await doors.rate.close();
    expect(doors.trail.at(-1)).toMatchObject({
      type: 'launch',
      outcome: 'refused',
      reason: 'too-many',
      detail: { claimedHost: 'epr', counted: 13, minute },
    });
    await doors.close();
  });

  it('of forged contexts uses up nothing of the host in whose name they come', async () => {
    const doors = await openFlooded();
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await doors.signWith(privateKey);
    const answers = await many(40, () => doors.post('/launch', { context: forged }));
    expect(statuses(answers)).toEqual({ 403: 12, 429: 28 });
    expect(statuses(await many(6, () => doors.launch()))).toEqual({ 303: 6 });
    expect(doors.trail.filter((entry) => entry.outcome === 'refused')).toHaveLength(13);
    await doors.close();
    await doors.rate.close();
    const counted = doors.trail.find((entry) => entry.detail?.['counted'] !== undefined);
    expect(counted?.detail).toMatchObject({ claimedHost: 'epr', counted: 27 });
    expect(counted).not.toHaveProperty('user');
  });

  it('of copies of one good context uses up one launch', async () => {
    const doors = await openFlooded();
    const context = await doors.sign();
    const answers = await many(30, () => doors.post('/launch', { context }));
    expect(statuses(answers)).toEqual({ 303: 1, 403: 12, 429: 17 });
    expect(statuses(await many(5, () => doors.launch()))).toEqual({ 303: 5 });
    await doors.close();
  });

  it('of nonsense fills no audit trail, and harms no host', async () => {
    const doors = await openFlooded();
    const nonsense = [
      () => fetch(`${doors.base}/launch`),
      () => doors.post('/launch', { context: 'x' }),
      () => doors.post('/launch', { context: 'a.b.c.d.e' }),
      async () => doors.post('/launch', { context: await doors.sign({ iss: 'https://nobody.example' }) }),
      () => fetch(`${doors.base}/launch?context=x`),
      () => doors.post('/launch/registration', { ticket: 'x' }, { origin: doors.base }),
    ];
    const answers = (await Promise.all(nonsense.map((act) => many(40, act)))).flat();
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(120);
    expect(doors.trail).toHaveLength(121);
    expect((await doors.launch()).status).toBe(303);
    await doors.rate.close();
    expect(doors.trail.at(-1)?.detail).toMatchObject({ counted: 119 });
    await doors.close();
  });

  it('never hides why a person was refused whom a host has proved', async () => {
    const doors = await openFlooded();
    await many(40, () => doors.post('/launch', { context: 'x' }));
    const answer = await doors.launch({ patient: { nhsNumber: '9990000018', birthDate: '1961-04-18' } });
    expect(await answer.text()).toContain('The birth date does not match');
    expect(doors.trail.at(-1)).toMatchObject({ reason: 'birth-date-differs', nhsNumber: '9990000018' });
    await doors.close();
  });
});

describe('the counts', () => {
  const host = { id: 'epr', launchesPerMinute: 10 };
  const log = createLog('silent');
  const rate = (idKey: Buffer, trail: AuditEntry[] = [], record = async (one: AuditEntry) => void trail.push(one)) =>
    createLaunchRate({ db: store.db, idKey, audit: { record }, log, now });

  it('are one count for all servers', async () => {
    const [one, other] = [rate(Buffer.alloc(32, 1)), rate(Buffer.alloc(32, 1))];
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => (index % 2 === 0 ? one : other).admit(host)),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(10);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(TooMany);
  });

  it('count what may be used once with its first use alone, and use nothing up while the host is full', async () => {
    const counting = rate(Buffer.alloc(32, 3));
    const once = (jti: string) => ({ what: ['context-jti', 'epr', jti] as const, until: new Date(at + 60_000) });
    const uses = await Promise.all(Array.from({ length: 8 }, () => counting.admitOnce(host, once('same'))));
    expect(uses.filter(Boolean)).toHaveLength(1);
    for (let count = 1; count < 10; count += 1) expect(await counting.admitOnce(host, once(`j${count}`))).toBe(true);
    await expect(counting.admitOnce(host, once('eleventh'))).rejects.toBeInstanceOf(TooMany);
    await expect(counting.admitOnce(host, once('late'))).rejects.toBeInstanceOf(TooMany);
    at += 60_000;
    expect(await counting.admitOnce(host, once('late'))).toBe(true);
    await counting.close();
  });

  it('are kept for the next row where the trail cannot be written', async () => {
    const trail: AuditEntry[] = [];
    let down = true;
    const counting = rate(Buffer.alloc(32, 2), trail, async (one) => {
      if (down) throw new Error('disk full');
      trail.push(one);
    });
    for (let count = 0; count < 15; count += 1) await counting.admit(host).catch(() => undefined);
    await counting.close();
    expect(trail).toEqual([]);
    down = false;
    await counting.close();
    expect(trail).toMatchObject([{ detail: { counted: 4 } }]);
    await counting.close();
    expect(trail).toHaveLength(1);
  });
});
