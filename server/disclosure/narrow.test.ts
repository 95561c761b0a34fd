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

describe('what a role gets', () => {
  const about = (type: string): Resource => ({
    resourceType: 'Appointment',
    id: type,
    participant: [{ actor: { reference: `${type}/x` } }],
  });
  /** Whether a pointer to something of this type is left in a narrowed Appointment. */
  const pointsAt = (type: string, scopes: readonly string[], interaction?: 'read' | 'search'): boolean => {
    const [left] = narrow(
      [about(type)],
      { scopes: ['patient/Appointment.rs', ...scopes], without: { Appointment: ['display'] } },
      interaction,
    );
    if (left === undefined) throw new Error('an Appointment');
    return 'participant' in left;
  };

  it('points at the person, and at what it may read or find, and at nothing else', () => {
    expect(pointsAt('Patient', [])).toBe(true);
    expect(pointsAt('Practitioner', [])).toBe(false);
    expect(pointsAt('Practitioner', ['patient/Practitioner.r'])).toBe(true);
    expect(pointsAt('Practitioner', ['patient/Practitioner.s'])).toBe(true);
    expect(pointsAt('Practitioner', ['patient/Practitioner.s'], 'read')).toBe(false);
    expect(pointsAt('Observation', ['patient/Observation.rs?category=laboratory'])).toBe(true);
  });

  it('is what its scopes allow, in its order, and each as it was where nothing of it is taken out', () => {
    const all = ['Condition', 'Procedure', 'Observation'].map((resourceType) => ({ resourceType, id: 'x' }));
    const scopes = ['patient/Observation.rs', 'patient/Condition.rs'];
    const left = narrow(all, { scopes, without: { constructor: ['id'] } });
    expect(left.map(({ resourceType }) => resourceType)).toEqual(['Condition', 'Observation']);
    expect(left[0]).toBe(all[0]);
  });

  it('lacks what cannot be understood without what it does not get', () => {
    const modified = { resourceType: 'Condition', modifierExtension: [{ url: 'urn:not', valueBoolean: true }] };
    const without = { Condition: ['extension'] };
    expect(narrow([modified], { scopes: ['patient/*.rs'], without })).toEqual([]);
    expect(narrow([modified], { scopes: ['patient/*.rs'], without: {} })).toEqual([modified]);
  });

  it('lacks a list of what it does not get, also where it gets lists in part', () => {
    const list = { resourceType: 'List', code: { coding: [{ code: '717711000000103' }] }, note: [{ text: 'x' }] };
    expect(narrow([list], { scopes: ['patient/List.rs'], without: { List: ['note'] } })).toEqual([]);
  });

  it('has of a type that it may only read nothing by searching', () => {
    const scopes = ['patient/Condition.r'];
    const one = { resourceType: 'Condition' };
    expect(narrow([one], { scopes, without: {} })).toEqual([]);
    expect(narrow([one], { scopes, without: {} }, 'read')).toEqual([one]);
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

  it.each([
    ['886921000000105', 'AllergyIntolerance'],
    ['1103671000000101', 'AllergyIntolerance'],
    ['1149501000000101', 'Encounter'],
    ['714311000000108', 'Appointment'],
    ['1102181000000102', 'Immunization'],
    ['887191000000108', 'DiagnosticReport'],
    ['933361000000108', 'MedicationStatement'],
    ['792931000000107', 'ServiceRequest'],
    ['717711000000103', 'Condition'],
    ['826501000000100', 'Observation'],
  ])('of GP Connect with the code %s is of %s', (code, type) => {
    const [one] = [list(code)];
    const to = (scope: string) => narrow([one], { scopes: ['patient/List.rs', scope], without: {} });
    expect(to(`patient/${type}.rs`)).toEqual([one]);
    expect(to('patient/CarePlan.rs')).toEqual([]);
  });

  it('is whole for a role that gets every type', () => {
    const one = list(undefined, 'Condition/c', '#inside');
    expect(narrow([one], { scopes: ['patient/*.rs'], without: {} })[0]).toBe(one);
    expect(narrow([one], { scopes: ['patient/*.r'], without: {} })).toEqual([]);
  });

  it('keeps no entry of which it cannot be told what it is', () => {
    const at = (entry: unknown): Resource => ({
      ...list(undefined, 'Observation/lab'),
      entry: [entry, { item: { reference: 'Observation/lab' } }],
    });
    for (const item of [
      { reference: '#inside' },
      { reference: 'https://a.example/AllergyIntolerance/a' },
      { reference: 'urn:uuid:9c5b94b1-35ad-49bb-b118-8e8fc24abf80' },
      { display: 'HIV' },
      undefined,
    ])
      expect(through(at({ item }))?.['entry'], JSON.stringify(item)).toEqual([
        { item: { reference: 'Observation/lab' } },
      ]);
  });

  it('of what it gets loses its narrative with an entry of what it does not get, and stays when that was the last', () => {
    const told = { ...list('886921000000105', 'AllergyIntolerance/a', 'Condition/c'), text: { div: '<div>c</div>' } };
    expect(through(told)).toEqual(list('886921000000105', 'AllergyIntolerance/a'));
    const { entry: _entry, ...bare } = list('886921000000105');
    expect(through({ ...list('886921000000105', 'Condition/c'), text: { div: '<div>c</div>' } })).toEqual(bare);
  });

  it('of a type of which it gets some goes by its entries', () => {
    expect(through(list('826501000000100', 'Observation/lab', 'Observation/exam'))).toEqual(
      list('826501000000100', 'Observation/lab'),
    );
  });

  it('of both keeps its entries of what it gets', () => {
    expect(through(list(undefined, 'Condition/c', 'Observation/lab', 'Observation/exam'))).toEqual(
      list(undefined, 'Observation/lab'),
    );
  });
});
