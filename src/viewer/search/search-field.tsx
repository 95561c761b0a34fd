import SearchIcon from '@mui/icons-material/Search';
import { styled } from '@mui/material/styles';
import { lazy, Suspense, useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { SearchAnswer } from '../../record/record.ts';
import { useViewer } from '../model/viewer.ts';
import { bar, search } from '../words.ts';
import type { ResultsKeys } from './search-results.tsx';

const SearchResults = lazy(async () => ({ default: (await import('./search-results.tsx')).SearchResults }));

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

const Aloud = styled('span')({
  position: 'absolute',
  width: 1,
  height: 1,
  overflow: 'hidden',
  clipPath: 'inset(50%)',
});

/** Asks at each key; an answer that comes after a newer question is not shown. Asked again when the record has grown (`search` is then another function). */
function useAnswer(query: string): SearchAnswer | undefined {
  const { search: ask } = useViewer();
  const [answer, setAnswer] = useState<SearchAnswer>();
  useEffect(() => {
    let current = true;
    const find = async (): Promise<void> => {
      const found = query.trim() === '' ? undefined : await ask(query).catch(() => undefined);
      if (current) setAnswer(found);
    };
    void find();
    return () => {
      current = false;
    };
  }, [query, ask]);
  return query.trim() === '' ? undefined : answer;
}

/** The one field that finds everything: Ctrl+K from anywhere, ↑ and ↓ in what was found, Enter opens, Esc closes. */
export function SearchField({
  keys: showKeys,
  unfolded = false,
}: {
  readonly keys: boolean;
  /** It came when it was asked for, and takes focus. */
  readonly unfolded?: boolean;
}): ReactElement {
  const { filter, setFilter } = useViewer();
  const [query, setQuery] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const keys = useRef<ResultsKeys>(null);
  const listId = useId();
  const answer = useAnswer(query);
  useEffect(() => {
    if (unfolded) input.current?.focus();
  }, [unfolded]);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
      setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const close = (): void => {
    setOpen(false);
    setActive(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      keys.current?.move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      keys.current?.choose();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (open && query !== '') close();
      else {
        setQuery('');
        if (filter.text !== '') setFilter({ ...filter, text: '' });
      }
    }
  };
  const shown = open && answer !== undefined;
  return (
    <>
      <Field>
        <SearchIcon style={{ fontSize: 20 }} aria-hidden />
        <input
          ref={input}
          type="search"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={shown && answer.total > 0}
          aria-controls={listId}
          aria-activedescendant={shown ? active : undefined}
          autoComplete="off"
          placeholder={bar.searchEverything}
          aria-label={bar.searchEverything}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(undefined);
            setOpen(true);
          }}
          onFocus={() => setOpen(true)}
          onBlur={close}
          onKeyDown={onKeyDown}
        />
        {showKeys && query === '' && <kbd>Ctrl K</kbd>}
      </Field>
      <Aloud role="status">{shown ? search.found(answer.total, answer.sections.length) : ''}</Aloud>
      {shown && (
        <Suspense>
          <SearchResults id={listId} answer={answer} keys={keys} active={active} onActive={setActive} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
