import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { loadConfig } from '../config/config.ts';
import { createRecordWithholding, createWithholding } from './withhold.ts';

const { categories } = await loadConfig('smart-config');
const withhold = createWithholding(categories);
const coded = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });

const pregnancy = (more: object = {}): Resource => ({
  resourceType: 'Condition',
  id: 'p',
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: coded('77386006'),
  onsetDateTime: '2024-02-10',
  ...more,
});
const termination = (more: object = {}): Resource => ({
  resourceType: 'Procedure',
  id: 't',
  code: coded('10383002'),
  performedDateTime: '2024-04-02',
  ...more,
});
const stays = (...resources: readonly Resource[]): boolean => withhold(resources).some((one) => one['id'] === 'p');

describe('an open pregnancy after a withheld termination (falseRemains)', () => {
  it('goes, in whatever order they come, and stays where nothing was withheld', () => {
    expect(stays(pregnancy(), termination())).toBe(false);
    expect(stays(termination(), pregnancy())).toBe(false);
    expect(stays(pregnancy())).toBe(true);
    expect(stays(pregnancy(), termination({ code: coded('195967001') }))).toBe(true);
  });

  it.each<[string, Resource]>([
    ['a result', { resourceType: 'Observation', id: 'p', status: 'final', code: coded('77386006') }],
    [
      'a value',
      { resourceType: 'Observation', id: 'p', code: { text: 'Status' }, valueCodeableConcept: coded('72892002') },
    ],
    ['an episode', { resourceType: 'EpisodeOfCare', id: 'p', status: 'active', type: [coded('77386006')] }],
    ['a plan', { resourceType: 'CarePlan', id: 'p', status: 'active', category: [coded('47200007')] }],
  ])('goes as %s too, and takes with it what hangs on it', (_name, resource) => {
    const part: Resource = {
      resourceType: 'Observation',
      id: 'part',
      partOf: [{ reference: `${resource.resourceType}/p` }],
    };
    expect(withhold([resource, termination(), part])).toEqual([]);
    expect(withhold([resource, part])).toHaveLength(2);
  });

  it.each<[string, object]>([
    [
      'by another code beside its own',
      { code: { coding: [...coded('195967001').coding, ...coded('77386006').coding] } },
    ],
    ['by another of its categories', { code: undefined, category: [coded('195967001'), coded('77386006')] }],
    ['that is said to be open', { abatementBoolean: false, status: 'active' }],
    ['that has a time without an end', { period: { start: '2024-02-10' } }],
    ['whose state nobody knows', { clinicalStatus: { text: 'resolved' } }],
  ])('goes %s', (_name, more) => {
    expect(stays(pregnancy(more), termination())).toBe(false);
  });

  it.each<[string, object]>([
    ['an end', { period: { start: '2024-02-10', end: '2024-03-01' } }],
    ['abatementDateTime', { abatementDateTime: '2024-03-01' }],
    ['abatementPeriod', { abatementPeriod: { start: '2024-03-01' } }],
    ['abatementString', { abatementString: 'in March' }],
    ['abatementAge', { abatementAge: { value: 30 } }],
    ['abatementBoolean', { abatementBoolean: true }],
    ...['inactive', 'resolved', 'remission', 'finished', 'completed', 'cancelled', 'entered-in-error'].flatMap(
      (state): [string, object][] => [
        [`the status ${state}`, { status: state }],
        [`the clinical status ${state}`, { clinicalStatus: { coding: [{ code: 'other' }, { code: state }] } }],
      ],
    ),
  ])('stays where it was closed, by %s', (_name, more) => {
    expect(stays(pregnancy(more), termination())).toBe(true);
  });

  it('goes as a result whatever became of the result: it is as it was found', () => {
    const result: Resource = { resourceType: 'Observation', id: 'p', status: 'completed', code: coded('77386006') };
    expect(stays(result, termination())).toBe(false);
  });

  it.each<[string, (when: string) => object]>([
    ['onsetDateTime', (onsetDateTime) => ({ onsetDateTime })],
    ['onsetPeriod', (start) => ({ onsetPeriod: { start } })],
    ['effectiveDateTime', (effectiveDateTime) => ({ effectiveDateTime })],
    ['effectivePeriod', (start) => ({ effectivePeriod: { start } })],
    ['period', (start) => ({ period: { start } })],
    ['recordedDate', (recordedDate) => ({ recordedDate })],
  ])('began when its %s says', (_element, at) => {
    const begun = (when: string) => pregnancy({ onsetDateTime: undefined, ...at(when) });
    expect(stays(begun('2024-02-10'), termination())).toBe(false);
    expect(stays(begun('2024-05-10'), termination())).toBe(true);
    expect(stays(begun('2022-05-10'), termination())).toBe(true);
  });

  it.each<[string, (when: string) => object]>([
    ...[
      ...['performedDateTime', 'onsetDateTime', 'effectiveDateTime', 'recordedDate', 'occurrenceDateTime', 'start'],
      ...['authoredOn', 'date', 'issued', 'created', 'sent', 'whenHandedOver'],
    ].map((element): [string, (when: string) => object] => [element, (when) => ({ [element]: when })]),
    ...['performedPeriod', 'onsetPeriod', 'effectivePeriod', 'period'].map(
      (element): [string, (when: string) => object] => [element, (start) => ({ [element]: { start } })],
    ),
  ])('goes with what took place when its %s says', (_element, at) => {
    const took = (when: string) => termination({ performedDateTime: undefined, ...at(when) });
    expect(stays(pregnancy(), took('2024-04-02'))).toBe(false);
    expect(stays(pregnancy(), took('2020-04-02'))).toBe(true);
  });

  it('goes to the day: up to 300 days before, and on the same day', () => {
    const daysBefore = (days: number) => new Date(Date.UTC(2024, 3, 2) - days * 86_400_000).toISOString().slice(0, 10);
    expect([300, 301].map((days) => stays(pregnancy({ onsetDateTime: daysBefore(days) }), termination()))).toEqual([
      false,
      true,
    ]);
  });

  it('goes where another thing contains it', () => {
    const list: Resource = {
      resourceType: 'List',
      id: 'l',
      contained: [pregnancy()],
      entry: [{ item: { reference: '#p' } }],
    };
    expect(withhold([list, termination()])).toEqual([{ resourceType: 'List', id: 'l' }]);
    expect(withhold([list])).toEqual([list]);
  });

  it('goes for any of several terminations, whichever came last', () => {
    const other = { ...termination({ performedDateTime: '2020-01-01' }), id: 'other' };
    expect(stays(pregnancy(), termination(), other)).toBe(false);
    expect(stays(pregnancy(), other, termination())).toBe(false);
    expect(stays(pregnancy(), other)).toBe(true);
  });

  it('goes for a visit that is known by the place alone, and not for one that merely points there', () => {
    const visit = (more: object): Resource => ({
      resourceType: 'Encounter',
      id: 'v',
      period: { start: '2024-04-02' },
      ...more,
    });
    const clinic = { display: 'Termination of pregnancy clinic' };
    expect(stays(pregnancy(), visit({ serviceProvider: clinic }))).toBe(false);
    expect(stays(pregnancy(), visit({ partOf: clinic }))).toBe(false);
    expect(stays(pregnancy(), visit({ hospitalization: { destination: clinic } }))).toBe(true);
    const other = { type: [coded('415272006')], partOf: { reference: 'Encounter/w' } };
    expect(stays(pregnancy(), visit({ ...other, hospitalization: { destination: clinic } }))).toBe(true);
  });

  it('stays for a later part of what went, which is no termination itself', () => {
    const part: Resource = {
      resourceType: 'Observation',
      id: 'part',
      partOf: [{ reference: 'Procedure/t' }],
      effectiveDateTime: '2025-03-01',
    };
    expect(stays(pregnancy({ onsetDateTime: '2025-01-01' }), termination(), part)).toBe(true);
  });

  it.each<[string, object]>([
    ['began after it', { onsetDateTime: '2024-04-03' }],
    ['began in a later year', { onsetDateTime: '2025' }],
    ['began too long before it', { onsetDateTime: '2023-06-01' }],
    ['was closed', { abatementDateTime: '2024-03-01' }],
    ['is resolved', { clinicalStatus: { coding: [{ code: 'resolved' }] } }],
    ['is no pregnancy', { code: coded('195967001') }],
  ])('stays where it %s', (_name, more) => {
    expect(stays(pregnancy(more), termination())).toBe(true);
  });

  it.each<[string, object, object]>([
    ['the same day', { onsetDateTime: '2024-04-02' }, {}],
    ['the same year, said no closer', { onsetDateTime: '2024' }, {}],
    ['a date that is missing', { onsetDateTime: undefined }, {}],
    ['a termination without a date', {}, { performedDateTime: undefined }],
    ['nine months before', { onsetDateTime: '2023-07-10' }, {}],
    ['only recorded', { onsetDateTime: undefined, recordedDate: '2024-02-11T09:00:00Z' }, {}],
  ])('goes where its dates cannot tell that it is another: %s', (_name, remain, event) => {
    expect(stays(pregnancy(remain), termination(event))).toBe(false);
  });

  it('stays where what was withheld is of another category', () => {
    expect(stays(pregnancy(), termination({ code: coded('15628003') }))).toBe(true);
  });

  it('stays as a later pregnancy beside an earlier one that goes', () => {
    const later = { ...pregnancy({ onsetDateTime: '2025-09-01' }), id: 'later' };
    expect(withhold([pregnancy(), later, termination()])).toEqual([later]);
  });

  it('goes with a termination that another source’s referral takes along', () => {
    const identifier = [{ system: 'https://fhir.nhs.uk/Id/UBRN', value: '1' }];
    const filter = createRecordWithholding(categories)();
    filter([{ resourceType: 'ServiceRequest', id: 'r', identifier, code: coded('415272006') }]);
    const hanging = termination({ basedOn: [{ identifier: identifier[0] }] });
    expect(filter([pregnancy(), hanging])()).toEqual([]);
  });

  it('goes whichever source holds the termination, before or after it', () => {
    const [own, other] = [[pregnancy()], [termination()]];
    const first = createRecordWithholding(categories)();
    const before = first(own);
    expect(before()).toHaveLength(1);
    first(other);
    expect(before()).toEqual([]);
    const second = createRecordWithholding(categories)();
    second(other);
    expect(second(own)()).toEqual([]);
  });

  it.each<[string, (one: (typeof categories)[number]) => (typeof categories)[number]]>([
    ['the category lists no such code', (one) => ({ ...one, falselyRemaining: [] })],
    ['the category is switched off', (one) => ({ ...one, enabled: false })],
  ])('stays where %s', (_name, change) => {
    const left = createWithholding(categories.map(change))([pregnancy(), termination()]);
    expect(left.map((one) => one['id'])).toContain('p');
  });
});
