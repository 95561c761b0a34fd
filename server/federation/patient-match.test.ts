import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { matchPerson, type Match } from './patient-match.ts';

const base = 'https://source.example/fhir';
const person = { nhsNumber: '9990000018', birthDate: '1961-04-17' };
const patient = (id: string, more: object = {}): Resource => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: system.nhsNumber, value: person.nhsNumber }],
  birthDate: person.birthDate,
  ...more,
});
const link = (type: string, ...references: readonly string[]): object => ({
  link: references.map((reference) => ({ type, other: { reference } })),
});
const match = (...found: readonly unknown[]): Match => matchPerson(person, found, base);
const idsOf = (one: Match): readonly unknown[] => (one.kind === 'proved' ? one.patients.map(({ id }) => id) : [one]);

describe('which of those found is the person', () => {
  test('one that agrees, none where there is none, and nothing but Patients counts', () => {
    expect(idsOf(match(patient('a'), { resourceType: 'Practitioner' }, 'x', null))).toEqual(['a']);
    expect(match()).toEqual({ kind: 'none' });
    expect(match({ resourceType: 'Practitioner' })).toEqual({ kind: 'none' });
  });

  test('several are nobody, and say in which field they differ', () => {
    expect(match(patient('a'), patient('b'))).toEqual({ kind: 'mismatch', differsOn: [] });
    expect(match(patient('a'), patient('b', { birthDate: '1999' }))).toEqual({
      kind: 'mismatch',
      differsOn: ['birthDate'],
    });
  });

  test.each(['seealso', 'refer', 'replaces'])('several that the source links by %s are one person', (type) => {
    expect(idsOf(match(patient('a', link(type, 'Patient/b')), patient('b')))).toEqual(['a', 'b']);
    expect(idsOf(match(patient('a', link(type, `${base}/Patient/b/_history/2`)), patient('b')))).toEqual(['a', 'b']);
  });

  test.each([
    ['a Patient elsewhere of the same id', link('seealso', 'https://elsewhere.example/fhir/Patient/b')],
    ['something else of the same id', link('seealso', 'RelatedPerson/b')],
    ['nobody here', link('seealso', 'Patient/c')],
    ['nothing', { link: [{ type: 'seealso' }, 'x'] }],
  ])('a link to %s joins nobody', (_name, more) => {
    expect(match(patient('a', more), patient('b'))).toEqual({ kind: 'mismatch', differsOn: [] });
  });

  test('a linked one whose birth date differs is no one’s', () => {
    expect(match(patient('a', link('seealso', 'Patient/b')), patient('b', { birthDate: '1999' }))).toEqual({
      kind: 'mismatch',
      differsOn: ['birthDate'],
    });
  });

  test('one that another replaces does not count beside it, and is asked for what it still holds where it is proved', () => {
    const old = link('replaced-by', 'Patient/new');
    expect(idsOf(match(patient('old', old), patient('new')))).toEqual(['new', 'old']);
    expect(idsOf(match(patient('old', { ...old, birthDate: '1999' }), patient('new')))).toEqual(['new']);
    expect(match(patient('old', link('replaced-by', 'Patient/x')), patient('new'))).toMatchObject({
      patients: [{ id: 'new' }],
      leftAside: false,
    });
  });

  test('merged into one that was not found: that one', () => {
    expect(match(patient('old', link('replaced-by', 'Patient/new')))).toEqual({ kind: 'merged', into: 'new' });
    expect(match(patient('old', link('replaced-by', 'Patient/new', 'Patient/newer'))).kind).not.toBe('merged');
    expect(match(patient('old', link('replaced-by', 'https://elsewhere.example/Patient/new'))).kind).not.toBe('merged');
  });

  test('one that is not active counts where no other is, and is left aside with a word where one is', () => {
    expect(match(patient('a', { active: false }))).toMatchObject({ kind: 'proved', leftAside: false });
    expect(match(patient('a', { active: false }), patient('b'))).toMatchObject({
      kind: 'proved',
      patients: [{ id: 'b' }],
      leftAside: true,
    });
    expect(match(patient('a', { active: false, ...link('refer', 'Patient/b') }), patient('b'))).toMatchObject({
      patients: [{ id: 'b' }, { id: 'a' }],
      leftAside: false,
    });
  });

  test('two that go round in a circle of merges are not followed for ever', () => {
    const round = match(patient('a', link('replaced-by', 'Patient/b')), patient('b', link('replaced-by', 'Patient/a')));
    expect(idsOf(round)).toEqual(['a', 'b']);
  });

  test('whatever the order, whoever is shown is proved, and all of them are one', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const any = fc
      .record({
        id,
        birthDate: fc.constantFrom(person.birthDate, '1961', '1999-01-01'),
        active: fc.boolean(),
        link: fc.array(
          fc.record({
            type: fc.constantFrom('seealso', 'replaces', 'replaced-by'),
            other: id.map((one) => ({ reference: `Patient/${one}` })),
          }),
          { maxLength: 2 },
        ),
      })
      .map(({ id: own, ...more }) => patient(own, more));
    fc.assert(
      fc.property(fc.uniqueArray(any, { maxLength: 4, selector: (one) => one['id'] }), (found) => {
        const one = match(...found);
        const other = match(...found.toReversed());
        expect(new Set(idsOf(other))).toEqual(new Set(idsOf(one)));
        if (one.kind !== 'proved') return;
        for (const shown of one.patients) expect(shown['birthDate']).not.toBe('1999-01-01');
      }),
    );
  });
});
