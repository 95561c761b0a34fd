import type { LoadedCategory } from '../config/config.ts';
import { listedSystems } from '../config/code-list.ts';
import { readStem } from '../privacy/terminology.ts';

/** A rule taken out of the filter, so that a run must find what it lets through. */
export type Mutation = {
  readonly name: string;
  /** The categories as the filter then has them. */
  readonly of: (categories: readonly LoadedCategory[]) => readonly LoadedCategory[];
  /** Where the leak shows. */
  readonly isIn: (found: { readonly category: string; readonly channel: string }) => boolean;
};

/** The codes less those of one system. What Read v2 lists counts in CTV3 too, so that CTV3's are gone only with the same of v2. */
function without(codes: LoadedCategory['listedCodes'], system: string): LoadedCategory['listedCodes'] {
  const left = codes.filter((code) => code.system !== system);
  if (system !== 'CTV3') return left;
  const stems = new Set(codes.filter((code) => code.system === system).map(({ code }) => readStem(code)));
  return left.filter((code) => code.system !== 'Read v2' || !stems.has(readStem(code.code)));
}

/** Each rule of the configuration that can be taken out, where there is something in it. */
export function mutationsOf(categories: readonly LoadedCategory[]): readonly Mutation[] {
  const changed =
    (id: string, change: (category: LoadedCategory) => LoadedCategory): Mutation['of'] =>
    (all) =>
      all.map((one) => (one.id === id ? change(one) : one));
  return categories.flatMap((category): readonly Mutation[] => {
    const { id, specialties, services, organisations, terms } = category;
    const only =
      (...channels: readonly string[]): Mutation['isIn'] =>
      (found) =>
        found.category === id && (channels.length === 0 || channels.includes(found.channel));
    const rule = (
      name: string,
      isThere: boolean,
      change: (one: LoadedCategory) => LoadedCategory,
      isIn: Mutation['isIn'],
    ) => (isThere ? [{ name: `${id}: ${name}`, of: changed(id, change), isIn }] : []);
    return [
      ...rule('the category', true, (one) => ({ ...one, enabled: false }), only()),
      ...listedSystems.flatMap((system) =>
        rule(
          `its codes of ${system}`,
          category.listedCodes.some((one) => one.system === system),
          (one) => ({ ...one, listedCodes: without(one.listedCodes, system) }),
          only(),
        ),
      ),
      ...rule(
        'its services',
        specialties.length + services.length > 0,
        (one) => ({ ...one, specialties: [], services: [] }),
        only('service type or specialty', 'made by its service', 'scan from its service'),
      ),
      ...rule(
        'its organisations',
        organisations.length > 0,
        (one) => ({ ...one, organisations: [] }),
        only('organisation code', 'made by its service'),
      ),
      // A label may be another category's too: all must go.
      ...rule(
        'its words',
        terms.length > 0,
        (one) => ({ ...one, terms: [] }),
        only(
          'words',
          'display',
          'concept text',
          'document',
          'remark',
          'extension',
          'name of a reference',
          'made by its service',
          'allergy that stays',
        ),
      ),
    ];
  });
}

/** Rules that all categories share. */
export const labelsTakenOut: Mutation = {
  name: 'security labels',
  of: (all) => all.map((one) => ({ ...one, securityLabels: [] })),
  isIn: ({ channel }) => channel === 'security label',
};
