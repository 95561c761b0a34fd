import { isObject } from '../../src/fhir/json.ts';
import { idOf } from '../../src/fhir/resource.ts';
import type { Case, Thing } from './case.ts';
import type { FacadeId } from './judgement.ts';
import type { AskedAfter } from './question.ts';

/** What a source holds of a person: with something that is never shown, and as if that had never been. */
export type Worlds = { readonly withIt: readonly Thing[]; readonly withoutIt: readonly Thing[] };

/** The two worlds of some cases. */
export function worldsOf(cases: readonly Case[]): Worlds {
  const withIt = cases.flatMap((one) => one.things);
  return {
    withIt,
    withoutIt: withIt.flatMap((thing) =>
      thing.expected === undefined ? [] : [{ ...thing, resource: thing.expected }],
    ),
  };
}

/** Codes that stand in a resource, with their systems and alone. */
function codesIn(value: unknown, into: Set<string>): void {
  if (Array.isArray(value)) for (const one of value as readonly unknown[]) codesIn(one, into);
  else if (isObject(value)) {
    const { system, code } = value;
    if (typeof code === 'string' && typeof system === 'string' && !system.includes('source.example'))
      into.add(`${system}|${code}`).add(code);
    for (const inner of Object.values(value)) codesIn(inner, into);
  }
}

/** What is to be asked after of some cases. @param most how many things of each kind */
export function askedAfter(
  cases: readonly Case[],
  {
    person,
    ids,
    sources,
    most = Infinity,
  }: { readonly person: string; readonly ids: FacadeId; readonly sources: readonly string[]; readonly most?: number },
): AskedAfter {
  const things = cases.flatMap((one) => one.things);
  const nameOf = ({ resource }: Thing): string =>
    `${resource.resourceType}/${ids(resource.resourceType, idOf(resource) ?? '')}`;
  const gone = things.filter((one) => one.expected === undefined);
  const codes = new Set<string>();
  for (const { resource } of gone) codesIn(resource, codes);
  return {
    person,
    gone: gone.slice(0, most).map(nameOf),
    shown: things
      .filter((one) => one.expected !== undefined)
      .slice(0, most)
      .map(nameOf),
    codes: [...codes].filter((code) => /^[\x21-\x7e]+$/.test(code)).slice(0, Math.min(most, 6)),
    sources,
  };
}
