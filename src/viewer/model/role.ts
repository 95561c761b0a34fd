import { typesOfClass } from '../../fhir/data-class.ts';
import { sectionClasses, type SectionId } from '../../record/record.ts';
import { sectionWords, states } from '../words.ts';
import type { Viewer } from './viewer-state.ts';

/** How much of a section the role of this launch includes. */
export type RoleShare = 'all' | 'part' | 'none';

/** What stands under Mental health is drawn from other types too. */
const alsoMental = ['Encounter', 'CarePlan', 'DocumentReference'];

function typesOf(id: SectionId): readonly string[] {
  const own = sectionClasses[id].flatMap((name) => typesOfClass[name]);
  return id === 'mental-health' ? [...own, ...alsoMental] : own;
}

/** Of scopes on some observations alone: the section in which those of a category stand. */
const sectionOfCategory: Readonly<Record<string, SectionId>> = {
  laboratory: 'results',
  imaging: 'results',
  'vital-signs': 'vital-signs',
  'social-history': 'immunisations',
};

function categoriesOf(query: string): readonly string[] {
  return [...new URLSearchParams(query).getAll('category')]
    .flatMap((values) => values.split(','))
    .map((value) => value.slice(value.indexOf('|') + 1));
}

/** What the granted scopes let be seen of a section. One without types of its own (overview, timeline) shows what there is. */
export function roleShare(id: SectionId, scopes: readonly string[]): RoleShare {
  const types = typesOf(id);
  if (types.length === 0 || scopes.length === 0) return 'all';
  const shares = scopes.flatMap((scope): readonly RoleShare[] => {
    const match = /^(?:patient|user)\/([A-Za-z]+|\*)\.(?:[cud]*r?s?|read|\*)(?:\?(.*))?$/.exec(scope);
    const [, type, query] = match ?? [];
    // `user/` scopes are on the user and the register, not on the record.
    if (type === undefined || !scope.startsWith('patient/') || (type !== '*' && !types.includes(type))) return [];
    if (query === undefined) return ['all'];
    const categories = categoriesOf(query);
    const here = categories.length === 0 || categories.some((one) => sectionOfCategory[one] === id);
    return type !== 'Observation' || here ? ['part'] : [];
  });
  return shares.includes('part') ? 'part' : shares.includes('all') ? 'all' : 'none';
}

/** The sections of which the role includes nothing, by what their items are called. */
export function outOfRole(ids: readonly SectionId[], scopes: readonly string[]): readonly string[] {
  return ids.filter((id) => roleShare(id, scopes) === 'none').map((id) => sectionWords[id].items);
}

const known = new WeakMap<Viewer, Viewer>();

/**
 * The viewer's state as this role may speak of it. Who does not get allergies is not told that none were recorded (H2):
 * the banner and the cards say that it is the role.
 */
export function withinRole(viewer: Viewer): Viewer {
  const before = known.get(viewer);
  if (before !== undefined) return before;
  const { record, scopes } = viewer;
  const within: Viewer =
    roleShare('allergies', scopes) !== 'none'
      ? viewer
      : {
          ...viewer,
          record: {
            ...record,
            banner: {
              ...record.banner,
              allergies: {
                kind: 'unavailable',
                text: states.roleAllergies,
                agents: [],
                updated: undefined,
                assertedBy: undefined,
                asking: 0,
              },
            },
          },
        };
  known.set(viewer, within);
  return within;
}
