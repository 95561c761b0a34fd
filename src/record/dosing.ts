import type { Group, Section } from './record.ts';

const weight = /\bweight\b/;
/** Names that hold the word and are not what the person weighs today. */
const otherWeight =
  /birth|ideal|target|desired|expected|previous|loss|gain|change|centile|for (age|length|height)|f(o)?etal|dry weight|lean/;
const filtration = /\be?gfr\b|glomerular filtration/;

const isValue = ({ row }: Group): boolean =>
  !row.struckThrough && row.value?.number !== undefined && row.date !== undefined;

function newest(groups: readonly Group[], isNamed: (name: string) => boolean): Group | undefined {
  // They stand newest first.
  return groups.find((group) => isValue(group) && isNamed(group.row.title.toLowerCase()));
}

/** What the person was last found to weigh; undefined where no dated weight has come. */
export function lastWeight(vitalSigns: Section): Group | undefined {
  return newest(vitalSigns.groups, (name) => weight.test(name) && !otherWeight.test(name));
}

/** How the kidneys were last found to filter, as a laboratory estimated it; undefined where nothing dated has come. */
export function lastFiltration(results: Section): Group | undefined {
  return newest(results.groups, (name) => filtration.test(name));
}
