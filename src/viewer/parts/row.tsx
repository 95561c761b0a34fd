import type { ReactElement, ReactNode } from 'react';
import type { Group } from '../../record/record.ts';
import { useRows } from '../model/rows.ts';
import type { Measured } from './list.tsx';
import { SourceChips } from './source-chip.tsx';
import { Tags } from './status-tag.tsx';

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
  const { open, openGroup } = useRows();
  const isOpen = open !== undefined && group.members.some((member) => member.id === open);
  const id = group.members[0]?.id ?? group.id;
  const tags = <Tags tags={group.tags} all={props.allTags ?? false} />;
  const press = (
    <button
      type="button"
      className="ohc-press row-first"
      data-inline={props.inline === true && group.tags.length > 0}
      data-row=""
      data-id={id}
      aria-current={isOpen ? 'true' : undefined}
      onClick={() => openGroup(id)}
    >
      {props.first}
    </button>
  );
  const chips = <SourceChips chips={group.row.chips} />;
  if (props.second === undefined)
    return (
      <li className="ohc-row" {...props.measured} data-open={isOpen} data-struck={group.row.struckThrough}>
        <div className="row-line">
          {press}
          {props.inline === true && tags}
          <div className="row-end">
            {props.inline !== true && tags}
            <div className="row-chips">{chips}</div>
          </div>
        </div>
      </li>
    );
  return (
    <li className="ohc-row" {...props.measured} data-lines="2" data-open={isOpen} data-struck={group.row.struckThrough}>
      <div className="row-line">
        {press}
        {group.tags.length > 0 && <div className="row-end">{tags}</div>}
      </div>
      <div className="row-line">
        <div className="row-second">{props.second}</div>
        <div className="row-end">{chips}</div>
      </div>
    </li>
  );
}
