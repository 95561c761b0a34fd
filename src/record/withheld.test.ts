import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { system } from '../fhir/systems.ts';
import type { ClinicalRecord } from './record.ts';
import { from, homes, recordOf, shuffled, type SourceId } from './testing.ts';
import { loadConfig } from '../../server/config/config.ts';
import { createRecordWithholding } from '../../server/privacy/withhold.ts';

const { categories } = await loadConfig('smart-config');
const begin = createRecordWithholding(categories);
const concept = (code: string, text: string): object => ({ coding: [{ system: system.snomed, code }], text });
const asthma = concept('195967001', 'Asthma');

/** What sources say: facts that often meet, some of which may not be shown, and what hangs on them. */
const said = fc.record({
  source: fc.constantFrom<SourceId>('gp', 'uhnm', 'wmshcr'),
  resourceType: fc.constantFrom('Condition', 'Observation', 'Procedure', 'ServiceRequest'),
  code: fc.constantFrom(
    asthma,
    concept('84114007', 'Heart failure'),
    concept('52448006', 'Sexual health clinic visit'),
  ),
  when: fc.constantFrom('2024-10-01', '2024-10-02'),
  identifier: fc.constantFrom('a', 'b', undefined, undefined),
  hangsOn: fc.option(fc.nat(9), { nil: undefined, freq: 3 }),
});

/** Each source's answer as resources of its own; what hangs points within that answer. */
function answersOf(all: readonly (typeof said extends fc.Arbitrary<infer One> ? One : never)[]) {
  const nameOf = (at: number): string => `${all[at]?.resourceType ?? 'Condition'}/n${at}`;
  const resources = all.map(({ source, resourceType, code, when, identifier, hangsOn }, at) => ({
    source,
    resource: {
      resourceType,
      id: `n${at}`,
      status: resourceType === 'ServiceRequest' ? 'active' : 'final',
      clinicalStatus: { coding: [{ code: 'active' }] },
      code,
      onsetDateTime: when,
      effectiveDateTime: when,
      performedDateTime: when,
      authoredOn: when,
      ...(identifier === undefined
        ? {}
        : { identifier: [{ system: 'https://example.org/referral', value: identifier }] }),
      ...(hangsOn === undefined ? {} : { basedOn: [{ reference: nameOf(hangsOn) }] }),
    },
  }));
  return Map.groupBy(resources, ({ source }) => source);
}

/** What the viewer makes of the sources' answers once the filter has read them all, in an order of its own at each step. */
function shown(answers: ReturnType<typeof answersOf>, seed: number): ClinicalRecord {
  const take = begin();
  const lefts = shuffled([...answers], seed).map(([source, sent]) => {
    const left = take(
      shuffled(
        sent.map(({ resource }) => resource),
        seed + 1,
      ),
    );
    return { source, left };
  });
  const lines: readonly Resource[] = lefts.flatMap(({ source, left }) => left().map((one) => from(source, one)));
  return recordOf(...shuffled(lines, seed + 2));
}

describe('withholding, then reconciliation', () => {
  it('show the same record in whatever order the sources answer, each lists, and the lines arrive', () => {
    let withheld = 0;
    fc.assert(
      fc.property(fc.array(said, { maxLength: 10 }), fc.nat(9999), (all, seed) => {
        const answers = answersOf(all);
        const one = shown(answers, 0);
        expect(shown(answers, seed)).toEqual(one);
        withheld += all.length - homes(one).flatMap((group) => group.members).length;
        expect(JSON.stringify(one)).not.toContain('Sexual health');
      }),
      { numRuns: 300 },
    );
    expect(withheld).toBeGreaterThan(100);
  });
});
