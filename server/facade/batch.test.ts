import { afterEach, describe, expect, it } from 'vitest';
import { isObject, object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { answer, clinician, house, session } from '../disclosure/house.testing.ts';
import { entries, openFacade, person, type Answer } from './facade.testing.ts';

type Facade = Awaited<ReturnType<typeof openFacade>>;
const opened: Facade[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
async function facade(...given: Parameters<typeof openFacade>): Promise<Facade> {
  const one = await openFacade(...given);
  opened.push(one);
  return one;
}
const gp = answer('gp', { practiceConsent: 'answered' });
const send = (at: Facade, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  at.ask('', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/fhir+json', ...headers },
  });
const batchOf = (...urls: readonly string[]): JsonObject => ({
  resourceType: 'Bundle',
  type: 'batch',
  entry: urls.map((url) => ({ request: { method: 'GET', url } })),
});
/** The status of each entry, as a number. */
const statuses = ({ body }: Answer): readonly number[] =>
  objects(body['entry']).map((entry) => Number.parseInt(text(object(entry['response'])?.['status']) ?? '', 10));

describe('a batch', () => {
  it('answers reads and searches in their order, each with a status of its own', async () => {
    const at = await facade(house({ answers: [gp] }), {
      good: { ...session, scopes: ['patient/*.rs', 'user/Practitioner.r'] },
    });
    const answered = await send(
      at,
      batchOf(
        `Patient/${person}`,
        'Condition?code=195967001',
        'Condition/gp',
        'Condition/none',
        'Condition?unheard=1',
        `http://localhost:9/fhir/Condition?patient=${person}`,
        'Patient/p-9999',
        'Practitioner/u-u1',
        'Slot',
        `Patient/${person}/$everything`,
        'Condition?_format=xml',
      ),
    );
    expect(answered.status).toBe(200);
    expect([answered.body['resourceType'], answered.body['type']]).toEqual(['Bundle', 'batch-response']);
    expect(statuses(answered)).toEqual([200, 200, 200, 404, 400, 200, 404, 200, 404, 404, 400]);
    const [patient, search, , none] = objects(answered.body['entry']);
    expect(patient?.['fullUrl']).toBe(`http://localhost:9/fhir/Patient/${person}`);
    expect(object(patient?.['resource'])).toMatchObject({ resourceType: 'Patient' });
    expect(entries(object(search?.['resource']) ?? {})).toHaveLength(1);
    expect(object(none?.['response'])?.['outcome']).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  it('gives to each entry the bytes that it would get by itself', async () => {
    const at = await facade(house({ answers: [gp, answer('acute', { status: 'timeout', resources: [] })] }));
    const urls = [
      `Patient/${person}`,
      'Condition',
      'Condition/gp',
      'Condition/none',
      'Patient/p-9999',
      'Condition?x=1',
    ];
    const together = objects((await send(at, batchOf(...urls))).body['entry']);
    for (const [place, url] of urls.entries()) {
      const alone = await at.ask(url);
      const entry = together[place];
      const body = alone.status === 200 ? entry?.['resource'] : object(entry?.['response'])?.['outcome'];
      expect(JSON.stringify(body)).toBe(alone.text);
    }
  });

  it('is refused entry by entry where the record is, the same to the byte for every cause', async () => {
    const seen = new Set<string>();
    for (const at of [house({ objected: true }), house({ demographics: { kind: 'unknown' } })]) {
      const answered = await send(await facade(at), batchOf(`Patient/${person}`, 'Condition', 'Condition/gp'));
      expect(statuses(answered)).toEqual([403, 403, 403]);
      for (const entry of objects(answered.body['entry'])) seen.add(JSON.stringify(entry));
      expect(at.audited.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
    }
    expect([...seen]).toHaveLength(1);
  });

  it('asks the gate and writes to the audit trail for each entry, and asks the sources once', async () => {
    const at = house({ answers: [gp] });
    await send(await facade(at), batchOf('Condition', 'Observation', 'Condition/gp'));
    const begun = at.audited
      .filter(({ reason }) => reason === 'begun')
      .map(({ detail }) => String(detail?.['request']));
    expect(begun.toSorted()).toEqual(['read Condition', 'search Condition', 'search Observation']);
    expect(at.asked).toEqual(['gp']);
  });

  it('gives nothing of an entry that cannot be audited', async () => {
    const broken = house({ answers: [gp], audit: () => Promise.reject(new Error('disk full')) });
    const answered = await send(await facade(broken), batchOf('Condition'));
    expect(statuses(answered)).toEqual([500]);
    expect(answered.text).not.toContain('195967001');
  });

  it('gives no type that the role does not include @130', async () => {
    const roles = [{ ...clinician, scopes: ['patient/Patient.rs', 'patient/Observation.rs'] }];
    const answered = await send(
      await facade(house({ answers: [gp], roles })),
      batchOf('Observation', 'Condition', 'Condition/gp'),
    );
    expect(statuses(answered)).toEqual([200, 403, 403]);
  });

  it('works on a few entries at once, and no more', async () => {
    const at = house({ answers: [gp] });
    let now = 0;
    let most = 0;
    const consentState = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((done) => setTimeout(done, 5));
      now -= 1;
      return { objected: false, lastConsent: undefined };
    };
    const urls = Array.from({ length: 50 }, () => 'Condition');
    const answered = await send(await facade({ ...at, consentState }), batchOf(...urls));
    expect(statuses(answered)).toEqual(urls.map(() => 200));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('passes over what is not known where the app asks for it', async () => {
    const at = await facade(house({ answers: [gp] }));
    const answered = await send(at, batchOf('Condition?unheard=1'), { prefer: 'handling=lenient' });
    expect(statuses(answered)).toEqual([200]);
    expect(answered.text).toContain('passed over: unheard');
  });

  it('of nothing answers nothing', async () => {
    const answered = await send(await facade(house({})), { resourceType: 'Bundle', type: 'batch' });
    expect([answered.status, answered.body['entry']]).toEqual([200, undefined]);
  });
});

describe('what is no batch of reads and searches', () => {
  it.each<[what: string, body: unknown, status: number, words: string]>([
    ['a transaction', { resourceType: 'Bundle', type: 'transaction', entry: [] }, 400, 'all or nothing'],
    ['another Bundle', { resourceType: 'Bundle', type: 'collection' }, 400, 'of type batch'],
    ['another resource', { resourceType: 'Patient' }, 400, 'of type batch'],
    ['no list of entries', { resourceType: 'Bundle', type: 'batch', entry: 'x' }, 400, 'cannot be read'],
    ['51 entries', batchOf(...Array.from({ length: 51 }, () => 'Condition')), 413, 'at most 50'],
  ])('%s is refused whole', async (_what, body, status, words) => {
    const at = house({ answers: [gp] });
    const answered = await send(await facade(at), body);
    expect(answered.status).toBe(status);
    expect(answered.text).toContain(words);
    expect(at.asked).toEqual([]);
  });

  it.each<[request: unknown, status: number]>([
    [{ method: 'POST', url: 'Condition' }, 405],
    [{ method: 'PUT', url: 'Condition/gp' }, 405],
    [{ method: 'DELETE', url: 'Condition/gp' }, 405],
    [{ method: 'HEAD', url: 'Condition/gp' }, 405],
    [{ method: 'GET' }, 400],
    [undefined, 400],
    [{ method: 'GET', url: 'http://elsewhere.example/fhir/Condition' }, 404],
    [{ method: 'GET', url: '/Condition' }, 404],
    [{ method: 'GET', url: 'metadata' }, 404],
    [{ method: 'GET', url: 'Condition/gp/_history/1' }, 404],
    [{ method: 'GET', url: 'constructor' }, 404],
  ])('an entry of %j is answered by its own status', async (request, status) => {
    const at = await facade(house({ answers: [gp] }));
    const entry = isObject(request)
      ? [{ request }, ...objects(batchOf('Condition')['entry'])]
      : [{}, ...objects(batchOf('Condition')['entry'])];
    expect(statuses(await send(at, { resourceType: 'Bundle', type: 'batch', entry }))).toEqual([status, 200]);
  });

  it('needs a token, and says what it takes', async () => {
    const at = await facade(house({ answers: [gp] }));
    expect((await at.ask('', { method: 'POST', body: '{}', token: 'old' })).status).toBe(401);
    expect((await at.ask('', { method: 'POST', body: '{}' })).status).toBe(415);
    expect((await send(at, batchOf('Condition'), { accept: 'application/fhir+xml' })).status).toBe(406);
  });
});
