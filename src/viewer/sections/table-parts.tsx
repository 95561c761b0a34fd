import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import type { Group } from '../../record/record.ts';
import { useRows } from '../model/rows.ts';

/** A table of rows: heads on `sunken`, 1 px rules, the whole row presses. */
export const Table = styled('table')(({ theme }) => ({
  ...theme.typography.body1,
  width: '100%',
  borderCollapse: 'collapse',
  '& th': {
    ...theme.typography.body2,
    fontWeight: 700,
    textAlign: 'left',
    padding: theme.spacing(1.5, 2),
    backgroundColor: theme.vars.palette.ohc.sunken,
    borderTop: `1px solid ${theme.vars.palette.divider}`,
    borderBottom: `1px solid ${theme.vars.palette.ohc.control}`,
    verticalAlign: 'bottom',
  },
  '& td': {
    padding: theme.spacing(0.75, 2),
    borderTop: `1px solid ${theme.vars.palette.divider}`,
    verticalAlign: 'middle',
  },
  '& td:first-of-type, & th:first-of-type': { paddingLeft: theme.spacing(3) },
  '& td.date': { whiteSpace: 'nowrap' },
  '& td .chips': { display: 'flex', gap: 4 },
  '& .second': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .dose': { ...theme.typography.body2 },
  '& tr[data-open="true"]': {
    backgroundColor: theme.vars.palette.ohc.selected,
    boxShadow: `inset 3px 0 0 ${theme.vars.palette.primary.main}`,
  },
  '& tbody tr:hover': { backgroundColor: theme.vars.palette.ohc.selected },
  '& tr.grouphead td': {
    ...theme.typography.body2,
    backgroundColor: theme.vars.palette.ohc.sunken,
    color: theme.vars.palette.text.secondary,
    paddingBlock: theme.spacing(1),
    '& strong': { color: theme.vars.palette.text.primary },
  },
  '& .tags': { display: 'inline-flex', gap: 4, marginLeft: 8, verticalAlign: 'middle', flexWrap: 'wrap' },
}));

/** A row of a table: the button in its first cell carries the name, a click anywhere in the row opens it. */
export function PressRow(props: {
  readonly group: Group;
  readonly name: ReactNode;
  readonly below?: ReactNode;
  readonly children: ReactNode;
}): ReactElement {
  const { group } = props;
  const { open, openGroup } = useRows();
  const id = group.members[0]?.id ?? group.id;
  const isOpen = open !== undefined && group.members.some((member) => member.id === open);
  return (
    <tr data-open={isOpen} style={{ cursor: 'pointer' }} onClick={() => openGroup(id)}>
      <td>
        <button
          type="button"
          className="ohc-press"
          data-row=""
          data-id={id}
          aria-current={isOpen ? 'true' : undefined}
          style={group.row.struckThrough ? { textDecoration: 'line-through' } : {}}
          onClick={(event) => {
            event.stopPropagation();
            openGroup(id);
          }}
        >
          {props.name}
        </button>
        {props.below}
      </td>
      {props.children}
    </tr>
  );
}
