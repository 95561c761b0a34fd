import { afterEach, describe, expect, test } from 'vitest';
import { quantityPrecision } from '../../src/fhir/quantity-precision.ts';
import { ohc, sourceUri, system } from '../../src/fhir/systems.ts';
import {
  asker,
  capability,
  federationOf,
  gathered,
  ids,
  nhsSystem,
  patientOf,
  person,
  searchset,
  sourceOf,
  standIn,
  type Answering,
  type StandIn,
} from './stand-in.ts';
import type { Federation } from './answer.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function started(answer: Answering): Promise<StandIn> {
  const made = await standIn(answer);
  open.push(made);
  return made;
}

function federated(...given: Parameters<typeof federationOf>): Federation {
  const made = federationOf(...given);
  open.push(made);
  return made;
}

const condition = (id: string, patient: string): object => ({
  resourceType: 'Condition',
  id,
  meta: { lastUpdated: '2026-03-02T09:30:00Z' },
  code: { text: `Condition ${id}` },
  subject: { reference: `Patient/${patient}`, display: 'LOCALNAME' },
});

/** A trust that answers properly; `everything` makes the rest of its answer. */
const trust =
  (everything: Answering = () => searchset([patientOf('p1'), condition('c1', 'p1')])): Answering =>
  (request, response) => {
    if (request.path === '/fhir/metadata') return capability();
    if (request.path === '/fhir/Patient/_search') return searchset([patientOf('p1')]);
    return everything(request, response);
  };

