import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import type { SourceStatus } from '../fhir/status.ts';
import { createRecord } from './builder.ts';
import type { RegionView } from '../fhir/region.ts';
import { concept, ended, from, now, region, type SourceId } from './testing.ts';

const coded = (value: string): unknown => ({ coding: [{ code: value }] });
const allergy = (id: string, code: unknown, more: object = {}): Resource => ({
  resourceType: 'AllergyIntolerance',
  id,
  code,
  clinicalStatus: coded('active'),
  verificationStatus: coded('confirmed'),
  recordedDate: '2024-03-01',
  ...more,
});
const penicillin = allergy('p', concept('91936005', 'Allergy to penicillin'));
const noneKnown = allergy('n', concept('716186003', 'No known allergy'));
const noneKnownOfDrugs = allergy('d', concept('409137002', 'No known drug allergy'));
const list = (more: object): Resource => ({
  resourceType: 'List',
  id: 'l',
  code: concept('886921000000105', 'Allergies and adverse reactions'),
  date: '2026-11-01',
  ...more,
});
const warned = list({
  extension: [
    {
      url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCode',
      valueCode: 'confidential-items',
    },
  ],
  note: [{ text: 'Items excluded due to confidentiality and/or patient preferences.' }],
});

const all = (status: SourceStatus): readonly [SourceId, SourceStatus][] => [
  ['gp', status],
  ['uhnm', status],
  ['wmshcr', status],
];

function title(
  resources: readonly Resource[],
  endings: readonly (readonly [SourceId, SourceStatus])[],
  where: RegionView = region,
) {
  const record = createRecord(where, now);
  record.add(resources.map((one) => from('gp', one)));
  record.add(endings.map(([source, status]) => ended(source, status)));
  return record.snapshot().banner.allergies;
}

const noPractice: RegionView = { ...region, sources: region.sources.filter((one) => one.setting !== 'gp') };

describe('the allergy title', () => {
  it.each<[string, readonly Resource[], readonly (readonly [SourceId, SourceStatus])[], string]>([
    ['a live one, all answered', [penicillin], all('complete'), 'Known allergies'],
    ['a live one, nobody has answered yet', [penicillin], [], 'Known allergies'],
    ['a live one beside an assertion of none', [penicillin, noneKnown], all('complete'), 'Known allergies'],
    [
      'a live one without any status',
      [allergy('x', concept('1', 'Latex'), { clinicalStatus: undefined })],
      [],
      'Known allergies',
    ],
    ['none known, all whole', [noneKnown], all('complete'), 'No known allergies'],
    [
      'none known, others have no record',
      [noneKnown],
      [...all('no-record').slice(1), ['gp', 'complete']],
      'No known allergies',
    ],
    ['none known, still asking', [noneKnown], all('complete').slice(1), 'Allergies unavailable'],
    ['none known of drugs alone', [noneKnownOfDrugs], all('complete'), 'Allergies not recorded'],
    ['none known, one in part', [noneKnown], [...all('complete').slice(1), ['gp', 'partial']], 'Allergies unavailable'],
    [
      'none known, one not sharing',
      [noneKnown],
      [...all('complete').slice(1), ['gp', 'not-sharing']],
      'Allergies unavailable',
    ],
    ['none known, but the list is warned of', [noneKnown, warned], all('complete'), 'Allergies unavailable'],
    [
      'none known said by an empty list',
      [list({ emptyReason: coded('nilknown') })],
      all('complete'),
      'No known allergies',
    ],
    ['nothing, all whole', [], all('complete'), 'Allergies not recorded'],
    [
      'an empty list without content',
      [list({ emptyReason: coded('no-content-recorded') })],
      all('complete'),
      'Allergies not recorded',
    ],
    ['nothing, one timed out', [], [...all('complete').slice(1), ['gp', 'timeout']], 'Allergies unavailable'],
    ['nothing, nobody answered', [], [], 'Allergies unavailable'],
    ['only a warned list', [warned], all('complete'), 'Allergies unavailable'],
    [
      'only a refuted one',
      [allergy('r', concept('1', 'Latex'), { verificationStatus: coded('refuted') })],
      all('complete'),
      'Allergies not recorded',
    ],
    [
      'only one entered in error',
      [allergy('e', concept('1', 'Latex'), { verificationStatus: coded('entered-in-error') })],
      all('complete'),
      'Allergies not recorded',
    ],
    [
      'only a resolved one',
      [allergy('e', concept('1', 'Latex'), { clinicalStatus: coded('resolved') })],
      all('complete'),
      'Allergies not recorded',
    ],
    [
      'an assertion in error',
      [allergy('e', concept('716186003', 'No known allergy'), { verificationStatus: coded('entered-in-error') })],
      all('complete'),
      'Allergies not recorded',
    ],
  ])('%s', (_, resources, endings, expected) => expect(title(resources, endings).text).toBe(expected));

  it('needs the practice among those that answered', () =>
    expect(title([noneKnown], all('complete'), noPractice).text).toBe('Allergies unavailable'));

  it('names the agents, the date, who asserts, and how many are still asked', () => {
    expect(title([penicillin], all('complete').slice(1))).toMatchObject({
      agents: ['Allergy to penicillin'],
      updated: { year: 2024, month: 3, day: 1 },
      asking: 1,
    });
    expect(title([noneKnown], all('complete')).assertedBy).toMatchObject({
      chip: { label: 'GP' },
      date: { year: 2024 },
    });
  });

  it("puts the practice's own words at the head of the section", () => {
    const record = createRecord(region, now);
    record.add([from('gp', warned)]);
    expect(record.snapshot().sections.allergies.warnings).toMatchObject([
      { label: 'GP', text: 'Items excluded due to confidentiality and/or patient preferences.', date: { month: 11 } },
    ]);
  });
});
