import { styled } from '@mui/material/styles';
import { useEffect, useState, type ReactElement } from 'react';
import type { Link } from '../../../record/record.ts';
import type { TimelineEvent } from '../../../record/timeline.ts';
import { useViewer } from '../../model/viewer.ts';
import { Panel } from '../../parts/panel.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { SourceChips } from '../../parts/source-chip.tsx';
import { Tags } from '../../parts/status-tag.tsx';
import { count, itemWords, timeline } from '../../words.ts';
import { nightsOf, whenOf } from './event-name.ts';

const Body = styled('div')(({ theme }) => ({
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  padding: theme.spacing(2, 3),
  display: 'flex',
  flexWrap: 'wrap',
  gap: theme.spacing(1, 6),
  overflowWrap: 'anywhere',
  '& .label': { ...theme.typography.body2, color: theme.vars.palette.text.secondary, marginRight: 6 },
}));

type Found = { readonly id: string; readonly links: readonly Link[] | undefined };

/** `9 results, 3 medicines, 1 document`: each opens it where it is one, else the event, whose details list them. */
function Linked({ id }: { readonly id: string }): ReactElement {
  const { detail, openGroup } = useViewer();
  const [found, setFound] = useState<Found>({ id, links: undefined });
  useEffect(() => {
    let wanted = true;
    void detail(id).then(
      (one) => wanted && setFound({ id, links: one?.linked ?? [] }),
      () => wanted && setFound({ id, links: [] }),
    );
    return () => {
      wanted = false;
    };
  }, [detail, id]);
  const links = found.id === id ? found.links : undefined;
  if (links === undefined) return <span role="status">{timeline.lookingForLinks}</span>;
  if (links.length === 0) return <span>{timeline.nothingLinked}</span>;
  const bySection = [...Map.groupBy(links, (link) => link.section)];
  return (
    <span>
      <span className="label">{timeline.linked}</span>
      {bySection.map(([section, ones], index) => (
        <span key={section}>
          {index > 0 && ', '}
          <PressLink onPress={() => openGroup(ones.length === 1 ? ones[0]?.groupId : id)}>
            {count(ones.length, itemWords[section].toLowerCase())}
          </PressLink>
        </span>
      ))}
    </span>
  );
}

/** The event that is chosen, in full, and what it links to. */
export function ChosenEvent({ event }: { readonly event: TimelineEvent }): ReactElement {
  const { openGroup } = useViewer();
  const { group } = event;
  const { row } = group;
  const id = group.members[0]?.id ?? group.id;
  const when = [whenOf(event), nightsOf(event)].filter((one) => one !== undefined).join(', ');
  return (
    <Panel
      title={<bdi>{row.title}</bdi>}
      count={
        <>
          {when} <SourceChips chips={row.chips} tabbable /> <Tags tags={group.tags} all />
        </>
      }
      link={<PressLink onPress={() => openGroup(id)}>{timeline.open}</PressLink>}
      below={timeline.events}
    >
      <Body>
        {row.status !== undefined && <bdi>{row.status}</bdi>}
        {row.detail !== undefined && <bdi>{row.detail}</bdi>}
        <Linked id={id} />
      </Body>
    </Panel>
  );
}