describe('fhir-r4', () => {
  test('asks by form, never with the number in the URL, and answers with the facade’s ids and labels', async () => {
    const uhnm = await started(trust());
    const answer = (
      await gathered(federated([sourceOf({ id: 'uhnm', baseUrl: uhnm.url, name: 'North Midlands' })]))
    ).get('uhnm');
    expect(answer?.status).toBe('complete');
    expect(answer?.resources).toHaveLength(1);
    expect(answer?.resources[0]).toMatchObject({
      resourceType: 'Condition',
      id: ids.of('uhnm', 'Condition', 'c1'),
      meta: {
        source: sourceUri('uhnm'),
        lastUpdated: '2026-03-02T09:30:00Z',
        tag: [
          { system: system.odsOrganisation, code: 'RJE' },
          { system: ohc.sourceLabel, code: 'UHNM', display: 'North Midlands' },
        ],
      },
      subject: { reference: `Patient/${person.patient['id'] as string}` },
    });
    expect(JSON.stringify(answer)).not.toContain('LOCALNAME');
    expect(uhnm.asked.map((one) => one.split(' ')[1]).join()).not.toContain(person.nhsNumber);
    expect(uhnm.asked).toContainEqual(
      `POST /fhir/Patient/_search identifier=${encodeURIComponent(`${nhsSystem}|${person.nhsNumber}`)}`,
    );
  });

  test('searches each listed type where there is no $everything, and a type that fails is a gap', async () => {
    const source = await started(({ path, body }) => {
      if (path === '/fhir/metadata') return capability({ everything: false, types: ['Condition', 'Observation'] });
      if (path === '/fhir/Patient/_search') return searchset([patientOf('p1')]);
      if (path === '/fhir/Condition/_search' && body.includes('patient=Patient%2Fp1'))
        return searchset([condition('c1', 'p1')]);
      return [500, { resourceType: 'OperationOutcome' }];
    });
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('partial');
    expect(answer?.resources.map((one) => one.resourceType)).toEqual(['Condition']);
    expect(answer?.text).toBe('Answered in part: not everything arrived');
  });

  test('reads its capability once', async () => {
    const source = await started(trust());
    const federation = federated([sourceOf({ id: 'a', baseUrl: source.url })]);
    await gathered(federation);
    await gathered(federation);
    expect(source.asked.filter((one) => one.includes('metadata'))).toHaveLength(1);
  });

  test('follows pages on its own base URL, once each', async () => {
    let base = '';
    const source = await started(
      trust(({ path }) =>
        path.includes('page=2')
          ? searchset([condition('c2', 'p1')], `${base}?page=3`)
          : path.includes('page=3')
            ? searchset([condition('c3', 'p1')])
            : searchset([patientOf('p1'), condition('c1', 'p1')], `${base}?page=2`),
      ),
    );
    base = source.url;
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('complete');
    expect(answer?.resources).toHaveLength(3);
  });

  test.each([
    ['a circle', (base: string) => `${base}?page=1`],
    ['another host', () => 'http://127.0.0.2:1/fhir?page=1'],
    ['another path on its host', (base: string) => base.replace('/fhir', '/admin')],
    ['a path that only begins alike', (base: string) => `${base}-internal?page=1`],
    ['another scheme', () => 'file:///etc/passwd'],
    ['credentials in it', (base: string) => base.replace('http://', 'http://a:b@')],
  ])('a next link that leads to %s ends the paging, and what came is shown in part', async (_name, next) => {
    let base = '';
    let pages = 0;
    const source = await started(
      trust(() => {
        pages += 1;
        return searchset([patientOf('p1'), condition('c1', 'p1')], next(base));
      }),
    );
    base = source.url;
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('partial');
    expect(answer?.resources).toHaveLength(1);
    expect(pages).toBeLessThanOrEqual(2);
  });

  test('nobody found: no record; several, or another birth date: not shown, and not asked further', async () => {
    const of = async (
      found: readonly object[],
    ): Promise<[string | undefined, readonly string[] | undefined, string]> => {
      const source = await started(({ path }) => (path === '/fhir/metadata' ? capability() : searchset(found)));
      const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
      return [answer?.status, answer?.differsOn, source.asked.join()];
    };
    expect((await of([]))[0]).toBe('no-record');
    expect((await of([patientOf('p1'), patientOf('p2')]))[0]).toBe('identity-mismatch');
    const [status, differsOn, asked] = await of([patientOf('p1', { birthDate: '1961-04-18' })]);
    expect(status).toBe('identity-mismatch');
    expect(differsOn).toEqual(['birthDate']);
    expect(asked).not.toContain('everything');
    expect((await of([patientOf('p1', { link: [{ type: 'replaced-by' }] }), patientOf('p2')]))[0]).not.toBe(
      'identity-mismatch',
    );
  });

  /** A trust that finds `found`, can read `others` by id, and has one condition on each Patient. */
  const merged = async (found: readonly object[], others: readonly object[] = []): Promise<StandIn> =>
    started(({ path }) => {
      if (path === '/fhir/metadata') return capability();
      if (path === '/fhir/Patient/_search') return searchset(found);
      const [, id = '', operation] = /^\/fhir\/Patient\/([^/?]+)(\/\$everything)?/.exec(path) ?? [];
      if (id === 'gone') return [404, { resourceType: 'OperationOutcome' }];
      const one = [...found, ...others].find((patient) => (patient as { id: string }).id === id);
      if (operation === undefined) return one ?? [404, { resourceType: 'OperationOutcome' }];
      return searchset([one, condition(`of-${id}`, id)]);
    });
  const other = (type: string, id: string): object => ({ link: [{ type, other: { reference: `Patient/${id}` } }] });
  const told = async (source: StandIn): Promise<readonly unknown[]> => {
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    return [answer?.status, answer?.resources.map((one) => (one['code'] as { text: string }).text), answer?.differsOn];
  };

  test('two Patients that the source links as one person: the record of both', async () => {
    expect(await told(await merged([patientOf('p1', other('seealso', 'p2')), patientOf('p2')]))).toEqual([
      'complete',
      ['Condition of-p1', 'Condition of-p2'],
      [],
    ]);
  });

  test('a Patient merged into another is followed to it, once, and what was merged away whole is no gap', async () => {
    const old = patientOf('gone', other('replaced-by', 'new'));
    expect(await told(await merged([old], [patientOf('new')]))).toEqual(['complete', ['Condition of-new'], []]);
    expect(await told(await merged([old], [patientOf('new', { birthDate: '1999-01-01' })]))).toEqual([
      'identity-mismatch',
      [],
      ['birthDate'],
    ]);
    expect(await told(await merged([old], [patientOf('new', other('replaced-by', 'newer'))]))).toEqual([
      'identity-mismatch',
      [],
      [],
    ]);
  });

  test('a second Patient of the same number and birth date, whom nothing links: nothing is shown', async () => {
    const source = await started(trust(() => searchset([patientOf('p1'), patientOf('p2'), condition('c1', 'p1')])));
    expect(await told(source)).toEqual(['identity-mismatch', [], []]);
  });

  test('beside a Patient that is not active any more, the one in use is shown and said to be a part', async () => {
    expect(await told(await merged([patientOf('p1', { active: false }), patientOf('p2')]))).toEqual([
      'partial',
      ['Condition of-p2'],
      [],
    ]);
  });

  test('a search that says it found someone and gives nobody is no answer, rather than no record', async () => {
    const source = await started(({ path }) =>
      path === '/fhir/metadata' ? capability() : { resourceType: 'Bundle', type: 'searchset', total: 1 },
    );
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('unavailable');
  });

  test.each([
    ['2026-03-02T09:30:00Z', '2026-03-02T09:30:00.000Z'],
    ['2099-01-01T00:00:00Z', undefined],
  ])('data brought up to date on %s is as of %s: a date to come would hide how old it is (H3)', async (given, said) => {
    const source = await started(
      trust(() => ({ ...searchset([patientOf('p1'), condition('c1', 'p1')]), meta: { lastUpdated: given } })),
    );
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.dataAsOf).toBe(said);
  });

  test('all of another person’s record, under another id than was asked for: not shown', async () => {
    const other = { identifier: [{ system: nhsSystem, value: '9990000026' }], birthDate: '1950-05-05' };
    const source = await started(trust(() => searchset([patientOf('p2', other), condition('c2', 'p2')])));
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('identity-mismatch');
    expect(answer?.differsOn).toEqual(expect.arrayContaining(['birthDate', 'nhsNumber']));
    expect(answer?.resources).toEqual([]);
  });

  test('another person in the answer: theirs is dropped, the rest stands as a part', async () => {
    const source = await started(
      trust(() =>
        searchset([patientOf('p1'), condition('c1', 'p1'), patientOf('p2', { identifier: [] }), condition('c2', 'p2')]),
      ),
    );
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('partial');
    expect(JSON.stringify(answer?.resources)).not.toContain('Condition c2');
    expect(answer?.resources).toHaveLength(1);
  });

  test('an OperationOutcome among the entries makes it a part', async () => {
    const source = await started(
      trust(() =>
        searchset([
          patientOf('p1'),
          condition('c1', 'p1'),
          { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', diagnostics: 'OWNWORDS' }] },
        ]),
      ),
    );
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('partial');
    expect(JSON.stringify(answer)).not.toContain('OWNWORDS');
  });
});

