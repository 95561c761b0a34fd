import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import FilterListIcon from '@mui/icons-material/FilterList';
import SearchIcon from '@mui/icons-material/Search';
import Chip from '@mui/material/Chip';
import Popover from '@mui/material/Popover';
import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { filterWords, isFiltering, noFilter, timeSpans } from '../model/filter.ts';
import { completenessOf, newIn } from '../model/section-facts.ts';
import { useViewer } from '../model/viewer.ts';
import { OutlinedButton } from '../parts/press.tsx';
import { StatusTag } from '../parts/status-tag.tsx';
import { bar, sectionWords } from '../words.ts';
import { SectionSelect } from './rail.tsx';

const Frame = styled('div')(({ theme }) => ({
  flex: 'none',
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

const Field = styled('label')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'center',
  gap: theme.spacing(2),
  height: 32,
  width: 246,
  padding: theme.spacing(0, 2.5),
  color: theme.vars.palette.text.secondary,
  backgroundColor: theme.vars.palette.background.paper,
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  borderRadius: theme.shape.borderRadius,
  '& input': {
    ...theme.typography.body2,
    flex: 1,
    minWidth: 0,
    padding: 0,
    border: 0,
    background: 'none',
    outline: 'none',
    color: theme.vars.palette.text.primary,
  },
  '& input::placeholder': { color: theme.vars.palette.text.secondary, opacity: 1 },
  '& input:focus-visible': { boxShadow: 'none', outline: 'none' },
  '&:focus-within': { outline: '2px solid #FFEB3B', boxShadow: '0 0 0 4px var(--ohc-ring, #212B32)' },
  '& kbd': {
    ...theme.typography.caption,
    whiteSpace: 'nowrap',
    padding: theme.spacing(0.25, 1.25),
    border: `1px solid ${theme.vars.palette.divider}`,
    borderRadius: 3,
  },
  [theme.breakpoints.down('lg')]: { width: 200, height: 28, gap: theme.spacing(1), padding: theme.spacing(0, 1.5) },
  [theme.breakpoints.down('md')]: { width: '100%', height: 40 },
  [theme.breakpoints.up('xl')]: { width: 320 },
}));

const Options = styled('fieldset')(({ theme }) => ({
  border: 0,
  margin: 0,
  padding: theme.spacing(3),
  '& legend': { ...theme.typography.h2, float: 'left', width: '100%', marginBottom: theme.spacing(1) },
  '& label': { clear: 'both', display: 'flex', alignItems: 'center', gap: theme.spacing(2), minHeight: 28 },
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
      <Popover
        open={anchor !== undefined}
        anchorEl={anchor ?? null}
        onClose={() => setAnchor(undefined)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        {props.children}
      </Popover>
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

function Search({ hint, keys }: { readonly hint: string; readonly keys: boolean }): ReactElement {
  const { filter, setFilter } = useViewer();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Field>
      <SearchIcon style={{ fontSize: 20 }} aria-hidden />
      <input
        ref={input}
        type="search"
        placeholder={hint}
        aria-label={hint}
        value={filter.text}
        onChange={(event) => setFilter({ ...filter, text: event.target.value })}
      />
      {keys && filter.text === '' && <kbd>Ctrl K</kbd>}
    </Field>
  );
}

/** Title of the section, whether it is whole, and what narrows it. `compact` where the drawer leaves it little room. */
export function ContentBar({ compact }: { readonly compact: boolean }): ReactElement {
  const { record, section, filter, setFilter } = useViewer();
  const roomy = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const narrow = useMediaQuery((theme) => theme.breakpoints.down('md'));
  const [searching, setSearching] = useState(false);
  const wide = roomy && !compact;
  const { gaps, asking } = completenessOf(record, section);
  const incomplete = section !== 'about' && gaps.length > 0 && asking.length < record.sources.length;
  const fresh = section === 'overview' ? newIn(Object.values(record.sections).flatMap((one) => one.groups)) : 0;
  const label = record.sources.find((one) => one.source.id === filter.sourceId)?.source.label;
  const hint = section === 'overview' ? bar.searchEverything : bar.search;
  const both = (
    <>
      <OrganisationOptions />
      <TimeOptions />
    </>
  );
  const chosen = isFiltering(filter) && (
    <Chip
      variant="source"
      label={filterWords(filter, record)}
      onDelete={() => setFilter(noFilter)}
      aria-label={`${bar.removeFilter} ${filterWords(filter, record)}`}
    />
  );
  if (narrow)
    return (
      <Frame style={{ flexWrap: 'wrap' }}>
        <SectionSelect />
        <Choice label={bar.filter} value={isFiltering(filter) ? filterWords(filter, record) : 'none'} icon>
          {both}
        </Choice>
        <OutlinedButton aria-label={bar.search} aria-expanded={searching} onClick={() => setSearching(!searching)}>
          <SearchIcon style={{ fontSize: 20 }} aria-hidden />
        </OutlinedButton>
        {(searching || filter.text !== '') && <Search hint={hint} keys={false} />}
        {chosen}
      </Frame>
    );
  return (
    <Frame>
      <h1 style={{ font: 'inherit', fontWeight: 700, fontSize: '1.25rem', whiteSpace: 'nowrap' }}>
        {sectionWords[section].title}
      </h1>
      {incomplete && <StatusTag status="unknown" words={bar.incomplete} />}
      {fresh > 0 && <StatusTag status="fresh" words={bar.newSince(fresh)} />}
      {chosen}
      <div className="end">
        {wide ? (
          <>
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
        {compact && !searching && filter.text === '' ? (
          <OutlinedButton aria-label={bar.search} onClick={() => setSearching(true)}>
            <SearchIcon style={{ fontSize: 20 }} aria-hidden />
          </OutlinedButton>
        ) : (
          <Search hint={hint} keys={!compact} />
        )}
      </div>
    </Frame>
  );
}
