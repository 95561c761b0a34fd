import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { differences, nhsNumbersOf, sameBirthDate, strangeName } from './identity.ts';

const person = { nhsNumber: '9990000018', birthDate: '1961-04-17' };
const patient = (more: object = {}): Resource => ({
  resourceType: 'Patient',
  identifier: [{ system: system.nhsNumber, value: person.nhsNumber }],
  birthDate: person.birthDate,
  ...more,
});
const number = (value: unknown, more: object = {}): object => ({ system: system.nhsNumber, value, ...more });
const traced = (code: string): object =>
  number(person.nhsNumber, {
    extension: [
      {
        url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
        valueCodeableConcept: { coding: [{ code }] },
      },
    ],
  });

describe('whose record it is', () => {
  test.each<[string, object, readonly string[]]>([
    ['the same', {}, []],
    ['the number with spaces', { identifier: [number('999 000 0018')] }, []],
    ['the month of birth alone', { birthDate: '1961-04' }, []],
    ['the year of birth alone', { birthDate: '1961' }, []],
    ['another year', { birthDate: '1962' }, ['birthDate']],
    ['another day', { birthDate: '1961-04-18' }, ['birthDate']],
    ['no birth date', { birthDate: undefined }, ['birthDate']],
    ['no real date', { birthDate: '1961-04-1' }, ['birthDate']],
    ['an empty date', { birthDate: '' }, ['birthDate']],
    ['another number', { identifier: [number('9990000026')] }, ['nhsNumber']],
    ['no number', { identifier: [] }, ['nhsNumber']],
    ['the number under another system', { identifier: [{ system: 'x', value: person.nhsNumber }] }, ['nhsNumber']],
    ['the number as an old one', { identifier: [number(person.nhsNumber, { use: 'old' })] }, ['nhsNumber']],
    ['two numbers', { identifier: [number(person.nhsNumber), number('9990000026')] }, ['nhsNumber']],
    ['the number and an old one', { identifier: [number(person.nhsNumber), number('9990000026', { use: 'old' })] }, []],
    ['a number that is no text', { identifier: [number(9990000018)] }, ['nhsNumber']],
    ['the number, traced', { identifier: [traced('01')] }, []],
    ['the number, traced, in the older words', { identifier: [traced('number-present-and-verified')] }, []],
    ['the number, never traced, beside the whole birth date', { identifier: [traced('02')] }, []],
    [
      'the number, never traced, and the month alone',
      { identifier: [traced('02')], birthDate: '1961-04' },
      ['birthDate'],
    ],
    ['the number that a trace could not find', { identifier: [traced('04')] }, ['nhsNumber']],
    ['the number, in conflict', { identifier: [traced('trace-needs-to-be-resolved')] }, ['nhsNumber']],
    ['neither', { identifier: 'x', birthDate: 7 }, ['nhsNumber', 'birthDate']],
  ])('%s', (_name, more, fields) => {
    expect(differences(person, patient(more))).toEqual(fields);
  });

  test('a birth date agrees with itself at any lesser precision, and with no other', () => {
    const date = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((one) => one.toISOString().slice(0, 10));
    fc.assert(
      fc.property(date, date, fc.constantFrom(4, 7, 10), (one, other, length) => {
        expect(sameBirthDate(one, one.slice(0, length))).toBe(true);
        expect(sameBirthDate(one.slice(0, length), one)).toBe(true);
        expect(sameBirthDate(one, other)).toBe(one === other);
      }),
    );
  });

  test('whatever stands in for a Patient is refused rather than thrown over', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (more) => {
        const odd: Resource = { ...more, resourceType: 'Patient' };
        expect(nhsNumbersOf(odd)).toEqual([]);
        expect(differences(person, odd)).toContain('nhsNumber');
      }),
    );
  });
});

test('a name that only a source has is found as a word, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 3, unit: 'binary' }), (family) => {
      const found = strangeName(
        [{ resource: patient({ name: [{ family }] }) }],
        patient({ name: [{ family: 'Known' }] }),
      );
      const words = family
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((one) => one.length > 2 && one !== 'known');
      expect(found === undefined).toBe(words.length === 0);
      for (const word of words) expect(found?.test(`Mrs ${word} came`)).toBe(true);
    }),
  );
  expect(
    strangeName([{ resource: patient({ name: [{ family: 'Known' }] }) }], patient({ name: [{ family: 'KNOWN' }] })),
  ).toBeUndefined();
});
