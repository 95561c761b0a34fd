import { eq, sql } from 'drizzle-orm';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAudit } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { Demographics } from '../federation/answer.ts';
import { Fault, undecided } from '../fault.ts';
import { personHash } from '../keyed-hash.ts';
import { notify } from '../store/notice.ts';
import { auditEvent, objection, objectionEvent } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createRegister, objectionNotice, oneMonthAfter, type EndLaunches, type Register } from './register.ts';

const nhsNumber = '9990000018';
const registerKey = Buffer.alloc(32, 2);
const patient = {
  resourceType: 'Patient',
  name: [
    { family: 'Ashby', given: ['Alex'] },
    { use: 'old', family: 'Oldname', given: ['Alex'] },
  ],
};
const found: Demographics = { kind: 'found', person: { nhsNumber, birthDate: '1961-04-17', patient } };
/** The same person, registered with this practice; M83001 shares here. */
const at = (practice: string) => async (): Promise<Demographics> => ({
  kind: 'found',
  person: { nhsNumber, birthDate: '1961-04-17', patient, practice },
});
const request = {
  nhsNumber,
  name: 'Alex Ashby',
  birthDate: '1961-04-17',
  channel: 'pals',
  requester: 'person',
  by: 'officer',
} as const;
const noLaunches: EndLaunches = async () => async () => undefined;
/** An audit trail in memory. */
const writing = (trail: AuditEntry[]) => ({
  record: async (entry: AuditEntry) => void trail.push(entry),
  recordIn: async (_tx: unknown, entry: AuditEntry) => void trail.push(entry),
});
const because = { reason: 'asked by letter', by: 'Dr Wren' };

