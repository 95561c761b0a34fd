import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { system } from '../fhir/systems.ts';
import { concept, from, recordOf, type SourceId } from './testing.ts';

describe('problems', () => {
  const problem = (source: SourceId, name: string, more: object = {}): Resource =>
    from(source, {
      resourceType: 'Condition',
      id: `${source} ${name}`,
      code: concept(name, name),
      onsetDateTime: '2020-10-12',
      ...more,
    });
  const frailty = (degree: string): object => ({
    code: {
      coding: [
        { system: system.snomed, code: '248279007', display: 'Frailty' },
        { system: system.snomed, code: degree, display: `${degree} frailty` },
      ],
    },
  });

  it('of one date stand by name', () => {
    const { groups } = recordOf(problem('gp', 'Gout'), problem('uhnm', 'Asthma'), problem('gp', 'eczema')).sections
      .problems;
    expect(groups.map((one) => one.row.title)).toEqual(['Asthma', 'eczema', 'Gout']);
  });

  it.each<[string, object, object, readonly string[]]>([
    [
      'a severity beside another in the code',
      { ...frailty('Severe'), severity: { text: 'Severe' } },
      frailty('Moderate'),
      ['Severity differs'],
    ],
    ['the same, said in two ways', { ...frailty('Severe'), severity: { text: 'severe' } }, frailty('Severe'), []],
    ['one that says none', frailty('Severe'), { code: concept('248279007', 'Frailty') }, []],
  ])('differ in severity where sources do: %s', (_, a, b, expected) => {
    const { groups } = recordOf(problem('gp', 'Frailty', b), problem('uhnm', 'Frailty', a)).sections.problems;
    expect(groups.map((one) => one.tags.map((tag) => tag.words))).toEqual([expected]);
  });
});

describe('allergies', () => {
  const allergy = (id: string, more: object): Resource =>
    from('gp', { resourceType: 'AllergyIntolerance', id, code: concept(id, id), recordedDate: '2014-06-22', ...more });
  const coded = (value: string): unknown => ({ coding: [{ code: value }] });

  it('stand live first, then the highest risk, then the newest', () => {
    const { sections, banner } = recordOf(
      allergy('Past', { criticality: 'high', clinicalStatus: coded('resolved'), recordedDate: '2026-01-01' }),
      allergy('Newest', { criticality: 'low', recordedDate: '2026-01-01' }),
      allergy('Older', { criticality: 'low', verificationStatus: coded('confirmed') }),
      allergy('High', { criticality: 'high', recordedDate: '1998-01-01' }),
    );
    expect(sections.allergies.groups.map((one) => one.row.title)).toEqual(['High', 'Newest', 'Older', 'Past']);
    expect(banner.allergies.agents).toEqual(['High', 'Newest', 'Older']);
  });

  it.each<[string, object, string | undefined, string | undefined]>([
    [
      'coded',
      {
        criticality: 'high',
        verificationStatus: coded('confirmed'),
        clinicalStatus: coded('active'),
        reaction: [
          { manifestation: [{ text: 'Anaphylaxis' }], description: 'After the first dose', severity: 'severe' },
        ],
      },
      'anaphylaxis',
      'High risk, confirmed',
    ],
    ['in words alone', { reaction: [{ description: 'Rash on the arms' }] }, 'rash on the arms', undefined],
    [
      'with a name in it',
      { reaction: [{ manifestation: [{ text: 'Stevens-Johnson syndrome' }] }] },
      'Stevens-Johnson syndrome',
      undefined,
    ],
    ['not told', { criticality: 'low', type: 'intolerance' }, undefined, 'Intolerance, low risk'],
  ])('say the reaction, then risk and certainty: %s', (_, more, reaction, said) => {
    const [group] = recordOf(allergy('Penicillins', more)).sections.allergies.groups;
    expect(group?.row.allergy).toEqual({ reaction, said });
    expect(group?.row.status).toBeUndefined();
  });
});
