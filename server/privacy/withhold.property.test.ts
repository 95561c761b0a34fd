import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { isObject } from '../../src/fhir/json.ts';
import { entriesOf, type Resource } from '../../src/fhir/resource.ts';
import { createWithholding } from './withhold.ts';

const { categories } = await loadConfig('smart-config');
const withhold = createWithholding(categories);
const sct = 'http://snomed.info/sct';

/** Where a sign may stand, on a resource of any type. */
const signs: readonly ((marker: string) => object)[] = [
  (display) => ({ code: { coding: [{ system: sct, code: '15628003', display }] } }),
  (display) => ({ reasonCode: [{ coding: [{ system: 'http://read.info/readv2', code: '43C3.00', display }] }] }),
  (display) => ({ category: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'F640', display }] }] }),
  (text) => ({ serviceType: { coding: [{ code: '360' }], text } }),
  (text) => ({ meta: { security: [{ code: 'GENDER' }] }, description: text }),
  (text) => ({ title: `IVF cycle ${text}` }),
  (text) => ({ extension: [{ url: 'u', extension: [{ url: 'v', valueString: `sexual health ${text}` }] }] }),
];

const types = [
  'Encounter',
  'Observation',
  'Condition',
  'DiagnosticReport',
  'ServiceRequest',
  'MedicationRequest',
  'Procedure',
] as const;
const hanging = ['encounter', 'basedOn', 'partOf'] as const;
const pointing = ['focus', 'replaces', 'supportingInfo', 'derivedFrom'] as const;

type Plan = {
  readonly type: (typeof types)[number];
  readonly sign: number | undefined;
  readonly hangs: readonly (readonly [(typeof hanging)[number], number])[];
  readonly points: readonly (readonly [(typeof pointing)[number], number])[];
  readonly results: readonly number[];
  readonly narrative: boolean;
  readonly remark: boolean;
};

const plan: fc.Arbitrary<Plan> = fc.record({
  type: fc.constantFrom(...types),
  sign: fc.option(fc.nat(signs.length - 1), { nil: undefined, freq: 4 }),
  hangs: fc.array(fc.tuple(fc.constantFrom(...hanging), fc.nat(14)), { maxLength: 2 }),
  points: fc.array(fc.tuple(fc.constantFrom(...pointing), fc.nat(14)), { maxLength: 3 }),
  results: fc.array(fc.nat(14), { maxLength: 2 }),
  narrative: fc.boolean(),
  remark: fc.boolean(),
});

/** An answer made from plans: each resource knows the others by `Type/id`, and carries a marker that is its own. */
function built(plans: readonly Plan[]): readonly Resource[] {
  const nameOf = (index: number): string => `${plans[index]?.type ?? 'Condition'}/id-${index}-`;
  const group = (pairs: readonly (readonly [string, number])[]): object =>
    Object.fromEntries(
      [...Map.groupBy(pairs, ([key]) => key)].map(([key, of]) => [
        key,
        of.map(([, index]) => ({ reference: nameOf(index), display: `marker-${index}-` })),
      ]),
    );
  return plans.map(({ type, sign, hangs, points, results, narrative, remark }, index) => ({
    resourceType: type,
    id: `id-${index}-`,
    code: { text: 'Asthma' },
    ...group(hangs),
    ...group(points),
    ...(type === 'DiagnosticReport' ? { result: results.map((one) => ({ reference: nameOf(one) })) } : {}),
    ...(narrative ? { text: { status: 'generated', div: `<div>marker-${index}-</div>` } } : {}),
    ...(remark ? { note: [{ text: 'asked at the sexual health clinic' }] } : {}),
    ...(sign === undefined ? {} : signs[sign]?.(`marker-${index}-`)),
  }));
}

/** What must go, by the rule itself: a plain closure over the plans. */
function mustGo(plans: readonly Plan[]): ReadonlySet<number> {
  const gone = new Set(plans.flatMap(({ sign }, index) => (sign === undefined ? [] : [index])));
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    plans.forEach(({ type, hangs, results }, index) => {
      if (hangs.some(([, of]) => gone.has(of))) gone.add(index);
      if (gone.has(index) && type === 'DiagnosticReport')
        for (const one of results) if (one < plans.length) gone.add(one);
    });
  }
  return gone;
}

const idsOf = (resources: readonly Resource[]): readonly string[] => resources.map((one) => String(one['id'])).sort();