describe('the objections register', () => {
  let store: Store;
  const audit = () => createAudit({ db: store.db, idKey: Buffer.alloc(32, 1), site: 'http://localhost:3000' });
  const register = (
    more: {
      hides?: boolean;
      demographics?: () => Promise<Demographics>;
      key?: Buffer;
      endLaunches?: EndLaunches;
      now?: Date;
      db?: Store['db'];
      trail?: AuditEntry[];
      shares?: (ods: string) => boolean;
    } = {},
  ) =>
    createRegister({
      db: more.db ?? store.db,
      registerKey: more.key ?? registerKey,
      region: { receivedObjectionHides: more.hides ?? true },
      audit: more.trail === undefined ? audit() : writing(more.trail),
      demographics:
        more.demographics ?? ((asked) => Promise.resolve(asked === nhsNumber ? found : { kind: 'unknown' })),
      endLaunches: more.endLaunches ?? noLaunches,
      practiceShares: more.shares ?? ((ods) => ods === 'M83001'),
      now: () => more.now ?? new Date('2026-01-31T10:00:00Z'),
    });
  beforeAll(async () => {
    store = await openTestStore();
  });
  beforeEach(async () => {
    for (const table of [objectionEvent, objection, auditEvent]) await store.db.delete(table);
  });
  afterAll(() => store.close());

  it('hides from receipt until it is withdrawn', async () => {
    expect(await register().hides(nhsNumber)).toBe(false);
    const { id } = await register().raise(request);
    expect(await register().hides(nhsNumber)).toBe(true);
    expect(await register().hides('9990000026')).toBe(false);
    await register().decide({ id, decision: 'uphold', ...because });
    expect(await register().hides(nhsNumber)).toBe(true);
    await register().withdraw({ id, ...because });
    expect(await register().hides(nhsNumber)).toBe(false);
  });

  it('hides only once upheld where the region decides so', async () => {
    const later = register({ hides: false });
    const { id } = await later.raise(request);
    expect(await later.hides(nhsNumber)).toBe(false);
    await later.decide({ id, decision: 'uphold', ...because });
    expect(await later.hides(nhsNumber)).toBe(true);
  });

  it('shows again once declined, and another may be raised', async () => {
    const { id } = await register().raise(request);
    await register().decide({ id, decision: 'decline', ...because });
    expect(await register().hides(nhsNumber)).toBe(false);
    await register().raise(request);
    expect(await register().hides(nhsNumber)).toBe(true);
  });

  it.each(['alex ashby', 'ALEX  ASHBY', 'Ashby, Alex', 'Mrs Alex Ashby', 'Alex Jane Ashby', 'Álex Ash-by'])(
    'knows the person as %s',
    async (name) => {
      await register().raise({ ...request, name });
      expect(await register().hides(nhsNumber)).toBe(true);
    },
  );

  it('refuses a mismatch, an unknown and a restricted person in the same words', async () => {
    const refusals = await Promise.all(
      [
        register().raise({ ...request, name: 'Alex Ashb' }),
        register().raise({ ...request, name: 'Alexandra Ashby' }),
        register().raise({ ...request, name: 'Ashby' }),
        register().raise({ ...request, name: 'Alex Oldname' }),
        register().raise({ ...request, birthDate: '1961-04-18' }),
        register().raise({ ...request, nhsNumber: '9990000026' }),
        register().raise({ ...request, nhsNumber: '9990000019' }),
        register({ demographics: () => Promise.resolve({ kind: 'restricted' }) }).raise(request),
      ].map((one) => one.then(() => 'raised', String)),
    );
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toContain('Check the full name');
    expect(await store.db.select().from(objection)).toEqual([]);
    const events = await audit().list({ type: ['objection'] });
    expect(events).toHaveLength(refusals.length);
    expect(events.every((event) => event['outcome'] === '4')).toBe(true);
  });

  it('raises nothing where the demographics service cannot be asked', async () => {
    const failing = register({ demographics: () => Promise.reject(undecided('timed out')) });
    await expect(failing.raise(request)).rejects.toMatchObject({ code: 'undecided' });
    expect(await store.db.select().from(objection)).toEqual([]);
    expect(await audit().list()).toMatchObject([{ outcome: '8' }]);
  });

  it('keeps one open objection a person, also when two are raised at once', async () => {
    const raised = await Promise.allSettled(Array.from({ length: 6 }, () => register().raise(request)));
    expect(raised.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(raised.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'objection-refused' });
    expect(await store.db.select().from(objection)).toHaveLength(1);
  });

  it('lets one of several decide at once, and tells the others', async () => {
    const { id } = await register().raise(request);
    const decided = await Promise.allSettled(
      (['uphold', 'decline', 'uphold', 'decline'] as const).map((decision) =>
        register().decide({ id, decision, ...because }),
      ),
    );
    expect(decided.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const history = await store.db.select().from(objectionEvent).where(eq(objectionEvent.objectionId, id));
    expect(history.map((event) => event.action)).toHaveLength(2);
  });

  it.each<[string, (id: string) => Promise<unknown>, RegExp]>([
    ['an unknown id', () => register().withdraw({ id: 'none', ...because }), /no objection with this id/],
    [
      'a decision without a reason',
      (id) => register().decide({ id, decision: 'uphold', reason: ' ', by: 'x' }),
      /who does this and why/,
    ],
    ['what nobody raises', () => register().raise({ ...request, by: ' ' }), /who does this and why/],
    ['a withdrawal by nobody', (id) => register().withdraw({ id, reason: 'x', by: '' }), /who does this and why/],
    [
      'a second decision',
      async (id) => {
        await register().decide({ id, decision: 'decline', ...because });
        return register().decide({ id, decision: 'uphold', ...because });
      },
      /no longer waiting/,
    ],
    [
      'a second withdrawal',
      async (id) => {
        await register().withdraw({ id, ...because });
        return register().withdraw({ id, ...because });
      },
      /already ended/,
    ],
  ])('refuses %s', async (_name, act, expected) => {
    const { id } = await register().raise(request);
    await expect(act(id)).rejects.toMatchObject({
      code: 'objection-refused',
      message: expect.stringMatching(expected) as string,
    });
  });

  describe('writes to the audit trail', () => {
    it('who raised it, how it came, who asks and who decides', async () => {
      const trail: AuditEntry[] = [];
      const { id } = await register({ trail }).raise(request);
      expect(trail).toEqual([
        {
          type: 'objection',
          action: 'C',
          outcome: 'success',
          nhsNumber,
          detail: {
            act: 'raise',
            by: 'officer',
            channel: 'pals',
            requester: 'person',
            route: 'records-team',
            objection: id,
          },
        },
      ]);
    });

    it('each change of it, and counts the change', async () => {
      const trail: AuditEntry[] = [];
      const one = register({ trail });
      const { id } = await one.raise({ ...request, status: 'draft' });
      await one.submit({ id, ...because });
      await one.decide({ id, decision: 'uphold', ...because });
      await one.withdraw({ id, ...because });
      const of = (act: string) => ({ act, by: 'Dr Wren', objection: id });
      expect(trail.slice(1)).toEqual(
        ['submit', 'uphold', 'withdraw'].map((act) => ({
          type: 'objection',
          action: 'U',
          outcome: 'success',
          nhsNumber,
          detail: of(act),
        })),
      );
      expect(await store.db.select().from(objection)).toMatchObject([{ version: 4 }]);
    });

    it('what was refused, to whom and why', async () => {
      const trail: AuditEntry[] = [];
      const one = register({ trail });
      const { id } = await one.raise(request);
      await one.raise(request).catch(() => undefined);
      await one.submit({ id, ...because, by: ' ' }).catch(() => undefined);
      await one.submit({ id, ...because }).catch(() => undefined);
      const { channel: _channel, requester: _requester, ...asked } = { ...request, reason: 'x' };
      await one.reverse({ ...asked, by: ' ' }).catch(() => undefined);
      const refused = { type: 'objection', outcome: 'refused' };
      const raise = { act: 'raise', by: 'officer', channel: 'pals', requester: 'person' };
      expect(trail.slice(1)).toEqual([
        { ...refused, action: 'C', reason: 'open', nhsNumber, detail: raise },
        { ...refused, action: 'U', reason: 'said', detail: { act: 'submit', by: ' ', objection: id } },
        { ...refused, action: 'U', reason: 'draft', detail: { act: 'submit', by: 'Dr Wren', objection: id } },
        { ...refused, action: 'U', reason: 'said', nhsNumber, detail: { act: 'reverse', by: ' ' } },
      ]);
    });

    it('who read the register, for whom or which, and how many they saw', async () => {
      const trail: AuditEntry[] = [];
      const one = register({ trail });
      const { id } = await one.raise(request);
      for (const which of [undefined, { nhsNumber }, { id }, { id: 'none' }]) await one.list({ by: 'auditor' }, which);
      const read = { type: 'objection', action: 'R', outcome: 'success' };
      const of = { act: 'list', by: 'auditor', objections: 1 };
      expect(trail.slice(1)).toStrictEqual([
        { ...read, detail: of },
        { ...read, nhsNumber, detail: of },
        { ...read, detail: { ...of, objection: id } },
        { ...read, detail: { ...of, objections: 0, objection: 'none' } },
      ]);
    });

    it('that it followed a person to another number, which ends the launches on that one', async () => {
      const trail: AuditEntry[] = [];
      const ended: string[] = [];
      const { id } = await register().raise(request);
      const person = { nhsNumber: '9990000026', birthDate: '1961-04-17', patient };
      const following = register({
        trail,
        demographics: async () => ({ kind: 'found', person }),
        endLaunches: async (number) => async () => void ended.push(number),
      });
      await following.follow();
      const by = 'demographics service';
      expect(trail).toEqual([
        {
          type: 'objection',
          action: 'U',
          outcome: 'success',
          nhsNumber: '9990000026',
          detail: { act: 'follow', by, objection: id },
        },
      ]);
      expect(ended).toEqual(['9990000026']);
      const [one] = await following.list({ by: 'auditor' });
      expect(one).toMatchObject({ version: 2, history: [{}, { by, reason: 'superseded NHS number' }] });
    });

    it('what failed, and how', async () => {
      const trail: AuditEntry[] = [];
      for (const fault of [undecided('timed out'), new Fault('exception', 'x'), new Error('broken')])
        await register({ trail, demographics: () => Promise.reject(fault) })
          .raise(request)
          .catch(() => undefined);
      expect(trail.map(({ outcome, reason }) => [outcome, reason])).toEqual([
        ['failed', 'timed out'],
        ['failed', 'exception'],
        ['failed', 'exception'],
      ]);
    });
  });

  it('asks the demographics service about no number that is none', async () => {
    const asked: string[] = [];
    const demographics = async (): Promise<Demographics> => {
      asked.push('asked');
      return found;
    };
    await expect(register({ demographics }).raise({ ...request, nhsNumber: '9990000019' })).rejects.toThrow(
      'full name',
    );
    expect(asked).toEqual([]);
  });

  it('is the records team’s where the person has no practice, whatever practices share', async () => {
    await register({ shares: () => true }).raise(request);
    expect(await register().list({ by: 'auditor' })).toMatchObject([{ route: 'records-team' }]);
  });

  describe('that somebody else changes at the same time', () => {
    /** The row is another by the time it would be changed: nothing of it is. */
    async function raced(act: () => Promise<unknown>): Promise<unknown> {
      await store.db.execute(sql`create function raced() returns trigger language plpgsql as 'begin return null; end'`);
      await store.db.execute(
        sql`create trigger raced before update on objection for each row execute function raced()`,
      );
      try {
        return await act();
      } finally {
        await store.db.execute(sql`drop trigger raced on objection`);
        await store.db.execute(sql`drop function raced()`);
      }
    }

    it('is looked at again before it is changed, and has nothing in its history', async () => {
      const { id } = await register().raise(request);
      await expect(raced(() => register().withdraw({ id, ...because }))).rejects.toMatchObject({ detail: 'raced' });
      expect(await store.db.select().from(objectionEvent)).toHaveLength(1);
      expect(await audit().list({ outcome: ['refused'] })).toHaveLength(1);
    });

    it('follows to another number the next time', async () => {
      await register().raise(request);
      const successor = '9990000026';
      const person = { nhsNumber: successor, birthDate: '1961-04-17', patient };
      const following = register({ demographics: async () => ({ kind: 'found', person }) });
      expect(await raced(() => following.follow())).toEqual({ followed: 0, unasked: 0 });
      expect(await store.db.select().from(objectionEvent)).toHaveLength(1);
      expect(await following.follow()).toEqual({ followed: 1, unasked: 0 });
    });

    it('is not ended twice', async () => {
      const { id } = await register().raise(request);
      const { db } = store;
      const late: typeof db = Object.assign(Object.create(db) as typeof db, {
        transaction: async (...run: Parameters<typeof db.transaction>) => {
          if ((await register().list({ by: 'auditor' }, { id, status: ['proposed'] })).length > 0)
            await register().withdraw({ id, ...because });
          return db.transaction(...run);
        },
      });
      const { channel: _channel, requester: _requester, ...asked } = { ...request, ...because };
      await expect(register({ db: late }).reverse(asked)).rejects.toMatchObject({ detail: 'ended' });
    });
  });

  it('lists who, when, why, by when, and audits that it was read', async () => {
    const { id } = await register().raise(request);
    await register().decide({ id, decision: 'uphold', ...because });
    expect(await register().list({ by: 'auditor' })).toMatchObject([
      {
        id,
        status: 'active',
        channel: 'pals',
        requester: 'person',
        dueAt: new Date('2026-02-28T10:00:00Z'),
        person: { nhsNumber, name: 'Alex Ashby', birthDate: '1961-04-17' },
        history: [
          { action: 'raise', by: 'officer' },
          { action: 'uphold', by: 'Dr Wren', reason: 'asked by letter' },
        ],
      },
    ]);
    expect(await audit().list({ nhsNumber })).toHaveLength(2);
    expect(await audit().verify()).toEqual({ events: 3 });
  });

  it('changes nothing where the audit row cannot be written', async () => {
    const silent = createRegister({
      db: store.db,
      registerKey,
      region: { receivedObjectionHides: true },
      audit: { ...audit(), recordIn: () => Promise.reject(new Error('disk full')) },
      demographics: () => Promise.resolve(found),
      endLaunches: noLaunches,
      practiceShares: () => false,
    });
    await expect(silent.raise(request)).rejects.toThrow('disk full');
    expect(await silent.hides(nhsNumber)).toBe(false);
  });

  describe('takes effect', () => {
    /** What is told on the channel while something is done, in its order. */
    async function told(act: () => Promise<unknown>): Promise<readonly string[]> {
      const heard: string[] = [];
      const open = Promise.withResolvers<undefined>();
      const listening = await store.notices.listen(objectionNotice, {
        heard: (hash) => heard.push(hash),
        connected: () => open.resolve(undefined),
        lost: open.reject,
      });
      await open.promise;
      await act();
      // What is told after it comes after it.
      const done = Promise.withResolvers<undefined>();
      const ended = await store.notices.listen('told', {
        heard: () => done.resolve(undefined),
        connected: () => undefined,
        lost: done.reject,
      });
      while (!(await Promise.race([done.promise.then(() => true), sleep(10).then(() => false)])))
        await notify(store.db, 'told', '');
      await listening.close();
      await ended.close();
      return heard;
    }
    const hash = personHash(registerKey, nhsNumber);

    it('from receipt: every server is told, and the launches on the person end with its commit', async () => {
      const ended: string[] = [];
      const ending = register({
        endLaunches: async (number, tx) => {
          ended.push(number);
          expect(await tx.select().from(objection)).toHaveLength(1);
          return async () => void ended.push(`after ${number}`);
        },
      });
      expect(await told(() => ending.raise(request))).toEqual([hash]);
      expect(ended).toEqual([nhsNumber, `after ${nhsNumber}`]);
    });

    it('under the number that it was raised with too, where that one is superseded', async () => {
      const superseded = '9990000026';
      const following = register({ demographics: () => Promise.resolve(found) });
      const heard = await told(() => following.raise({ ...request, nhsNumber: superseded }));
      expect(heard).toEqual([hash, personHash(registerKey, superseded)]);
    });

    it('once upheld where the region decides so, and not before', async () => {
      const later = register({ hides: false });
      const heard = await told(async () => {
        const { id } = await later.raise(request);
        expect(await later.hides(nhsNumber)).toBe(false);
        await later.decide({ id, decision: 'uphold', ...because });
      });
      expect(heard).toEqual([hash]);
    });

    it('once: upholding what hides already, declining and withdrawing tell nothing', async () => {
      const one = register();
      const { id } = await one.raise(request);
      const heard = await told(async () => {
        await one.decide({ id, decision: 'uphold', ...because });
        await one.withdraw({ id, ...because });
        const again = await store.db.select().from(objection);
        expect(again).toMatchObject([{ status: 'inactive' }]);
      });
      expect(heard).toEqual([]);
    });

    it('not at all where it cannot be kept, nor where the launches cannot be ended', async () => {
      const failing = register({ endLaunches: () => Promise.reject(new Error('locked')) });
      const heard = await told(() => failing.raise(request).catch(() => undefined));
      expect(heard).toEqual([]);
      expect(await failing.hides(nhsNumber)).toBe(false);
    });

    it('tells which of many people it hides', async () => {
      await register().raise(request);
      const hashes = ['9990000026', nhsNumber].map(register().hashOf);
      expect(await register().hidden(hashes)).toEqual([hash]);
      expect(await register().hidden([])).toEqual([]);
    });
  });

  it('receives a draft, which hides like any other, and is put forward or decided', async () => {
    const { id } = await register().raise({ ...request, status: 'draft' });
    expect(await register().hides(nhsNumber)).toBe(true);
    await register().submit({ id, ...because });
    expect(await register().list({ by: 'auditor' })).toMatchObject([
      { status: 'proposed', history: [{ action: 'raise' }, { action: 'submit', by: 'Dr Wren' }] },
    ]);
    await expect(register().submit({ id, ...because })).rejects.toThrow('no draft');
  });

  it('lists what is asked for: by id, person, status and day of receipt', async () => {
    const { id } = await register().raise(request);
    const ids = async (which: Parameters<Register['list']>[1]): Promise<readonly string[]> =>
      (await register().list({ by: 'auditor' }, which)).map((one) => one.id);
    const [day, next] = [new Date('2026-01-31T00:00:00Z'), new Date('2026-02-01T00:00:00Z')];
    for (const which of [
      { id },
      { nhsNumber },
      { status: ['proposed', 'active'] as const },
      { received: [{ from: day, to: next }] },
    ])
      expect(await ids(which), JSON.stringify(which)).toEqual([id]);
    for (const which of [
      { id: 'none' },
      { nhsNumber: '9990000026' },
      { status: ['inactive'] as const },
      { received: [{ from: day }, { from: next }] },
      { received: [{ to: day }] },
      { reviewDue: true },
    ])
      expect(await ids(which), JSON.stringify(which)).toEqual([]);
  });

  it('says on the audit trail who did it, as their token says of them', async () => {
    const as = {
      user: { host: 'epr', id: 'officer-1', name: 'Pat Officer' },
      organisation: { ods: 'RJE', name: 'Trust' },
      role: 'R0001',
      clientId: 'console',
      launchId: 'l1',
    };
    const { id } = await register().raise({ ...request, as });
    await register().decide({ id, decision: 'uphold', ...because, as });
    await register().list({ by: 'Pat Officer', as });
    await register()
      .decide({ id, decision: 'uphold', ...because, as })
      .catch(() => undefined);
    const events = await audit().list({ type: ['objection'] });
    expect(events).toHaveLength(4);
    for (const event of events)
      expect(event).toMatchObject({
        agent: [{ name: 'Pat Officer', requestor: true, role: [{ coding: [{ code: 'R0001' }] }] }, {}, {}, {}],
      });
  });

  it.each<[string, (typeof request)['channel'] | 'gp' | 'email' | 'post' | 'host']>([
    ['a GP practice', 'gp'],
    ['PALS, by phone', 'pals'],
    ['e-mail', 'email'],
    ['post', 'post'],
    ['the person, through a host', 'host'],
  ])('is received by way of %s, and says so ever after', async (_name, channel) => {
    await register().raise({ ...request, channel });
    expect(await register().hides(nhsNumber)).toBe(true);
    expect(await register().list({ by: 'auditor' })).toMatchObject([{ channel }]);
  });

  it.each([
    [
      'the practice, where it is listed and shares',
      at('M83001'),
      { route: 'practice', person: { practice: 'M83001' } },
    ],
    ['the records team, where it does not share', at('M83999'), { route: 'records-team' }],
    ['the records team, where there is none', () => Promise.resolve(found), { route: 'records-team' }],
  ])('is routed to %s', async (_name, demographics, expected) => {
    await register({ demographics }).raise(request);
    const [one] = await register().list({ by: 'auditor' });
    expect(one).toMatchObject(expected);
    expect(one?.person.practice).toBe(expected.route === 'practice' ? 'M83001' : undefined);
    const count = async (which: Parameters<Register['list']>[1]) => (await register().list({ by: 'x' }, which)).length;
    expect(await count({ route: 'practice' })).toBe(expected.route === 'practice' ? 1 : 0);
    expect(await count({ practice: 'M83001' })).toBe(expected.route === 'practice' ? 1 : 0);
    expect(await count({ practice: 'M83002' })).toBe(0);
  });

  describe('is reversed for somebody whose practice does not share', () => {
    const asked = { nhsNumber, name: 'Alex Ashby', birthDate: '1961-04-17', reason: 'asked by e-mail', by: 'officer' };
    const apart = () => register({ demographics: at('M83999') });

    it('whether it was received or upheld, in a step of its own', async () => {
      for (const isUpheld of [false, true]) {
        const { id } = await apart().raise(request);
        if (isUpheld) await apart().decide({ id, decision: 'uphold', ...because });
        expect(await apart().reverse(asked)).toEqual({ id });
        expect(await apart().hides(nhsNumber)).toBe(false);
        const [one] = await apart().list({ by: 'auditor' }, { id });
        expect(one).toMatchObject({ status: 'inactive' });
        expect(one?.history.at(-1)).toMatchObject({ action: 'reverse', by: 'officer', reason: 'asked by e-mail' });
      }
    });

    it.each<[string, () => Register, object, RegExp]>([
      ['whose practice shares', () => register({ demographics: at('M83001') }), {}, /practice reverses/],
      ['who is not who they say', apart, { birthDate: '1961-04-18' }, /Check the full name/],
      ['without a reason', apart, { reason: ' ' }, /who does this and why/],
    ])('and not for somebody %s', async (_name, one, more, words) => {
      await apart().raise(request);
      await expect(one().reverse({ ...asked, ...more })).rejects.toThrow(words);
      expect(await one().hides(nhsNumber)).toBe(true);
      expect(await audit().list({ nhsNumber, outcome: ['refused'] })).toHaveLength(1);
    });

    it('and not for somebody who has no objection that is open', async () => {
      await expect(apart().reverse(asked)).rejects.toThrow('no objection that is open');
    });
  });

  describe('that somebody asks for another', () => {
    const child: Demographics = { kind: 'found', person: { nhsNumber, birthDate: '2012-03-20', patient } };
    const ofChild = () => register({ demographics: () => Promise.resolve(child) });

    it.each(['uphold', 'decline'] as const)(
      'is decided with what was weighed, which stands in its history: %s',
      async (decision) => {
        const { id } = await ofChild().raise({ ...request, birthDate: '2012-03-20', requester: 'guardian' });
        await expect(ofChild().decide({ id, decision, weighed: 'x', ...because, reason: ' ' })).rejects.toThrow('why');
        await ofChild().decide({ id, decision, weighed: 'Is 13 and understands it', ...because });
        const [one] = await ofChild().list({ by: 'auditor' });
        expect(one?.history.at(-1)).toMatchObject({ weighed: 'Is 13 and understands it', reason: because.reason });
      },
    );

    it('is decided with the reason alone, where that says what was weighed', async () => {
      const { id } = await register().raise({ ...request, requester: 'representative' });
      await register().decide({ id, decision: 'uphold', ...because, reason: 'Lasting power of attorney, seen' });
      const [one] = await register().list({ by: 'auditor' });
      expect(one).toMatchObject({ status: 'active' });
      expect(one?.history.at(-1)).toMatchObject({ reason: 'Lasting power of attorney, seen' });
    });

    it('is not a parent’s for somebody of 18 or more', async () => {
      await expect(register().raise({ ...request, requester: 'guardian' })).rejects.toThrow('18 or older');
      const of = (birthDate: string) =>
        register({ demographics: async () => ({ kind: 'found', person: { nhsNumber, birthDate, patient } }) });
      const raise = (birthDate: string) => of(birthDate).raise({ ...request, birthDate, requester: 'guardian' });
      await expect(raise('2008-01-31')).rejects.toThrow('18 or older');
      await expect(raise('2008-02-01')).resolves.toMatchObject({ id: expect.any(String) as string });
    });

    it('has nothing to weigh where the person asks', async () => {
      const { id } = await register().raise(request);
      await expect(register().decide({ id, decision: 'uphold', weighed: 'x', ...because })).rejects.toThrow(
        'themselves',
      );
    });
  });

  describe('of a child', () => {
    const child: Demographics = { kind: 'found', person: { nhsNumber, birthDate: '2010-03-20', patient } };
    const raised = { ...request, birthDate: '2010-03-20', requester: 'guardian' } as const;
    const ofChild = (at: string) => register({ demographics: () => Promise.resolve(child), now: new Date(at) });

    it('is listed for review before the sixteenth and the eighteenth birthday, until it was reviewed', async () => {
      const { id } = await ofChild('2025-06-01').raise(raised);
      const due = async (at: string) =>
        (await ofChild(at).list({ by: 'auditor' }, { reviewDue: true })).map(({ review }) => review?.birthday);
      expect(await due('2025-12-19')).toEqual([]);
      expect(await due('2025-12-20')).toEqual(['2026-03-20']);
      await expect(ofChild('2025-12-01').review({ id, ...because })).rejects.toThrow('No review');
      await ofChild('2026-01-31').review({ id, ...because });
      await expect(ofChild('2026-02-01').review({ id, ...because })).rejects.toThrow('No review');
      expect(await due('2026-04-01')).toEqual([]);
      expect(await due('2028-01-01')).toEqual(['2028-03-20']);
      expect(await register().hides(nhsNumber)).toBe(true);
    });

    it('is reviewed where it is a parent’s alone', async () => {
      const { id } = await register().raise(request);
      await expect(register().review({ id, ...because })).rejects.toMatchObject({ detail: 'review' });
    });

    it('is not reviewed by being decided, and is listed no more once it has ended', async () => {
      const now = ofChild('2026-01-31');
      const isDue = async () => (await now.list({ by: 'auditor' }, { reviewDue: true })).length > 0;
      for (const end of [
        (id: string) => now.decide({ id, decision: 'decline', ...because }),
        (id: string) => now.withdraw({ id, ...because }),
      ]) {
        const { id } = await ofChild('2025-06-01').raise({ ...raised, status: 'draft' });
        await now.submit({ id, ...because });
        expect(await isDue()).toBe(true);
        await end(id);
        expect(await isDue()).toBe(false);
        expect((await now.list({ by: 'auditor' }, { reviewDue: false })).map((one) => one.id)).toContain(id);
      }
      const { id } = await ofChild('2025-06-01').raise(raised);
      await now.decide({ id, decision: 'uphold', ...because });
      expect(await isDue()).toBe(true);
    });
  });

  describe('follows a person to the number that theirs was superseded by', () => {
    const successor = '9990000026';
    const merged: Demographics = { kind: 'found', person: { nhsNumber: successor, birthDate: '1961-04-17', patient } };
    const following = (answer: () => Promise<Demographics>) => register({ demographics: answer });

    it('and stands under that one, told to all servers', async () => {
      const { id } = await register().raise(request);
      await register().decide({ id, decision: 'uphold', ...because });
      const one = following(() => Promise.resolve(merged));
      expect(await one.follow()).toEqual({ followed: 1, unasked: 0 });
      expect(await one.hides(successor)).toBe(true);
      expect(await one.list({ by: 'auditor' })).toMatchObject([
        {
          status: 'active',
          person: { nhsNumber: successor, name: 'Alex Ashby' },
          history: [{}, {}, { action: 'follow' }],
        },
      ]);
      expect(await one.follow()).toEqual({ followed: 0, unasked: 0 });
    });

    it('and stays where it is where the service cannot be asked, or knows nobody', async () => {
      await register().raise(request);
      expect(await following(() => Promise.reject(undecided('down'))).follow()).toEqual({ followed: 0, unasked: 1 });
      expect(await following(() => Promise.resolve({ kind: 'unknown' })).follow()).toEqual({ followed: 0, unasked: 0 });
      expect(await register().hides(nhsNumber)).toBe(true);
    });

    it('and not once it has ended', async () => {
      const { id } = await register().raise(request);
      await register().withdraw({ id, ...because });
      expect(await following(() => Promise.resolve(merged)).follow()).toEqual({ followed: 0, unasked: 0 });
    });
  });

  it('keeps the person sealed, and opens the seal in its own row alone', async () => {
    const { id } = await register().raise(request);
    await register().decide({ id, decision: 'uphold', reason: 'Mrs Ashby of 9990000018 rang', by: 'officer' });
    const [row] = await store.db.select().from(objection);
    const kept = await store.db.select().from(objectionEvent);
    const seals = [row?.sealed, ...kept.map(({ sealed }) => sealed)].map((one) => one?.toString('latin1'));
    expect(`${seals.join(' ')}${JSON.stringify([row?.personHash, kept])}`).not.toMatch(/Ashby|9990000018|1961|rang/);
    const said = kept.find(({ sealed }) => sealed !== null)?.sealed;
    await store.db
      .update(objectionEvent)
      .set({ sealed: said, action: 'review' })
      .where(eq(objectionEvent.action, 'raise'));
    await expect(register().list({ by: 'auditor' })).rejects.toThrow();
    await store.db.delete(objectionEvent);
    await expect(register().list({ by: 'auditor' })).resolves.toHaveLength(1);
    await store.db.update(objection).set({ id: 'another' }).where(eq(objection.id, id));
    await expect(register().list({ by: 'auditor' })).rejects.toThrow();
  });

  it('has in its history what was done, and nothing that was done is taken out or written over', async () => {
    const { id } = await register().raise({ ...request, status: 'draft' });
    let before = await store.db.select().from(objectionEvent);
    for (const act of [
      () => register().submit({ id, ...because }),
      () => register().decide({ id, decision: 'uphold', ...because }),
      () => register().withdraw({ id, ...because }),
    ]) {
      await act();
      const after = await store.db.select().from(objectionEvent);
      expect(after.slice(0, -1)).toEqual(before);
      before = after;
    }
    expect(before.map(({ action }) => action)).toEqual(['raise', 'submit', 'uphold', 'withdraw']);
  });

  it('will not start under another key', async () => {
    await register().raise(request);
    await register().checkKey();
    await expect(register({ key: Buffer.alloc(32, 9) }).checkKey()).rejects.toThrow(/register-key/);
  });

  it('is due in a calendar month', () => {
    expect(oneMonthAfter(new Date('2026-03-15T00:00:00Z'))).toEqual(new Date('2026-04-15T00:00:00Z'));
    expect(oneMonthAfter(new Date('2026-12-31T00:00:00Z'))).toEqual(new Date('2027-01-31T00:00:00Z'));
    expect(oneMonthAfter(new Date('2028-01-30T00:00:00Z'))).toEqual(new Date('2028-02-29T00:00:00Z'));
  });
});
