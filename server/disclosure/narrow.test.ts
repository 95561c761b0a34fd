import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { narrow } from './narrow.ts';
import { withoutElements } from './without.ts';

const all = (): boolean => true;
const visit: Resource = {
  resourceType: 'Appointment',
  id: 'a',
  meta: { source: 'urn:s', security: [{ code: 'PSY' }], profile: ['urn:psychiatry'] },
  text: { status: 'generated', div: '<div>Psychiatry</div>' },
  contained: [
    { resourceType: 'Location', id: 'ward', name: 'Ward 3', type: [{ text: 'Psychiatry' }] },
    { resourceType: 'HealthcareService', id: 'service', name: 'Psychiatry' },
  ],
  status: 'booked',
  start: '2026-12-01T10:00:00Z',
  _start: { extension: [{ url: 'urn:x', valueString: 'Psychiatry' }] },
  specialty: [{ text: 'Psychiatry' }],
  reason: [{ text: 'Psychiatry' }],
  participant: [
    { actor: { reference: 'Patient/p', display: 'Psychiatry' }, status: 'accepted' },
    { actor: { reference: '#ward' }, status: 'accepted' },
    { actor: { reference: '#service' }, status: 'accepted' },
    { actor: { reference: 'Practitioner/d', display: 'Psychiatrist' }, status: 'accepted' },
    { actor: { reference: 'Device/scanner', display: 'Psychiatry' }, status: 'accepted' },
  ],
};
const close = ['specialty', 'display', 'extension'];
const frontDesk = (type: string): boolean => ['Patient', 'Location', 'Practitioner'].includes(type);

describe('a resource without some of its elements', () => {
  it('closely: says nowhere what was taken out, and still when and where', () => {
    expect(withoutElements(visit, close, frontDesk)).toEqual({
      resourceType: 'Appointment',
      id: 'a',
      meta: { source: 'urn:s' },
      status: 'booked',
      start: '2026-12-01T10:00:00Z',
      participant: [
        { actor: { reference: 'Patient/p' }, status: 'accepted' },
        { actor: { display: 'Ward 3' }, status: 'accepted' },
        { actor: { reference: 'Practitioner/d' }, status: 'accepted' },
      ],
    });
  });

  it('does not leave where a modifier extension says that the rest cannot be understood without it', () => {
    const modified = { ...visit, modifierExtension: [{ url: 'urn:not', valueBoolean: true }] };
    expect(withoutElements(modified, close, frontDesk)).toBeUndefined();
    expect(withoutElements(modified, ['specialty'], all)).toMatchObject({ modifierExtension: [{ url: 'urn:not' }] });
  });

  it('else keeps all but the elements and the narrative', () => {
    const problem: Resource = {
      resourceType: 'Condition',
      id: 'c',
      text: { status: 'generated', div: '<div>said in confidence</div>' },
      extension: [{ url: 'urn:significance', valueCode: 'major' }],
      code: { text: 'Asthma' },
      note: [{ text: 'said in confidence' }],
      stage: [{ summary: { text: 'mild' }, note: 'kept: not this one' }],
      asserter: { display: 'Dr Example' },
      evidence: [{ detail: [{ reference: 'Observation/o', display: 'Peak flow' }] }],
    };
    const { note: _note, text: _text, ...kept } = problem;
    expect(withoutElements(problem, ['note'], () => false)).toEqual(kept);
    expect(withoutElements(problem, ['stage.note'], all)).toMatchObject({ stage: [{ summary: { text: 'mild' } }] });
  });

  it('never says a word that was not there, and changes nothing when done again', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.boolean(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom('code', 'note', '_note', 'extension', 'actor', 'reference', 'display', 'x'),
          tie('any'),
          {
            maxKeys: 4,
          },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('code', 'note', 'participant', 'text'), value), (members) => {
        const once = withoutElements({ ...members, resourceType: 'Task' }, ['note', 'display', 'extension'], frontDesk);
        if (once === undefined) return;
        expect(once).not.toHaveProperty('note');
        expect(JSON.stringify(once)).not.toContain('"extension"');
        expect(withoutElements(once, ['note', 'display', 'extension'], frontDesk)).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a list for a role that does not get every type', () => {
  const list = (code: string | undefined, ...items: readonly string[]): Resource => ({
    resourceType: 'List',
    id: 'l',
    ...(code === undefined ? {} : { code: { coding: [{ code }] } }),
    note: [{ text: 'a warning' }],
    entry: items.map((reference) => ({ item: { reference, display: reference } })),
  });
  const lab: Resource = {
    resourceType: 'Observation',
    id: 'lab',
    category: [{ coding: [{ code: 'laboratory' }] }],
  };
  const exam: Resource = { resourceType: 'Observation', id: 'exam', category: [{ coding: [{ code: 'exam' }] }] };
  const scopes = ['patient/List.rs', 'patient/AllergyIntolerance.rs', 'patient/Observation.rs?category=laboratory'];
  const through = (one: Resource): Resource | undefined =>
    narrow([lab, exam, one], { scopes, without: {} }).find(({ resourceType }) => resourceType === 'List');

  it.each([
    ['problems, by its code', list('717711000000103', 'Condition/c')],
    ['problems, and empty', list('717711000000103')],
    ['problems, by its entries', list(undefined, 'Condition/c', 'Condition/d')],
    ['nothing that it says', list(undefined)],
    ['an observation that is not among those it gets', list(undefined, 'Observation/exam')],
  ])('%s: does not leave', (_name, one) => {
    expect(through(one)).toBeUndefined();
  });

  it('of what it gets is as it was, warnings and all, also empty', () => {
    for (const one of [
      list('886921000000105', 'AllergyIntolerance/a'),
      list('886921000000105'),
      list(undefined, 'Observation/lab'),
    ])
      expect(through(one)).toBe(one);
  });

  it('of both keeps its entries of what it gets', () => {
    expect(through(list(undefined, 'Condition/c', 'Observation/lab', 'Observation/exam'))).toEqual(
      list(undefined, 'Observation/lab'),
    );
  });
});
