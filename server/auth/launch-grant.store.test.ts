import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { personHash } from '../keyed-hash.ts';
import type { LaunchContext } from '../launch/context.ts';
import { createHandles } from '../launch/handle.ts';
import { launchGrant } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createLaunchGrants } from './launch-grant.ts';
import { createRequestWork } from './request-work.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('a launch that ends ends what else is held for it, once', async () => {
  const idKey = randomBytes(32);
  const { db } = store;
  const handles = createHandles({ db, idKey });
  const ended: (string | undefined)[] = [];
  const grants = createLaunchGrants({
    db,
    idKey,
    handles,
    work: createRequestWork(db),
    onLaunchEnded: async ({ hostRecord }) => void ended.push(hostRecord?.tokens),
  });
  const begin = async (tokens: string): Promise<string> => {
    const context: LaunchContext = {
      host: 'epr',
      user: { id: 'u', name: 'U' },
      organisation: { ods: 'RJE', name: 'UHNM' },
      role: 'R8000',
      patient: { nhsNumber: '9990000018', birthDate: '1961-04-17' },
      hostRecord: { patientId: 'p', tokens },
      clientId: 'viewer',
    };
    return (await grants.begin(await handles.issue(context), 'viewer', () => [])).grantId;
  };
  const [first] = [await begin('a'), await begin('b'), await begin('c')];
  await grants.end([first]);
  await grants.end([first]);
  expect(ended).toEqual(['a']);
  await (
    await grants.endOf(personHash(idKey, '9990000018'), db)
  )();
  expect(new Set(ended)).toEqual(new Set(['a', 'b', 'c']));
  expect(ended).toHaveLength(3);
});

it('one of several that bring a handle at once begins a launch, and the others are told why not', async () => {
  const idKey = randomBytes(32);
  const { db } = store;
  await db.delete(launchGrant);
  const handles = createHandles({ db, idKey });
  const grants = createLaunchGrants({ db, idKey, handles, work: createRequestWork(db) });
  const handle = await handles.issue({
    host: 'epr',
    user: { id: 'u', name: 'U' },
    organisation: { ods: 'RJE', name: 'UHNM' },
    role: 'R8000',
    clientId: 'viewer',
  });
  const begun = await Promise.allSettled(
    Array.from({ length: 8 }, () => grants.begin(handle, 'viewer', () => ['online_access'])),
  );
  const refused = begun.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(refused).toHaveLength(7);
  for (const one of refused) expect(one).toMatchObject({ code: 'handle-unknown', detail: 'handle-used' });
  const kept = await db.select({ grantId: launchGrant.grantId }).from(launchGrant);
  const [launch] = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(kept).toEqual([{ grantId: launch?.grantId }]);
  expect(await grants.find(launch?.grantId ?? '')).toEqual(launch);
});
