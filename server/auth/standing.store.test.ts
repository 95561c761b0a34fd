import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { oidcArtefact } from '../store/schema.ts';
import { openWayIn, type WayIn } from './testing.ts';

let way: WayIn;
beforeAll(async () => {
  way = await openWayIn();
});
afterAll(() => way.close());

it('gives no code where the launch cannot be written to the audit trail', async () => {
  const handle = await way.handle();
  const { record } = way.audit;
  onTestFinished(() => void Object.assign(way.audit, { record }));
  Object.assign(way.audit, { record: () => Promise.reject(new Error('the database is gone')) });
  const { status, to, answer } = await way.authorize(handle);
  expect(status).toBe(500);
  expect(answer.headers.get('location')).toBeNull();
  expect(to.get('code')).toBeNull();
  expect(await answer.text()).not.toContain('code=');
});

it('gives no token where it cannot be kept', async () => {
  const { to, verifier } = await way.authorize(await way.handle());
  const insert = way.db.insert.bind(way.db);
  onTestFinished(() => void Object.assign(way.db, { insert }));
  // What the request keeps is written at its end, and fails only then.
  const gone = { prepare: () => ({ execute: () => Promise.reject(new Error('the database is gone')) }) };
  const failing = { values: () => ({ onConflictDoUpdate: () => gone }) };
  Object.assign(way.db, {
    insert: (table: typeof oidcArtefact) => (table === oidcArtefact ? failing : insert(table)),
  });
  const { status, body } = await way.token({
    grant_type: 'authorization_code',
    code: to.get('code') ?? '',
    redirect_uri: way.redirectUri,
    code_verifier: verifier,
  });
  expect(status).toBe(500);
  expect(body).not.toHaveProperty('access_token');
});
