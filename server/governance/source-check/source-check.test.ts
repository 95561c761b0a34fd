import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { object } from '../../../src/fhir/json.ts';
import { loadConfig, type Config } from '../../config/config.ts';
import {
  capability,
  noCredentials,
  patientOf,
  person,
  searchset,
  sourceOf,
  standIn,
  type Answering,
  type StandIn,
} from '../../federation/stand-in.ts';
import { checkSource, NotChecked, testNumber, type SourceCheck } from './source-check.ts';

const { nhsNumber } = person;
/** In everything that is the person's: it must stand nowhere in a check. */
const marker = 'UNMISTAKABLE';
const open = { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }] };

async function started(answer: Answering): Promise<StandIn> {
  const source = await standIn(answer);
  onTestFinished(() => source.close());
  return source;
}

/** The demographics service, which knows the person. */
const pds = (): Promise<StandIn> =>
  started(({ path }) =>
    path.endsWith(`/Patient/${nhsNumber}`)
      ? patientOf(nhsNumber, { meta: open, name: [{ use: 'official', family: marker, given: [marker] }] })
      : [404, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] }],
  );

const condition = (id: string, coding: readonly object[], more: object = {}): object => ({
  resourceType: 'Condition',
  id,
  code: { coding, text: marker },
  note: [{ text: marker }],
  subject: { reference: 'Patient/p1' },
  ...more,
});

/** A source that answers `$everything` with these, and its Patient. */
function holding(resources: readonly unknown[], patient: object = {}): Answering {
  return ({ path }) => {
    if (path.endsWith('/metadata')) return capability();
    const own = patientOf('p1', { address: [{ text: marker }], ...patient });
    return path.endsWith('/_search') ? searchset([own]) : searchset([own, ...resources]);
  };
}

async function configOf(source: string, more: object = {}): Promise<Config> {
  const shipped = await loadConfig('smart-config');
  return {
    ...shipped,
    sources: [
      sourceOf({ id: 'pds', kind: 'pds', baseUrl: (await pds()).url }),
      sourceOf({ id: 'county', baseUrl: source, ...more }),
    ],
  };
}

async function checked(answer: Answering, more: object = {}): Promise<SourceCheck> {
  const config = await configOf((await started(answer)).url, more);
  const check = await checkSource(config, {
    id: 'county',
    nhsNumber,
    baseUrl: 'http://localhost:3000',
    credentials: noCredentials,
  });
  const told = JSON.stringify(check);
  expect(told).not.toContain(marker);
  for (const value of [nhsNumber, person.birthDate, 'LOCALNAME']) expect(told).not.toContain(value);
  return check;
}

