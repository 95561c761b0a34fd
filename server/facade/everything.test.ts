import { afterEach, describe, expect, it } from 'vitest';
import { createZstdDecompress, createBrotliDecompress, createGunzip } from 'node:zlib';
import { get, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { idOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { answer, clinician, house, session } from '../disclosure/house.testing.ts';
import { entries, linkOf, openFacade, person } from './facade.testing.ts';

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

const about = { reference: `Patient/${person}` };
const of = (resourceType: string, id: string, more: Record<string, unknown> = {}): Resource => ({
  resourceType,
  id,
  subject: about,
  ...more,
});
const changed = (lastUpdated: string) => ({ meta: { lastUpdated } });
const record: readonly Resource[] = [
  of('Observation', 'old', { effectiveDateTime: '2019-05-01', ...changed('2019-05-02T10:00:00Z') }),
  of('Observation', 'new', { effectiveDateTime: '2026-03-02', ...changed('2026-03-02T12:00:00Z') }),
  of('Observation', 'undated'),
  of('Condition', 'ended', {
    onsetDateTime: '2010-01-01',
    abatementDateTime: '2012-01-01',
    clinicalStatus: coded('resolved'),
  }),
  of('Condition', 'going', { onsetDateTime: '2010-01-01', clinicalStatus: coded('active') }),
  of('AllergyIntolerance', 'allergy', { recordedDate: '2001-01-01' }),
  of('Encounter', 'stay', { status: 'finished', period: { start: '2025-12-30', end: '2026-01-02' } }),
  of('CarePlan', 'plan', { status: 'completed', period: { start: '2020-01-01' } }),
  { resourceType: 'Organization', id: 'trust', name: 'Trust' },
];
function coded(code: string) {
  return { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code }] };
}
const gp = answer('gp', { practiceConsent: 'answered', resources: record });
const late = answer('acute', { status: 'timeout', resources: [] });
const everything = `Patient/${person}/$everything`;
const all = ['p', ...record.map((one) => idOf(one) ?? '')];
const ids = (body: Parameters<typeof entries>[0], mode?: Parameters<typeof entries>[1]): readonly string[] =>
  entries(body, mode).map((one) => idOf(one) ?? '');
const lines = (text: string): readonly string[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      return isResource(parsed) ? (idOf(parsed) ?? parsed.resourceType) : '';
    });
const ndjson = { accept: 'application/fhir+ndjson' };

