import type { ReactElement } from 'react';
import { lastFiltration, lastWeight } from '../../../record/dosing.ts';
import type { Group, SectionId } from '../../../record/record.ts';
import { roleShare } from '../../model/role.ts';
import { completenessOf } from '../../model/section-facts.ts';
import { useViewer } from '../../model/viewer.ts';
import { PressLink } from '../../parts/press-link.tsx';
import { dosing } from '../../words.ts';
import { Measure } from '../lines.tsx';

function Found({
  name,
  group,
  of,
}: {
  readonly name: string;
  readonly group: Group | undefined;
  readonly of: SectionId;
}) {
  const { record, openGroup } = useViewer();
  // What has not come yet is not what nobody recorded (H2).
  if (group?.row.value === undefined) return <>{dosing.none(name, completenessOf(record, of).whole)}</>;
  const { row, members } = group;
  const status = row.status === undefined ? '' : ` ${row.status.toLowerCase()},`;
  return (
    <PressLink onPress={() => openGroup(members[0]?.id ?? group.id)}>
      {name} <Measure value={group.row.value} />,{status} {row.dateText},{' '}
      {row.chips.map((chip) => chip.label).join(', ')}
    </PressLink>
  );
}

/** Beside the medicines, what their doses hang on: the last weight and eGFR, each with its date. Out of role is not said to be missing. */
export function DosingLine(): ReactElement | null {
  const { record, scopes } = useViewer();
  const { 'vital-signs': vitalSigns, results } = record.sections;
  const shows = (id: SectionId): boolean => roleShare(id, scopes) !== 'none';
  if (!shows('vital-signs') && !shows('results')) return null;
  return (
    <p>
      {shows('vital-signs') && <Found name={dosing.weight} group={lastWeight(vitalSigns)} of="vital-signs" />}
      {shows('vital-signs') && shows('results') && ' · '}
      {shows('results') && <Found name={dosing.filtration} group={lastFiltration(results)} of="results" />}
    </p>
  );
}
