const plotHeight = 72;
export const axisHeight = 26;
export const margin = { top: 8, bottom: 4, left: 0, right: 24 };

/** How high a chart is, px: what holds its place before it is drawn. @param axis it carries the axis of time */
export function chartHeight(axis: boolean): number {
  return plotHeight + margin.top + margin.bottom + (axis ? axisHeight : 0);
}
