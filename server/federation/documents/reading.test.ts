import { afterEach, describe, expect, test } from 'vitest';
import { object, objects } from '../../../src/fhir/json.ts';
import {
  asker,
  capability,
  federationOf,
  gathered,
  ids,
  patientOf,
  reading,
  searchset,
  sourceOf,
  standIn,
  verdictsInMemory,
} from '../stand-in.ts';
import type { Answering } from '../stand-in.ts';
import type { DocumentReading } from './reading.ts';
import type { SourceAnswer } from '../answer.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const subject = { reference: 'Patient/p1' };
const document = (id: string, attachment: object, more: object = {}): object => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  meta: { versionId: '1' },
  subject,
  content: [{ attachment }],
  ...more,
});
const inline = (text: string, contentType = 'text/plain'): object => ({
  contentType,
  data: Buffer.from(text).toString('base64'),
});

type Files = Readonly<Record<string, string | Buffer | readonly [status: number] | (() => void)>>;

const isStatus = (file: Files[string] | undefined): file is readonly [status: number] => Array.isArray(file);

/** A trust with these resources, and files behind paths below its base. */
async function trust(
  resources: readonly object[],
  files: Files = {},
  more: Partial<DocumentReading> = {},
  deadlineMs = 10_000,
) {
  const order: string[] = [];
  const answer: Answering = ({ path, headers }, response) => {
    if (path === '/fhir/metadata') return capability();
    if (path === '/fhir/Patient/_search') return searchset([patientOf('p1')]);
    if (path.includes('$everything')) return searchset([patientOf('p1'), ...resources]);
    order.push(path.replace('/fhir/', ''));
    const file = files[path.replace('/fhir/', '')];
    if (typeof file === 'function') return file();
    if (isStatus(file)) return [file[0], {}];
    if (file === undefined) return [404, {}];
    expect(headers.accept).toContain('*/*');
    response.writeHead(200, { 'content-type': 'text/plain' }).end(file);
    return undefined;
  };
  const source = await standIn(answer);
  open.push(source);
  const how = reading(more);
  const federation = federationOf([sourceOf({ id: 'a', baseUrl: source.url, deadlineMs })], 10_000, { documents: how });
  open.push(federation);
  const ask = async (): Promise<SourceAnswer> => {
    const answered = (await gathered(federation)).get('a');
    if (answered === undefined) throw new Error('no answer');
    return answered;
  };
  return { ask, order, federation, source, reading: how };
}

const verdicts = ({ documents }: SourceAnswer): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    (documents ?? []).map((one) => [
      one.holders.join(),
      one.verdict?.kind === 'read' ? one.verdict.categories : (one.verdict?.kind ?? 'unread'),
    ]),
  );
const name = (id: string, type = 'DocumentReference'): string => `${type}/${ids.of('a', type, id)}`;

