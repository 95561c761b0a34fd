import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { createRecord } from './builder.ts';
import { sectionIds, type SectionId } from './record.ts';
import { concept, from, now, region } from './testing.ts';

const warning = (code: string): object => ({
  url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCode',
  valueCodeableConcept: {
    coding: [{ system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ListWarningCode', code }],
  },
});
const empty = {
  coding: [{ system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ListEmptyReasonCode', code: 'no-content-recorded' }],
};
const transit =
  'Patient record transfer from previous GP practice not yet complete; information recorded before 03-Mar-2026 may be missing.';
const confidential = 'Items excluded due to confidentiality and/or patient preferences.';
const list = (more: object): Resource => ({ resourceType: 'List', id: 'l', date: '2026-11-01', ...more });

function warnings(...lists: readonly Resource[]): Partial<Record<SectionId, readonly string[]>> {
  const record = createRecord(region, now);
  record.add(lists.map((one) => from('gp', one)));
  const { sections } = record.snapshot();
  return Object.fromEntries(
    sectionIds
      .filter((id) => sections[id].warnings.length > 0)
      .map((id) => [id, sections[id].warnings.map((one) => one.text)]),
  );
}

describe('what a practice says of its own lists', () => {
  it.each<[string, string, readonly SectionId[]]>([
    ['886921000000105', 'Allergies and adverse reactions', ['allergies']],
    ['1103671000000101', 'Ended allergies', ['allergies']],
    ['1149501000000101', 'List of consultations', ['encounters', 'documents']],
    ['714311000000108', 'Patient recall administration', ['appointments']],
    ['1102181000000102', 'Immunisations', ['immunisations']],
    ['887191000000108', 'Investigations and results', ['results']],
    ['933361000000108', 'Medications and medical devices', ['medicines']],
    ['792931000000107', 'Outbound referral', ['appointments']],
    ['717711000000103', 'Problems', ['problems']],
    ['826501000000100', 'Uncategorised data', ['results', 'vital-signs']],
  ])('the list %s warns in every section that shows what stands in it', (code, title, sections) => {
    const found = warnings(
      list({ code: concept(code, title), title, extension: [warning('data-in-transit')], note: [{ text: transit }] }),
    );
    expect(Object.keys(found).toSorted()).toEqual([...sections].toSorted());
    expect(Object.values(found).flat()).toEqual(sections.map(() => transit));
  });

  it.each<[string, readonly SectionId[]]>([
    ['Consultations - medications contained in consultations', ['medicines']],
    ['Consultations - outbound referrals in consultations', ['appointments']],
    ['Problems - uncategorised data related to problems', ['results', 'vital-signs']],
    ['Problems - linked problems not relating to the primary query', ['problems']],
  ])('the secondary list "%s" warns where its subject is', (title, sections) => {
    const code = {
      coding: [
        {
          system: 'https://fhir.hl7.org.uk/STU3/CodeSystem/GPConnect-SecondaryListValues-1',
          code: 'x',
          display: title,
        },
      ],
    };
    const found = warnings(list({ code, title, extension: [warning('confidential-items')] }));
    expect(Object.keys(found).toSorted()).toEqual([...sections].toSorted());
  });

  const problems = concept('717711000000103', 'Problems');

  it('a code that its note does not speak of is said in the code’s own words', () => {
    const found = warnings(
      list({
        code: problems,
        extension: [warning('data-in-transit'), warning('confidential-items'), warning('data-awaiting-filing')],
        note: [{ text: transit }],
      }),
    );
    expect(found.problems).toEqual(
      expect.arrayContaining([transit, confidential, expect.stringMatching(/have not been reviewed/)]),
    );
    expect(found.problems).toHaveLength(3);
  });

  it('one note that speaks of two codes is said once, word for word', () => {
    const both = `${confidential} ${transit}`;
    const found = warnings(
      list({
        code: problems,
        extension: [warning('confidential-items'), warning('data-in-transit')],
        note: [{ text: both }],
      }),
    );
    expect(found.problems).toEqual([both]);
  });

  it.each([
    ['a list that is empty because nothing was recorded is not incomplete', [], false],
    ['an empty list with items withheld is', [warning('confidential-items')], true],
  ])('%s', (_name, extension, incomplete) => {
    const record = createRecord(region, now);
    const note = [{ text: extension.length === 0 ? 'Information not available' : confidential }];
    record.add([from('gp', list({ code: problems, extension, emptyReason: empty, note }))]);
    expect(record.snapshot().sections.problems.warnings).toMatchObject([{ incomplete, text: note[0]?.text }]);
  });
});
