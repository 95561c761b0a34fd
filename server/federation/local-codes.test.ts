import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { object, objects } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { ohc } from '../../src/fhir/systems.ts';
import type { Equivalence, Mapping } from '../config/concept-map.ts';
import { entryOf } from './entry.ts';
import { createLocalCodes, withLocalCodes } from './local-codes.ts';
import { capability, federationOf, gathered, patientOf, searchset, sourceOf, standIn } from './stand-in.ts';

const local = 'https://trust.example/codes';
const snomed = 'http://snomed.info/sct';
const map = 'https://trust.example/fhir/ConceptMap/problems';
const mapping = (code: string, to: string, equivalence: Equivalence = 'equivalent', system = local): Mapping => ({
  system,
  code,
  equivalence,
  target: { system: snomed, code: to, display: `Term ${to}` },
  map,
});
const added = (code: string): object => ({
  extension: [{ url: ohc.mappedBy, valueUri: map }],
  system: snomed,
  code,
  display: `Term ${code}`,
});

/** What becomes of a resource. */
function mappedBy(mappings: readonly Mapping[], resource: object, excluded: readonly string[] = []): unknown {
  const entry = entryOf({ resourceType: 'Condition', id: 'c', ...resource }, [], '0');
  if (entry === undefined) throw new Error('no entry');
  const codes = createLocalCodes(mappings, (_system, code) => excluded.includes(code));
  const [first] = withLocalCodes([entry], codes);
  return first?.resource;
}
const codingsAfter = (mappings: readonly Mapping[], coding: readonly object[], excluded?: readonly string[]): unknown =>
  object(object(mappedBy(mappings, { code: { coding } }, excluded))?.['code'])?.['coding'];

const original = { system: local, code: 'AST', display: 'Asthma (local)', userSelected: true };

describe('a local code with a map', () => {
  it('keeps its own coding first and as it was, and has what it means beside it', () => {
    expect(codingsAfter([mapping('AST', '195967001')], [original, { system: local, code: 'OTHER' }])).toEqual([
      original,
      { system: local, code: 'OTHER' },
      added('195967001'),
    ]);
  });

  it.each([
    ['equal', true],
    ['equivalent', true],
    ['wider', true],
    ['subsumes', true],
    ['narrower', false],
    ['specializes', false],
    ['inexact', false],
    ['relatedto', false],
    ['unmatched', false],
    ['disjoint', false],
  ] as const)('of which the target is %s: is it added? %s', (equivalence, isAdded) => {
    const after = codingsAfter([mapping('AST', '195967001', equivalence)], [original]);
    expect(after).toEqual(isAdded ? [original, added('195967001')] : [original]);
  });

  it.each([
    ['narrower', true],
    ['inexact', true],
    ['relatedto', true],
    ['specializes', true],
    ['disjoint', false],
    ['unmatched', false],
  ] as const)('that may mean something which is never shown (%s) is taken to mean it: %s', (equivalence, isAdded) => {
    const after = codingsAfter([mapping('AST', '76272004', equivalence)], [original], ['76272004']);
    expect(after).toEqual(isAdded ? [original, added('76272004')] : [original]);
  });

  it('is found wherever codings stand, and nothing else is touched', () => {
    const concept = { coding: [original] };
    const now = { coding: [original, added('195967001')] };
    const resource = {
      meta: { security: [original] },
      contained: [{ resourceType: 'Observation', component: [{ valueCodeableConcept: concept }] }],
      extension: [{ url: 'x', valueCodeableConcept: concept }],
      note: [{ text: 'AST' }],
    };
    expect(mappedBy([mapping('AST', '195967001')], resource)).toEqual({
      resourceType: 'Condition',
      id: 'c',
      ...resource,
      meta: { security: now.coding },
      contained: [{ resourceType: 'Observation', component: [{ valueCodeableConcept: now }] }],
      extension: [{ url: 'x', valueCodeableConcept: now }],
    });
  });

  it('adds nothing twice, nor what the source has said already', () => {
    const there = { system: snomed, code: '195967001', display: 'Asthma' };
    const twice = [mapping('AST', '195967001'), mapping('AST', '195967001')];
    expect(codingsAfter(twice, [original])).toEqual([original, added('195967001')]);
    expect(codingsAfter(twice, [original, there])).toEqual([original, there]);
  });

  it('is not mapped again: a circle of maps ends, and their order does not matter', () => {
    const circle = [mapping('1', '2', 'equivalent', snomed), mapping('2', '1', 'equivalent', snomed)];
    const one = { system: snomed, code: '1' };
    expect(codingsAfter(circle, [one])).toEqual([one, added('2')]);
    expect(codingsAfter(circle.toReversed(), [one])).toEqual([one, added('2')]);
  });

  it('is another code in another system or case, and none where it has no system', () => {
    for (const coding of [
      { system: 'https://other.example', code: 'AST' },
      { system: local, code: 'ast' },
      { code: 'AST' },
    ])
      expect(codingsAfter([mapping('AST', '195967001')], [coding])).toEqual([coding]);
  });

  it('never loses, changes or reorders what the source gave, whatever that is', () => {
    const codes = createLocalCodes([mapping('AST', '1'), mapping('AST', '2', 'wider')], () => false);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(original), fc.jsonValue())),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (coding, more) => {
          const resource = JSON.parse(
            JSON.stringify({ ...more, resourceType: 'Basic', id: 'b', code: { coding } }),
          ) as Resource;
          const entry = entryOf(resource, [], '0');
          if (entry === undefined) return;
          const before = JSON.stringify(entry.resource);
          const [after] = withLocalCodes([entry], codes);
          expect(JSON.stringify(entry.resource)).toBe(before);
          const kept = object(after?.resource['code'])?.['coding'];
          expect(Array.isArray(kept) ? kept.slice(0, coding.length) : kept).toEqual(
            object(entry.resource['code'])?.['coding'],
          );
        },
      ),
    );
  });

  it('costs one look a coding, however many codes the maps have', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => mapping(`C${index}`, String(index)));
    const codes = createLocalCodes(many, () => false);
    let looks = 0;
    const counting = new Map(
      [...codes].map(([system, byCode]) => [
        system,
        Object.assign(new Map(byCode), {
          get: (code: string) => {
            looks += 1;
            return byCode.get(code);
          },
        }),
      ]),
    );
    const coding = Array.from({ length: 100 }, (_, index) => ({ system: local, code: `C${index}` }));
    const entry = entryOf({ resourceType: 'Condition', id: 'c', code: { coding } }, [], '0');
    withLocalCodes(entry === undefined ? [] : [entry], counting);
    expect(looks).toBe(100);
  });

  it('of one source is not that of another', async () => {
    const hospital = await standIn(({ path }) => {
      if (path === '/fhir/metadata') return capability();
      const condition = {
        resourceType: 'Condition',
        id: 'c1',
        code: { coding: [original] },
        subject: { reference: 'Patient/p1' },
      };
      return searchset(path === '/fhir/Patient/_search' ? [patientOf('p1')] : [patientOf('p1'), condition]);
    });
    const federation = federationOf(
      ['with', 'without'].map((id) => sourceOf({ id, baseUrl: hospital.url })),
      10_000,
      { mappings: new Map([['with', [mapping('AST', '195967001')]]]) },
    );
    const answers = await gathered(federation);
    const codingsOf = (id: string): unknown =>
      objects(answers.get(id)?.resources).map((one) => object(one['code'])?.['coding']);
    expect(codingsOf('with')).toEqual([[original, added('195967001')]]);
    expect(codingsOf('without')).toEqual([[original]]);
    await federation.close();
    await hospital.close();
  });
});