describe('faults of one source', () => {
  test.each<[string, Answering, string]>([
    ['hangs before the headers', () => undefined, 'timeout'],
    [
      'hangs in the body',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/fhir+json' });
        response.write('{"resourceType":');
        return undefined;
      },
      'timeout',
    ],
    [
      'sends HTML',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>LOCALNAME</html>');
        return undefined;
      },
      'unavailable',
    ],
    [
      'sends half a JSON',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/fhir+json' }).end('{"resourceType":"Bundle","entry":[');
        return undefined;
      },
      'unavailable',
    ],
    [
      'sends invalid UTF-8',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
        return undefined;
      },
      'unavailable',
    ],
    [
      'resets the connection',
      (_request, response) => {
        response.socket?.resetAndDestroy();
        return undefined;
      },
      'unavailable',
    ],
    [
      'redirects',
      (_request, response) => {
        response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
        return undefined;
      },
      'unavailable',
    ],
    ['refuses us', () => [403, { resourceType: 'OperationOutcome' }], 'unavailable'],
    ['answers 200 with an OperationOutcome', () => ({ resourceType: 'OperationOutcome', issue: [] }), 'unavailable'],
    ['answers with a list', () => [200, [1, 2]], 'unavailable'],
  ])('one %s: its status is right and the other is whole', async (_name, everything, status) => {
    const [bad, good] = [await started(trust(everything)), await started(trust())];
    const answers = await gathered(
      federated([
        sourceOf({ id: 'bad', baseUrl: bad.url, deadlineMs: 400 }),
        sourceOf({ id: 'good', baseUrl: good.url }),
      ]),
    );
    expect(answers.get('bad')?.status).toBe(status);
    expect(answers.get('bad')?.resources).toEqual([]);
    expect(answers.get('good')?.status).toBe('complete');
    expect(JSON.stringify(answers.get('bad'))).not.toContain('LOCALNAME');
  });

  test('a dead source cannot be reached, and after five failures in a row is not asked', async () => {
    const source = await started((_request, response) => {
      response.socket?.resetAndDestroy();
      return undefined;
    });
    const federation = federated([sourceOf({ id: 'a', baseUrl: source.url })]);
    for (let i = 0; i < 6; i += 1) expect((await gathered(federation)).get('a')?.text).toBe('Cannot be reached');
    const before = source.asked.length;
    expect((await gathered(federation)).get('a')?.status).toBe('unavailable');
    expect(source.asked).toHaveLength(before);
  });

  test('the first to answer is yielded first, a slow one does not hold it up', async () => {
    const [slow, fast] = [await started(trust(() => undefined)), await started(trust())];
    const federation = federated([
      sourceOf({ id: 'slow', baseUrl: slow.url, deadlineMs: 700 }),
      sourceOf({ id: 'fast', baseUrl: fast.url }),
    ]);
    const order: string[] = [];
    for await (const answer of federation.gather(person, asker, 'viewer', new AbortController().signal))
      if (answer.source.kind !== 'pds') order.push(`${answer.source.id} ${answer.status}`);
    expect(order).toEqual(['fast complete', 'slow timeout']);
  });

  test('the region’s deadline ends all', async () => {
    const slow = await started(trust(() => undefined));
    const answers = await gathered(federated([sourceOf({ id: 'slow', baseUrl: slow.url, deadlineMs: 60_000 })], 500));
    expect(answers.get('slow')?.status).toBe('timeout');
  });

  test('whoever asked goes away: the request to the source is ended', async () => {
    let ended: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => (ended = resolve));
    const slow = await started(
      trust((_request, response) => {
        response.on('close', () => ended?.());
        return undefined;
      }),
    );
    const fast = await started(trust());
    const federation = federated(
      [sourceOf({ id: 'slow', baseUrl: slow.url, deadlineMs: 60_000 }), sourceOf({ id: 'fast', baseUrl: fast.url })],
      60_000,
    );
    for await (const _ of federation.gather(person, asker, 'viewer', new AbortController().signal)) {
      while (!slow.asked.some((one) => one.includes('everything'))) await new Promise((done) => setTimeout(done, 5));
      break;
    }
    await gone;
  });

  test('members named __proto__ and resources of a thousand levels harm nothing and leave a part', async () => {
    const source = await started(
      trust((_request, response) => {
        const deep = `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`;
        const body = JSON.stringify(searchset([patientOf('p1'), condition('c1', 'p1')])).replace(
          '"entry":[',
          `"entry":[{"resource":{"resourceType":"Basic","id":"d","subject":{"reference":"Patient/p1"},"x":${deep}}},{"resource":{"resourceType":"Basic","id":"e","__proto__":{"polluted":true},"\\u005f_proto__":{"polluted":true},"subject":{"reference":"Patient/p1"}}},`,
        );
        response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(body);
        return undefined;
      }),
    );
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    expect(answer?.status).toBe('partial');
    expect(answer?.resources.map((one) => one.resourceType)).toEqual(['Basic', 'Condition']);
    expect(JSON.stringify(answer?.resources)).not.toContain('polluted');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('the noughts at the end of a value come with it', async () => {
    const source = await started(
      trust((_request, response) => {
        const body = JSON.stringify(searchset([patientOf('p1'), condition('c1', 'p1')])).replace(
          '"entry":[',
          '"entry":[{"resource":{"resourceType":"Observation","id":"k","status":"final","subject":{"reference":"Patient/p1"},"valueQuantity":{"value":4.0,"unit":"mmol/L"}}},',
        );
        response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(body);
        return undefined;
      }),
    );
    const answer = (await gathered(federated([sourceOf({ id: 'a', baseUrl: source.url })]))).get('a');
    const observation = answer?.resources.find((one) => one.resourceType === 'Observation');
    expect(observation?.['valueQuantity']).toEqual({
      value: 4,
      _value: { extension: [{ url: quantityPrecision, valueInteger: 1 }] },
      unit: 'mmol/L',
    });
  });
});

