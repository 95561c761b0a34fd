import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { objects } from '../../../src/fhir/json.ts';
import { ohc, system } from '../../../src/fhir/systems.ts';
import { auditEvent, objection, objectionEvent } from '../../store/schema.ts';
import type { Store } from '../../store/store.ts';
import { openTestStore } from '../../store/testing.ts';
import { entries, linkOf } from '../facade.testing.ts';
import { nhsNumber, openGoverned } from './governance.testing.ts';

const parts = (url: string, ...given: readonly object[]) => ({ url, extension: given });
const identity = parts(
  ohc.objectionIdentity,
  { url: 'birthDate', valueDate: '1961-04-17' },
  { url: 'name', valueString: 'Alex Ashby' },
);
const asking = parts(
  ohc.objectionRequest,
  { url: 'channel', valueCode: 'post' },
  { url: 'requester', valueCode: 'person' },
);
const patient = { identifier: { system: system.nhsNumber, value: nhsNumber }, extension: [identity] };
const received = { resourceType: 'Consent', status: 'proposed', patient, extension: [asking] };
const because = { url: ohc.objectionReason, valueString: 'Spoke with the person' };

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
  for (const table of [objectionEvent, objection, auditEvent]) await store.db.delete(table);
});

const raise = async (more: object = {}): Promise<string> => {
  const made = await at.send('POST', 'Consent', { ...received, ...more });
  expect(made.status).toBe(201);
  return String(made.body['id']);
};
const move = async (id: string, status: string, extension: readonly object[] = [because]) =>
  at.send('PUT', `Consent/${id}`, { resourceType: 'Consent', id, status, extension });

describe('an objection as a Consent', () => {
  it('is received, hides the person, and is read back', async () => {
    const made = await at.send('POST', 'Consent', received);
    expect(made.headers.get('location')).toBe(`http://localhost:9/fhir/Consent/${String(made.body['id'])}`);
    expect(await at.register.hides(nhsNumber)).toBe(true);
    const read = await at.ask(`Consent/${String(made.body['id'])}`, { token: 'guardian' });
    expect(read.body).toEqual(made.body);
    expect(read.body).toMatchObject({
      status: 'proposed',
      provision: { type: 'deny' },
      policyRule: { coding: [{ code: 'OPTOUT' }] },
      patient: { identifier: { value: nhsNumber }, extension: [identity] },
    });
  });

  it('goes along its lifecycle with reasons, by whoever the token names, and stands in both histories', async () => {
    const id = await raise({ status: 'draft' });
    for (const status of ['proposed', 'active', 'inactive'])
      expect(await move(id, status)).toMatchObject({ status: 200 });
    expect(await at.register.hides(nhsNumber)).toBe(false);
    const [one] = await at.register.list({ by: 'auditor' });
    expect(one?.history.map(({ action, by, reason }) => [action, by, reason])).toEqual([
      ['raise', 'Name of R0001 (user of R0001 at epr)', undefined],
      ...['submit', 'uphold', 'withdraw'].map((action) => [
        action,
        'Name of R0001 (user of R0001 at epr)',
        because.valueString,
      ]),
    ]);
    const events = await at.trail.list({ nhsNumber, user: { host: 'epr', id: 'user of R0001' }, action: ['C', 'U'] });
    expect(events).toHaveLength(4);
    expect(events[0]).toMatchObject({ agent: [{ role: [{ coding: [{ code: 'R0001' }] }] }, {}, {}, {}] });
  });

  it('takes back what was read, with the status changed and the reason beside it', async () => {
    const id = await raise();
    const { body } = await at.ask(`Consent/${id}`, { token: 'officer' });
    const back = { ...body, status: 'rejected', extension: [...objects(body['extension']), because] };
    expect(await at.send('PUT', `Consent/${id}`, back)).toMatchObject({ status: 200, body: { status: 'rejected' } });
  });

  it.each<[string, object, RegExp]>([
    ['another status', { status: 'active' }, /status/],
    ['a provision for some alone', { provision: { type: 'deny', actor: [{}] } }, /provision/],
    ['a provision that permits', { provision: { type: 'permit' } }, /provision/],
    ['a modifier', { modifierExtension: [{ url: 'x' }] }, /nothing else/],
    ['a date of its own', { dateTime: '2020-01-01' }, /nothing else/],
    ['no identity', { patient: { identifier: patient.identifier } }, /patient/],
    [
      'an identity in part',
      { patient: { ...patient, extension: [parts(ohc.objectionIdentity)] } },
      /birthDate and name/,
    ],
    ['no request', { extension: [identity] }, /channel/],
    ['another system', { patient: { ...patient, identifier: { system: 'x', value: nhsNumber } } }, /identifier/],
    [
      'somebody whom the demographics service does not know so',
      { patient: { ...patient, identifier: { ...patient.identifier, value: '9990000026' } } },
      /Check the full name/,
    ],
  ])('is not received with %s', async (_name, more, words) => {
    const refused = await at.send('POST', 'Consent', { ...received, ...more });
    expect([refused.status, refused.text]).toEqual([422, expect.stringMatching(words)]);
    expect(await store.db.select().from(objection)).toEqual([]);
  });

  it('is one at a time: a second is told so', async () => {
    await raise();
    expect(await at.send('POST', 'Consent', received)).toMatchObject({ status: 409 });
  });

  it.each<[string, number, object]>([
    ['back to what was received', 409, { status: 'proposed' }],
    ['to what no objection is', 409, { status: 'entered-in-error' }],
    ['without a reason', 422, { status: 'inactive', extension: [] }],
    ['for another person', 422, { status: 'inactive', patient: { ...patient, identifier: { value: '9990000026' } } }],
    [
      'with what it was asked for by changed',
      422,
      { status: 'inactive', extension: [asking, { ...because }, parts('x')] },
    ],
    ['as reviewed, where no review is due', 409, { status: 'active' }],
  ])('does not move %s', async (_name, status, more) => {
    const id = await raise();
    await move(id, 'active');
    const body = { resourceType: 'Consent', id, extension: [because], ...more };
    expect(await at.send('PUT', `Consent/${id}`, body)).toMatchObject({ status });
    expect(await at.register.list({ by: 'auditor' })).toMatchObject([{ status: 'active' }]);
  });

  it('is decided by one of two who decide at once, and the other is told', async () => {
    const id = await raise();
    const both = await Promise.all([move(id, 'active'), move(id, 'rejected')]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 409]));
  });

  it('that is not there is not found, read or changed', async () => {
    expect(await at.ask('Consent/none', { token: 'officer' })).toMatchObject({ status: 404 });
    expect(await move('none', 'active')).toMatchObject({ status: 404 });
  });

  it('cannot be deleted', async () => {
    const id = await raise();
    const refused = await at.send('DELETE', `Consent/${id}`, {});
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, OPTIONS']);
  });
});

