import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import FilterListIcon from '@mui/icons-material/FilterList';
import SearchIcon from '@mui/icons-material/Search';
import ButtonBase from '@mui/material/ButtonBase';
import Popover from '@mui/material/Popover';
import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { filterWords, isFiltering, noFilter, sinceDay, timeSpans } from '../model/filter.ts';
import { completenessOf, newIn, newInAll } from '../model/section-facts.ts';
import { useViewer } from '../model/viewer.ts';
import { OutlinedButton } from '../parts/press.tsx';
import { RemoveIcon } from '../parts/shape.tsx';
import { StatusTag } from '../parts/status-tag.tsx';
import { bar, sectionWords } from '../words.ts';
import { PrintChoice } from '../print/print-choice.tsx';
import type { Printed } from '../print/printing.ts';
import { SearchField } from '../search/search-field.tsx';
import { SectionSelect } from './rail.tsx';

const Frame = styled('div')(({ theme }) => ({
  flex: 'none',
  position: 'relative',
  display: 'flex',
  alignItems: 'center',
  gap: theme.spacing(3),
  minHeight: 48,
  padding: theme.spacing(2, 4),
  '& .end': { marginLeft: 'auto', display: 'flex', gap: theme.spacing(3), flex: 'none' },
  [theme.breakpoints.down('lg')]: {
    minHeight: 42,
    padding: theme.spacing(1.75, 3),
    gap: theme.spacing(2),
    '& .end': { gap: theme.spacing(2) },
  },
}));

const Options = styled('fieldset')(({ theme }) => ({
  border: 0,
  margin: 0,
  padding: theme.spacing(3),
  '& legend': { ...theme.typography.h2, float: 'left', width: '100%', marginBottom: theme.spacing(1) },
  '& label': { clear: 'both', display: 'flex', alignItems: 'center', gap: theme.spacing(2), minHeight: 28 },
}));

/** Stays pressed while it narrows what is shown. */
const ToggleButton = styled(OutlinedButton)(({ theme }) => ({
  '&[aria-pressed="true"]': {
    fontWeight: 700,
    backgroundColor: theme.vars.palette.ohc.selected,
    boxShadow: `inset 0 -3px 0 ${theme.vars.palette.primary.main}`,
  },
}));

const FreshButton = styled(ButtonBase)(({ theme }) => ({
  minHeight: 24,
  borderRadius: theme.shape.borderRadius,
  '& .ohc-tag': { cursor: 'pointer' },
  '&[aria-pressed="true"]': { outline: `2px solid ${theme.vars.palette.primary.main}`, outlineOffset: 1 },
}));

/** A button that says what is chosen and opens the choices. */
function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly icon?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  const [anchor, setAnchor] = useState<HTMLElement>();
  return (
    <>
      <OutlinedButton
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        aria-label={`${props.label} ${props.value}`}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {props.icon === true ? (
          <FilterListIcon style={{ fontSize: 20 }} aria-hidden />
        ) : (
          <>
            {props.label} <strong>{props.value}</strong>
            <ExpandMoreIcon style={{ fontSize: 18 }} aria-hidden />
          </>
        )}
      </OutlinedButton>
      {anchor !== undefined && (
        <Popover
          open
          anchorEl={anchor}
          onClose={() => setAnchor(undefined)}
          anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
          transformOrigin={{ vertical: 'top', horizontal: 'right' }}
          slotProps={{ paper: { role: 'dialog', 'aria-label': props.label } }}
        >
          {props.children}
        </Popover>
      )}
    </>
  );
}

function OrganisationOptions(): ReactElement {
  const { record, filter, setFilter } = useViewer();
  return (
    <Options>
      <legend>{bar.organisation}</legend>
      {[undefined, ...record.sources].map((one) => (
        <label key={one?.source.id ?? ''}>
          <input
            type="radio"
            name="organisation"
            checked={filter.sourceId === one?.source.id}
            onChange={() => setFilter({ ...filter, sourceId: one?.source.id })}
          />
          {one === undefined ? bar.all : `${one.source.label}: ${one.source.name}`}
        </label>
      ))}
    </Options>
  );
}

function TimeOptions(): ReactElement {
  const { filter, setFilter } = useViewer();
  return (
    <Options>
      <legend>{bar.time}</legend>
      {timeSpans.map((time) => (
        <label key={time}>
          <input
            type="radio"
            name="time"
            checked={filter.time === time}
            onChange={() => setFilter({ ...filter, time })}
          />
          {bar.times[time]}
        </label>
      ))}
    </Options>
  );
}