describe('who is asked', () => {
  test('some of them alone, where only these are wanted', async () => {
    const source = await started(trust());
    const federation = federated([
      sourceOf({ id: 'wanted', baseUrl: source.url }),
      sourceOf({ id: 'other', baseUrl: source.url }),
    ]);
    const answered: string[] = [];
    const { signal } = new AbortController();
    for await (const one of federation.gather(person, asker, 'viewer', signal, undefined, new Set(['wanted'])))
      answered.push(one.source.id);
    expect(answered).toEqual(['wanted']);
  });

  test('a source for other apps, or that does not share, is not asked', async () => {
    const source = await started(trust());
    const federation = federated([
      sourceOf({ id: 'viewer-alone', baseUrl: source.url }),
      sourceOf({ id: 'named', baseUrl: source.url, apps: ['growth-chart'] }),
      sourceOf({ id: 'closed', baseUrl: source.url, sharing: false }),
    ]);
    const viewer = await gathered(federation);
    expect([...viewer].map(([id, one]) => [id, one.status])).toEqual(
      expect.arrayContaining([
        ['viewer-alone', 'complete'],
        ['named', 'not-permitted'],
        ['closed', 'not-sharing'],
      ]),
    );
    const app = await gathered(federation, person, 'growth-chart');
    expect(app.get('viewer-alone')?.status).toBe('not-permitted');
    expect(app.get('named')?.status).toBe('complete');
  });
});