describe('what somebody asks for another, and what is reversed', () => {
  const weighed = { url: ohc.objectionWeighed, valueString: 'Lasting power of attorney, seen' };
  const by = (requester: string) =>
    parts(ohc.objectionRequest, { url: 'channel', valueCode: 'post' }, { url: 'requester', valueCode: requester });

  it('is decided with what was weighed, which then stands in its history', async () => {
    const id = await raise({ extension: [by('representative')] });
    const decided = await move(id, 'active', [because, weighed]);
    expect(decided).toMatchObject({ status: 200, body: { status: 'active' } });
    const history = objects(decided.body['extension']).filter((one) => one['url'] === ohc.objectionHistory);
    expect(JSON.stringify(history.at(-1))).toContain('Lasting power of attorney');
    expect(await move(id, 'inactive', [because, weighed])).toMatchObject({ status: 422 });
  });

  it('says who decides', async () => {
    const made = await at.send('POST', 'Consent', received);
    expect(objects(made.body['extension'])).toContainEqual({ url: ohc.objectionRoute, valueCode: 'records-team' });
    expect(made.body['organization']).toBeUndefined();
  });

  it('is reversed for who says who they are, where the practice does not share', async () => {
    const id = await raise();
    const reversal = (name: string) =>
      parts(ohc.objectionReversal, { url: 'birthDate', valueDate: '1961-04-17' }, { url: 'name', valueString: name });
    for (const extension of [
      [because, parts(ohc.objectionReversal)],
      [because, reversal('Alex Ashb')],
    ])
      expect(await move(id, 'inactive', extension)).toMatchObject({ status: 422 });
    expect(await move(id, 'active', [because, reversal('Alex Ashby')])).toMatchObject({ status: 422 });
    expect(await move(id, 'inactive', [because, reversal('Alex Ashby')])).toMatchObject({ status: 200 });
    const [one] = await at.register.list({ by: 'auditor' }, { id });
    expect(one?.history.at(-1)).toMatchObject({ action: 'reverse' });
  });
});