describe('a check of a source', () => {
  it('says what it lists, what it gave, how fast, and that it is the person', async () => {
    const check = await checked(holding([condition('c1', [{ system: 'http://snomed.info/sct', code: '195967001' }])]));
    expect(check).toMatchObject({
      usable: true,
      status: 'complete',
      identity: 'proved',
      lists: { fhirVersion: '4.0.1', everything: true },
      types: [{ type: 'Condition', came: 1, proved: 1 }],
      codes: { unmapped: [], mapped: 0, wordsAlone: 0 },
      faults: [],
    });
    expect(check.steps.map(({ what, ended }) => `${what}: ${ended}`).toSorted()).toEqual([
      'GET Patient/{id}/$everything: 200',
      'GET metadata: 200',
      'POST Patient/_search: 200',
    ]);
  });

  it('names the local codes without a map, and none that is understood or is words', async () => {
    const local = { system: 'https://county.example/codes', code: 'AST', display: marker };
    const check = await checked(
      holding([
        condition('c1', [local]),
        condition('c2', [local]),
        condition('c3', [{ ...local, code: `${marker} of a person` }]),
        condition('c4', [local, { system: 'http://snomed.info/sct', code: '195967001' }]),
        condition('c5', []),
      ]),
    );
    expect(check.codes).toEqual({
      unmapped: [
        { system: 'https://county.example/codes', code: 'AST', count: 2 },
        { system: 'https://county.example/codes', code: '(not a code)', count: 1 },
      ],
      mapped: 0,
      wordsAlone: 1,
    });
  });

  it('counts what does not conform: no subject, no id, no resource, an id twice, a page elsewhere', async () => {
    const check = await checked(({ path, ...rest }, response) => {
      const answer = holding([
        condition('c1', []),
        condition('c1', [], { onsetDateTime: '2020' }),
        condition('c2', [], { subject: undefined }),
        { ...condition('c3', []), id: undefined },
        'nothing',
      ])({ path, ...rest }, response);
      const next = [{ relation: 'next', url: 'http://169.254.169.254/' }];
      return path.endsWith('$everything') ? { ...object(answer), link: next } : answer;
    });
    expect(check).toMatchObject({ usable: true, status: 'partial' });
    expect(check.types).toEqual([{ type: 'Condition', came: 4, proved: expect.any(Number) as number }]);
    expect(check.types[0]?.proved).toBeLessThan(4);
    expect(check.faults.map(({ what }) => what).toSorted()).toEqual([
      'Condition that came twice under one id',
      'Condition without an id',
      'a next page that leads to another address: it is not followed',
      'a thing that is about somebody else, or does not say about whom',
      'an entry without a resource',
    ]);
  });

  it.each<[string, Answering, RegExp]>([
    ['another FHIR version', () => ({ resourceType: 'CapabilityStatement', fhirVersion: '3.0.2' }), /not FHIR R4/],
    [
      'no JSON',
      (_asked, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${marker}`),
      /content type is not JSON/,
    ],
    ['an error', () => [503, { issue: marker }], /status 503/],
    ['the answer of somebody else', holding([], { birthDate: '1999-01-01' }), /details differ/],
  ])('of one that gives %s: not usable, and why', async (_what, answer, why) => {
    const check = await checked(answer);
    expect(check.usable).toBe(false);
    expect(check.ended).toMatch(why);
  });

  it('names the field that differs, never its value', async () => {
    const check = await checked(holding([], { birthDate: '1999-01-01' }));
    expect(check).toMatchObject({ identity: 'not proved', differsOn: ['birthDate'] });
    expect(JSON.stringify(check)).not.toContain('1999');
  });

  it('asks one that does not share, so that it may be decided whether it should', async () =>
    expect((await checked(holding([]), { sharing: false, apps: [] })).status).toBe('complete'));

  it('of one that is not there says that nothing listens', async () => {
    const config = await configOf('http://127.0.0.1:1/fhir');
    const check = await checkSource(config, {
      id: 'county',
      nhsNumber,
      baseUrl: 'http://localhost:3000',
      credentials: noCredentials,
    });
    expect(check).toMatchObject({ usable: false, status: 'unavailable' });
    expect(check.ended).toContain('nothing listens at this address');
  });

  it('of the demographics service, and of a person whom it does not know', async () => {
    const config = await configOf('http://127.0.0.1:1/fhir');
    const ask = (id: string, number: string): Promise<SourceCheck> =>
      checkSource(config, { id, nhsNumber: number, baseUrl: 'http://localhost:3000', credentials: noCredentials });
    expect(await ask('pds', nhsNumber)).toMatchObject({ usable: true, identity: 'proved' });
    expect(await ask('county', '9990000026')).toMatchObject({ usable: false, status: 'not-asked', steps: [] });
  });

  it('is never about a real person', () => {
    expect(testNumber('9990000018')).toBe('9990000018');
    for (const number of ['4010232137', '9990000019', undefined]) expect(() => testNumber(number)).toThrow(NotChecked);
  });
});

describe('npm run source:check', () => {
  it('says it in words or as JSON, and ends with 1 where the source is of no use', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'source-check-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await cp('smart-config', folder, { recursive: true });
    const hospital = await started(holding([condition('c1', [{ system: 'https://county.example', code: 'AST' }])]));
    const sources = [
      { id: 'pds', name: 'PDS', ods: 'X26', label: 'PDS', kind: 'pds', baseUrl: (await pds()).url },
      {
        id: 'county',
        name: 'County',
        ods: 'RXX',
        label: 'C',
        kind: 'fhir-r4',
        setting: 'acute',
        baseUrl: hospital.url,
      },
      {
        id: 'dead',
        name: 'Dead',
        ods: 'RXY',
        label: 'D',
        kind: 'fhir-r4',
        setting: 'acute',
        baseUrl: 'http://127.0.0.1:1',
      },
    ];
    await writeFile(join(folder, 'sources.json'), JSON.stringify({ sources }));
    const region = object(JSON.parse(await readFile(join(folder, 'region.json'), 'utf8')));
    await writeFile(join(folder, 'region.json'), JSON.stringify({ ...region, testPerson: nhsNumber }));
    const run = (...args: readonly string[]): Promise<{ code: number | null; out: string }> =>
      new Promise((done) => {
        const child = spawn(process.execPath, [join('server', 'commands', 'source-check.ts'), ...args], {
          env: { ...process.env, BASE_URL: '', SMART_CONFIG: folder },
        });
        let out = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += String(chunk)));
        child.on('close', (code) => done({ code, out }));
      });
    const [words, json, dead, unknown] = await Promise.all([
      run('county'),
      run('county', '--json'),
      run('dead'),
      run('nobody'),
    ]);
    expect(words.code).toBe(0);
    expect(words.out).toMatch(/^county: County, fhir-r4, .*\nUsable\. Answered\nHow fast \(/);
    expect(words.out).toContain('Identity: proved to be the test person');
    expect(words.out).toContain('Codes of its own without a map\n  https://county.example AST\n');
    expect(object(JSON.parse(json.out))).toMatchObject({ usable: true, source: { id: 'county' } });
    expect(dead.code).toBe(1);
    expect(dead.out).toContain('Not usable. Cannot be reached: nothing listens at this address');
    expect(unknown).toEqual({ code: 1, out: 'There is no source nobody in sources.json: pds, county, dead.\n' });
    for (const { out } of [words, json, dead]) expect(out).not.toContain(marker);
  });
});
