import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { consentStatements, decideConsent } from './dissent.ts';

/** What these resources come to about consent. */
const saidBy = (resources: readonly Resource[]) => decideConsent(consentStatements(resources));

const sct = 'http://snomed.info/sct';
const readV2 = 'http://read.info/readv2';
const ctv3 = 'http://read.info/ctv3';
const said = (
  code: string,
  effectiveDateTime?: string,
  more: object = {},
  system: string | undefined = sct,
): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system, code }] },
  ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }),
  ...more,
});
const no = '416409005';
const yes = '417528008';

describe('consent in the records', () => {
  it.each([
    [sct, '416409005'],
    [`${sct}/83821000000107`, '416409005'],
    [readV2, '93C1.'],
    [readV2, '93C1.00'],
    [readV2, '93C1'],
    [readV2, '9Nd1.'],
    [readV2, '9Nd3.'],
    [readV2, '9Ndb.'],
    [ctv3, 'XaKRw'],
    [ctv3, 'XaKII'],
    [ctv3, 'XaX1u'],
    [ctv3, '93C1.'],
    ['http://read.info/read', '93C1.'],
    ['http://read.info/read', 'XaKRw'],
    [undefined, '416409005'],
    [undefined, '93C1.'],
    [undefined, 'XaKRw'],
    [sct, '243796009 |Situation| : 363589002 = 416409005 |Dissent|'],
  ])('%s %s is dissent', (system, code) => {
    expect(saidBy([said('', '2024-01-01', { code: { coding: [{ system, code }] } })])).toBe('dissent');
  });

  it.each([
    [sct, '417528008'],
    [sct, '425691002'],
    [readV2, '93C0.'],
    [readV2, '9Nd7.'],
  ])('%s %s is consent', (system, code) => {
    expect(saidBy([said(code, '2024-01-01', {}, system)])).toBe('consent');
  });

  it.each([
    ['Type 1', sct, '827241000000103'],
    ['Type 1 in Read', readV2, '9Nu0.'],
    ['Type 2', sct, '881561000000100'],
    ['national dissent', sct, '416308001'],
    ['national dissent in Read', readV2, '93C3.'],
    ['national dissent in CTV3', ctv3, 'XaKRy'],
    ['Type 1 in CTV3', ctv3, 'XaZ89'],
    ['Type 2 in Read', readV2, '9Nu4.'],
    ['Type 2 in CTV3', ctv3, 'XaaVL'],
    ['Summary Care Record', readV2, '9Ndo.'],
    ['Summary Care Record in CTV3', ctv3, 'XaXj6'],
    ['a third party in CTV3', ctv3, 'XaNwT'],
    ['a third party', sct, '320011000000108'],
    ['another case', readV2, '93c1.'],
    ['another system', 'http://loinc.org', '416409005'],
    ['Read in another system', 'http://loinc.org', '93C1.'],
    ['Read in SNOMED CT', sct, '93C1.'],
    ['no code', sct, undefined],
  ])('is silent on %s', (_name, system, code) => {
    expect(saidBy([said('', '2024-01-01', { code: { coding: [{ system, code }] } })])).toBe('silent');
  });

  it.each<[string, readonly Resource[], string]>([
    ['consent after dissent', [said(no, '2023-01-01'), said(yes, '2024-01-01')], 'consent'],
    ['dissent after consent', [said(no, '2024-01-01'), said(yes, '2023-01-01')], 'dissent'],
    ['both on a day', [said(no, '2024-01-01'), said(yes, '2024-01-01')], 'dissent'],
    [
      'consent later on the day of a dissent without a time',
      [said(no, '2024-01-01'), said(yes, '2024-01-01T15:00:00Z')],
      'dissent',
    ],
    ['consent an hour later', [said(no, '2024-01-01T14:00:00Z'), said(yes, '2024-01-01T15:00:00Z')], 'consent'],
    ['both at one instant', [said(no, '2024-01-01T14:00:00Z'), said(yes, '2024-01-01T14:00:00Z')], 'dissent'],
    ['consent on the day after', [said(no, '2024-01-01'), said(yes, '2024-01-02')], 'consent'],
    ['consent in the month after', [said(no, '2024-05'), said(yes, '2024-06-01')], 'consent'],
    ['consent in the year of a dissent', [said(no, '2024'), said(yes, '2024-06-01')], 'dissent'],
    ['consent in the year after', [said(no, '2024'), said(yes, '2025-01-01')], 'consent'],
    ['consent in the month of a dissent', [said(no, '2024-05'), said(yes, '2024-05-31')], 'dissent'],
    ['undated consent', [said(no, '2020-01-01'), said(yes)], 'dissent'],
    ['undated dissent', [said(no), said(yes, '2024-01-01')], 'dissent'],
    ['both undated', [said(no), said(yes)], 'dissent'],
    [
      'a dissent between two consents',
      [said(yes, '2022-01-01'), said(no, '2023-01-01'), said(yes, '2024-01-01')],
      'consent',
    ],
    ['a date that is none', [said(no, '2020-02-30'), said(yes, '2024-01-01')], 'dissent'],
    [
      'a later issue of an earlier dissent',
      [said(no, '2020-01-01', { issued: '2025-01-01T00:00:00Z' }), said(yes, '2024-01-01')],
      'consent',
    ],
    ['nothing', [], 'silent'],
  ])('reads %s', (_name, resources, expected) => {
    expect(saidBy(resources)).toBe(expected);
    expect(saidBy(resources.toReversed())).toBe(expected);
  });

  it.each<[string, object]>([
    ['effectiveDateTime', { effectiveDateTime: '2020-01-01' }],
    ['effectiveInstant', { effectiveInstant: '2020-01-01T09:00:00Z' }],
    ['effectivePeriod', { effectivePeriod: { start: '2020-01-01' } }],
    ['onsetDateTime', { onsetDateTime: '2020-01-01' }],
    ['onsetPeriod', { onsetPeriod: { start: '2020-01-01' } }],
    ['performedDateTime', { performedDateTime: '2020-01-01' }],
    ['performedPeriod', { performedPeriod: { start: '2020-01-01' } }],
    ['dateTime', { dateTime: '2020-01-01' }],
    ['issued', { issued: '2020-01-01T09:00:00Z' }],
    ['recordedDate', { recordedDate: '2020-01-01' }],
    ['authoredOn', { authoredOn: '2020-01-01' }],
    ['date', { date: '2020-01-01' }],
  ])('takes its date from %s', (_element, when) => {
    expect(saidBy([said(no, undefined, when), said(yes, '2021-01-01')])).toBe('consent');
    expect(saidBy([said(no, '2019-01-01'), said(yes, undefined, when)])).toBe('consent');
  });

  it.each<[string, object]>([
    ['entered in error', { status: 'entered-in-error' }],
    ['cancelled', { status: 'cancelled' }],
    ['not done', { status: 'not-done' }],
    ['rejected', { status: 'rejected' }],
    ['no longer active', { status: 'inactive' }],
    ['asked not to be done', { doNotPerform: true }],
    [
      'answered with N',
      {
        valueCodeableConcept: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0136', code: 'N' }] },
      },
    ],
    ['refuted', { verificationStatus: { coding: [{ code: 'refuted' }] } }],
    ['answered with no', { valueBoolean: false }],
    ['answered with the code for no', { valueCodeableConcept: { coding: [{ system: sct, code: '373067005' }] } }],
  ])('does not count what is %s', (_name, more) => {
    expect(saidBy([said(no, '2024-01-01', more)])).toBe('silent');
    expect(saidBy([said(no, '2023-01-01'), said(yes, '2024-01-01', more)])).toBe('dissent');
  });

  it.each<[string, Resource]>([
    [
      'a problem',
      { resourceType: 'Condition', code: { coding: [{ system: sct, code: no }] }, recordedDate: '2024-01-01' },
    ],
    [
      'a Consent',
      {
        resourceType: 'Consent',
        status: 'active',
        category: [{ coding: [{ system: sct, code: no }] }],
        dateTime: '2024-01-01',
      },
    ],
    [
      'a second coding',
      said('64572001', '2024-01-01', {
        code: {
          coding: [
            { system: sct, code: '64572001' },
            { system: readV2, code: '93C1.' },
          ],
        },
      }),
    ],
    ['a value', said('64572001', '2024-01-01', { valueCodeableConcept: { coding: [{ system: sct, code: no }] } })],
    ['a contained resource', { resourceType: 'List', contained: [said(no, '2024-01-01')] }],
    ['a component', said('64572001', '2024-01-01', { component: [{ code: { coding: [{ system: sct, code: no }] } }] })],
    [
      'what a Consent provides for',
      {
        resourceType: 'Consent',
        provision: { code: [{ coding: [{ system: sct, code: no }] }] },
        dateTime: '2024-01-01',
      },
    ],
    [
      'a letter N that no system gives a meaning to',
      said(no, '2024-01-01', { valueCodeableConcept: { coding: [{ code: 'N' }] } }),
    ],
  ])('finds it in %s', (_name, resource) => {
    expect(saidBy([resource])).toBe('dissent');
  });

  it('finds a consent beside other codes of the same thing', () => {
    const code = {
      coding: [
        { system: sct, code: '64572001' },
        { system: sct, code: yes },
      ],
    };
    expect(saidBy([said(no, '2023-01-01'), said('', '2024-01-01', { code })])).toBe('consent');
  });

  it('is no dissent as the category of anything but a Consent', () => {
    expect(saidBy([said('64572001', '2024-01-01', { category: [{ coding: [{ system: sct, code: no }] }] })])).toBe(
      'silent',
    );
  });

  it('is lifted by nothing that is contained and is no resource', () => {
    const { resourceType: _, ...loose } = said(yes, '2025-01-01');
    expect(saidBy([said(no, '2024-01-01'), { resourceType: 'List', contained: [loose] }])).toBe('dissent');
  });

  it('makes no statement where nothing is said', () => {
    expect(consentStatements([said('64572001', '2024-01-01')])).toEqual([]);
  });

  it('does not depend on the order of the records', () => {
    const record = fc.record({
      code: fc.constantFrom(no, yes, '425691002', '827241000000103'),
      date: fc.option(fc.constantFrom('2023', '2024', '2024-02', '2024-02-03', '2024-02-03T10:00:00Z', '2025-01-01'), {
        nil: undefined,
      }),
    });
    fc.assert(
      fc.property(fc.array(record), fc.func(fc.nat()), (records, weight) => {
        const resources = records.map(({ code, date }) => said(code, date));
        const shuffled = resources.toSorted((a, b) => weight(a) - weight(b));
        expect(saidBy(shuffled)).toBe(saidBy(resources));
      }),
    );
  });
});