describe('a part of the whole record', () => {
  it.each<[string, readonly string[]]>([
    ['', all],
    ['_type=Observation', ['old', 'new', 'undated']],
    ['_type=Observation,Patient', ['p', 'old', 'new', 'undated']],
    ['_type=Encounter&_type=CarePlan', ['stay', 'plan']],
    ['_since=2026-01-01T00:00:00Z', all.filter((id) => id !== 'old')],
    ['_since=2019-05-02T10:00:00Z', all],
    ['start=2026-01-01', ['p', 'new', 'undated', 'going', 'allergy', 'stay', 'plan', 'trust']],
    ['end=2009-12-31', ['p', 'undated', 'allergy', 'trust']],
    ['start=2011&end=2011-06', ['p', 'undated', 'ended', 'going', 'allergy', 'trust']],
    ['start=2026-01-02&end=2026-01-02&_type=Encounter', ['stay']],
    ['start=2026-01-03&end=2026-01-04&_type=Encounter', []],
    ['_type=Observation&_since=2026-01-01T00:00:00Z&end=2020-01-01', ['undated']],
    ['_format=json&_pretty=true', all],
  ])('%s is %j, as a Bundle, as a stream and by POST', async (query, expected) => {
    const at = await facade(house({ answers: [gp, late] }));
    const path = query === '' ? everything : `${everything}?${query}`;
    const bundle = await at.ask(path);
    expect(bundle.status, bundle.text).toBe(200);
    expect(ids(bundle.body).toSorted()).toEqual(expected.toSorted());
    // How each source ended stands in it, whatever is asked for.
    expect(ids(bundle.body, 'outcome')).toEqual(['source-gp', 'source-acute', 'record']);
    if (query.includes('_format')) return;
    const streamed = lines((await at.ask(path, { headers: ndjson })).text);
    expect(streamed.toSorted()).toEqual([...expected, 'source-gp', 'source-acute', 'record'].toSorted());
    const parameter = [...new URLSearchParams(query)].map(([name, value]) => ({ name, valueString: value }));
    const posted = await at.ask(everything, {
      method: 'POST',
      body: JSON.stringify({ resourceType: 'Parameters', parameter }),
      headers: { 'content-type': 'application/fhir+json' },
    });
    expect(ids(posted.body).toSorted()).toEqual(expected.toSorted());
  });

  it('by POST without a body is all of it; a body that is no Parameters is refused', async () => {
    const at = await facade(house({ answers: [gp] }));
    expect(ids((await at.ask(everything, { method: 'POST' })).body)).toHaveLength(all.length);
    const post = (body: string, type = 'application/fhir+json') =>
      at.ask(everything, { method: 'POST', body, headers: { 'content-type': type } });
    expect((await post('{"resourceType":"Patient"}')).status).toBe(400);
    expect((await post('{')).status).toBe(400);
    expect((await post('{"resourceType":"Parameters","parameter":[{"name":"_type","valueCoding":{}}]}')).status).toBe(
      400,
    );
    expect((await post('_type=Observation', 'application/x-www-form-urlencoded')).status).toBe(415);
    const large = { resourceType: 'Parameters', parameter: [{ name: '_type', valueString: 'x'.repeat(20_000) }] };
    expect((await post(JSON.stringify(large))).status).toBe(413);
  });

  it.each(['unheard=1', '_elements=id', '_summary=true', '_include=Observation:subject', '_type=Claim', '_type='])(
    '%s is refused by its name, and with lenient handling passed over and named',
    async (parameter) => {
      const at = await facade(house({ answers: [gp] }));
      const name = parameter.replace('_type=Claim', 'Claim').split('=')[0] ?? '';
      const refused = await at.ask(`${everything}?${parameter}`);
      expect(refused.status).toBe(400);
      expect(refused.text).toContain(name);
      const headers = { prefer: 'handling=lenient' };
      const passed = await at.ask(`${everything}?${parameter}`, { headers });
      expect(passed.status).toBe(200);
      expect(JSON.stringify(entries(passed.body, 'outcome')[0])).toContain('passed over');
      const streamed = await at.ask(`${everything}?${parameter}`, { headers: { ...headers, ...ndjson } });
      expect(streamed.text.split('\n')[0]).toContain('passed over');
    },
  );

  it.each(['_since=soon', 'start=2026-02-30', 'end=', '_count=-1', '_count=x', '_format=xml'])(
    '%s cannot be read, lenient or not',
    async (parameter) => {
      const at = await facade(house({ answers: [gp] }));
      for (const prefer of ['handling=strict', 'handling=lenient'])
        expect((await at.ask(`${everything}?${parameter}`, { headers: { prefer } })).status).toBe(400);
    },
  );

  it('of a type that the role does not include is refused in words, since nothing would mean none (H2)', async () => {
    const roles = [{ ...clinician, scopes: ['patient/Patient.rs', 'patient/Observation.rs'] }];
    const at = house({ answers: [gp], roles });
    const one = await facade(at);
    const refused = await one.ask(`${everything}?_type=Observation,Condition`);
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('Your role does not include');
    expect(at.audited).toMatchObject([{ outcome: 'refused', reason: 'role' }]);
    expect(ids((await one.ask(`${everything}?_type=Observation`)).body)).toEqual(['old', 'new', 'undated']);
    expect(ids((await one.ask(`${everything}?start=2026-01-01`)).body)).toEqual(['p', 'new', 'undated']);
  });

  it('is asked of the sources anew, and its parameters are on the audit trail by name', async () => {
    const at = house({ answers: [gp] });
    const one = await facade(at);
    await one.ask(`${everything}?_type=Observation`);
    await one.ask(`${everything}?_type=Observation&_count=2`);
    await one.ask(`${everything}?_type=Observation&_count=2`);
    expect(at.asked).toEqual(['gp', 'gp', 'gp']);
    expect(at.audited[0]).toMatchObject({ detail: { request: '$everything', parameters: ['_type'] } });
    expect(at.audited.at(-1)).toMatchObject({
      detail: { sources: ['gp complete 3'], parameters: ['_type', '_count'] },
    });
  });
});

describe('pages of the whole record', () => {
  it('give each resource once, with the outcomes on each, and never an empty page behind a next', async () => {
    const at = house({ answers: [gp, late] });
    const one = await facade(at);
    for (const count of [1, 4, all.length, 500]) {
      const pages: (readonly string[])[] = [];
      for (let next: string | undefined = `${everything}?_count=${count}`; next !== undefined;) {
        const { status, body } = await one.ask(next);
        expect(status).toBe(200);
        expect(ids(body, 'outcome')).toEqual(['source-gp', 'source-acute', 'record']);
        pages.push(ids(body));
        next = linkOf(body, 'next');
      }
      expect(pages.every((page) => page.length > 0 && page.length <= count)).toBe(true);
      expect(pages.flat().toSorted()).toEqual(all.toSorted());
    }
    // Once for each first page; the pages behind it come from what that brought.
    expect(at.asked.filter((id) => id === 'gp')).toHaveLength(4);
  });

  it('have a total where no source is missing, and links that say nothing and open for this launch alone', async () => {
    const other = { ...session, launchId: 'launch-2' };
    const at = await facade(house({ answers: [gp] }), { good: session, other });
    const { body } = await at.ask(`${everything}?_count=2&_type=Observation`);
    expect(body['total']).toBe(3);
    expect(linkOf(body, 'self')).toBe(`${everything}?_count=2&_type=Observation`);
    const next = linkOf(body, 'next') ?? '';
    expect(next).toMatch(/^Patient\/p\/\$everything\?_page=[A-Za-z0-9_-]+$/);
    expect((await at.ask(next, { token: 'other' })).status).toBe(400);
    expect((await at.ask(`${next}&_type=Condition`)).status).toBe(400);
    expect((await at.ask(next.replace(everything, 'Observation'))).status).toBe(400);
    expect(ids((await at.ask(next)).body)).toEqual(['undated']);
  });

  it('are asked at the gate anew', async () => {
    let objected = false;
    const at = house({ answers: [gp] });
    const one = await facade({ ...at, consentState: async () => ({ objected, lastConsent: undefined }) });
    const next = linkOf((await one.ask(`${everything}?_count=2`)).body, 'next') ?? '';
    objected = true;
    const refused = await one.ask(next);
    expect([refused.status, refused.text]).toEqual([403, (await one.ask('Observation')).text]);
  });

  it('are none of a stream', async () => {
    const at = await facade(house({ answers: [gp] }));
    const refused = await at.ask(`${everything}?_count=2`, { headers: ndjson });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('A stream has no pages');
    const headers = { ...ndjson, prefer: 'handling=lenient' };
    expect(lines((await at.ask(`${everything}?_count=2`, { headers })).text)).toHaveLength(all.length + 3);
  });
});