describe('withholding', () => {
  it('lets go exactly what bears a sign or hangs on it, and nothing that remains names it', () => {
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 15 }), (plans) => {
        const resources = built(plans);
        const gone = mustGo(plans);
        const left = withhold(resources);
        expect(idsOf(left)).toEqual(
          resources
            .map((_, index) => index)
            .filter((index) => !gone.has(index))
            .map((index) => `id-${index}-`)
            .sort(),
        );
        const released = JSON.stringify(left);
        for (const index of gone) {
          expect(released).not.toContain(`id-${index}-`);
          expect(released).not.toContain(`marker-${index}-`);
        }
        expect(released).not.toContain('<div');
        expect(released).not.toContain('sexual health');
      }),
      { numRuns: 400 },
    );
  });

  it('does the same again, and in any order', () => {
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 15 }), fc.func(fc.nat()), (plans, weight) => {
        const left = withhold(built(plans));
        expect(withhold(left)).toEqual(left);
        const shuffled = built(plans).toSorted((a, b) => weight(a['id']) - weight(b['id']));
        const byId = (a: Resource, b: Resource): number => String(a['id']).localeCompare(String(b['id']));
        expect(withhold(shuffled).toSorted(byId)).toEqual(left.toSorted(byId));
      }),
    );
  });

  it('does the same however the answer was paged, and in whatever order its pages came', () => {
    fc.assert(
      fc.property(
        fc.array(plan, { maxLength: 15 }),
        fc.integer({ min: 1, max: 6 }),
        fc.func(fc.nat()),
        (plans, size, weight) => {
          const resources = built(plans);
          const pages = Array.from({ length: Math.ceil(resources.length / size) }, (_, at) =>
            resources.slice(at * size, (at + 1) * size),
          );
          const paged = pages.toSorted((a, b) => weight(a[0]?.['id']) - weight(b[0]?.['id'])).flat();
          const byId = (a: Resource, b: Resource): number => String(a['id']).localeCompare(String(b['id']));
          expect(withhold(paged).toSorted(byId)).toEqual(withhold(resources).toSorted(byId));
        },
      ),
    );
  });

  it('leaves no path from what is released to what is withheld', () => {
    fc.assert(
      fc.property(fc.array(plan, { maxLength: 15 }), (plans) => {
        const resources = built(plans);
        const left = new Map(withhold(resources).map((one) => [`${one.resourceType}/${String(one['id'])}`, one]));
        const all = new Set(resources.map((one) => `${one.resourceType}/${String(one['id'])}`));
        const seen = new Set<string>();
        const next = [...left.keys()];
        for (let at = next.pop(); at !== undefined; at = next.pop()) {
          if (seen.has(at)) continue;
          seen.add(at);
          for (const [, to = ''] of JSON.stringify(left.get(at) ?? {}).matchAll(/"reference":"([^"]+)"/g))
            if (all.has(to)) next.push(to);
        }
        expect([...seen].filter((one) => !left.has(one))).toEqual([]);
      }),
    );
  });

  it('takes away no less when a sign is added', () => {
    fc.assert(
      fc.property(
        fc.array(plan, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(signs.length - 1),
        (plans, at, sign) => {
          const index = at % plans.length;
          const more = plans.map((one, here) => (here === index ? { ...one, sign } : one));
          const before = new Set(idsOf(withhold(built(plans))));
          expect(idsOf(withhold(built(more))).every((id) => before.has(id))).toBe(true);
        },
      ),
    );
  });

  it('leaves what is not concerned as it is, leaf for leaf', () => {
    const leaf = fc.oneof(
      fc.constant('plain words'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant('2024-01-01'),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom('a', 'b', 'value', 'valueQuantity', 'component', '_given', 'given'),
          tie('tree'),
          { maxKeys: 3 },
        ),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('code', 'component', 'extension', 'category'), tree), (members) => {
        const twin: Resource = { resourceType: 'Observation', ...members, id: 'twin' };
        const touched: Resource = { ...twin, id: 'touched', focus: [{ reference: 'Condition/gone' }] };
        const secret: Resource = {
          resourceType: 'Condition',
          id: 'gone',
          code: { coding: [{ system: sct, code: '15628003' }] },
        };
        const [first, second] = withhold([twin, touched, secret]);
        expect(first).toBe(twin);
        expect(second).toEqual({ ...twin, id: 'touched' });
      }),
    );
  });
});

describe('withholding from genuine records', () => {
  const folder = resolve(process.cwd(), '../shared/data/synthea-r4');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  if (files.length === 0) process.stdout.write('skipped: no records in ../shared/data\n');
  it.skipIf(files.length === 0)('changes nothing but the narrative where nothing is sensitive', () => {
    for (const file of files) {
      const bundle: unknown = JSON.parse(readFileSync(resolve(folder, file), 'utf8'));
      const resources = entriesOf(bundle).map((one) => {
        const { text: _, ...rest } = one;
        return rest;
      });
      const left = withhold(resources);
      const lost = resources.filter((one) => !left.some((other) => other['id'] === one['id']));
      expect({
        file,
        lost: lost.map((one) => JSON.stringify(isObject(one['code']) ? one['code'] : one).slice(0, 300)),
      }).toEqual({ file, lost: [] });
    }
  });
});