describe('documents are read while their source is gathered', () => {
  test('inline, as a Binary of the source, as one that came, and at an address of the source', async () => {
    const { ask, source } = await trust(
      [
        document('inline', inline('a secret')),
        document('binary', { url: 'Binary/b1' }),
        document('versioned', { url: 'Binary/b2/_history/7' }),
        document('came', { url: 'Binary/b3' }),
        { resourceType: 'Binary', id: 'b3', ...inline('a secret') },
        document('harmless', inline('a letter')),
        {
          resourceType: 'DiagnosticReport',
          id: 'report',
          status: 'final',
          subject,
          presentedForm: [inline('<p>sec<b>ret</b>', 'text/html')],
        },
        {
          resourceType: 'Observation',
          id: 'odd',
          subject,
          extension: [{ url: 'urn:x', valueAttachment: inline('secret') }],
        },
      ],
      { 'Binary/b1': 'a secret', 'Binary/b2/_history/7': 'a secret' },
    );
    const answer = await ask();
    expect(verdicts(answer)).toEqual({
      [name('inline')]: ['secret'],
      [name('binary')]: ['secret'],
      [name('versioned')]: ['secret'],
      [`${name('came')},${name('b3', 'Binary')}`]: ['secret'],
      [name('harmless')]: [],
      [name('report', 'DiagnosticReport')]: ['secret'],
      [name('odd', 'Observation')]: ['secret'],
    });
    expect(answer.status).toBe('complete');
    expect(source.asked.some((one) => one.includes('b3'))).toBe(false);
  });

  test('an address elsewhere is neither asked nor passed on, one below the source’s own is', async () => {
    const { ask, order } = await trust(
      [
        document('elsewhere', { url: 'http://127.0.0.1:9/fhir/Binary/x' }),
        document('metadata', { url: 'http://169.254.169.254/latest' }),
        document('up', { url: '../../secret' }),
        document('own', { url: 'files/letter.txt?x=1' }),
      ],
      { 'files/letter.txt?x=1': 'a letter' },
    );
    const answer = await ask();
    expect(order).toEqual(['files/letter.txt?x=1']);
    const urls = answer.resources.map((one) => object(objects(one['content'])[0]?.['attachment'])?.['url']);
    expect(urls.filter((one) => one !== undefined)).toEqual([`Binary/${answer.documents?.[0]?.id ?? ''}`]);
  });

  test('newest first; what there is no time for is left unread, and the source is partial in words', async () => {
    const dated = (id: string, date: string): object => document(id, { url: `Binary/${id}` }, { date });
    const { ask, order } = await trust(
      [
        dated('old', '2001-01-01'),
        dated('new', '2026-01-01'),
        dated('hangs', '2010-01-01'),
        dated('newer', '2026-02-01'),
      ],
      { 'Binary/old': 'a', 'Binary/new': 'b', 'Binary/newer': 'c', 'Binary/hangs': () => undefined },
      {},
      1_500,
    );
    const answer = await ask();
    expect(order[0]).toBe('Binary/newer');
    expect(order[1]).toBe('Binary/new');
    expect(verdicts(answer)).toMatchObject({ [name('new')]: [], [name('hangs')]: 'unread' });
    expect(answer.status).toBe('partial');
    expect(answer.text).toBe('Answered in part: a document has not been checked yet and is left out');
  });

  test('what a source cannot give now is unread; what is gone there has no words', async () => {
    const { ask } = await trust(
      [
        document('gone', { url: 'Binary/gone' }),
        document('broken', { url: 'Binary/broken' }),
        document('closed', { url: 'Binary/closed' }),
      ],
      { 'Binary/broken': [500], 'Binary/closed': [403] },
    );
    expect(verdicts(await ask())).toEqual({
      [name('gone')]: 'unreadable',
      [name('broken')]: 'unread',
      [name('closed')]: 'unread',
    });
  });

  test('a store of documents that fails leaves the record beside it alone', async () => {
    const many = Array.from({ length: 12 }, (_, index) => document(`d${index}`, { url: `Binary/d${index}` }));
    const { ask } = await trust(many, Object.fromEntries(many.map((_, index) => [`Binary/d${index}`, [500] as const])));
    await ask();
    expect((await ask()).resources).toHaveLength(12);
  });

  test('a picture is unreadable whatever it is said to be; more text than is read cannot be decided', async () => {
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(500_000)]);
    const { ask } = await trust(
      [
        document('picture', { contentType: 'text/plain', url: 'Binary/png' }),
        document('long', { url: 'Binary/long' }),
        document('pdf', inline('%PDF-1.4 no more than that', 'application/pdf')),
      ],
      { 'Binary/png': png, 'Binary/long': 'a'.repeat(200_001) },
    );
    const answer = await ask();
    expect(verdicts(answer)).toEqual({
      [name('picture')]: 'unreadable',
      [name('long')]: 'beyond',
      [name('pdf')]: 'unreadable',
    });
    expect(answer.status).toBe('partial');
  });

  test('a verdict is kept by version and rules, never a text, and the next look asks for nothing', async () => {
    const kept = verdictsInMemory();
    const one = await trust([document('d', { url: 'Binary/d' })], { 'Binary/d': 'a secret' }, { verdicts: kept });
    await one.ask();
    expect(verdicts(await one.ask())).toEqual({ [name('d')]: ['secret'] });
    expect(one.order).toEqual(['Binary/d']);
    expect(JSON.stringify([...kept.kept])).not.toMatch(/Binary|a secret|9990000018|\/d"/);
    const changed = await trust(
      [document('d', { url: 'Binary/d' }, { meta: { versionId: '2' } })],
      { 'Binary/d': 'a letter' },
      { verdicts: kept },
    );
    expect(verdicts(await changed.ask())).toEqual({ [name('d')]: [] });
    const rules = { version: '2', categoriesIn: () => ['other'] };
    const stricter = await trust(
      [document('d', { url: 'Binary/d' })],
      { 'Binary/d': 'a letter' },
      { verdicts: kept, rules },
    );
    expect(verdicts(await stricter.ask())).toEqual({ [name('d')]: ['other'] });
  });

  test('without a version a verdict is kept for a day alone', async () => {
    const kept = verdictsInMemory();
    const one = await trust(
      [document('d', { url: 'Binary/d' }, { meta: {} })],
      { 'Binary/d': 'x' },
      { verdicts: kept },
    );
    await one.ask();
    expect([...kept.kept.values()].map(({ days }) => days)).toEqual([1]);
  });

  test('nothing is read of verdicts that cannot be looked up, or by no rules: it is left unread, never shown', async () => {
    const failing = { of: () => Promise.reject(new Error('down')), keep: () => Promise.reject(new Error('down')) };
    const one = await trust([document('d', { url: 'Binary/d' })], { 'Binary/d': 'a secret' }, { verdicts: failing });
    expect(verdicts(await one.ask())).toEqual({ [name('d')]: ['secret'] });
    const source = await standIn(({ path }) =>
      path === '/fhir/metadata'
        ? capability()
        : path.includes('_search')
          ? searchset([patientOf('p1')])
          : searchset([patientOf('p1'), document('d', inline('x'))]),
    );
    open.push(source);
    const federation = federationOf([sourceOf({ id: 'a', baseUrl: source.url })]);
    open.push(federation);
    const bare = (await gathered(federation)).get('a');
    expect(bare?.documents?.map((each) => each.verdict)).toEqual([{ kind: 'beyond' }]);
    expect(bare?.status).toBe('partial');
  });

  test('large inline content is taken out of the record, small stays; both are one Binary', async () => {
    const { ask } = await trust([
      document('large', { title: 'Letter', ...inline('x'.repeat(20_000)) }),
      document('small', inline('x')),
      {
        resourceType: 'AllergyIntolerance',
        id: 'allergy',
        patient: subject,
        extension: [{ url: 'urn:x', valueAttachment: inline('x') }],
      },
    ]);
    const answer = await ask();
    const attachment = (id: string) =>
      object(
        objects(answer.resources.find((one) => one['id'] === ids.of('a', 'DocumentReference', id))?.['content'])[0]?.[
          'attachment'
        ],
      );
    expect(attachment('large')).toMatchObject({
      title: 'Letter',
      contentType: 'text/plain',
      size: 20_000,
      hash: expect.any(String) as string,
    });
    expect(attachment('large')?.['data']).toBeUndefined();
    expect(attachment('large')?.['url']).toBe(
      `Binary/${answer.documents?.find((one) => one.holders[0] === name('large'))?.id ?? ''}`,
    );
    expect(attachment('small')?.['data']).toBe('eA==');
    expect(JSON.stringify(answer.resources.find((one) => one.resourceType === 'AllergyIntolerance'))).not.toContain(
      'eA==',
    );
  });
});

