import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { loadConfig } from '../config/config.ts';
import { createRecordWithholding } from './withhold.ts';

const { categories } = await loadConfig('smart-config');
const begin = createRecordWithholding(categories);
const sensitive = { coding: [{ system: 'http://snomed.info/sct', code: '415272006' }] };
const ubrn = (value: string) => ({ system: 'https://fhir.nhs.uk/Id/UBRN', value });
const referral = (more: object = {}): Resource => ({
  resourceType: 'ServiceRequest',
  id: 'r',
  identifier: [ubrn('000049302875')],
  ...more,
});
const secret = referral({ code: sensitive });

/** What is left of each answer once all are there. */
function left(...answers: readonly (readonly Resource[])[]): readonly (readonly string[])[] {
  const filter = begin();
  return answers.map((one) => filter(one)).map((one) => one().map(({ id }) => String(id)));
}

describe('one identifier in two sources', () => {
  it.each(['ServiceRequest', 'Task', 'DocumentReference', 'DiagnosticReport', 'Appointment'])(
    'is one thing: the %s of the other goes too, in either order',
    (resourceType) => {
      const other: Resource = { resourceType, id: 'x', identifier: [ubrn('000049302875')] };
      const plain: Resource = { resourceType, id: 'y', identifier: [ubrn('000049302876')] };
      expect(left([secret], [other, plain])).toEqual([[], ['y']]);
      expect(left([other, plain], [secret])).toEqual([['y'], []]);
      expect(left([other, secret])).toEqual([[]]);
      expect(left([referral()], [other])).toEqual([['r'], ['x']]);
    },
  );

  it('is one thing also where another contains a copy of it, and the other stays', () => {
    const copy = (value: string) => ({ resourceType: 'ServiceRequest', id: 'in', identifier: [ubrn(value)] });
    const task: Resource = { resourceType: 'Basic', id: 't', contained: [copy('000049302875'), copy('000049302876')] };
    for (const order of [
      [[secret], [task]],
      [[task], [secret]],
    ]) {
      const filter = begin();
      const lefts = order.map((one) => filter(one));
      expect(lefts.flatMap((one) => one())).toEqual([{ ...task, contained: [copy('000049302876')] }]);
    }
    expect(left([{ ...task, contained: [{ ...copy('000049302875'), code: sensitive }] }], [referral()])).toEqual([
      ['t'],
      [],
    ]);
  });

  it('takes with it what hangs on the identifier there, to a fixed point over all sources', () => {
    const visit: Resource = {
      resourceType: 'Encounter',
      id: 'e',
      basedOn: [{ identifier: ubrn('000049302875') }],
    };
    const result: Resource = { resourceType: 'Observation', id: 'o', encounter: { reference: 'Encounter/e' } };
    const report: Resource = {
      resourceType: 'DiagnosticReport',
      id: 'd',
      identifier: [{ system: 'urn:lab', value: '7' }],
      encounter: { reference: 'Encounter/e' },
    };
    const copy: Resource = {
      resourceType: 'DocumentReference',
      id: 'c',
      masterIdentifier: { system: 'urn:lab', value: '7' },
    };
    for (const order of [
      [[secret], [visit, result, report], [copy]],
      [[copy], [visit, result, report], [secret]],
    ])
      expect(left(...order).flat()).toEqual([]);
    expect(left([referral()], [visit, result, report], [copy]).flat()).toHaveLength(5);
  });

  it('leaves no pointer to it in another source', () => {
    const plan: Resource = {
      resourceType: 'CarePlan',
      id: 'p',
      supportingInfo: [{ identifier: ubrn('000049302875'), display: 'Referral' }],
    };
    const filter = begin();
    const first = filter([plan]);
    expect(first()).toEqual([plan]);
    expect(first()).toBe(first());
    filter([secret]);
    expect(first()).toEqual([{ resourceType: 'CarePlan', id: 'p' }]);
    const later = begin();
    later([secret]);
    expect(later([plan])()).toEqual([{ resourceType: 'CarePlan', id: 'p' }]);
  });

  it('takes no allergy, no provenance that is about something else, and nobody by their own numbers', () => {
    const nhs = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' };
    const local = { system: 'https://fhir.nhs.uk/Id/local-patient-identifier', value: 'RJE.1' };
    const ods = { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'RJE' };
    const other: Resource = { resourceType: 'Appointment', id: 'x', identifier: [nhs, local, ods] };
    const allergy: Resource = { resourceType: 'AllergyIntolerance', id: 'a', identifier: [ubrn('000049302875')] };
    const provenance: Resource = {
      resourceType: 'Provenance',
      id: 'v',
      target: [{ reference: 'Appointment/x' }, { identifier: ubrn('000049302875') }],
    };
    expect(
      left([{ ...secret, identifier: [ubrn('000049302875'), nhs, local, ods] }], [other, allergy, provenance]),
    ).toEqual([[], ['x', 'a', 'v']]);
    expect(left([secret], [{ ...provenance, target: [{ identifier: ubrn('000049302875') }] }])).toEqual([[], []]);
  });

  it('of another type of thing is its own source’s', () => {
    const ward: Resource = {
      resourceType: 'Location',
      id: 'l',
      name: 'GUM clinic',
      identifier: [{ system: 'u', value: '1' }],
    };
    const there: Resource = {
      resourceType: 'Encounter',
      id: 'e',
      location: [{ location: { identifier: { system: 'u', value: '1' } } }],
    };
    expect(left([ward, there], [there])).toEqual([[], ['e']]);
    const identifier = { system: 'urn:visits', value: '1' };
    const visit: Resource = { resourceType: 'Encounter', id: 'v', identifier: [identifier], type: [sensitive] };
    const seen: Resource = { resourceType: 'Observation', id: 'o', encounter: { identifier } };
    expect(left([visit, seen], [seen])).toEqual([[], ['o']]);
  });

  it('does not make names of one source those of another', () => {
    const result: Resource = { resourceType: 'Observation', id: 'o', basedOn: [{ reference: 'ServiceRequest/r' }] };
    expect(left([secret, result], [result])).toEqual([[], ['o']]);
  });

  it('counts for what comes after it also where its own source could not be released', () => {
    const filter = begin();
    const broken: Resource = {
      resourceType: 'Observation',
      id: 'b',
      get code(): unknown {
        throw new Error('broken');
      },
    };
    expect(() => filter([secret, broken])).toThrow('broken');
    expect(filter([{ resourceType: 'Task', id: 't', identifier: [ubrn('000049302875')] }])()).toEqual([]);
  });
});

