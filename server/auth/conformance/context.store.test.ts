import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServer, type Server } from './testing.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const id = /^[A-Za-z0-9\-.]{1,64}$/;

describe('the patient of a launch', () => {
  it('is a bare id that the token reads as that Patient (X-01) @149 @164 @168 @169 @170 @361', async () => {
    const { body } = await server.launched({ scope: 'launch/patient patient/*.rs launch' });
    expect(body['patient']).toMatch(id);
    const read = await server.fhir(`Patient/${String(body['patient'])}`, body['access_token']);
    expect([read.status, read.body['resourceType'], read.body['id']]).toEqual([200, 'Patient', body['patient']]);
  });

  it('is there with any scope on the person (X-01) @164', async () => {
    for (const scope of ['launch patient/Condition.r', 'launch patient/*.read', 'launch patient/Goal.s'])
      expect((await server.launched({ scope })).body['patient'], scope).toMatch(id);
  });

  it('is told to no role that looks at nobody', async () => {
    const { body } = await server.launched({}, { sub: 'officer', role: 'R0001' });
    expect(body).not.toHaveProperty('patient');
    expect(String(body['scope'])).not.toContain('patient/');
  });
});

describe('whether a banner is needed', () => {
  it('is true or false, by what the host shows (X-07) @173 @359', async () => {
    expect((await server.launched()).body['need_patient_banner']).toBe(false);
    const bare = await openServer({ host: { showsBanner: false } });
    expect((await bare.launched()).body['need_patient_banner']).toBe(true);
    await bare.close();
  });
});

describe('the intent of a launch', () => {
  it('is the text that the host gave, and absent where it gave none (X-09) @174', async () => {
    expect((await server.launched({}, { intent: 'order-review' })).body['intent']).toBe('order-review');
    expect((await server.launched()).body).not.toHaveProperty('intent');
  });
});

describe('what else is told', () => {
  it('stands under names that are SMART’s, or begin with __ @217', async () => {
    const { body } = await server.launched({}, { intent: 'order-review', encounter: 'e1' });
    const known = [
      'access_token',
      'token_type',
      'expires_in',
      'scope',
      'id_token',
      'refresh_token',
      'patient',
      'encounter',
      'fhirContext',
      'need_patient_banner',
      'intent',
      'smart_style_url',
      'tenant',
    ];
    for (const name of Object.keys(body)) expect(known.includes(name) || name.startsWith('__'), name).toBe(true);
  });

  it('has no style and no tenant where the host has none', async () => {
    const { body } = await server.launched();
    for (const name of ['smart_style_url', 'tenant', 'fhirContext']) expect(body).not.toHaveProperty(name);
  });

  it('holds no NHS number and no name of the person', async () => {
    const text = JSON.stringify((await server.launched()).body);
    for (const secret of ['9990000018', 'Ashby']) expect(text).not.toContain(secret);
  });
});
