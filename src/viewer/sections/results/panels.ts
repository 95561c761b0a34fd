import { panels, placeOf, vitalOrder, type Panel } from '../../../record/analyte.ts';
import { columnsOf, countSets, gridOf, type Column } from '../../../record/cumulative-grid.ts';
import { rememberingEach } from '../../../record/memory.ts';
import type { Group } from '../../../record/record.ts';
import { heightOf } from '../../../record/trend.ts';

export type PanelId = Panel | 'radiology';

/** Where each result stands: in one panel, among the reports, or entered in error. None is left out. */
export type Sorted = {
  readonly panels: ReadonlyMap<PanelId, readonly Group[]>;
  /** Reports whole: radiology apart. */
  readonly reports: readonly Group[];
  readonly inError: readonly Group[];
};

/** A heading over other results that measures nothing by itself (a panel of a laboratory). */
function isHeading({ row }: Group): boolean {
  const { result } = row;
  return row.value === undefined && result !== undefined && result.results.length > 0 && result.components.length === 0;
}

const homeOf = (group: Group): PanelId | 'reports' | 'in-error' => {
  if (group.row.struckThrough) return 'in-error';
  if (group.subsection === 'radiology') return 'radiology';
  if (group.subsection === 'reports' || isHeading(group)) return 'reports';
  if (group.subsection === 'requests') return 'other';
  return placeOf(group.row.title, group.row.result?.specimen).panel;
};

const order: readonly PanelId[] = [...panels.filter((one) => one !== 'other'), 'radiology', 'other'];

/** Results by panel, in the order of the tabs. */
export const sortedResults = rememberingEach((groups: readonly Group[]): Sorted => {
  const homes = Map.groupBy(groups, homeOf);
  return {
    panels: new Map(order.flatMap((id) => (homes.has(id) ? [[id, homes.get(id) ?? []]] : []))),
    reports: homes.get('reports') ?? [],
    inError: homes.get('in-error') ?? [],
  };
});

const labOrder = (title: string): number => placeOf(title).order;

export const panelGrid = rememberingEach((groups: readonly Group[]) => gridOf(groups, labOrder));

/** How many rows the grid of a panel has. */
export const setsIn = rememberingEach(countSets);

/** Vital signs that are not entered in error. */
export const liveVitals = rememberingEach((groups: readonly Group[]) => groups.filter((one) => !one.row.struckThrough));

export const vitalsGrid = rememberingEach((groups: readonly Group[]) => gridOf(groups, vitalOrder));

function canBeDrawn({ groups }: Column): boolean {
  return groups.some(
    ({ row }) => row.date !== undefined && row.value !== undefined && heightOf(row.value) !== undefined,
  );
}

function drawableIn(groups: readonly Group[], orderOf: (title: string) => number): readonly Column[] {
  return columnsOf(
    groups.filter((one) => !one.row.struckThrough && one.row.value !== undefined),
    orderOf,
  ).filter(canBeDrawn);
}

/** Every test that has at least one point to draw, in any panel. */
export const drawableColumns = rememberingEach((groups: readonly Group[]) => drawableIn(groups, labOrder));

/** The same of vital signs, in their own order. */
export const drawableVitals = rememberingEach((groups: readonly Group[]) => drawableIn(groups, vitalOrder));

/** What is drawn first: up to two tests whose latest value is out of range, else the first that has a history. */
export function firstChosen(columns: readonly Column[]): readonly string[] {
  const drawable = columns.filter(canBeDrawn);
  const out = drawable.filter((one) => one.groups[0]?.row.value?.flag !== undefined);
  const history = drawable.find((one) => one.groups.length > 1) ?? drawable[0];
  const chosen = out.length > 0 ? out.slice(0, 2) : history === undefined ? [] : [history];
  return chosen.map((one) => one.test);
}
