import { styled } from '@mui/material/styles';
import { createContext, use, type ReactElement, type ReactNode } from 'react';
import type { Group, SectionId } from '../../../record/record.ts';
import { isFiltering } from '../../model/filter.ts';
import { roleShare } from '../../model/role.ts';
import { completenessOf } from '../../model/section-facts.ts';
import { gapSentences } from '../../model/sources.ts';
import { useViewer } from '../../model/viewer.ts';
import { SectionBoundary } from '../../parts/error-boundary.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { overview, sectionWords, states } from '../../words.ts';
import { Loading, MayHoldMore } from '../section-view.tsx';

/** What stands while a card waits: its head, three bones, and who is still asked, px. */
const waitingHeight = 147;
const headHeight = 33;
/** What a row of one line takes, of two, and a heading between rows, px. */
export const [oneLine, twoLines, subHead] = [26, 48, 22];

/** True while the cards keep their room. */
export const Held = createContext(false);

/** One card: current groups, cut only with a link that says what is behind. */
export function OverviewCard(props: {
  readonly id: SectionId;
  readonly title: ReactNode;
  readonly below: string;
  readonly groups: readonly Group[];
  readonly limit: number;
  readonly count?: ReactNode;
  readonly link?: string | undefined;
  /** A section of which the card shows something besides its own. */
  readonly also?: SectionId;
  /** What its rows are likely to take when all have answered, px: the room that it holds until then. */
  readonly room: number;
  readonly children: (shown: readonly Group[]) => ReactNode;
}): ReactElement {
  const { record, goTo, connection, scopes } = useViewer();
  const share = roleShare(props.id, scopes);
  if (share === 'none' && (props.also === undefined || props.groups.length === 0))
    return (
      <Panel title={props.title} below={props.below}>
        <Line>{states.role(props.id)}</Line>
      </Panel>
    );
  const { asking, gaps } = completenessOf(record, props.id);
  const shown = props.groups.slice(0, props.limit);
  const more = props.groups.length - shown.length;
  const link = props.link ?? (more > 0 ? overview.more(more) : undefined);
  const waiting = asking.length > 0 && connection.kind === 'open';
  return (
    <SectionBoundary>
      <Panel
        title={props.title}
        below={props.below}
        room={use(Held) ? Math.max(waitingHeight, headHeight + props.room) : undefined}
        count={props.count ?? (props.groups.length > 0 ? overview.of(shown.length, props.groups.length) : undefined)}
        {...(link === undefined ? {} : { link: <PressLink onPress={() => goTo(props.id)}>{link}</PressLink> })}
      >
        {shown.length > 0 ? (
          props.children(shown)
        ) : waiting ? (
          <Loading section={props.id} asking={asking.length} />
        ) : (
          <Nothing id={props.id} gaps={gaps.length > 0} />
        )}
        {share === 'none' && <Line>{states.role(props.id)}</Line>}
        {share === 'part' && <Line>{states.rolePart(props.id)}</Line>}
      </Panel>
    </SectionBoundary>
  );
}

const Line = styled('p')(({ theme }) => ({
  ...theme.typography.body2,
  padding: theme.spacing(2, 3),
  borderTop: `1px solid ${theme.vars.palette.divider}`,
}));

function Nothing({ id, gaps }: { readonly id: SectionId; readonly gaps: boolean }): ReactElement {
  const { record, filter } = useViewer();
  const { answered, gaps: missing } = completenessOf(record, id);
  const elsewhere = record.sections[id].groups.length;
  const unmarked = id === 'results' && !isFiltering(filter);
  if (elsewhere > 0)
    return (
      <Line>
        {unmarked ? overview.outOfRangeNone : states.nothingHere(sectionWords[id].title, elsewhere)}{' '}
        {gaps && gapSentences(missing)}
      </Line>
    );
  return gaps ? (
    <Line>
      {states.nothingSoFar} {gapSentences(missing)}
    </Line>
  ) : (
    <Line>
      {states.emptyAnswered(id, answered.length)} <MayHoldMore id={id} />
    </Line>
  );
}
