import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { objects } from '../../../src/fhir/json.ts';
import type { AuditEntry } from '../../audit/entry.ts';
import { auditEvent } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { entries, linkOf } from '../facade.testing.ts';
import { nhsNumber, openGoverned } from './governance.testing.ts';

const look: AuditEntry = {
  type: 'disclosure',
  action: 'R',
  outcome: 'success',
  reason: 'ended',
  user: { host: 'epr', id: 'dr-1', name: 'Dr Ada Wren' },
  organisation: { ods: 'RJE', name: 'Millbrook' },
  role: 'R8000',
  clientId: 'viewer',
  nhsNumber,
  launchId: 'l1',
  purpose: { code: 'call', text: 'Fell at home' },
};

let store: Store;
let at: Awaited<ReturnType<typeof openGoverned>>;
beforeAll(async () => {
  store = await openTestStore();
  at = await openGoverned(store);
});
afterAll(async () => {
  await at.close();
  await store.close();
});
beforeEach(async () => {
  await store.db.delete(auditEvent);
});

const launches = async (form: Record<string, string>): Promise<readonly unknown[]> => {
  const answered = await at.post('AuditEvent', { subtype: 'disclosure', ...form }, 'officer');
  expect(answered.status, answered.text).toBe(200);
  return entries(answered.body).map((event) => {
    const transaction = objects(event['entity']).find((one) => objects(one['type'])[0]?.['code'] === 'XrequestId');
    return objects(objects(transaction?.['what'])[0]?.['identifier'])[0]?.['value'];
  });
};

describe('the audit trail over FHIR', () => {
  it('says of each look who looked, in which role, from where, at whom and why', async () => {
    await at.trail.record(look);
    const { body } = await at.post('AuditEvent', { 'patient:identifier': nhsNumber }, 'guardian');
    expect(entries(body)[0]).toMatchObject({
      resourceType: 'AuditEvent',
      purposeOfEvent: [{ coding: [{ code: 'TREAT' }] }, { coding: [{ code: 'call' }], text: 'Fell at home' }],
      agent: [
        {
          requestor: true,
          name: 'Dr Ada Wren',
          role: [{ coding: [{ code: 'R8000' }] }],
          purposeOfUse: [{}, { text: 'Fell at home' }],
        },
        { who: { identifier: { value: 'RJE' } } },
        { who: { identifier: { value: 'viewer' } } },
        {},
      ],
      entity: [{ what: { identifier: { value: nhsNumber } } }, { what: { identifier: { value: 'l1' } } }, {}].slice(
        0,
        2,
      ),
    });
  });

  it('is searched by person, user, launch, date, action, kind and outcome, latest first', async () => {
    await at.trail.record(look);
    await at.trail.record({ ...look, nhsNumber: '9990000026', launchId: 'l2', action: 'E', outcome: 'refused' });
    await at.trail.record({ ...look, user: { host: 'epr', id: 'dr-2', name: 'Dr B' }, launchId: 'l3' });
    const today = new Date().toISOString().slice(0, 10);
    const cases: readonly (readonly [Record<string, string>, readonly string[]])[] = [
      [{}, ['l3', 'l2', 'l1']],
      [{ 'patient:identifier': nhsNumber }, ['l3', 'l1']],
      [{ 'agent:identifier': 'epr|dr-1' }, ['l2', 'l1']],
      [{ 'agent:identifier': 'epr|nobody' }, []],
      [{ 'entity:identifier': 'l2' }, ['l2']],
      [{ action: 'E' }, ['l2']],
      [{ action: 'E,R', outcome: '0' }, ['l3', 'l1']],
      [{ outcome: '4' }, ['l2']],
      [{ date: `ge${today}` }, ['l3', 'l2', 'l1']],
      [{ date: 'lt2020-01-01' }, []],
      [{ subtype: 'launch' }, []],
    ];
    for (const [form, expected] of cases) expect(await launches(form), JSON.stringify(form)).toEqual(expected);
  });

  it('a page at a time, each event once, though each asking adds one', async () => {
    for (let n = 0; n < 5; n += 1) await at.trail.record({ ...look, launchId: `l${n}` });
    const seen: unknown[] = [];
    let answered = await at.post('AuditEvent', { 'patient:identifier': nhsNumber, _count: '2' }, 'officer');
    for (;;) {
      seen.push(...entries(answered.body).map((one) => one['id']));
      expect(answered.body['total']).toBeUndefined();
      const next = linkOf(answered.body, 'next');
      if (next === undefined) break;
      expect(next).not.toContain(nhsNumber);
      answered = await at.ask(next, { token: 'officer' });
      expect(answered.status).toBe(200);
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('is itself audited, with whom was asked after, and gives nothing where that cannot be written', async () => {
    await at.trail.record(look);
    const [event] = await at.trail.list();
    const id = String(event?.['id']);
    expect(await at.ask(`AuditEvent/${id}`, { token: 'officer' })).toMatchObject({ status: 200, body: { id } });
    await at.post('AuditEvent', { 'patient:identifier': nhsNumber, date: 'gt2020' }, 'officer');
    const rows = await at.trail.list({ type: ['administration'], user: { host: 'epr', id: 'user of R0001' } });
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows[0])).toContain('patient:identifier date');
    expect(await at.trail.list({ type: ['administration'], nhsNumber })).toHaveLength(1);
    const silent = await openGoverned(store, undefined, { record: () => Promise.reject(new Error('disk full')) });
    const refused = await silent.ask(`AuditEvent/${id}`, { token: 'officer' });
    expect(refused.status).toBe(500);
    expect(refused.text).not.toContain('Wren');
    await silent.close();
  });

  it('never with a person or user in an address', async () => {
    for (const query of [`patient:identifier=${nhsNumber}`, 'agent:identifier=epr|dr-1', 'entity:identifier=l1'])
      expect(await at.ask(`AuditEvent?${query}`, { token: 'officer' })).toMatchObject({ status: 400 });
    expect(await at.ask('AuditEvent?action=R', { token: 'officer' })).toMatchObject({ status: 200 });
  });

  it.each([{ unheard: 'x' }, { action: 'X' }, { 'agent:identifier': 'dr-1' }, { outcome: '9' }, { date: 'x' }])(
    'refuses what it does not know: %j',
    async (form) => {
      expect(await at.post('AuditEvent', form as Record<string, string>, 'officer')).toMatchObject({ status: 400 });
    },
  );

  it('is open to those who govern and to nobody else, and cannot be changed', async () => {
    for (const path of ['AuditEvent', 'AuditEvent/x']) {
      expect(await at.ask(path, { token: 'good' })).toMatchObject({ status: 403 });
      expect(await at.ask(path)).toMatchObject({ status: 403 });
    }
    expect(await at.ask('AuditEvent/none', { token: 'officer' })).toMatchObject({ status: 404 });
    for (const [method, path] of [
      ['POST', 'AuditEvent'],
      ['PUT', 'AuditEvent/x'],
      ['DELETE', 'AuditEvent/x'],
    ] as const)
      expect(await at.send(method, path, {})).toMatchObject({ status: 405 });
  });
});
