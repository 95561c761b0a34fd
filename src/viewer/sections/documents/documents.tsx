import { styled } from '@mui/material/styles';
import { useMemo, type ReactElement } from 'react';
import type { Group } from '../../../record/record.ts';
import { useKept } from '../../model/kept.ts';
import { useViewer } from '../../model/viewer.ts';
import { PressLink } from '../../parts/press-link.tsx';
import { Segments } from '../../parts/segments.tsx';
import { SectionView } from '../section-view.tsx';
import { branchesOf, titled, type Grouping } from './branches.ts';
import { DocumentTree, openedAt } from './document-tree.tsx';
import { documentTree } from './words.ts';

const Tools = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: theme.spacing(2, 3),
  '& input[type="search"]': {
    ...theme.typography.body1,
    height: 30,
    flex: '1 1 180px',
    maxWidth: 280,
    padding: theme.spacing(0, 2),
    color: 'inherit',
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.vars.palette.background.paper,
  },
  '& input::placeholder': { color: theme.vars.palette.text.secondary, opacity: 1 },
  '& label': { display: 'inline-flex', alignItems: 'center', gap: theme.spacing(1.5), minHeight: 30 },
  '& .end': { marginLeft: 'auto' },
  [theme.breakpoints.down('md')]: {
    '& input[type="search"]': { height: 40, maxWidth: 'none' },
    '& label': { minHeight: 40 },
  },
}));

const Quiet = styled('p')(({ theme }) => ({
  ...theme.typography.body2,
  color: theme.vars.palette.text.secondary,
}));

const nothingClosed: ReadonlySet<string> = new Set();

function Tree({ groups }: { readonly groups: readonly Group[] }): ReactElement {
  const { read } = useViewer();
  const [by, setBy] = useKept<Grouping>('documents by', 'date');
  const [closed, setClosed] = useKept('documents closed', nothingClosed);
  const [words, setWords] = useKept('documents titles', '');
  const [unread, setUnread] = useKept('documents unread', false);
  const shown = useMemo(
    () => titled(groups, words).filter((group) => !unread || openedAt(group, read) === undefined),
    [groups, words, unread, read],
  );
  const branches = useMemo(() => branchesOf(shown, by), [shown, by]);
  const opened = groups.filter((group) => openedAt(group, read) !== undefined).length;
  const hiddenHere = groups.length - shown.length;
  return (
    <>
      <Tools role="group" aria-label={documentTree.tools}>
        <Segments
          label={documentTree.groupedBy}
          options={documentTree.by}
          value={by}
          onChange={(next) => {
            setBy(next);
            setClosed(nothingClosed);
          }}
        />
        <input
          type="search"
          placeholder={documentTree.titles}
          aria-label={documentTree.titles}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <label>
          <input type="checkbox" checked={unread} onChange={(event) => setUnread(event.target.checked)} />
          {documentTree.onlyUnread}
        </label>
        <span className="end">
          <PressLink
            onPress={() => setClosed(closed.size > 0 ? nothingClosed : new Set(branches.map((branch) => branch.key)))}
          >
            {closed.size > 0 ? documentTree.expandAll : documentTree.collapseAll}
          </PressLink>
        </span>
      </Tools>
      <Quiet role="status">{documentTree.counts(shown.length, groups.length, opened)}</Quiet>
      {hiddenHere > 0 && (
        <p>
          {documentTree.hidden(hiddenHere)}{' '}
          <PressLink
            onPress={() => {
              setWords('');
              setUnread(false);
            }}
          >
            {documentTree.removeFilter}
          </PressLink>
        </p>
      )}
      {shown.length > 0 && <DocumentTree key={by} branches={branches} closed={closed} onClosed={setClosed} />}
      <Quiet>{documentTree.legend}</Quiet>
    </>
  );
}

/** Letters, summaries and reports of every organisation, as a tree that can be put together in four ways. */
export function Documents(): ReactElement {
  return <SectionView id="documents" parts={{ whole: (groups) => <Tree groups={groups} /> }} />;
}