describe('a document is opened', () => {
  const signal = new AbortController().signal;
  async function opened(
    first: string | Buffer,
    then: string | Buffer = first,
    etags: readonly (string | undefined)[] = [],
  ) {
    let current = first;
    let etag = etags[0];
    const source = await standIn(({ path }, response) => {
      if (path === '/fhir/metadata') return capability();
      if (path.includes('_search')) return searchset([patientOf('p1')]);
      if (path.includes('$everything'))
        return searchset([patientOf('p1'), document('d', { contentType: 'text/plain', url: 'Binary/d' })]);
      response
        .writeHead(200, {
          'content-type': 'text/plain',
          'content-length': Buffer.byteLength(current),
          ...(etag === undefined ? {} : { etag }),
        })
        .end(current);
      return undefined;
    });
    open.push(source);
    const rules = {
      version: '1',
      categoriesIn: (text: string) => (read.push(text.length), text.includes('secret') ? ['secret'] : []),
    };
    const read: number[] = [];
    const federation = federationOf([sourceOf({ id: 'a', baseUrl: source.url })], 10_000, {
      documents: reading({ rules }),
    });
    open.push(federation);
    const answer = (await gathered(federation)).get('a');
    const found = answer?.documents?.[0];
    if (answer === undefined || found === undefined) throw new Error('no document');
    current = then;
    etag = etags[1];
    const before = read.length;
    const result = await federation.open(found, answer, asker, 'viewer', signal);
    if (result === undefined) throw new Error('gone');
    const chunks: Buffer[] = [];
    for await (const chunk of result.body as AsyncIterable<Buffer>) chunks.push(chunk);
    return {
      result,
      bytes: Buffer.concat(chunks).toString(),
      readAgain: read.length > before,
      federation,
      found,
      answer,
    };
  }

  test('as it comes where its state is known, without being read again', async () => {
    const text = 'a letter '.repeat(10_000);
    const { bytes, readAgain, result } = await opened(text, text, ['"1"', '"1"']);
    expect(bytes).toBe(text);
    expect(readAgain).toBe(false);
    expect(result).toMatchObject({ size: text.length, verdict: { kind: 'read', categories: [] } });
  });

  test('without another look where it is the same to the byte', async () => {
    expect(await opened('a letter')).toMatchObject({ bytes: 'a letter', readAgain: false });
  });

  test.each([
    [undefined, undefined],
    ['"1"', '"2"'],
  ] as const)('and is read again where it has changed (%s, %s)', async (...etags) => {
    const { result, bytes, readAgain } = await opened('a letter', 'a secret', etags);
    expect(readAgain).toBe(true);
    expect(bytes).toBe('a secret');
    expect(result.verdict).toEqual({ kind: 'read', categories: ['secret'] });
  });

  test('from a FHIR Binary that a source sends in its place', async () => {
    const source = await standIn(({ path }) => {
      if (path === '/fhir/metadata') return capability();
      if (path.includes('_search')) return searchset([patientOf('p1')]);
      if (path.includes('$everything')) return searchset([patientOf('p1'), document('d', { url: 'Binary/d' })]);
      return { resourceType: 'Binary', id: 'd', ...inline('a secret', 'text/html') };
    });
    open.push(source);
    const federation = federationOf([sourceOf({ id: 'a', baseUrl: source.url })], 10_000, { documents: reading() });
    open.push(federation);
    const answer = (await gathered(federation)).get('a');
    const found = answer?.documents?.[0];
    expect(found?.verdict).toEqual({ kind: 'read', categories: ['secret'] });
    if (answer === undefined || found === undefined) throw new Error('no document');
    const result = await federation.open(found, answer, asker, 'viewer', signal);
    expect(result).toMatchObject({ contentType: 'text/html', size: 8 });
    result?.body.destroy();
  });

  test('for no app that the source does not name', async () => {
    const { federation, found, answer } = await opened('a letter');
    expect(await federation.open(found, answer, asker, 'another', signal)).toBeUndefined();
  });
});