/** Things of some sources that share identifiers and hang on each other. */
const thing = fc.record({
  source: fc.nat(3),
  type: fc.constantFrom('ServiceRequest', 'Task', 'Observation', 'Appointment', 'Encounter'),
  sign: fc.boolean().map((one) => one),
  rare: fc.nat(4),
  identifier: fc.option(fc.nat(5), { nil: undefined }),
  basedOn: fc.option(fc.nat(5), { nil: undefined }),
  partOf: fc.option(fc.nat(9), { nil: undefined }),
});
type Thing = typeof thing extends fc.Arbitrary<infer One> ? One : never;

function answersOf(things: readonly Thing[]): readonly (readonly Resource[])[] {
  const made = things.map(({ source, type, sign, rare, identifier, basedOn, partOf }, index) => {
    const whole = partOf === undefined ? undefined : things[partOf];
    return {
      source,
      resource: {
        resourceType: type,
        id: `${index}`,
        code: sign && rare === 0 ? sensitive : { text: 'Asthma' },
        ...(identifier === undefined ? {} : { identifier: [ubrn(`${identifier}`)] }),
        ...(basedOn === undefined ? {} : { basedOn: [{ identifier: ubrn(`${basedOn}`) }] }),
        ...(whole === undefined ? {} : { partOf: [{ reference: `${whole.type}/${partOf}` }] }),
      } satisfies Resource,
    };
  });
  return [0, 1, 2, 3].map((source) => made.filter((one) => one.source === source).map((one) => one.resource));
}

describe('a record of several sources', () => {
  const many = fc.array(thing, { maxLength: 16 });
  const released = (answers: readonly (readonly Resource[])[]): readonly string[] =>
    left(...answers)
      .flat()
      .toSorted();

  it('is the same whole in whatever order the sources come', () => {
    fc.assert(
      fc.property(many, fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (things, order) => {
        const answers = answersOf(things);
        expect(released(order.map((at) => answers[at] ?? []))).toEqual(released(answers));
      }),
      { numRuns: 300 },
    );
  });

  it('holds nothing that shares an identifier with what went, nor hangs on it', () => {
    fc.assert(
      fc.property(many, (things) => {
        const answers = answersOf(things);
        const stay = new Set(released(answers));
        const shared = new Set(['ServiceRequest', 'Task', 'Appointment']);
        const lost = new Set(
          things.flatMap(({ type, identifier }, index) =>
            shared.has(type) && identifier !== undefined && !stay.has(`${index}`) ? [identifier] : [],
          ),
        );
        things.forEach(({ source, type, identifier, basedOn, partOf }, index) => {
          if (!stay.has(`${index}`)) return;
          if (shared.has(type) && identifier !== undefined) expect(lost.has(identifier)).toBe(false);
          if (basedOn !== undefined) expect(lost.has(basedOn)).toBe(false);
          if (partOf !== undefined && things[partOf]?.source === source) expect(stay.has(`${partOf}`)).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('loses no less as more of it has come, and no more than when all has', () => {
    fc.assert(
      fc.property(many, (things) => {
        const filter = begin();
        const lefts: (() => readonly Resource[])[] = [];
        let before: readonly (readonly unknown[])[] = [];
        for (const answer of answersOf(things)) {
          lefts.push(filter(answer));
          const now = lefts.map((one) => one().map(({ id }) => id));
          before.forEach((ids, at) => expect(ids).toEqual(expect.arrayContaining([...(now[at] ?? [])])));
          before = now;
        }
      }),
    );
  });
});
