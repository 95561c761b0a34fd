import type { ReactElement } from 'react';
import type { Group } from '../../../record/record.ts';
import { filtered } from '../../model/filter.ts';
import { outOfRole } from '../../model/role.ts';
import { completenessOf } from '../../model/section-facts.ts';
import { gapSentences } from '../../model/sources.ts';
import { useViewer } from '../../model/viewer.ts';
import { GapNote } from '../../parts/gap-note.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { Row } from '../../parts/row.tsx';
import { type Measured } from '../../parts/list.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { itemWords, overview, states } from '../../words.ts';
import { Named, joined } from '../lines.tsx';
import { AllWarnings, Loading, Stack } from '../section-view.tsx';

const events = [
  'encounters',
  'appointments',
  'procedures',
  'immunisations',
  'documents',
  'care-plans',
  'social-care',
  'mental-health',
  'alerts',
] as const;

function row(group: Group, measured?: Measured): ReactElement {
  return (
    <Row
      key={group.id}
      group={group}
      allTags
      measured={measured}
      first={<Named title={group.row.title} />}
      second={joined(group.row.dateText, itemWords[group.section], group.row.status, group.row.detail)}
    />
  );
}

/** Everything with a date, as one list, newest first; what has none stands last. */
export function Timeline(): ReactElement {
  const { record, filter, now, askAgain, connection, scopes } = useViewer();
  const without = outOfRole(events, scopes);
  const own = record.sections.timeline.groups;
  const all = own.length > 0 ? own : events.flatMap((id) => record.sections[id].groups);
  const shown = filtered(all, filter, now).toSorted(
    (a, b) => (b.row.date?.instant ?? -Infinity) - (a.row.date?.instant ?? -Infinity),
  );
  const { gaps, asking } = completenessOf(record, 'timeline');
  return (
    <Stack>
      {without.length > 0 && <p>{states.roleWithout(without)}</p>}
      {gaps.length > 0 && (
        <GapNote>
          <strong>{gapSentences(gaps)}</strong> {states.missingHere('timeline')}{' '}
          <PressLink onPress={askAgain}>{states.tryAgain}</PressLink>
        </GapNote>
      )}
      <AllWarnings />
      {shown.length === 0 && asking.length > 0 && connection.kind === 'open' ? (
        <Loading section="timeline" asking={asking.length} />
      ) : (
        <Panel title="Events" count={`${shown.length.toLocaleString('en-GB')}, ${overview.newestFirst}`}>
          <RowList groups={shown} render={row} />
        </Panel>
      )}
    </Stack>
  );
}
