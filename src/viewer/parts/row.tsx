import ButtonBase from '@mui/material/ButtonBase';
import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import type { Group } from '../../record/record.ts';
import { useViewer } from '../model/viewer.ts';
import type { Measured } from './list.tsx';
import { SourceChips } from './source-chip.tsx';
import { Tags } from './status-tag.tsx';

const Item = styled('li')(({ theme }) => ({
  position: 'relative',
  listStyle: 'none',
  minHeight: 26,
  padding: theme.spacing(0.625, 3),
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  '&[data-lines="2"]': { minHeight: 48 },
  '&:hover': { backgroundColor: theme.vars.palette.ohc.selected },
  '&[data-open="true"]': {
    backgroundColor: theme.vars.palette.ohc.selected,
    boxShadow: `inset 3px 0 0 ${theme.vars.palette.primary.main}`,
  },
  '&[data-struck="true"] .row-first': { textDecoration: 'line-through' },
  '& .row-line': { display: 'flex', gap: theme.spacing(1.5), alignItems: 'center', minHeight: 20 },
  // Long words and many chips share the second line as far as they fit; then the chips stand below.
  '& .row-line + .row-line': { marginTop: 2, flexWrap: 'wrap' },
  '& .row-second': {
    ...theme.typography.body2,
    flex: '1 1 112px',
    minWidth: 0,
    color: theme.vars.palette.text.secondary,
    overflowWrap: 'anywhere',
  },
  '& .row-second strong': { color: theme.vars.palette.text.primary, fontWeight: 400 },
  '& .row-end': {
    display: 'flex',
    gap: 4,
    justifyContent: 'flex-end',
    marginLeft: 'auto',
    flex: 'none',
    position: 'relative',
  },
  '& .row-end .MuiChip-clickable': { zIndex: 1 },
  '& .row-end > * + .row-chips': { marginLeft: 4 },
  '& .row-chips': { display: 'flex', gap: 4 },
}));

/** The press of a row: its words are the button's name, and its area is the whole row. */
const Press = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.body1,
  display: 'block',
  flex: '1 1 auto',
  minWidth: 0,
  textAlign: 'left',
  userSelect: 'text',
  position: 'static',
  overflowWrap: 'anywhere',
  '&[data-inline="true"]': { flex: '0 1 auto' },
  '&::after': { content: '""', position: 'absolute', inset: 0 },
  '&:focus-visible': { outline: 'none', boxShadow: 'none' },
  '&:focus-visible::after': {
    outline: '2px solid #FFEB3B',
    outlineOffset: -4,
    boxShadow: 'inset 0 0 0 2px var(--ohc-ring, #212B32)',
    borderRadius: 3,
  },
}));

/** One fact: its name, value, tags; on a second line dose, detail, date; its chips at the end. The whole row presses. */
export function Row(props: {
  readonly group: Group;
  readonly first: ReactNode;
  readonly second?: ReactNode;
  /** Tags stand behind the words, as in a one-line row, rather than at the end of the first line. */
  readonly inline?: boolean;
  readonly allTags?: boolean;
  readonly measured?: Measured | undefined;
}): ReactElement {
  const { group } = props;
  const { open, openGroup } = useViewer();
  const isOpen = open !== undefined && group.members.some((member) => member.id === open);
  const id = group.members[0]?.id ?? group.id;
  const tags = <Tags tags={group.tags} all={props.allTags ?? false} />;
  const press = (
    <Press
      className="row-first"
      data-inline={props.inline === true && group.tags.length > 0}
      data-row=""
      data-id={id}
      aria-current={isOpen ? 'true' : undefined}
      onClick={() => openGroup(id)}
    >
      {props.first}
    </Press>
  );
  const chips = <SourceChips chips={group.row.chips} />;
  if (props.second === undefined)
    return (
      <Item {...props.measured} data-open={isOpen} data-struck={group.row.struckThrough}>
        <div className="row-line">
          {press}
          {props.inline === true && tags}
          <div className="row-end">
            {props.inline !== true && tags}
            <div className="row-chips">{chips}</div>
          </div>
        </div>
      </Item>
    );
  return (
    <Item {...props.measured} data-lines="2" data-open={isOpen} data-struck={group.row.struckThrough}>
      <div className="row-line">
        {press}
        {group.tags.length > 0 && <div className="row-end">{tags}</div>}
      </div>
      <div className="row-line">
        <div className="row-second">{props.second}</div>
        <div className="row-end">{chips}</div>
      </div>
    </Item>
  );
}
