import { eq } from 'drizzle-orm';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oidcArtefact } from '../../store/schema.ts';
import { openServer, type Answer, type Server } from './testing.ts';

let server: Server;
let launched: Answer;
beforeAll(async () => {
  server = await openServer({ apps: [{ clientId: 'chart' }] });
  launched = await server.launched({}, { intent: 'summary-view', encounter: 'e1' });
});
afterAll(() => server.close());

const words = (scope: unknown): readonly string[] => String(scope).split(' ').sort();

describe('introspection of a token that is good', () => {
  it('says so, of which app, with which scope and until when (I-01) @271 @272 @273 @274 @275 @276', async () => {
    const before = Math.floor(Date.now() / 1000);
    const fresh = await server.launched();
    const { status, headers, body } = await server.introspected(fresh.body['access_token']);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toMatchObject({ active: true, client_id: server.clientId });
    expect(words(body['scope'])).toEqual(words(fresh.body['scope']));
    const exp = Number(body['exp']);
    expect(Number.isInteger(exp)).toBe(true);
    const issued = exp - Number(fresh.body['expires_in']);
    expect(issued).toBeGreaterThanOrEqual(before);
    expect(issued).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
  });

  it('repeats each launch context parameter that came with the token (I-02, I-03) @277', async () => {
    const { body } = await server.introspected(launched.body['access_token']);
    const context = [
      'patient',
      'encounter',
      'fhirContext',
      'need_patient_banner',
      'intent',
      'smart_style_url',
      'tenant',
    ];
    const came = context.filter((name) => name in launched.body);
    expect(came).toEqual(expect.arrayContaining(['patient', 'need_patient_banner', 'intent']));
    for (const name of came) expect(body[name], name).toEqual(launched.body[name]);
  });

  it('repeats who the user is, as the id_token has it (I-04) @278 @279 @280', async () => {
    const { body } = await server.introspected(launched.body['access_token']);
    const { iss, sub, fhirUser } = decodeJwt(String(launched.body['id_token']));
    expect([body['iss'], body['sub'], body['fhirUser']]).toEqual([iss, sub, fhirUser]);
  });

  it('says the same of a refreshed token (X-11)', async () => {
    const fresh = await server.launched({}, { intent: 'summary-view' });
    const { body } = await server.refreshed(fresh.body['refresh_token']);
    expect((await server.introspected(body['access_token'])).body).toMatchObject({
      active: true,
      patient: fresh.body['patient'],
      intent: 'summary-view',
    });
  });
});

describe('introspection of a token that is not', () => {
  it('says that alone (I-05) @271 @272', async () => {
    for (const token of ['invalid_token_value', 'x'.repeat(43), launched.body['id_token'] as string]) {
      const { status, body } = await server.introspected(token);
      if (token === launched.body['id_token'] && status === 400) continue;
      expect([status, body]).toEqual([200, { active: false }]);
    }
  });

  it('says no more of one that is revoked or has run out (I-06)', async () => {
    const revoked = await server.launched();
    await server.revoked(revoked.body['access_token']);
    const late = await server.launched({ scope: 'launch patient/Goal.rs' });
    for (const row of await server.db.select().from(oidcArtefact)) {
      const payload = row.payload as Record<string, unknown>;
      if (row.model === 'AccessToken' && String(payload['scope']).includes('Goal'))
        await server.db
          .update(oidcArtefact)
          .set({ payload: { ...payload, exp: 1 } })
          .where(eq(oidcArtefact.idHash, row.idHash));
    }
    for (const { body } of [revoked, late])
      expect((await server.introspected(body['access_token'])).body).toEqual({ active: false });
  });

  it('does not tell a public app of another app’s token', async () => {
    const other = await server.introspected(launched.body['access_token'], { client_id: 'chart' });
    expect(other.body['active']).not.toBe(true);
    expect(other.body).not.toHaveProperty('patient');
    expect((await server.introspected(launched.body['access_token'])).body['active']).toBe(true);
  });
});

describe('introspection without authentication (I-09)', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['none', {}, {}],
    ['an unknown client', { client_id: 'nobody' }, {}],
    ['a bearer token that is none', {}, { authorization: 'Bearer made-up' }],
    ['a secret that is none', {}, { authorization: `Basic ${Buffer.from('viewer:guess').toString('base64')}` }],
  ])('is refused with %s', async (_name, form, headers) => {
    const { status, body } = await server.introspected(launched.body['access_token'], form, headers);
    expect([400, 401]).toContain(status);
    expect(body).not.toHaveProperty('active');
  });
});
