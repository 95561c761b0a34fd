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
