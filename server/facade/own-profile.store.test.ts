import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWayIn, type WayIn } from '../auth/testing.ts';
import { practitionerId } from '../auth/token-context.ts';
import { house } from '../disclosure/house.testing.ts';
import { createProfiles } from '../launch/registration/profile.ts';
import { profile } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createFacade } from './facade.ts';

const gmc = 'https://fhir.hl7.org.uk/Id/gmc-number';
type Answer = { readonly status: number; readonly body: Record<string, unknown>; readonly text: string };

describe('a user’s own profile', () => {
  let store: Store;
  let way: WayIn;
  let own: string;
  let at: ReturnType<typeof house>;
  beforeAll(async () => {
    store = await openTestStore();
    way = await openWayIn({ store });
    at = house({});
    way.app.use(
      '/fhir',
      createFacade({
        house: { ...at, config: way.config, audit: way.audit },
        authorization: way.authorization,
        ownProfile: { profiles: createProfiles(way), correctUser: way.authorization.correctUser },
        baseUrl: way.base,
        patientIdOf: () => undefined,
        pageKey: Buffer.alloc(32),
        userId: (host, id) => practitionerId(way.idKey, { host, id }),
        appOrigins: new Set(),
      }),
    );
    own = practitionerId(way.idKey, { host: 'epr', id: 'dr-okafor' });
  });
  afterAll(async () => {
    await way.close();
    await store.close();
  });
  beforeEach(async () => {
    await way.db.delete(profile);
    way.trail.splice(0);
  });

  async function ask(
    session: { readonly body: Record<string, unknown> },
    body?: unknown,
    id = own,
    type = 'application/fhir+json',
  ): Promise<Answer> {
    const answer = await fetch(`${way.base}/fhir/Practitioner/${id}`, {
      method: body === undefined ? 'GET' : 'PUT',
      headers: { authorization: `Bearer ${String(session.body['access_token'])}`, 'content-type': type },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, body: JSON.parse(text) as Record<string, unknown> };
  }
  const practitioner = (more: Record<string, unknown> = {}) => ({
    resourceType: 'Practitioner',
    id: own,
    identifier: [{ system: gmc, value: '7654321' }],
    name: [{ text: 'Dr Peter OKAFOR' }],
    ...more,
  });

  it('can be read and sent back as it is', async () => {
    const session = await way.session();
    const read = await ask(session);
    expect(read.body).toMatchObject(practitioner());
    expect((await ask(session, read.body)).body).toEqual(read.body);
  });

  it('takes a corrected number, for this launch and the next, and says so on the audit trail', async () => {
    const session = await way.session();
    way.trail.splice(0);
    const answer = await ask(session, practitioner({ identifier: [{ system: gmc, value: '123 4567' }] }));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ identifier: [{ system: gmc, value: '1234567' }] });
    expect((await ask(session)).body).toEqual(answer.body);
    expect(way.trail).toMatchObject([{ type: 'registration', action: 'U', outcome: 'success' }]);
    const next = await way.session();
    expect((await way.verify(next)).context.user.registration).toEqual({ body: 'GMC', number: '1234567' });
    // What else the launch knows is as it was.
    expect((await way.verify(session)).context).toMatchObject({ role: 'R8000', patient: { nhsNumber: '9990000018' } });
  });

  it('keeps what the host asserts, in words that say whose it is', async () => {
    const session = await way.session({ registration: 'GMC 7654321' });
    for (const [change, words] of [
      [{ name: [{ text: 'Dr Somebody Else' }] }, 'Your name comes from Millbrook Clinical Desktop.'],
      [{ identifier: [{ system: gmc, value: '1234567' }] }, 'Your registration comes from Millbrook Clinical Desktop.'],
    ] as const) {
      const answer = await ask(session, practitioner(change));
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(words);
    }
    expect(way.trail.filter((entry) => entry.outcome === 'refused')).toHaveLength(2);
    expect((await ask(session)).body).toMatchObject(practitioner());
  });

  it.each([
    ['a number of the wrong form', { identifier: [{ system: gmc, value: '12' }] }, 422, /all 7 digits/],
    ['a body that is none of the role’s', { identifier: [{ system: 'https://x.example', value: '1' }] }, 422, /body/],
    ['no number, for a role that needs one', { identifier: [] }, 422, /needs a registration number/],
    ['two numbers', { identifier: [1, 2].map((n) => ({ system: gmc, value: `123456${n}` })) }, 400, /nothing else/],
    ['an empty name', { name: [{ text: ' ' }] }, 422, /Enter your name/],
    ['no name', { name: [] }, 400, /nothing else/],
    ['a role', { qualification: [{ code: { text: 'Consultant' } }] }, 400, /nothing else/],
    ['another id', { id: 'x' }, 400, /nothing else/],
    ['another type', { resourceType: 'Patient' }, 400, /nothing else/],
  ])('refuses %s, and changes nothing', async (_name, change, status, words) => {
    const session = await way.session();
    const answer = await ask(session, practitioner(change));
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(words);
    expect(answer.body['resourceType']).toBe('OperationOutcome');
    expect((await ask(session)).body).toMatchObject(practitioner());
  });

  it.each([
    ['no JSON', 'hello', 'application/fhir+json', 400],
    ['a form', 'name=x', 'application/x-www-form-urlencoded', 415],
    ['a body far too large', JSON.stringify({ x: 'y'.repeat(20_000) }), 'application/json', 413],
  ])('refuses %s', async (_name, body, type, status) => {
    const session = await way.session();
    expect((await ask(session, body, own, type)).status).toBe(status);
  });

  it('is corrected by nobody else, and not where the scope is missing', async () => {
    const session = await way.session({ sub: 'nurse-kowalczyk' });
    expect((await ask(session, practitioner())).status).toBe(404);
    const reader = await way.session({}, { scope: 'openid fhirUser launch patient/*.rs user/Practitioner.r' });
    expect((await ask(reader, practitioner())).status).toBe(403);
    expect((await ask({ body: { access_token: 'none' } }, practitioner())).status).toBe(401);
  });

  it('is not changed where that cannot be put on the audit trail', async () => {
    const session = await way.session();
    const { record } = way.audit;
    way.audit.record = () => Promise.reject(new Error('disk full'));
    const answer = await ask(session, practitioner({ identifier: [{ system: gmc, value: '1234567' }] }));
    way.audit.record = record;
    expect(answer.status).toBe(500);
    expect((await ask(session)).body).toMatchObject(practitioner());
  });
});
