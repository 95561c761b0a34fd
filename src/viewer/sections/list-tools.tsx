import { styled } from '@mui/material/styles';
import type { ReactElement } from 'react';
import type { Group, SectionId } from '../../record/record.ts';
import type { Order } from '../model/order.ts';
import { orders } from '../model/order.ts';
import { itemsBySubsection } from '../model/subsections.ts';
import { useViewer } from '../model/viewer.ts';
import { order, sectionWords } from '../words.ts';

const Tools = styled('div')(({ theme }) => ({
  ...theme.typography.body2,
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: theme.spacing(1, 3),
  color: theme.vars.palette.text.secondary,
  '& label': { display: 'inline-flex', alignItems: 'center', gap: theme.spacing(1) },
  '& select, & input': {
    ...theme.typography.body2,
    height: 26,
    maxWidth: 200,
    padding: theme.spacing(0, 1),
    color: theme.vars.palette.text.primary,
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.vars.palette.background.paper,
  },
  '& input::placeholder': { color: theme.vars.palette.text.secondary, opacity: 1 },
  '& option': { color: theme.vars.palette.text.primary, backgroundColor: theme.vars.palette.background.paper },
  '& .end': { marginLeft: 'auto' },
  [theme.breakpoints.down('md')]: { '& select, & input': { height: 40 } },
}));

/** How many there are, and what puts them in order and narrows them: by type, by words. Nothing where there is one alone. */
export function ListTools(props: {
  readonly id: SectionId;
  readonly groups: readonly Group[];
  readonly shown: number;
  readonly by: Order;
  readonly onOrder: (by: Order) => void;
}): ReactElement | null {
  const { id, groups, shown, by, onOrder } = props;
  const { filter, setFilter } = useViewer();
  if (groups.length < 2) return null;
  const kinds = itemsBySubsection(id, groups).map(({ title }) => title);
  const kind = filter.kind?.section === id ? filter.kind.title : undefined;
  return (
    <Tools role="group" aria-label={order.label}>
      <span>{order.count(shown, groups.length, sectionWords[id].items)}</span>
      {(kinds.length > 1 || kind !== undefined) && (
        <label className="end">
          {order.type}
          <select
            value={kind ?? ''}
            onChange={(event) => {
              const title = event.target.value;
              setFilter({ ...filter, kind: title === '' ? undefined : { section: id, title } });
            }}
          >
            <option value="">{order.all}</option>
            {kinds.map((title) => (
              <option key={title}>{title}</option>
            ))}
          </select>
        </label>
      )}
      <label className={kinds.length > 1 || kind !== undefined ? undefined : 'end'}>
        {order.sorted}
        <select value={by} onChange={(event) => onOrder(orders.find((one) => one === event.target.value) ?? 'given')}>
          {orders.map((one) => (
            <option key={one} value={one}>
              {one === 'given' ? (order.given[id] ?? order.by.given) : order.by[one]}
            </option>
          ))}
        </select>
      </label>
      <input
        type="search"
        placeholder={order.words}
        aria-label={order.words}
        value={filter.text}
        onChange={(event) => setFilter({ ...filter, text: event.target.value })}
      />
    </Tools>
  );
}
