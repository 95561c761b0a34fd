import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, objects, texts } from '../../../src/fhir/json.ts';
import { openServer, type Answer, type Server } from './testing.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const category = 'http://terminology.hl7.org/CodeSystem/observation-category';

/** The resources of a Bundle that were asked for. */
const resourcesIn = ({ body }: Answer) =>
  objects(body['entry'])
    .map((entry) => object(entry['resource']) ?? {})
    .filter((resource) => resource['resourceType'] !== 'OperationOutcome');
const idsIn = (answer: Answer): readonly string[] =>
  resourcesIn(answer)
    .map((one) => String(one['id']))
    .sort();
const search = (path: string, { body }: Answer): Promise<Answer> => server.fhir(path, body['access_token']);

describe('offline access (F-08)', () => {
  it('is claimed, granted where it is asked for, and goes on by refreshing (F-01) @101 @365', async () => {
    expect(texts((await server.discovered()).body['capabilities'])).toContain('permission-offline');
    const { body } = await server.launched({ scope: 'launch offline_access patient/*.rs' });
    expect(String(body['scope']).split(' ')).toContain('offline_access');
    const renewed = await server.refreshed(body['refresh_token']);
    expect([renewed.status, renewed.body['patient']]).toEqual([200, body['patient']]);
    expect(String(renewed.body['scope']).split(' ')).toContain('offline_access');
  });
});

describe('a scope with a query (P-10)', () => {
  it.each([`${category}|laboratory`, 'laboratory'])(
    'for the category %s is granted as it is, and lets that through alone (T-12) @370',
    async (value) => {
      const scope = `patient/Observation.rs?category=${value}`;
      const launched = await server.launched({ scope: `launch patient/Patient.rs ${scope}` });
      expect(String(launched.body['scope']).split(' ')).toContain(scope);
      const patient = String(launched.body['patient']);
      for (const path of [`Patient/${patient}/$everything`, `Observation?patient=${patient}`, 'Observation'])
        expect(
          resourcesIn(await search(path, launched))
            .filter((one) => one['resourceType'] === 'Observation')
            .map((one) => one['id']),
          path,
        ).toEqual(['potassium']);
      expect((await search('Observation/potassium', launched)).status).toBe(200);
      expect([403, 404]).toContain((await search('Observation/pressure', launched)).status);
    },
  );

  it('adds up with another of its type', async () => {
    const scopes = ['laboratory', 'vital-signs'].map((value) => `patient/Observation.rs?category=${category}|${value}`);
    const launched = await server.launched({ scope: ['launch', ...scopes].join(' ') });
    expect(idsIn(await search('Observation', launched))).toEqual(['potassium', 'pressure']);
  });

  it.each([
    'patient/Observation.rs?no-such-parameter=1',
    'patient/*.rs?category=laboratory',
    'patient/Condition.rs?_has=x',
  ])('that cannot be held to is not granted, and never without its query: %s (P-11)', async (scope) => {
    const { body } = await server.launched({ scope: `launch patient/Patient.rs ${scope}` });
    expect(body['scope']).toBe('launch patient/Patient.rs');
  });
});

describe('search', () => {
  it('gives the types that were granted and no other (N-15) @95 @266', async () => {
    const launched = await server.launched({ scope: 'launch patient/Patient.rs patient/Observation.rs' });
    expect(idsIn(await search('Observation', launched))).toEqual(['potassium', 'pressure']);
    for (const path of ['Condition', 'AllergyIntolerance', 'Condition/asthma'])
      expect([401, 403], path).toContain((await search(path, launched)).status);
  });

  it('needs s, and read needs r (P-14)', async () => {
    const reads = await server.launched({ scope: 'launch patient/Observation.r' });
    expect((await search('Observation', reads)).status).toBe(403);
    expect((await search('Observation/potassium', reads)).status).toBe(200);
    const searches = await server.launched({ scope: 'launch patient/Observation.s' });
    expect((await search('Observation', searches)).status).toBe(200);
    expect((await search('Observation/potassium', searches)).status).toBe(403);
  });

  it('never leads to another person, however it is asked (P-05) @136', async () => {
    const launched = await server.launched();
    const other = server.patientId('9990000042');
    for (const path of [
      `Observation?patient=${other}`,
      `Observation?subject=Patient/${other}`,
      `Observation?patient=${String(launched.body['patient'])},${other}`,
      `Patient?_id=${other}`,
      'Patient?birthdate=1970-01-02',
      `Condition?patient=${other}&_include=Condition:subject`,
      `Patient?_revinclude=Observation:subject&_id=${other}`,
    ]) {
      const { status, body } = await search(path, launched);
      const text = JSON.stringify(body);
      expect(text, path).not.toContain('1970-01-02');
      if (status === 200) expect(text.replaceAll(/"(self|url)":"[^"]*"/g, ''), path).not.toContain(`Patient/${other}"`);
      else expect([400, 403, 404], path).toContain(status);
    }
    const posted = await fetch(`${server.base}/fhir/Observation/_search`, {
      method: 'POST',
      headers: { authorization: `Bearer ${String(launched.body['access_token'])}` },
      body: new URLSearchParams({ patient: other }),
    });
    if (posted.status === 200)
      expect(
        objects(((await posted.json()) as Record<string, unknown>)['entry']).filter(
          (entry) => object(entry['resource'])?.['resourceType'] !== 'OperationOutcome',
        ),
      ).toEqual([]);
    else expect([400, 403, 404]).toContain(posted.status);
  });
});
