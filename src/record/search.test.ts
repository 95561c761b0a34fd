import { describe, expect, it } from 'vitest';
import { system } from '../fhir/systems.ts';
import { createRecord } from './builder.ts';
import type { SearchAnswer } from './record.ts';
import { concept, from, homes, now, region } from './testing.ts';

const builder = createRecord(region, now);
builder.add([
  from('gp', {
    resourceType: 'Condition',
    id: 'c1',
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: {
      coding: [
        { system: system.snomed, code: '22298006', display: 'Myocardial infarction' },
        { system: 'http://read.info/readv2', code: 'G30..', display: 'Heart attack' },
      ],
    },
    onsetDateTime: '2019-04-03',
    note: [{ text: 'Seen by the café doctor while on holiday' }],
  }),
  from('uhnm', {
    resourceType: 'MedicationRequest',
    id: 'm1',
    status: 'active',
    intent: 'order',
    medicationReference: { reference: 'Medication/x1', display: 'Ramipril 5 mg capsules' },
    authoredOn: '2026-07-01T23:30:00Z',
  }),
  from('uhnm', {
    resourceType: 'Medication',
    id: 'x1',
    code: { coding: [{ system: system.snomed, code: '318851002', display: 'Tritace 5mg capsule' }] },
  }),
  from('gp', {
    resourceType: 'DocumentReference',
    id: 'd1',
    status: 'current',
    type: concept('823651000000106', 'Clinical letter'),
    date: '2026-11-03',
    content: [{ attachment: { contentType: 'text/plain', title: 'Letter', data: 'aGVhcnQgYXR0YWNr' } }],
  }),
]);

const sectionsOf = (answer: SearchAnswer): readonly string[] => answer.sections.map((one) => one.section);
const search = (query: string): readonly string[] => sectionsOf(builder.search(query));

describe('search', () => {
  it.each([
    ['a word of a row', 'infarction', ['problems']],
    ['a part of a word', 'ipril', ['medicines']],
    ['whatever the case', 'MYOCARDIAL', ['problems']],
    ['without its accent', 'cafe', ['problems']],
    ['another name of the same coding', 'heart attack', ['problems']],
    ['a code', '22298006', ['problems']],
    ['a code of another system', 'G30', ['problems']],
    ['a date as the screen has it', '03-Apr-2019', ['problems']],
    ['a date with strokes', '3/4/2019', ['problems']],
    ['a date in words', '3 April 2019', ['problems']],
    ['a date as it was recorded', '2019-04-03', ['problems']],
    ['a day that is another one in London', '02-Jul-2026', ['medicines']],
    ['words of several places together', 'ramipril UHNM', ['medicines']],
    ['an organisation', 'UHNM organisation', ['medicines', 'about']],
    ['a name that the medicine has elsewhere', 'tritace', ['medicines', 'about']],
    ['words of which one is said nowhere', 'heart zebra', []],
    ['nothing', '   ', []],
    ['bytes', 'aGVhcnQ', []],
    ['how it is put together', 'DocumentReference', []],
  ])('finds %s', (_name, query, sections) => {
    expect(search(query)).toEqual(sections);
  });

  it('says what it was found by, where that does not stand on the row', () => {
    const hitOf = (query: string): unknown => builder.search(query).sections[0]?.hits[0];
    expect(hitOf('heart attack')).toMatchObject({ id: 'gp|Condition/c1', why: 'Heart attack' });
    expect(hitOf('infarction')).not.toHaveProperty('why');
  });

  it('says the same when words are typed letter by letter as when they come at once', () => {
    const typed = createRecord(region, now);
    typed.add([from('gp', { resourceType: 'Condition', id: 'c', code: concept('1', 'Asthma attack') })]);
    for (const [end] of [...'asthma attack'].entries()) typed.search('asthma attack'.slice(0, end + 1));
    expect(typed.search('asthma attack').total).toBe(1);
    typed.add([from('gp', { resourceType: 'Condition', id: 'c2', code: concept('2', 'Asthma attack, severe') })]);
    expect(typed.search('asthma attack').total).toBe(2);
  });

  it('leaves nothing out: every group is found by its own title', () => {
    for (const group of homes(builder.snapshot()))
      expect(
        builder.search(group.row.title).sections.flatMap((one) => one.hits.map((hit) => hit.id)),
        group.row.title,
      ).toContain(group.members[0]?.id);
  });

  it('finds nothing of a record that was refused', () => {
    const refused = createRecord(region, now);
    refused.add([from('gp', { resourceType: 'Condition', id: 'c', code: concept('1', 'Asthma') })]);
    expect(refused.search('asthma').total).toBe(1);
    refused.add([
      {
        resourceType: 'OperationOutcome',
        id: 'record',
        issue: [
          {
            details: {
              coding: [{ system: 'https://one-health-and-care.nhs.uk/CodeSystem/source-status', code: 'refused' }],
            },
          },
        ],
      },
    ]);
    expect(refused.search('asthma').total).toBe(0);
  });
});
