import ChevronRightIcon from '@mui/icons-material/ChevronRight';
import DescriptionIcon from '@mui/icons-material/DescriptionOutlined';
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import { styled } from '@mui/material/styles';
import { useVirtualizer } from '@tanstack/react-virtual';
import { use, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { formatTime } from '../../../fhir/date.ts';
import type { Group } from '../../../record/record.ts';
import { useViewer } from '../../model/viewer.ts';
import { ScrollContext } from '../../parts/list.tsx';
import { SourceChips } from '../../parts/source-chip.tsx';
import { Tags } from '../../parts/status-tag.tsx';
import { hidden, joined } from '../lines.tsx';
import type { Branch } from './branches.ts';
import { documentTree } from './words.ts';

const Tree = styled('div')(({ theme }) => ({
  backgroundColor: theme.vars.palette.background.paper,
  border: `1px solid ${theme.vars.palette.divider}`,
  borderRadius: theme.shape.borderRadius,
  overflow: 'hidden',
  '& [role="treeitem"]': {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    cursor: 'pointer',
    borderTop: `1px solid ${theme.vars.palette.divider}`,
    padding: theme.spacing(0.75, 3),
  },
  '& [role="treeitem"]:hover, & [role="treeitem"][aria-selected="true"]': {
    backgroundColor: theme.vars.palette.ohc.selected,
  },
  '& [role="treeitem"][aria-selected="true"]': { boxShadow: `inset 3px 0 0 ${theme.vars.palette.primary.main}` },
  '& [role="treeitem"]:focus-visible': {
    outline: '2px solid #FFEB3B',
    outlineOffset: -4,
    boxShadow: 'inset 0 0 0 2px var(--ohc-ring, #212B32)',
  },
  '& .branch': { ...theme.typography.h3, minHeight: 32, backgroundColor: theme.vars.palette.ohc.sunken },
  '& .branch .count': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .branch svg': { flex: 'none', color: theme.vars.palette.text.secondary },
  '& .leaf': { ...theme.typography.body1, minHeight: 48, paddingLeft: theme.spacing(9) },
  '& .leaf > svg': { fontSize: 18, flex: 'none', color: theme.vars.palette.text.secondary },
  '& .words': { flex: 1, minWidth: 0, overflowWrap: 'anywhere' },
  '& .second': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .end': { display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end', gap: 4, flex: 'none', maxWidth: '45%' },
  '& [data-unread="true"] .title': { fontWeight: 700 },
  '& [data-struck="true"] .title': { textDecoration: 'line-through' },
  [theme.breakpoints.down('md')]: { '& .leaf': { paddingLeft: theme.spacing(4), flexWrap: 'wrap' } },
}));

/** One line of the tree: a branch, or a document within one. */
type Line =
  | { readonly kind: 'branch'; readonly branch: Branch; readonly at: number; readonly open: boolean }
  | { readonly kind: 'leaf'; readonly branch: Branch; readonly group: Group; readonly at: number };

/** Up to so many lines are all made: then nothing has to be measured. */
const many = 200;

type Placed = {
  readonly index: number;
  readonly key: number | string | bigint;
  readonly start: number;
  readonly end: number;
};

const keyOf = (line: Line): string =>
  line.kind === 'branch' ? line.branch.key : `${line.branch.key}\n${line.group.id}`;

function linesOf(branches: readonly Branch[], closed: ReadonlySet<string>): readonly Line[] {
  return branches.flatMap((branch, at): readonly Line[] => {
    const open = !closed.has(branch.key);
    const leaves = branch.groups.map((group, index): Line => ({ kind: 'leaf', branch, group, at: index }));
    return [{ kind: 'branch', branch, at, open }, ...(open ? leaves : [])];
  });
}

/** When a document was opened in this sitting, ms since 1970; undefined where it was not. */
export function openedAt(group: Group, read: ReadonlyMap<string, number>): number | undefined {
  return group.members.map((member) => read.get(member.id)).find((at) => at !== undefined);
}

/** What a document calls itself, else its type; then its type, date and who wrote it. */
export function linesOfDocument({ row }: Group): {
  readonly title: string;
  readonly second: readonly (string | undefined)[];
} {
  const title = row.attachments?.find((one) => one.title !== undefined)?.title ?? row.title;
  const detail = row.detail?.split('; ').filter((part) => part !== title);
  return { title, second: [row.dateText, title === row.title ? undefined : row.title, row.status, detail?.join('; ')] };
}

function Leaf({ group }: { readonly group: Group }): ReactElement {
  const { read } = useViewer();
  const { row } = group;
  const at = openedAt(group, read);
  const { title, second } = linesOfDocument(group);
  return (
    <>
      <DescriptionIcon aria-hidden />
      <span className="words">
        <bdi className="title">{title}</bdi>
        {at === undefined && <span style={hidden}>, {documentTree.unread}</span>}
        <div className="second">
          {joined(...second, at === undefined ? undefined : documentTree.opened(formatTime(at)))}
        </div>
      </span>
      <span className="end">
        <Tags tags={group.tags} all />
        <SourceChips chips={row.chips} />
      </span>
    </>
  );
}

/**
 * The documents as a tree: one tab stop; ↑ ↓ from line to line, → opens a branch or goes into it, ← closes it or goes back
 * to it, Home and End, a letter goes to the next line that begins with it, Enter opens. Only lines near the view are made.
 */
