import Popover from '@mui/material/Popover';
import { useState, type ReactElement, type ReactNode } from 'react';
import type { ChipRef } from '../../record/record.ts';
import { formatDate } from '../../fhir/date.ts';
import { useRows } from '../model/rows.ts';
import { useViewer } from '../model/viewer.ts';
import { moreOrganisations } from '../words.ts';
import { stateOf } from '../model/sources.ts';
import { Facts } from './facts.tsx';
import { SourceShape } from './shape.tsx';

/**
 * For reading aloud: the code that is seen, so that it can be asked for by voice (WCAG 2.5.3); the source, and whose item it
 * is where the source only passes it on.
 */
function fullName({ label, organisation }: ChipRef, source: string | undefined): string {
  const names = [label, source, organisation.name].filter((one) => one !== undefined && one !== '');
  return [...new Set(names)].join(', ');
}

/** What a chip tells when it is pressed. */
function SourcePanel(props: {
  readonly chip: ChipRef;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
}): ReactElement | null {
  const { chip, anchor, onClose } = props;
  const { record } = useViewer();
  const state = record.sources.find((one) => one.source.id === chip.sourceId);
  if (state === undefined) return null;
  return (
    <Popover open anchorEl={anchor} onClose={onClose} anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}>
      <Facts
        title={state.source.name}
        facts={[
          ['Author', chip.organisation.name === state.source.name ? undefined : chip.organisation.name],
          ['ODS code', state.source.ods],
          ['State', stateOf(state)],
          ['Said', state.text === '' ? undefined : state.text],
          ['Data as of', state.dataAsOf === undefined ? undefined : formatDate(state.dataAsOf)],
          ['Queries', state.source.contact],
        ]}
      />
    </Popover>
  );
}

/**
 * Which organisation a row is from: shape is its kind, code is which one. Pressing it tells more.
 * Within rows it is out of the tab order: the row's drawer holds the same chip.
 */
export function SourceChip({
  chip,
  tabbable = false,
}: {
  readonly chip: ChipRef;
  readonly tabbable?: boolean;
}): ReactElement {
  const { sources } = useRows();
  const [anchor, setAnchor] = useState<HTMLElement>();
  const source = sources.get(chip.sourceId);
  return (
    <>
      <button
        type="button"
        className="ohc-chip"
        aria-label={fullName(chip, source?.name)}
        tabIndex={tabbable ? 0 : -1}
        onClick={(event) => {
          event.stopPropagation();
          setAnchor(event.currentTarget);
        }}
      >
        {source !== undefined && <SourceShape setting={source.setting} />}
        <span className="label">
          <bdi>{chip.label}</bdi>
        </span>
      </button>
      {anchor !== undefined && <SourcePanel chip={chip} anchor={anchor} onClose={() => setAnchor(undefined)} />}
    </>
  );
}

/** Words in the look of a chip that is not pressed. */
export function PlainChip({
  name,
  children,
}: {
  /** What is read aloud, where that is more. */
  readonly name?: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <span className="ohc-chip" aria-label={name}>
      <span className="label">{children}</span>
    </span>
  );
}

/** Up to three chips, then how many more. */
export function SourceChips({
  chips,
  tabbable = false,
}: {
  readonly chips: readonly ChipRef[];
  readonly tabbable?: boolean;
}): ReactElement {
  const rest = chips.length - 3;
  return (
    <>
      {chips.slice(0, 3).map((chip) => (
        <SourceChip
          key={`${chip.sourceId} ${chip.organisation.ods ?? chip.organisation.name ?? ''}`}
          chip={chip}
          tabbable={tabbable}
        />
      ))}
      {rest > 0 && <PlainChip name={moreOrganisations(rest)}>{`+${rest}`}</PlainChip>}
    </>
  );
}
