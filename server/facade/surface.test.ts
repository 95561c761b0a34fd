import { afterEach, describe, expect, it } from 'vitest';
import { answer, dissent, house, session } from '../disclosure/house.testing.ts';
import { openFacade, person } from './facade.testing.ts';
import { methodsAt } from './method.ts';

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
const good = { ...session, scopes: ['patient/*.rs', 'user/Practitioner.r'] };
const paths = [
  'metadata',
  '.well-known/smart-configuration',
  `Patient/${person}`,
  `Patient/${person}/$everything`,
  'Condition',
  'Condition/gp',
  'Condition/_search',
  'Practitioner/u-u1',
  '',
  'Slot',
  'Condition/gp/_history',
  'Binary/x',
  'Binary',
];

describe('methods', () => {
  it.each(paths)('%j answers those that Allow names, and 405 with Allow to any other', async (path) => {
    const at = await facade(house({ answers: [gp] }), { good });
    const options = await at.ask(path, { method: 'OPTIONS', headers: { origin: 'http://app.example' } });
    expect(options.status).toBe(204);
    const allowed = options.headers.get('allow')?.split(', ') ?? [];
    expect(allowed).toEqual(methodsAt(`/${path}`));
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status, headers, text } = await at.ask(path, { method });
      if (allowed.length === 0) expect([method, status]).toEqual([method, 404]);
      else if (allowed.includes(method)) expect([method, status]).not.toEqual([method, 405]);
      else {
        expect([method, status]).toEqual([method, 405]);
        expect(headers.get('allow')).toBe(allowed.join(', '));
        if (method !== 'HEAD') expect(text).toContain('OperationOutcome');
      }
    }
  });

  it('what an app may send from a browser is said to registered apps alone', async () => {
    const at = await facade(house({}));
    const ask = (origin: string) => at.ask('Condition', { method: 'OPTIONS', headers: { origin } });
    const ours = await ask('http://app.example');
    expect(ours.headers.get('access-control-allow-origin')).toBe('http://app.example');
    expect(ours.headers.get('access-control-allow-headers')).toBe('authorization, accept, content-type, prefer, range');
    expect((await ask('http://elsewhere.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('HEAD', () => {
  const asked = [`Patient/${person}`, `Patient/${person}/$everything`, 'Condition', 'Condition/gp', 'Condition/none'];

  it.each(asked)(
    'of %s has the status and the headers of GET, no body, and is a look on the audit trail',
    async (path) => {
      const told = async (method: string) => {
        const at = house({ answers: [gp] });
        const { status, headers, text } = await (await facade(at)).ask(path, { method });
        const compared = [...headers].filter(
          ([name]) => !['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name),
        );
        return { status, compared, text, audited: at.audited };
      };
      const [head, whole] = [await told('HEAD'), await told('GET')];
      expect([head.status, head.compared, head.audited]).toEqual([whole.status, whole.compared, whole.audited]);
      expect(head.text).toBe('');
      expect(whole.text).not.toBe('');
      expect(head.audited.length).toBeGreaterThan(0);
    },
  );

  it('of a stream has its headers', async () => {
    const headers = { accept: 'application/fhir+ndjson', 'accept-encoding': 'gzip' };
    const at = await facade(house({ answers: [gp] }));
    const head = await at.ask(`Patient/${person}/$everything`, { method: 'HEAD', headers });
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers.get('content-type')).toBe('application/fhir+ndjson; charset=utf-8');
    expect(head.headers.get('content-encoding')).toBe('gzip');
  });

  it('of a record that is refused tells as little as GET', async () => {
    const refusals = [house({ objected: true }), house({ demographics: { kind: 'unknown' } })];
    const dissenting = house({ answers: [{ ...gp, resources: [dissent('2024-01-01')] }] });
    const seen = new Set<string>();
    for (const at of [...refusals, dissenting])
      for (const path of asked) {
        const { status, headers } = await (await facade(at)).ask(path, { method: 'HEAD' });
        seen.add(`${status} ${headers.get('content-length')} ${headers.get('content-type')}`);
      }
    expect([...seen]).toHaveLength(1);
  });
});

describe('formats', () => {
  it.each<[accept: string, status: number]>([
    ['*/*', 200],
    ['application/*', 200],
    ['application/json', 200],
    ['application/fhir+json', 200],
    ['application/fhir+json; fhirVersion=4.0', 200],
    ['application/fhir+json; charset=utf-8; q=0.9, text/html', 200],
    ['text/html, application/xhtml+xml, */*;q=0.8', 200],
    ['application/fhir+json; fhirVersion=3.0', 406],
    ['application/fhir+xml', 406],
    ['text/html', 406],
    ['application/fhir+ndjson', 406],
    ['application/fhir+json;q=0', 406],
  ])('Accept: %s is %i', async (accept, status) => {
    const at = await facade(house({ answers: [gp] }));
    for (const path of ['metadata', `Patient/${person}`, 'Condition', 'Condition/gp']) {
      const answered = await at.ask(path, { headers: { accept } });
      expect(answered.status).toBe(status);
      expect(answered.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    }
  });

  it.each<[accept: string | undefined, query: string, type: string]>([
    ['application/fhir+ndjson', '', 'application/fhir+ndjson'],
    ['application/fhir+json;q=0.5, application/fhir+ndjson', '', 'application/fhir+ndjson'],
    ['application/fhir+ndjson, application/fhir+json', '', 'application/fhir+ndjson'],
    ['application/fhir+json, application/fhir+ndjson', '', 'application/fhir+json'],
    ['*/*', '', 'application/fhir+json'],
    ['application/fhir+json', '?_format=ndjson', 'application/fhir+ndjson'],
    ['application/fhir+xml', '?_format=json', 'application/fhir+json'],
  ])('of the whole record for Accept: %s and %j is %s', async (accept, query, type) => {
    const at = await facade(house({ answers: [gp] }));
    const headers = accept === undefined ? {} : { accept };
    const answered = await at.ask(`Patient/${person}/$everything${query}`, { headers });
    expect(answered.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  });

  it('a read takes _format and _pretty, and refuses any other parameter by its name unless lenient', async () => {
    const at = await facade(house({ answers: [gp] }), { good });
    for (const path of ['Condition/gp', `Patient/${person}`, 'Practitioner/u-u1']) {
      expect((await at.ask(`${path}?_format=json&_pretty=false`)).status).toBe(200);
      for (const parameter of ['_elements=id', '_summary=true', 'unheard=1']) {
        const refused = await at.ask(`${path}?${parameter}`);
        expect(refused.status).toBe(400);
        expect(refused.text).toContain(parameter.split('=')[0]);
        const headers = { prefer: 'handling=lenient' };
        expect((await at.ask(`${path}?${parameter}`, { headers })).status).toBe(200);
      }
    }
  });
});
