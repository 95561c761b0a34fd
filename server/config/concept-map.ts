import { z } from 'zod';
import { isObject, object } from '../../src/fhir/json.ts';

/**
 * How a target stands to what the source said, as FHIR R4 has it, read from the source to the target: `wider` is a target
 * that says less than the source did.
 */
const equivalences = [
  'relatedto',
  'equivalent',
  'equal',
  'wider',
  'subsumes',
  'narrower',
  'specializes',
  'inexact',
  'unmatched',
  'disjoint',
] as const;
export type Equivalence = (typeof equivalences)[number];

/** One local code and what a map makes of it. */
export type Mapping = {
  readonly system: string;
  readonly code: string;
  readonly equivalence: Equivalence;
  readonly target: {
    readonly system: string;
    readonly version?: string;
    readonly code: string;
    readonly display?: string;
  };
  /** The `url` of the map that says so. */
  readonly map: string;
};

/** True where one rule only says that it is not to be used here. */
const nothingOf = (reason: string) => z.undefined({ error: reason }).optional();

const target = z
  .looseObject({
    code: z.string().trim().min(1).optional(),
    display: z.string().trim().min(1).optional(),
    equivalence: z.enum(equivalences, { error: 'an equivalence of FHIR R4, such as equivalent, wider or unmatched' }),
    dependsOn: nothingOf('no dependsOn: a code is mapped by itself alone'),
    product: nothingOf('no product: a code is mapped by itself alone'),
  })
  .refine(({ code, equivalence }) => code !== undefined || equivalence === 'unmatched', {
    message: 'a code, since it is not unmatched',
    path: ['code'],
    when: ({ value }) => isObject(value),
  });

/** FHIR R4 ConceptMap, as far as it is used. */
const conceptMap = z.looseObject({
  resourceType: z.literal('ConceptMap'),
  url: z.string().trim().min(1, 'the url by which the map is named beside each code that it adds'),
  status: z.enum(['draft', 'active', 'unknown'], { error: 'draft or active: one that is retired is not used' }),
  group: z
    .array(
      z.looseObject({
        source: z.string({ error: 'the system of the codes that are mapped' }).trim().min(1),
        target: z.string({ error: 'the system of the codes that they are mapped to' }).trim().min(1),
        targetVersion: z.string().trim().min(1).optional(),
        element: z.array(z.looseObject({ code: z.string().trim().min(1), target: z.array(target).default([]) })).min(1),
        unmapped: nothingOf('no unmapped: a code that is not listed stays as it is'),
      }),
    )
    .min(1),
});

/** A fault of a map: `path` within the file, as `ConfigFault`. */
type Fault = { readonly path: readonly PropertyKey[]; readonly message: string };

/** Says of a target that it both is and is not the same thing. */
function isContradiction(one: Equivalence, other: Equivalence): boolean {
  return (one === 'disjoint') !== (other === 'disjoint');
}

/** Reads a FHIR R4 ConceptMap. Every fault is told, with the path to it; a row that stands twice is taken once. */
export function readConceptMap(json: unknown): {
  readonly mappings: readonly Mapping[];
  readonly faults: readonly Fault[];
} {
  if (object(json)?.['resourceType'] !== 'ConceptMap')
    return { mappings: [], faults: [{ path: ['resourceType'], message: 'ConceptMap, of FHIR R4' }] };
  const parsed = conceptMap.safeParse(json);
  if (!parsed.success)
    return { mappings: [], faults: parsed.error.issues.map(({ path, message }) => ({ path, message })) };
  const faults: Fault[] = [];
  const mappings = new Map<string, Mapping>();
  parsed.data.group.forEach((group, groupAt) =>
    group.element.forEach((element, elementAt) =>
      element.target.forEach(({ code, display, equivalence }, targetAt) => {
        if (code === undefined) return;
        const key = JSON.stringify([group.source, element.code, group.target, code]);
        const before = mappings.get(key);
        if (before !== undefined && isContradiction(before.equivalence, equivalence))
          faults.push({
            path: ['group', groupAt, 'element', elementAt, 'target', targetAt],
            message: 'no target that is disjoint here and not in another row',
          });
        if (before !== undefined) return;
        mappings.set(key, {
          system: group.source,
          code: element.code,
          equivalence,
          target: {
            system: group.target,
            ...(group.targetVersion === undefined ? {} : { version: group.targetVersion }),
            code,
            ...(display === undefined ? {} : { display }),
          },
          map: parsed.data.url,
        });
      }),
    ),
  );
  return { mappings: [...mappings.values()], faults };
}
