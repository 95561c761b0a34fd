import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchGrant, launchHandle, profile, registrationTicket, signInSession } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { userHash } from '../keyed-hash.ts';
import { faultOf, openWayIn, type WayIn } from './testing.ts';

/** The claims of an end: what a context has beyond them is left out. */
const end = { event: 'end', name: undefined, role: undefined, organisation: undefined, patient: undefined };
const other = 'nurse-kowalczyk';

describe('a sign-out at the host', () => {
  let store: Store;
  let way: WayIn;
  const say = async (claims: Record<string, unknown> = {}): Promise<Response> =>
    way.post('/launch/end', { context: await way.sign({ ...end, ...claims }) });

  beforeAll(async () => {
    store = await openTestStore();
    way = await openWayIn({ store });
  });
  afterAll(async () => {
    await way.close();
    await store.close();
  });
  beforeEach(() => {
    way.trail.splice(0);
  });

  it('ends that user’s launches, all of them, and nobody else’s', async () => {
    const [first, second, others] = [await way.session(), await way.session(), await way.session({ sub: other })];
    const answer = await say();
    expect(answer.status).toBe(204);
    expect(await answer.text()).toBe('');
    for (const ended of [first, second]) {
      expect(await faultOf(way.verify(ended))).toBe('token-invalid');
      const refreshed = await way.token({
        grant_type: 'refresh_token',
        refresh_token: String(ended.body['refresh_token']),
      });
      expect(refreshed.body).toMatchObject({ error: 'invalid_grant' });
    }
    expect((await way.verify(others)).context.user.id).toBe(other);
  });

  it('is on the audit trail, with the host’s own name for the user', async () => {
    await say();
    expect(way.trail).toMatchObject([
      {
        type: 'authorization',
        action: 'D',
        outcome: 'success',
        user: { host: 'epr', id: 'dr-okafor' },
        organisation: { ods: 'RJE' },
        detail: { event: 'end' },
      },
    ]);
  });

  it('leaves an offline launch alone', async () => {
    const session = await way.session();
    await way.db.update(launchGrant).set({ offline: true });
    await say();
    expect((await way.verify(session)).context.user.id).toBe('dr-okafor');
    await way.db.delete(launchGrant);
  });

  it('ends what has not become a launch yet: a handle, the name-and-role page, a sign-in', async () => {
    const handle = await way.handle();
    const others = await way.handle({ sub: other });
    await way.db.delete(profile);
    const page = await (await way.launch()).text();
    const at = new Date(Date.now() + 60_000);
    const hash = userHash(way.idKey, 'epr', 'dr-okafor');
    await way.db
      .insert(signInSession)
      .values({ sessionHash: 's', userHash: hash, user: {}, idleAt: at, expiresAt: at });
    expect((await say()).status).toBe(204);
    expect((await way.authorize(handle)).to.get('error')).toBe('invalid_request');
    expect((await way.fillIn(page)).status).toBe(403);
    expect(await way.db.select().from(signInSession)).toEqual([]);
    const left = [await way.db.select().from(launchHandle), await way.db.select().from(registrationTicket)];
    expect(JSON.stringify(left)).toContain(other);
    expect(JSON.stringify(left)).not.toContain('dr-okafor');
    expect((await way.authorize(others)).to.get('code')).not.toBeNull();
  });

  it('needs nobody to be there', async () => {
    expect((await say({ sub: 'who-never-came' })).status).toBe(204);
  });

  it('works once', async () => {
    const context = await way.sign(end);
    expect((await way.post('/launch/end', { context })).status).toBe(204);
    const again = await way.post('/launch/end', { context });
    expect(again.status).toBe(403);
    expect(await again.json()).toEqual({
      error: 'context-replayed',
      error_description: expect.stringContaining('used before') as string,
    });
    expect(way.trail.at(-1)).toMatchObject({ outcome: 'refused', reason: 'context-replayed' });
  });

  it.each([
    ['a context that opens a record', { event: undefined }, 'context-malformed'],
    ['another event', { event: 'begin' }, 'context-malformed'],
    ['no user', { sub: undefined }, 'context-malformed'],
    ['another audience', { aud: 'https://elsewhere.example' }, 'context-audience'],
    ['an issuer that is not registered', { iss: 'https://other.example' }, 'context-issuer'],
    ['a time that is past', { iat: 1_700_000_000, exp: 1_700_000_100 }, 'context-expired'],
  ])('is refused with %s, and ends nothing', async (_name, claims, reason) => {
    const session = await way.session();
    way.trail.splice(0);
    const answer = await say(claims);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.json()).toMatchObject({ error: reason });
    expect(way.trail).toMatchObject([{ outcome: 'refused', reason }]);
    expect((await way.verify(session)).context.user.id).toBe('dr-okafor');
  });

  it('is refused where it is not signed by the host, or is nothing at all', async () => {
    const [header, , signature] = (await way.sign(end)).split('.');
    const forged = Buffer.from(JSON.stringify(way.claims({ ...end, sub: other }))).toString('base64url');
    const answer = await way.post('/launch/end', { context: [header, forged, signature].join('.') });
    expect(await answer.json()).toMatchObject({ error: 'context-signature' });
    expect((await way.post('/launch/end', {})).status).toBe(400);
  });

  it('opens no record, whatever else it says', async () => {
    const context = await way.sign({ event: 'end' });
    const answer = await way.post('/launch', { context });
    expect(answer.status).toBe(400);
    expect(way.trail).toMatchObject([{ reason: 'context-malformed' }]);
  });
});
