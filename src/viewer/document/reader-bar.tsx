import AddIcon from '@mui/icons-material/Add';
import CloseIcon from '@mui/icons-material/Close';
import ExpandLessIcon from '@mui/icons-material/ExpandLess';
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import RemoveIcon from '@mui/icons-material/Remove';
import { styled } from '@mui/material/styles';
import { useEffect, useState, type KeyboardEvent, type ReactElement } from 'react';
import { MarkButton } from '../parts/press.tsx';
import { PressLink } from '../parts/press-link.tsx';
import { patternOf } from './found.ts';
import type { Found, Shown } from './shown.ts';
import { reading } from './words.ts';

const Bar = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: theme.spacing(0.5, 2),
  padding: theme.spacing(1, 3),
  borderBottom: `1px solid ${theme.vars.palette.divider}`,
  ...theme.typography.body2,
  '& .part': { display: 'inline-flex', alignItems: 'center', gap: theme.spacing(1) },
  '& .part > button[aria-label]': { width: 28, height: 28 },
  '& .end': { marginLeft: 'auto' },
  '& input': {
    ...theme.typography.body2,
    height: 28,
    color: 'inherit',
    padding: theme.spacing(0, 1.5),
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.vars.palette.background.paper,
  },
  '& input::placeholder': { color: theme.vars.palette.text.secondary, opacity: 1 },
  '& input.page': { width: 48, textAlign: 'right' },
  '& input.words': { width: 172 },
  [theme.breakpoints.down('md')]: { '& .part > button[aria-label], & input': { height: 40, minWidth: 40 } },
}));

const zooms = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const;

/** Page n of m. A number typed is turned to when the field is left, or by Enter. */
function Pages({ page, shown }: { readonly page: number; readonly shown: Shown }): ReactElement | null {
  const [typed, setTyped] = useState<string>();
  const { pages, turnTo } = shown;
  if (pages === undefined || turnTo === undefined) return null;
  const turn = (to: number): void => {
    if (to >= 1 && to <= pages) turnTo(to);
  };
  const done = (): void => {
    if (typed !== undefined) turn(Math.round(Number(typed)));
    setTyped(undefined);
  };
  return (
    <span className="part">
      <MarkButton aria-label={reading.previousPage} disabled={page <= 1} onClick={() => turn(page - 1)}>
        <ExpandLessIcon />
      </MarkButton>
      <input
        className="page"
        inputMode="numeric"
        aria-label={reading.pageNumber}
        value={typed ?? String(page)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
        }}
      />
      {reading.pageOf(pages)}
      <MarkButton aria-label={reading.nextPage} disabled={page >= pages} onClick={() => turn(page + 1)}>
        <ExpandMoreIcon />
      </MarkButton>
    </span>
  );
}

/** What was found, in words: also that pages which are pictures were not searched. */
function wordsFor(found: Found | undefined, at: number): string {
  if (found === undefined) return '';
  const { count, unread } = found;
  return [
    count === 0 ? reading.notFound : reading.found(at + 1, count),
    ...(unread === 0 ? [] : [reading.picturesUnsearched(unread)]),
  ].join('; ');
}

/** Looks for words in the document that is open: Enter is the next, Shift and Enter the one before. */
function Finding({ shown }: { readonly shown: Shown }): ReactElement {
  const [words, setWords] = useState('');
  const [found, setFound] = useState<Found>();
  const [at, setAt] = useState(0);
  const { find, reveal } = shown;
  useEffect(() => {
    if (find === undefined) return undefined;
    let current = true;
    const look = async (): Promise<void> => {
      const pattern = patternOf(words);
      const answer = await find(pattern);
      if (!current) return;
      setAt(0);
      setFound(pattern === undefined ? undefined : answer);
      if (pattern !== undefined && answer.count > 0) reveal?.(0);
    };
    const timer = setTimeout(() => void look(), 200);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [words, find, reveal]);
  if (find === undefined) return <span className="part">{reading.noSearch}</span>;
  const count = found?.count ?? 0;
  const move = (by: number): void => {
    if (count === 0) return;
    const to = (at + by + count) % count;
    setAt(to);
    reveal?.(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      move(event.shiftKey ? -1 : 1);
    }
    // Esc empties the field before it closes anything.
    if (event.key === 'Escape' && words !== '') {
      event.stopPropagation();
      setWords('');
    }
  };
  return (
    <span className="part" role="search">
      <input
        className="words"
        type="search"
        placeholder={reading.search}
        aria-label={reading.search}
        value={words}
        onChange={(event) => setWords(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span role="status">{wordsFor(found, at)}</span>
      <MarkButton aria-label={reading.previousFind} disabled={count === 0} onClick={() => move(-1)}>
        <ExpandLessIcon />
      </MarkButton>
      <MarkButton aria-label={reading.nextFind} disabled={count === 0} onClick={() => move(1)}>
        <ExpandMoreIcon />
      </MarkButton>
    </span>
  );
}

/** Pages, size, search, saving and closing, above a document that is open. */
export function ReaderBar(props: {
  readonly shown: Shown | undefined;
  readonly page: number;
  readonly zoom: number;
  readonly onZoom: (zoom: number) => void;
  readonly onSave: (() => void) | undefined;
  readonly onClose: () => void;
}): ReactElement {
  const { shown, page, zoom, onZoom, onSave, onClose } = props;
  const smaller = zooms.findLast((one) => one < zoom);
  const larger = zooms.find((one) => one > zoom);
  return (
    <Bar role="toolbar" aria-label={reading.bar}>
      {shown !== undefined && (
        <>
          <Pages page={page} shown={shown} />
          <span className="part">
            <MarkButton
              aria-label={reading.smaller}
              disabled={smaller === undefined}
              onClick={() => onZoom(smaller ?? zoom)}
            >
              <RemoveIcon />
            </MarkButton>
            <MarkButton
              aria-label={reading.larger}
              disabled={larger === undefined}
              onClick={() => onZoom(larger ?? zoom)}
            >
              <AddIcon />
            </MarkButton>
          </span>
          <Finding shown={shown} />
        </>
      )}
      <span className="part end">
        {onSave !== undefined && <PressLink onPress={onSave}>{reading.save}</PressLink>}
        <MarkButton aria-label={reading.close} onClick={onClose}>
          <CloseIcon />
        </MarkButton>
      </span>
    </Bar>
  );
}