describe('the register is searched', () => {
  const ids = async (form: Record<string, string>, token = 'officer'): Promise<readonly unknown[]> => {
    const answered = await at.post('Consent', form, token);
    expect(answered.status, answered.text).toBe(200);
    return entries(answered.body).map((one) => one['id']);
  };

  it('by person, status and date', async () => {
    const id = await raise();
    const today = new Date().toISOString().slice(0, 10);
    for (const form of [
      {},
      { 'patient:identifier': `${system.nhsNumber}|${nhsNumber}` },
      { 'patient:identifier': nhsNumber },
      { status: 'draft,proposed' },
      { date: `ge${today}` },
      { date: 'gt2020' },
      { 'review-due': 'false' },
      { route: 'records-team' },
      { _id: id },
    ])
      expect(await ids(form), JSON.stringify(form)).toEqual([id]);
    for (const form of [
      { 'patient:identifier': '9990000026' },
      { status: 'active' },
      { date: 'lt2020-01-01' },
      { date: '2020' },
      { 'review-due': 'true' },
      { route: 'practice' },
      { 'organization:identifier': `${system.odsOrganisation}|M83001` },
    ])
      expect(await ids(form), JSON.stringify(form)).toEqual([]);
  });

  it('never with a person in an address, neither in the question nor in the answer’s links', async () => {
    await raise();
    for (const ask of [
      at.ask(`Consent?patient:identifier=${nhsNumber}`, { token: 'officer' }),
      at.ask(`Consent/_search?patient:identifier=${nhsNumber}`, {
        token: 'officer',
        method: 'POST',
        body: new URLSearchParams({ status: 'active' }),
      }),
    ])
      expect(await ask).toMatchObject({ status: 400 });
    const { body } = await at.post('Consent', { 'patient:identifier': nhsNumber, status: 'proposed' }, 'officer');
    expect(linkOf(body, 'self')).toBe('Consent?status=proposed');
  });

  it.each([
    { unheard: 'x' },
    { status: 'open' },
    { 'patient:identifier': 'x' },
    { 'patient:identifier': `urn:x|${nhsNumber}` },
    { date: 'soon' },
    { 'review-due': 'perhaps' },
    { route: 'nowhere' },
    { 'organization:identifier': 'urn:x|M83001' },
  ])('and refuses what it does not know: %j', async (form) => {
    expect(await at.post('Consent', form as Record<string, string>, 'officer')).toMatchObject({ status: 400 });
  });

  it('a page at a time, by sealed links, each objection once', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const id = await raise();
      made.push(id);
      await move(id, 'rejected');
    }
    const seen: unknown[] = [];
    let answered = await at.post('Consent', { 'patient:identifier': nhsNumber, _count: '2' }, 'officer');
    for (;;) {
      seen.push(...entries(answered.body).map((one) => one['id']));
      expect(answered.body['total']).toBe(5);
      const next = linkOf(answered.body, 'next');
      if (next === undefined) break;
      expect(next).not.toContain(nhsNumber);
      expect(await at.ask(next, { token: 'guardian' })).toMatchObject({ status: 400 });
      answered = await at.ask(next, { token: 'officer' });
    }
    expect(seen).toEqual(made);
  });
});

describe('the register is open', () => {
  it('to read and search to a Caldicott Guardian, who cannot change it', async () => {
    const id = await raise();
    expect(await at.ask('Consent', { token: 'guardian' })).toMatchObject({ status: 200 });
    const body = { resourceType: 'Consent', id, status: 'active', extension: [because] };
    expect(await at.send('PUT', `Consent/${id}`, body, 'guardian')).toMatchObject({ status: 403 });
    expect(await at.send('POST', 'Consent', received, 'guardian')).toMatchObject({ status: 403 });
    expect(await at.trail.list({ outcome: ['refused'] })).toHaveLength(2);
  });

  it('to no clinician, whose Consents are those of the record', async () => {
    const id = await raise();
    expect(await at.send('POST', 'Consent', received, 'good')).toMatchObject({ status: 403 });
    const searched = await at.ask('Consent', { token: 'good' });
    expect([searched.status, entries(searched.body)]).toEqual([200, []]);
    expect(await at.ask(`Consent/${id}`, { token: 'good' })).toMatchObject({ status: 404 });
  });

  it('to no token that lacks the scope', async () => {
    expect(await at.ask('Consent', { token: 'narrow' })).toMatchObject({ status: 403 });
    expect(await at.send('POST', 'Consent', received, 'narrow')).toMatchObject({ status: 403 });
  });
});