/** Title of the section, whether it is whole, and what narrows it. `compact` where the drawer leaves it little room. */
export function ContentBar({
  compact,
  onPrint,
}: {
  readonly compact: boolean;
  readonly onPrint: (chosen: Printed) => void;
}): ReactElement {
  const { record, section, filter, setFilter, launchView } = useViewer();
  const roomy = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const narrow = useMediaQuery((theme) => theme.breakpoints.down('md'));
  const [searching, setSearching] = useState(false);
  const folded = (narrow || compact) && !searching;
  useEffect(() => {
    if (!folded) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      setSearching(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [folded]);
  const wide = roomy && !compact;
  const { gaps, asking } = completenessOf(record, section);
  const incomplete = section !== 'about' && gaps.length > 0 && asking.length < record.sources.length;
  const fresh = section === 'overview' ? newInAll(record) : newIn(record.sections[section].groups);
  const widest = useMediaQuery((theme) => theme.breakpoints.up('xl'));
  const ours = launchView?.organisation.ods ?? '';
  const label = record.sources.find((one) => one.source.id === filter.sourceId)?.source.label;
  const both = (
    <>
      <OrganisationOptions />
      <TimeOptions />
      {ours !== '' && (
        <Options>
          <label>
            <input
              type="checkbox"
              checked={filter.notFrom !== undefined}
              onChange={(event) => setFilter({ ...filter, notFrom: event.target.checked ? ours : undefined })}
            />
            {bar.notFromUsButton}
          </label>
        </Options>
      )}
    </>
  );
  const freshToggle = (fresh > 0 || filter.fresh) && (
    <FreshButton aria-pressed={filter.fresh} onClick={() => setFilter({ ...filter, fresh: !filter.fresh })}>
      <StatusTag
        status="fresh"
        words={
          narrow || compact
            ? bar.newSince(fresh)
            : (widest ? bar.newSinceLooked : bar.newSinceDay)(fresh, sinceDay(record))
        }
      />
    </FreshButton>
  );
  const chosen = isFiltering(filter) && (
    <button
      type="button"
      className="ohc-chip"
      aria-label={`${bar.removeFilter} ${filterWords(filter, record)}`}
      onClick={() => setFilter(noFilter)}
      onKeyDown={({ key }) => {
        if (key === 'Delete' || key === 'Backspace') setFilter(noFilter);
      }}
    >
      <span className="label">{filterWords(filter, record)}</span>
      <RemoveIcon />
    </button>
  );
  if (narrow)
    return (
      <Frame data-bar="" style={{ flexWrap: 'wrap' }}>
        <SectionSelect />
        <Choice label={bar.filter} value={isFiltering(filter) ? filterWords(filter, record) : 'none'} icon>
          {both}
        </Choice>
        <OutlinedButton aria-label={bar.search} aria-expanded={searching} onClick={() => setSearching(!searching)}>
          <SearchIcon style={{ fontSize: 20 }} aria-hidden />
        </OutlinedButton>
        <PrintChoice onPrint={onPrint} />
        {searching && <SearchField keys={false} unfolded />}
        {freshToggle}
        {chosen}
      </Frame>
    );
  return (
    <Frame data-bar="">
      <h1 style={{ font: 'inherit', fontWeight: 700, fontSize: '1.25rem', whiteSpace: 'nowrap' }}>
        {sectionWords[section].title}
      </h1>
      {incomplete && <StatusTag status="unknown" words={bar.incomplete} />}
      {freshToggle}
      {chosen}
      <div className="end">
        {wide ? (
          <>
            {ours !== '' && (
              <ToggleButton
                aria-pressed={filter.notFrom !== undefined}
                onClick={() => setFilter({ ...filter, notFrom: filter.notFrom === undefined ? ours : undefined })}
              >
                {bar.notFromUsButton}
              </ToggleButton>
            )}
            <Choice label={bar.organisation} value={label ?? bar.all}>
              <OrganisationOptions />
            </Choice>
            <Choice label={bar.time} value={bar.times[filter.time]}>
              <TimeOptions />
            </Choice>
          </>
        ) : (
          <Choice label={bar.filter} value={isFiltering(filter) ? 'on' : 'none'} icon={compact}>
            {both}
          </Choice>
        )}
        {compact && !searching ? (
          <OutlinedButton aria-label={bar.search} onClick={() => setSearching(true)}>
            <SearchIcon style={{ fontSize: 20 }} aria-hidden />
          </OutlinedButton>
        ) : (
          <SearchField keys={!compact} unfolded={compact} />
        )}
        <PrintChoice onPrint={onPrint} />
      </div>
    </Frame>
  );
}