export function DocumentTree(props: {
  readonly branches: readonly Branch[];
  readonly closed: ReadonlySet<string>;
  readonly onClosed: (closed: ReadonlySet<string>) => void;
}): ReactElement {
  const { branches, closed, onClosed } = props;
  const { open, openGroup, read } = useViewer();
  const scroll = use(ScrollContext);
  const tree = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const [active, setActive] = useState<string>();
  useLayoutEffect(() => setScrollMargin(tree.current?.offsetTop ?? 0), []);
  const lines = linesOf(branches, closed);
  const found = lines.findIndex((line) => keyOf(line) === active);
  const at = found < 0 ? 0 : found;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll?.current ?? null,
    estimateSize: (index) => (lines[index]?.kind === 'branch' ? 33 : 49),
    overscan: 20,
    scrollMargin,
    initialRect: { width: 800, height: 600 },
    getItemKey: (index) => {
      const line = lines[index];
      return line === undefined ? index : keyOf(line);
    },
    // The line that has focus is made wherever it is: focus is never lost.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const near = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
      return near.includes(at) || at >= count ? near : [...near, at].sort((a, b) => a - b);
    },
  });

  const set = (branch: Branch, isOpen: boolean): void => {
    const next = new Set(closed);
    if (isOpen) next.delete(branch.key);
    else next.add(branch.key);
    onClosed(next);
  };
  const goTo = (index: number): void => {
    const line = lines[index];
    if (line === undefined) return;
    setActive(keyOf(line));
    if (lines.length > many) virtual.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() => tree.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus());
  };
  const press = (line: Line): void => {
    setActive(keyOf(line));
    if (line.kind === 'branch') set(line.branch, !line.open);
    else openGroup(line.group.members[0]?.id ?? line.group.id);
  };
  const parentOf = (line: Line): number =>
    lines.findIndex((one) => one.kind === 'branch' && one.branch === line.branch);
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = lines[at];
    // Keys of a chip within a line are the chip's.
    if (line === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!(event.target instanceof HTMLElement) || event.target.getAttribute('role') !== 'treeitem') return;
    const act = ((): (() => void) | undefined => {
      switch (event.key) {
        case 'ArrowDown':
          return () => goTo(Math.min(at + 1, lines.length - 1));
        case 'ArrowUp':
          return () => goTo(Math.max(at - 1, 0));
        case 'Home':
          return () => goTo(0);
        case 'End':
          return () => goTo(lines.length - 1);
        case 'ArrowRight':
          if (line.kind === 'leaf') return () => undefined;
          return line.open ? () => goTo(at + 1) : () => set(line.branch, true);
        case 'ArrowLeft':
          if (line.kind === 'branch') return () => set(line.branch, false);
          return () => goTo(parentOf(line));
        case 'Enter':
        case ' ':
          return () => press(line);
        default:
          return event.key.length === 1 ? () => goTo(nextWith(lines, at, event.key)) : undefined;
      }
    })();
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  const items: readonly Placed[] =
    lines.length > many
      ? virtual.getVirtualItems()
      : lines.map((line, index) => ({ index, key: keyOf(line), start: scrollMargin, end: scrollMargin }));
  const last = items.at(-1);
  let previousEnd = scrollMargin;
  return (
    <Tree
      ref={tree}
      role="tree"
      aria-label={documentTree.label}
      onKeyDown={onKeyDown}
      data-after={lines.slice((last?.index ?? 0) + 1).filter((line) => line.kind === 'leaf').length}
      style={{
        paddingBottom:
          lines.length > many ? Math.max(0, virtual.getTotalSize() - ((last?.end ?? scrollMargin) - scrollMargin)) : 0,
      }}
    >
      {items.map((item) => {
        const line = lines[item.index];
        const gap = item.start - previousEnd;
        previousEnd = item.end;
        if (line === undefined) return null;
        const common = {
          role: 'treeitem',
          tabIndex: item.index === at ? 0 : -1,
          ref: virtual.measureElement,
          'data-index': item.index,
          'aria-posinset': line.at + 1,
          style: gap > 0 ? { marginTop: gap } : {},
          onFocus: () => setActive(keyOf(line)),
          onClick: () => press(line),
        } as const;
        if (line.kind === 'branch')
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/role-has-required-aria-props
            <div
              key={item.key}
              {...common}
              className="branch"
              aria-level={1}
              aria-setsize={branches.length}
              aria-expanded={line.open}
            >
              {line.open ? <ExpandMoreIcon aria-hidden /> : <ChevronRightIcon aria-hidden />}
              <bdi>{line.branch.title}</bdi>
              <span className="count">{line.branch.groups.length.toLocaleString('en-GB')}</span>
            </div>
          );
        const { group } = line;
        const isOpen = open !== undefined && group.members.some((member) => member.id === open);
        return (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={item.key}
            {...common}
            className="leaf"
            aria-level={2}
            aria-setsize={line.branch.groups.length}
            aria-selected={isOpen}
            data-row=""
            data-id={group.members[0]?.id ?? group.id}
            data-struck={group.row.struckThrough}
            data-unread={openedAt(group, read) === undefined}
          >
            <Leaf group={group} />
          </div>
        );
      })}
    </Tree>
  );
}

/** The next line whose title begins with this letter, around the end; the one that it is on where there is none. */
function nextWith(lines: readonly Line[], at: number, letter: string): number {
  const small = letter.toLocaleLowerCase('en-GB');
  const starts = (line: Line): boolean =>
    (line.kind === 'branch' ? line.branch.title : linesOfDocument(line.group).title)
      .toLocaleLowerCase('en-GB')
      .startsWith(small);
  const around = [...lines.keys()].map((index) => (at + 1 + index) % lines.length);
  return (
    around.find((index) => {
      const line = lines[index];
      return line !== undefined && starts(line);
    }) ?? at
  );
}
