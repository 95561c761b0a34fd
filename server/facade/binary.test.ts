import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import { loadConfig, type LoadedCategory } from '../config/config.ts';
import { clinician, found, house, session } from '../disclosure/house.testing.ts';
import { createTextReader } from '../federation/documents/text-reader.ts';
import {
  capability,
  federationOf,
  ids,
  patientOf,
  person as standInPerson,
  reading,
  searchset,
  sourceOf,
  standIn,
} from '../federation/stand-in.ts';
import { createDocumentRules } from '../privacy/document-words.ts';
import { openFacade, person } from './facade.testing.ts';

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});
const texts = createTextReader({ threads: 1 });
afterAll(() => texts.close());
const shipped = (await loadConfig('smart-config')).categories;

const subject = { reference: 'Patient/p1' };
const letter = (id: string, attachment: object, more: object = {}): Resource => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  meta: { versionId: '1' },
  subject,
  content: [{ attachment }],
  ...more,
});
const inline = (content: string | Buffer, contentType = 'text/plain'): object => ({
  contentType,
  data: Buffer.from(content).toString('base64'),
});
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(9_000, 7)]);

type File = {
  readonly type?: string;
  readonly bytes: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Its length is not said before it is sent. */
  readonly chunked?: boolean;
};

/** A facade over one real source with these resources and files, the shipped rules, and what the source was asked for. */
async function region(
  resources: readonly Resource[],
  files: Record<string, File | number> = {},
  more: {
    readonly categories?: readonly LoadedCategory[];
    readonly scopes?: readonly string[];
    readonly roles?: Parameters<typeof house>[0]['roles'];
    readonly openMegabytes?: number;
  } = {},
) {
  const { categories = shipped } = more;
  const source = await standIn(({ path }, response) => {
    if (path === '/fhir/metadata') return capability();
    if (path === '/fhir/Patient/_search') return searchset([patientOf('p1')]);
    if (path.includes('$everything')) return searchset([patientOf('p1'), ...resources]);
    const file = files[path.replace('/fhir/', '')];
    if (file === undefined || typeof file === 'number') return [file ?? 404, {}];
    const { bytes, type = 'text/plain', headers = {}, chunked = false } = file;
    response
      .writeHead(200, {
        'content-type': type,
        ...(chunked ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
        ...headers,
      })
      .end(bytes);
    return undefined;
  });
  const federation = federationOf([sourceOf({ id: 'a', baseUrl: source.url, deadlineMs: 20_000 })], 30_000, {
    documents: reading({ rules: createDocumentRules(categories), texts: { ...texts, close: async () => undefined } }),
  });
  const base = house({
    categories,
    region: { documents: { readMegabytes: 5, openMegabytes: more.openMegabytes ?? 50 } },
    ...(more.roles === undefined ? {} : { roles: more.roles }),
  });
  const about =
    found.kind === 'found'
      ? { ...standInPerson, ...found.person, patient: { resourceType: 'Patient', id: person } }
      : standInPerson;
  const { config } = base;
  const facade = await openFacade(
    {
      ...base,
      // One source and no practice: nobody is waited for.
      config: { ...config, sources: config.sources.filter((one) => one.kind !== 'gp-connect') },
      federation: { ...federation, demographics: async () => ({ kind: 'found', person: about }) },
    },
    { good: { ...session, scopes: more.scopes ?? session.scopes }, other: { ...session, launchId: 'launch-2' } },
  );
  opened.push(source, federation, facade);
  /** Every DocumentReference's attachment, by the id that its source gave it. */
  const attachments = async (): Promise<Readonly<Record<string, JsonObject>>> => {
    const everything = await facade.ask(`Patient/${person}/$everything`);
    expect(everything.status, everything.text).toBe(200);
    const released = objects(everything.body['entry']).map((one) => object(one['resource']) ?? {});
    return Object.fromEntries(
      resources.flatMap((one) => {
        const id = ids.of('a', one.resourceType, idOf(one) ?? '');
        const resource = released.find((each) => each['id'] === id);
        const attachment =
          object(objects(resource?.['content'])[0]?.['attachment']) ?? objects(resource?.['presentedForm'])[0];
        return attachment === undefined ? [] : [[idOf(one) ?? '', attachment] as const];
      }),
    );
  };
  const urlOf = async (id: string): Promise<string> => text((await attachments())[id]?.['url']) ?? 'Binary/none';
  return { ...facade, source, audited: base.audited, attachments, urlOf, files, held: base.held };
}

describe('a document whose words mention a category', () => {
  const deep = 'A long letter about asthma. '.repeat(500);
  it('is not in the record, wherever its words came from, and what does not mention one is', async () => {
    const one = await region(
      [
        letter('plain', inline(`${deep} seen at the sexual health clinic`)),
        letter('html', inline(`<p>${deep} gender dys&shy;phoria</p>`, 'text/html')),
        letter('rtf', inline(`{\\rtf1 ${deep} {\\b I}{\\i VF}}`, 'application/rtf')),
        letter('address', { url: 'Binary/b' }),
        letter('said-to-be-a-picture', inline('HIV', 'image/png')),
        letter('scan', inline(png, 'image/png')),
        letter('harmless', inline(deep)),
        {
          resourceType: 'DiagnosticReport',
          id: 'report',
          status: 'final',
          subject,
          presentedForm: [inline('HIV')],
          result: [{ reference: 'Observation/o' }],
        },
        { resourceType: 'Observation', id: 'o', status: 'final', subject, code: { text: 'Blood' } },
      ],
      { 'Binary/b': { bytes: 'Termination of pregnancy' } },
    );
    expect(Object.keys(await one.attachments())).toEqual(['scan', 'harmless']);
    const everything = await one.ask(`Patient/${person}/$everything`);
    expect(everything.text).not.toContain('"Blood"');
    expect(everything.text).not.toMatch(/"DiagnosticReport"/);
  });

  it('is shown where the category’s mention says so', async () => {
    const categories = shipped.map((each) => (each.id === 'hiv' ? { ...each, mention: 'show' as const } : each));
    const one = await region(
      [letter('hiv', inline('HIV')), letter('ivf', inline('IVF')), letter('both', inline('HIV, IVF'))],
      {},
      { categories },
    );
    expect(Object.keys(await one.attachments())).toEqual(['hiv']);
  });

  it('of an excluded service is withheld though nobody can read it', async () => {
    const one = await region([
      letter('scan', inline(png, 'image/png'), {
        context: { practiceSetting: { coding: [{ system: 'http://snomed.info/sct', code: '788122004' }] } },
      }),
      letter('other', inline(png, 'image/png')),
    ]);
    expect(Object.keys(await one.attachments())).toEqual(['other']);
  });

  it('does not take an allergy with it, which keeps no way to it', async () => {
    const one = await region([
      {
        resourceType: 'AllergyIntolerance',
        id: 'allergy',
        patient: subject,
        code: { text: 'Penicillin' },
        extension: [{ url: 'urn:x', valueAttachment: inline('HIV') }],
      },
    ]);
    const { text: all } = await one.ask(`Patient/${person}/$everything`);
    expect(all).toContain('Penicillin');
    expect(all).not.toContain('Binary/');
    expect(all).not.toContain(Buffer.from('HIV').toString('base64'));
  });

  it('answers as one that never was, equal to the byte, on every route and for every verb', async () => {
    const one = await region([letter('told', { url: 'Binary/b' }), letter('harmless', inline(deep))], {
      'Binary/b': { bytes: `HIV ${deep}` },
    });
    await one.attachments();
    // Its id, as anyone would guess it who knows how ids are made; and one of nobody.
    const real = `Binary/${ids.of('a', 'Binary', 'b')}`;
    const reference = `DocumentReference/${ids.of('a', 'DocumentReference', 'told')}`;
    const never = 'Binary/0000000000000000000000000000000000000000000';
    const shape = async (path: string, init: RequestInit = {}) => {
      const { status, headers, text: body } = await one.ask(path, init);
      return { status, body, headers: [...headers].filter(([name]) => name !== 'date') };
    };
    for (const init of [
      {},
      { method: 'HEAD' },
      { headers: { range: 'bytes=0-1' } },
      { headers: { accept: 'application/fhir+json' } },
    ])
      expect(await shape(real, init)).toEqual(await shape(never, init));
    expect(await shape(reference)).toEqual(await shape('DocumentReference/never'));
    expect((await shape(real)).status).toBe(404);
  });
});

describe('GET Binary/[id]', () => {
  const content = Array.from({ length: 15_000 }, (_, index) => `line ${index}`).join('\n');
  const many = [
    letter('address', { contentType: 'text/plain', url: 'Binary/b', title: 'Letter' }),
    letter('inline', inline(content)),
  ];
  const files = { 'Binary/b': { bytes: content, headers: { etag: '"1"' } } };

  it.each(['address', 'inline'])(
    'gives the document to the byte (%s), as what it is, and nothing that runs',
    async (id) => {
      const one = await region(many, files);
      const answer = await one.ask(await one.urlOf(id));
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(content);
      const header = (name: string): string | null => answer.headers.get(name);
      expect(header('content-type')).toBe('text/plain; charset=utf-8');
      expect(header('content-length')).toBe(String(content.length));
      expect(header('content-disposition')).toBe('inline; filename="document.txt"');
      expect(header('content-security-policy')).toContain('sandbox');
      expect(header('content-security-policy')).not.toContain('allow');
      expect(header('x-content-type-options')).toBe('nosniff');
      expect(header('cache-control')).toBe('no-store');
      expect(header('etag')).toBeNull();
    },
  );

  it('takes a range, from the source and from what came inline', async () => {
    const one = await region(many, files);
    for (const id of ['address', 'inline']) {
      const url = await one.urlOf(id);
      const ask = (range: string, more: object = {}) => one.ask(url, { headers: { range, ...more } });
      const part = await ask('bytes=70000-70009');
      expect(part).toMatchObject({ status: 206, text: content.slice(70_000, 70_010) });
      expect(part.headers.get('content-range')).toBe(`bytes 70000-70009/${content.length}`);
      expect(await ask('bytes=-5')).toMatchObject({ status: 206, text: content.slice(-5) });
      expect(await ask(`bytes=${content.length - 2}-`)).toMatchObject({ status: 206, text: content.slice(-2) });
      const beyond = await ask(`bytes=${content.length}-`);
      expect(beyond.status).toBe(416);
      expect(beyond.headers.get('content-range')).toBe(`bytes */${content.length}`);
      expect(beyond.headers.get('content-disposition')).toBeNull();
      expect((await ask('bytes=0-1,5-6')).status).toBe(200);
      expect((await ask('bytes=0-1', { 'if-range': '"1"' })).status).toBe(200);
    }
  });

  it('answers HEAD with the same headers and no body', async () => {
    const one = await region(many, files);
    const url = await one.urlOf('address');
    const [get, head] = [await one.ask(url), await one.ask(url, { method: 'HEAD' })];
    expect(head.text).toBe('');
    const plain = (headers: Headers) =>
      [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
    expect(plain(head.headers)).toEqual(plain(get.headers));
  });

  it('is a Binary resource where FHIR is asked for', async () => {
    const one = await region(many, files);
    const url = await one.urlOf('address');
    const { body, headers } = await one.ask(url, { headers: { accept: 'application/fhir+json' } });
    expect(headers.get('content-type')).toContain('application/fhir+json');
    expect(body).toEqual({
      resourceType: 'Binary',
      id: url.slice(7),
      contentType: 'text/plain; charset=utf-8',
      data: Buffer.from(content).toString('base64'),
    });
  });

  it('is audited, one look for each opening, with what was opened', async () => {
    const one = await region(many, files);
    const url = await one.urlOf('address');
    one.audited.length = 0;
    await one.ask(url);
    expect(
      one.audited.map(({ reason, outcome, detail }) => ({
        reason,
        outcome,
        request: detail?.['request'],
        document: detail?.['document'],
      })),
    ).toEqual([
      { reason: 'begun', outcome: 'success', request: 'open document', document: [url.slice(7)] },
      { reason: 'ended', outcome: 'success', request: 'open document', document: [url.slice(7)] },
    ]);
  });

  it('asks the source for the document alone once the record has been read', async () => {
    const one = await region(many, files);
    const url = await one.urlOf('address');
    one.source.asked.length = 0;
    await one.ask(url);
    expect(one.source.asked).toEqual(['GET /fhir/Binary/b ']);
  });

  it('works without the record having been read, in a launch of its own', async () => {
    const one = await region(many, files);
    const url = await one.urlOf('address');
    expect((await one.ask(url, { token: 'other' })).text).toBe(content);
  });

  it('reads a document again that has changed since, and does not give what it now says', async () => {
    const one = await region(many, { 'Binary/b': { bytes: content, headers: { etag: '"1"' } } });
    const url = await one.urlOf('address');
    one.files['Binary/b'] = { bytes: `${content} HIV`, headers: { etag: '"2"' } };
    const answer = await one.ask(url);
    expect(answer.status).toBe(404);
    expect(answer.text).toBe((await one.ask('Binary/never')).text);
    one.files['Binary/b'] = { bytes: `${content} asthma`, headers: { etag: '"3"' } };
    expect((await one.ask(url)).text).toBe(`${content} asthma`);
  });

  it('opens for whoever may read what it is attached to, and for nobody else', async () => {
    const type = { coding: [{ system: 'http://snomed.info/sct', code: '2181441000000107' }] };
    const resources = [letter('plan', inline(content), { type }), letter('other', inline(content))];
    const scope = 'patient/DocumentReference.rs?type=http://snomed.info/sct|2181441000000107';
    const whole = await region(resources);
    const urls = { plan: await whole.urlOf('plan'), other: await whole.urlOf('other') };
    const plans = await region(resources, {}, { roles: [{ ...clinician, scopes: ['patient/Patient.rs', scope] }] });
    expect((await plans.ask(urls.plan)).text).toBe(content);
    expect((await plans.ask(urls.other)).status).toBe(404);
    const none = await region(resources, {}, { scopes: ['patient/Observation.rs'] });
    expect((await none.ask(urls.plan)).status).toBe(403);
  });

  it.each([
    ['text/html', '<script>alert(1)</script>', 'text/html; charset=utf-8', 'attachment'],
    [
      'image/svg+xml',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
      'image/svg+xml; charset=utf-8',
      'attachment',
    ],
    ['text/plain', '<html><script>alert(1)</script>', 'text/plain; charset=utf-8', 'inline'],
    ['application/pdf', '<html><script>alert(1)</script>', 'application/octet-stream', 'attachment'],
    ['image/png', 'MZ\u0000\u0001', 'application/octet-stream', 'attachment'],
    ['text/html', png, 'application/octet-stream', 'attachment'],
    ['image/png', png, 'image/png', 'inline'],
    ['text/plain\r\nx-evil: 1', 'x', 'text/plain; charset=utf-8', 'inline'],
  ])('said to be %j is sent as what its bytes say', async (declared, bytes, type, disposition) => {
    const large = Buffer.concat([Buffer.from(bytes), Buffer.alloc(9_000, ' ')]);
    const one = await region([letter('x', inline(large, declared))]);
    const answer = await one.ask(await one.urlOf('x'));
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition};`));
    expect(answer.headers.get('x-evil')).toBeNull();
  });

  it('refuses one that is larger than may be opened, by its length or as it comes', async () => {
    const picture = Buffer.concat([png, Buffer.alloc(3_000_000)]);
    const one = await region(
      [letter('x', { contentType: 'image/png', url: 'Binary/x' })],
      { 'Binary/x': { bytes: picture, type: 'image/png' } },
      { openMegabytes: 1 },
    );
    const answer = await one.ask(await one.urlOf('x'));
    expect(answer.status).toBe(413);
    one.files['Binary/x'] = { bytes: picture, type: 'image/png', chunked: true };
    await expect(one.ask(await one.urlOf('x'))).rejects.toThrow();
  });

  it('says in words where its organisation cannot give it just now, and repeats nothing of its own', async () => {
    const one = await region(many, { ...files });
    const url = await one.urlOf('address');
    one.files['Binary/b'] = 500;
    const answer = await one.ask(url);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('60');
    expect(answer.text).toContain('cannot be reached just now');
  });
});
