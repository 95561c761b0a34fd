import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userHash } from '../keyed-hash.ts';
import { launchGrant, oidcArtefact } from '../store/schema.ts';
import { appClient, codeFor } from './client.testing.ts';
import { artefactHash } from './launch-grant.ts';
import { faultOf, openWayIn, type WayIn } from './testing.ts';

let way: WayIn;
beforeAll(async () => {
  way = await openWayIn({
    change: (config) => ({
      ...config,
      clients: [...config.clients, appClient({ clientId: 'app' })],
      region: { ...config.region, idleLockMinutes: 10 },
    }),
  });
});
afterAll(() => way.close());

const scope = 'openid fhirUser launch patient/*.rs';
type Answer = Awaited<ReturnType<WayIn['ask']>>;
const launched = async (more: string, claims: Record<string, unknown> = {}): Promise<Answer> =>
  way.ask('/auth/token', {
    ...(await codeFor(way, 'app', { scope: `${scope} ${more}`.trim() }, claims)),
    client_id: 'app',
  });
const refresh = (answer: Answer, more: Record<string, string> = {}, server = '') =>
  way.ask(`${server}/auth/token`, {
    grant_type: 'refresh_token',
    client_id: 'app',
    refresh_token: String(answer.body['refresh_token']),
    ...more,
  });

async function expiryOf(answer: Answer): Promise<{ readonly secondsLeft: number; readonly payload: object }> {
  const idHash = artefactHash(way.idKey, 'RefreshToken', String(answer.body['refresh_token']));
  const [row] = await way.db.select().from(oidcArtefact).where(eq(oidcArtefact.idHash, idHash));
  const payload = row?.payload as { readonly iat: number; readonly exp: number };
  return { secondsLeft: payload.exp - payload.iat, payload };
}

/** As if this many seconds had passed since the launch began. */
async function age(answer: Answer, seconds: number): Promise<void> {
  const { launchId } = await way.verify(answer);
  const endsAt = new Date(Date.now() + (8 * 3600 - seconds) * 1000);
  await way.db.update(launchGrant).set({ expiresAt: endsAt }).where(eq(launchGrant.grantId, launchId));
}

describe('refresh', () => {
  it('is for who asked to go on, and was registered to', async () => {
    expect((await launched('')).body).not.toHaveProperty('refresh_token');
    expect((await launched('online_access')).body['scope']).toContain('online_access');
    // No `prompt=consent`, which OpenID would ask for and SMART does not.
    const offline = await launched('offline_access');
    expect(offline.body['scope']).toContain('offline_access');
    expect(typeof offline.body['refresh_token']).toBe('string');
  });

  it('says again all that was said with the first token @104 @109 @110 @111 @112 @113 @114 @118', async () => {
    const first = await launched('online_access', { encounter: 'e1', intent: 'summary' });
    const { access_token: _a, refresh_token: _r, id_token: _i, ...told } = first.body;
    const second = await refresh(first);
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject(told);
    const third = await refresh(second, { scope: String(first.body['scope']) });
    expect(third.body).toMatchObject(told);
    expect(third.headers.get('cache-control')).toContain('no-store');
    expect(third.headers.get('pragma')).toBe('no-cache');
  });

  it('stops when the user was idle, and never goes on after the shift @100', async () => {
    const first = await launched('online_access');
    expect((await expiryOf(first)).secondsLeft).toBe(600);
    await age(first, 8 * 3600 - 300);
    const late = await refresh(first);
    const { secondsLeft } = await expiryOf(late);
    expect(secondsLeft).toBeLessThanOrEqual(300);
    expect(secondsLeft).toBeGreaterThan(200);
    await age(late, 8 * 3600 - 100);
    expect(Number((await refresh(late)).body['expires_in'])).toBeLessThanOrEqual(100);
  });

  it('ends with the idle time @100', async () => {
    const first = await launched('online_access');
    const { payload } = await expiryOf(first);
    const idHash = artefactHash(way.idKey, 'RefreshToken', String(first.body['refresh_token']));
    await way.db
      .update(oidcArtefact)
      .set({ payload: { ...payload, exp: Math.floor(Date.now() / 1000) - 1 } })
      .where(eq(oidcArtefact.idHash, idHash));
    const answer = await refresh(first);
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
  });

  it('ends with the launch', async () => {
    const first = await launched('offline_access');
    const { launchId } = await way.verify(first);
    await way.db
      .update(launchGrant)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(launchGrant.grantId, launchId));
    expect((await refresh(first)).body['error']).toBe('invalid_grant');
    expect(await faultOf(way.verify(first))).toBe('token-invalid');
  });

  it('goes on for the shift without the user, where that was granted @101', async () => {
    const left = (await expiryOf(await launched('offline_access'))).secondsLeft;
    expect(left).toBeGreaterThan(8 * 3600 - 60);
    expect(left).toBeLessThanOrEqual(8 * 3600);
  });

  it('ends for a user who left, but for what goes on without them @100 @101 @365 @366', async () => {
    const online = await launched('online_access');
    const offline = await launched('offline_access');
    const another = await launched('online_access', { sub: 'nurse-bell' });
    await way.authorization.endLaunchesOfUser(userHash(way.idKey, 'epr', 'dr-okafor'));
    expect(await faultOf(way.verify(online))).toBe('token-invalid');
    expect((await refresh(online)).body['error']).toBe('invalid_grant');
    expect((await refresh(offline)).status).toBe(200);
    expect((await refresh(another)).status).toBe(200);
  });

  it('is nobody’s by chance, nor by a code or an access token', async () => {
    const first = await launched('online_access');
    for (const token of ['random', String(first.body['access_token'])]) {
      const answer = await refresh(first, { refresh_token: token });
      expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant']);
    }
  });
});

describe('a refresh token that comes twice', () => {
  it('ends the launch for whoever has it, however far the chain has come', async () => {
    const first = await launched('online_access');
    const second = await refresh(first);
    const third = await refresh(second);
    expect((await refresh(first)).body['error']).toBe('invalid_grant');
    for (const one of [second, third]) {
      expect(await faultOf(way.verify(one))).toBe('token-invalid');
      expect((await refresh(one)).body['error']).toBe('invalid_grant');
    }
  });

  it('is taken once where two servers are asked at once, and ends the launch', async () => {
    const first = await launched('online_access');
    const answers = await Promise.all([refresh(first), refresh(first, {}, '/second'), refresh(first)]);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const answer of answers.filter(({ status }) => status === 200)) {
      expect(await faultOf(way.verify(answer))).toBe('token-invalid');
      expect((await refresh(answer)).body['error']).toBe('invalid_grant');
    }
    expect(await faultOf(way.verify(first))).toBe('token-invalid');
  });

  it('goes on at the server that did not begin it', async () => {
    const code = await codeFor(way, 'app', { scope: `${scope} online_access` });
    const first = await way.ask('/second/auth/token', { ...code, client_id: 'app' });
    const second = await refresh(first);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await way.second.verify(`Bearer ${String(second.body['access_token'])}`)).toMatchObject({ clientId: 'app' });
  });
});
