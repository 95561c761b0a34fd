import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import ButtonBase from '@mui/material/ButtonBase';
import { styled } from '@mui/material/styles';
import {
  use,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
  type RefObject,
} from 'react';
import { KeptContext } from '../model/kept.ts';
import { overview } from '../words.ts';
import { ScrollContext } from './list.tsx';

const Outer = styled('div')({ position: 'relative', flex: 1, minHeight: 0, display: 'flex' });
const Inner = styled('div')(({ theme }) => ({
  flex: 1,
  // What is placed within scrolls within: else it would make the page itself scroll, and the banner go out of sight (H13).
  position: 'relative',
  overflowY: 'auto',
  overflowX: 'hidden',
  padding: theme.spacing(0, 4, 4),
  scrollbarGutter: 'auto',
  [theme.breakpoints.down('lg')]: { padding: theme.spacing(0, 3, 3) },
  '&[data-more="true"]': { paddingBottom: 30, scrollPaddingBottom: 30 },
}));
const Bar = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.body2,
  position: 'absolute',
  inset: 'auto 0 0 0',
  zIndex: 2,
  height: 26,
  gap: theme.spacing(1.5),
  backgroundColor: theme.vars.palette.background.paper,
  borderTop: `1px solid ${theme.vars.palette.ohc.control}`,
  '& span': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
}));

/** What lies below the view: names of cards, else a number of rows. */
function below(area: HTMLElement, items: string): string | undefined {
  const bottom = area.getBoundingClientRect().bottom - 26;
  if (area.scrollHeight - area.scrollTop - area.clientHeight < 30) return undefined;
  const hidden = (element: Element): boolean => element.getBoundingClientRect().bottom > bottom + 2;
  const cards = [...area.querySelectorAll('[data-below]')].filter(hidden);
  const names = cards.map((card) => card.getAttribute('data-below') ?? '').filter((name) => name !== '');
  if (names.length > 0) return overview.below([...new Set(names)]);
  const unmade = [...area.querySelectorAll('[data-after]')].map((list) => Number(list.getAttribute('data-after')));
  const rows =
    [...area.querySelectorAll('[data-row]')].filter(hidden).length + unmade.reduce((sum, one) => sum + one, 0);
  return rows > 0 ? overview.rowsBelow(rows, items) : undefined;
}

/** How long what is loaded late may take until the place that was kept can be scrolled to, ms. */
const settleMs = 1500;

/** Scrolls to where this area was left, as soon as there is so much of it; whoever scrolls meanwhile is left alone. */
function useKeptPlace(name: string, area: RefObject<HTMLDivElement | null>): void {
  const kept = use(KeptContext);
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    const key = `scroll ${name}`;
    const wanted = kept.get(key);
    let wants = typeof wanted === 'number' ? wanted : 0;
    const began = performance.now();
    const settle = (): void => {
      if (wants === 0) return;
      element.scrollTo({ top: wants });
      if (Math.abs(element.scrollTop - wants) < 2 || performance.now() - began > settleMs) wants = 0;
    };
    const leave = (): void => {
      wants = 0;
    };
    const keep = (): void => {
      if (wants === 0) kept.set(key, element.scrollTop);
    };
    settle();
    const size = new ResizeObserver(settle);
    const content = element.firstElementChild;
    if (content !== null) size.observe(content);
    element.addEventListener('scroll', keep, { passive: true });
    for (const type of ['wheel', 'keydown', 'pointerdown', 'touchstart'] as const)
      element.addEventListener(type, leave, { passive: true });
    return () => {
      size.disconnect();
      element.removeEventListener('scroll', keep);
      for (const type of ['wheel', 'keydown', 'pointerdown', 'touchstart'] as const)
        element.removeEventListener(type, leave);
    };
  }, [kept, name, area]);
}

/** A part of the page that scrolls, and says at its foot what is below. It is left and found again at the same place. */
export function ScrollArea({
  name,
  items,
  children,
}: {
  readonly name: string;
  readonly items: string;
  readonly children: ReactNode;
}): ReactElement {
  const area = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState<string>();
  useKeptPlace(name, area);
  useEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    let frame = 0;
    const measure = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => setMore(below(element, items)));
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const size = new ResizeObserver(measure);
    size.observe(element);
    const content = element.firstElementChild;
    if (content !== null) size.observe(content);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', measure);
      size.disconnect();
    };
  });
  return (
    <ScrollContext value={area}>
      <Outer>
        <Inner ref={area} data-more={more !== undefined} data-scroll="">
          <div>{children}</div>
        </Inner>
        {more !== undefined && (
          <Bar tabIndex={-1} onClick={() => area.current?.scrollBy({ top: area.current.clientHeight - 60 })}>
            <ExpandMoreIcon style={{ fontSize: 18 }} aria-hidden />
            <span>{more}</span>
          </Bar>
        )}
      </Outer>
    </ScrollContext>
  );
}
