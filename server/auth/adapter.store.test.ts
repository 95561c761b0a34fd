import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHandles } from '../launch/handle.ts';
import { oidcArtefact } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createAdapter } from './adapter.ts';
import { createLaunchGrants } from './launch-grant.ts';
import { createRequestWork } from './request-work.ts';

const idKey = randomBytes(32);
const context = {
  host: 'epr',
  user: { id: 'u', name: 'Dr Peter OKAFOR' },
  organisation: { ods: 'RJE', name: 'UHNM' },
  role: 'R8000',
  clientId: 'app',
};
let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** What one server has: nothing but the database and the key. */
function server() {
  const { db } = store;
  const work = createRequestWork(db);
  const handles = createHandles({ db, idKey });
  const grants = createLaunchGrants({ db, idKey, handles, work });
  const adapter = createAdapter({
    db,
    idKey,
    grants,
    work,
    grantPayload: ({ grantId }) => ({ jti: grantId }),
    client: async () => undefined,
  });
  return { handles, grants, work, adapter };
}

async function launched() {
  const [one, other] = [server(), server()];
  const { grantId } = await one.grants.begin(await one.handles.issue(context), 'app', () => ['online_access']);
  return { one, other, grantId };
}

it('ends the launch where a refresh token that nobody had used is taken at two servers', async () => {
  const { one, other, grantId } = await launched();
  const model = 'RefreshToken';
  await one.adapter(model).upsert('t', { jti: 't', grantId, clientId: 'app' }, 60);
  // Both have looked, and found it unused.
  const found = [await one.adapter(model).find('t'), await other.adapter(model).find('t')];
  expect(found.map((each) => each && 'consumed' in each)).toEqual([false, false]);
  await one.adapter(model).consume('t');
  await expect(other.adapter(model).consume('t')).rejects.toThrow('invalid_grant');
  expect(await one.grants.find(grantId)).toBeUndefined();
  expect(await store.db.select().from(oidcArtefact)).toEqual([]);
});

it('shows a code unused to one of many that look at several servers at once', async () => {
  const { one, other, grantId } = await launched();
  await one.adapter('AuthorizationCode').upsert('c', { jti: 'c', grantId, clientId: 'app' }, 60);
  const looks = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? one : other).adapter('AuthorizationCode').find('c'));
  const found = await Promise.all(looks);
  expect(found.filter((each) => each !== undefined && !('consumed' in each))).toHaveLength(1);
  expect(found.map((each) => each?.grantId)).toEqual(Array(8).fill(grantId));
});

it('gives the library no grant of a launch that has ended, and no token of it', async () => {
  const { one, other, grantId } = await launched();
  await one.adapter('AccessToken').upsert('a', { jti: 'a', grantId }, 60);
  expect(await other.adapter('Grant').find(grantId)).toEqual({ jti: grantId });
  await other.adapter('Grant').destroy(grantId);
  expect(await one.adapter('Grant').find(grantId)).toBeUndefined();
  expect(await one.adapter('AccessToken').find('a')).toBeUndefined();
});

it('asks for a grant once in a request, and anew in the next', async () => {
  const { one, other, grantId } = await launched();
  await one.work.during(async () => {
    const first = await one.grants.find(grantId);
    await other.grants.end([grantId]);
    expect(await one.grants.find(grantId)).toBe(first);
  });
  expect(await one.work.during(() => one.grants.find(grantId))).toBeUndefined();
});
