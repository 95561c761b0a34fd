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