describe('the stream', () => {
  const decoders = { zstd: createZstdDecompress, br: createBrotliDecompress, gzip: createGunzip } as const;

  it.each(['zstd', 'br', 'gzip', 'identity'] as const)(
    'in %s: the first organisation can be read while another is still asked',
    async (coding) => {
      let goOn = (): void => undefined;
      const read = new Promise<void>((done) => {
        goOn = done;
      });
      const at = house({});
      const slow = {
        ...at,
        federation: {
          ...at.federation,
          async *gather() {
            yield gp;
            await read;
            yield answer('acute');
          },
        },
      };
      const one = await facade(slow);
      const response = await new Promise<IncomingMessage>((done, fail) => {
        const headers = { ...ndjson, authorization: 'Bearer good', 'accept-encoding': coding };
        get(`${one.base}/${everything}`, { headers }, done).on('error', fail);
      });
      expect(response.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
      const decoded: Readable = coding === 'identity' ? response : response.pipe(decoders[coding]());
      let text = '';
      for await (const piece of decoded) {
        text += String(piece);
        // Were its ending held back, the other source would never answer and this would never end.
        if (text.includes('"source-gp"')) goOn();
      }
      expect(lines(text).slice(-3)).toEqual(['acute', 'source-acute', 'record']);
    },
  );
});

describe('some of the sources alone', () => {
  const yes = { answer: 'yes' as const, practice: 'M83001', answeredAt: new Date() };
  const whole = answer('acute', { resources: [of('Observation', 'back')] });
  const some = `${everything}?_source=acute`;

  it('asks them and nobody else, and never says that this is the whole record', async () => {
    const at = house({ answers: [gp, whole], last: yes });
    const { ask } = await facade(at);
    const { text } = await ask(some, { headers: ndjson });
    expect(lines(text)).toEqual(['p', 'back', 'source-acute', 'record']);
    expect(text).toContain('"code":"partial"');
    expect(at.asked).toEqual(['acute']);
    expect(at.audited[0]).toMatchObject({ outcome: 'success', detail: { parameters: ['_source'] } });
  });

  it('asks the practice besides where its yes is not fresh: nothing leaves before it is heard', async () => {
    const at = house({ answers: [whole, gp], last: { ...yes, answeredAt: new Date(Date.now() - 25 * 3_600_000) } });
    const { ask } = await facade(at);
    expect((await ask(some)).status).toBe(200);
    expect(at.asked).toEqual(['acute', 'gp']);
  });

  it('holds nothing of it for searches: a few sources are not the record', async () => {
    const at = house({ answers: [gp, whole], last: yes });
    const { ask } = await facade(at);
    await ask('Observation');
    await ask(some);
    expect(ids((await ask('Observation')).body)).toEqual(expect.arrayContaining(['back', 'new', 'old', 'undated']));
  });

  it.each([
    ['_source=nobody', /cannot be nobody/],
    ['_source=', /_source cannot be/],
    ['_source=acute&_count=5', /no pages/],
  ])('%s is refused, under lenient handling too', async (query, words) => {
    const at = house({ answers: [gp, whole], last: yes });
    const { ask } = await facade(at);
    for (const headers of [{}, { prefer: 'handling=lenient' }]) {
      const refused = await ask(`${everything}?${query}`, { headers });
      expect(refused.status).toBe(400);
      expect(refused.text).toMatch(words);
    }
    expect(at.asked).toEqual([]);
  });

  it('is refused where the record is', async () => {
    const { ask } = await facade(house({ answers: [whole], last: yes, objected: true }));
    expect((await ask(some)).status).toBe(403);
  });
});
