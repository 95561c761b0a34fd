import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { object, objects } from '../../src/fhir/json.ts';
import { readConceptMap } from './concept-map.ts';
import { ConfigError, loadConfig } from './config.ts';

const map = (targets: readonly object[], more: object = {}): object => ({
  resourceType: 'ConceptMap',
  url: 'https://trust.example/fhir/ConceptMap/problems',
  status: 'active',
  group: [
    {
      source: 'https://trust.example/codes',
      target: 'http://snomed.info/sct',
      element: [{ code: 'AST', target: targets }],
      ...more,
    },
  ],
});
const equivalent = { code: '195967001', display: 'Asthma', equivalence: 'equivalent' };

describe('a ConceptMap', () => {
  it('gives each code with what it means and how surely; a row that stands twice counts once', () => {
    expect(readConceptMap(map([equivalent, equivalent, { equivalence: 'unmatched' }]))).toEqual({
      faults: [],
      mappings: [
        {
          system: 'https://trust.example/codes',
          code: 'AST',
          equivalence: 'equivalent',
          target: { system: 'http://snomed.info/sct', code: '195967001', display: 'Asthma' },
          map: 'https://trust.example/fhir/ConceptMap/problems',
        },
      ],
    });
  });

  it.each([
    [{ resourceType: 'ValueSet' }, 'resourceType', 'ConceptMap, of FHIR R4'],
    [map([{ code: '1', relationship: 'equivalent' }]), 'group.0.element.0.target.0.equivalence', /FHIR R4/],
    [map([{ equivalence: 'equivalent' }]), 'group.0.element.0.target.0.code', /a code/],
    [map([{ ...equivalent, dependsOn: [{}] }]), 'group.0.element.0.target.0.dependsOn', /no dependsOn/],
    [map([equivalent], { unmapped: { mode: 'provided' } }), 'group.0.unmapped', /no unmapped/],
    [map([equivalent], { source: undefined }), 'group.0.source', /the system/],
    [{ ...map([equivalent]), status: 'retired' }, 'status', /draft or active/],
    [{ ...map([equivalent]), url: '' }, 'url', /the url/],
    [map([equivalent, { ...equivalent, equivalence: 'disjoint' }]), 'group.0.element.0.target.1', /disjoint/],
  ])('with a fault is not used: %o', (json, path, words) => {
    const [fault] = readConceptMap(json).faults;
    expect(fault?.path.join('.')).toBe(path);
    expect(fault?.message).toMatch(words);
  });
});

describe('the ConceptMaps of a configuration', () => {
  async function loaded(content: string | undefined): Promise<unknown> {
    const folder = await mkdtemp(join(tmpdir(), 'concept-maps-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await cp('smart-config', folder, { recursive: true });
    const file = join(folder, 'sources.json');
    const json = object(JSON.parse(await readFile(file, 'utf8'))) ?? {};
    const sources = objects(json['sources']).map((one) =>
      one['id'] === 'demo-uhnm' ? { ...one, conceptMaps: ['problems.json'] } : one,
    );
    await writeFile(file, JSON.stringify({ ...json, sources }));
    await mkdir(join(folder, 'concept-maps'));
    if (content !== undefined) await writeFile(join(folder, 'concept-maps', 'problems.json'), content);
    return loadConfig(folder).then(
      ({ mappings }) => [...mappings].map(([id, rows]) => [id, rows.length]),
      (error: unknown) => (error instanceof ConfigError ? error.message : error),
    );
  }

  it('are read with it, by the source that names them', async () =>
    expect(await loaded(JSON.stringify(map([equivalent])))).toEqual([['demo-uhnm', 1]]));

  it('are among its faults where they are missing, are no JSON or are none', async () => {
    expect(await loaded(undefined)).toMatch(
      /^sources\.json sources\[\d\]\.conceptMaps: found "problems\.json", expected a file concept-maps\/problems\.json$/,
    );
    expect(await loaded('{')).toMatch(/^concept-maps\/problems\.json: found .*, expected JSON$/);
    expect(await loaded(JSON.stringify(map([{ equivalence: 'alike' }])))).toContain(
      'concept-maps/problems.json group[0].element[0].target[0].equivalence: found "alike", expected an equivalence',
    );
  });
});
