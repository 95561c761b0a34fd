import { styled } from '@mui/material/styles';
import { useState, type ReactElement } from 'react';
import { formatDateTime } from '../../../fhir/date.ts';
import type { Group } from '../../../record/record.ts';
import { useViewer } from '../../model/viewer.ts';
import { onRowKeys } from '../../parts/list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { PlainChip, SourceChips } from '../../parts/source-chip.tsx';
import { Tags } from '../../parts/status-tag.tsx';
import { overview, results } from '../../words.ts';
import { Measure } from '../lines.tsx';
import { rangeWords } from './grid.tsx';

const step = 50;

const Body = styled('article')(({ theme }) => ({
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  padding: theme.spacing(2, 3),
  '&[data-open="true"]': {
    backgroundColor: theme.vars.palette.ohc.selected,
    boxShadow: `inset 3px 0 0 ${theme.vars.palette.primary.main}`,
  },
  '& .head': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1, 2) },
  '& .head .end': { marginLeft: 'auto', display: 'flex', gap: 4 },
  '& h3': { ...theme.typography.h3, '& button': { fontWeight: 700, whiteSpace: 'normal', textAlign: 'left' } },
  '& .second': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  // What the reporter wrote is read first, in their lines and in full.
  '& .text': {
    ...theme.typography.body1,
    whiteSpace: 'pre-line',
    overflowWrap: 'anywhere',
    maxWidth: '80ch',
    marginTop: theme.spacing(1),
  },
  '& ul': { margin: 0, marginTop: theme.spacing(1), padding: 0, listStyle: 'none' },
  '& li': { padding: theme.spacing(0.5, 0), borderTop: `1px solid ${theme.vars.palette.divider}` },
}));

/** One result within its report: value, its own range, and what was noted of it. */
function Part({ group }: { readonly group: Group }): ReactElement {
  const { row } = group;
  return (
    <li>
      <bdi>{row.title}</bdi> {row.value !== undefined && <Measure value={row.value} />}{' '}
      {row.value?.range !== undefined && (
        <bdi className="second">{results.reference(rangeWords(row.value.range), undefined)}</bdi>
      )}{' '}
      {row.result?.status !== undefined && <PlainChip>{row.result.status}</PlainChip>}{' '}
      {row.detail !== undefined && (
        <div className="second" style={{ whiteSpace: 'pre-line' }}>
          <bdi>{row.detail}</bdi>
        </div>
      )}
    </li>
  );
}

function Report({ group, byId }: { readonly group: Group; readonly byId: ReadonlyMap<string, Group> }): ReactElement {
  const { open, openGroup } = useViewer();
  const { row } = group;
  const id = group.members[0]?.id ?? group.id;
  const isOpen = open !== undefined && group.members.some((member) => member.id === open);
  const parts = (row.result?.results ?? []).flatMap((one) => byId.get(one) ?? []);
  const files = row.attachments?.length ?? 0;
  const text = row.detail;
  return (
    <Body data-open={isOpen}>
      <div className="head">
        <h3>
          <PressLinkRow id={id} onPress={() => openGroup(id)} isOpen={isOpen}>
            {row.title}
          </PressLinkRow>
        </h3>
        <bdi className="second">{row.date === undefined ? row.dateText : formatDateTime(row.date)}</bdi>
        {row.result?.status !== undefined && <PlainChip>{row.result.status}</PlainChip>}
        <Tags tags={group.tags} all />
        <span className="end">
          <SourceChips chips={row.chips} />
        </span>
      </div>
      {row.value !== undefined && (
        <p className="text">
          <Measure value={row.value} />
        </p>
      )}
      {text !== undefined && (
        <p className="text">
          <bdi>{text}</bdi>
        </p>
      )}
      {text === undefined && row.value === undefined && parts.length === 0 && (
        <p className="second">{results.noText}</p>
      )}
      {parts.length > 0 && (
        <ul aria-label={results.reportResults}>
          {parts.map((one) => (
            <Part key={one.id} group={one} />
          ))}
        </ul>
      )}
      {files > 0 && <p className="second">{results.attachments(files)}</p>}
    </Body>
  );
}

const RowButton = styled('button')(({ theme }) => ({
  font: 'inherit',
  padding: 0,
  border: 0,
  background: 'none',
  cursor: 'pointer',
  minHeight: 24,
  overflowWrap: 'anywhere',
  color: theme.vars.palette.text.primary,
  '&:hover': { textDecoration: 'underline' },
}));

function PressLinkRow(props: {
  readonly id: string;
  readonly isOpen: boolean;
  readonly onPress: () => void;
  readonly children: string;
}): ReactElement {
  return (
    <RowButton
      type="button"
      data-row=""
      data-id={props.id}
      aria-current={props.isOpen ? 'true' : undefined}
      onClick={props.onPress}
    >
      <bdi>{props.children}</bdi>
    </RowButton>
  );
}

/** Reports whole, newest first: what was written, then each result with its range and comments. */
export function Reports(props: {
  readonly title: string;
  readonly groups: readonly Group[];
  /** Every result of the section, so that a report shows its own whatever the filter leaves in other lists. */
  readonly all: readonly Group[];
}): ReactElement {
  const { title, groups, all } = props;
  const [limit, setLimit] = useState(step);
  const shown = groups.slice(0, limit);
  const named = new Set(shown.flatMap((one) => one.row.result?.results ?? []));
  const byId = new Map(all.filter((one) => named.has(one.id)).map((one) => [one.id, one]));
  const older = groups.length - shown.length;
  return (
    <Panel title={title} count={`${groups.length.toLocaleString('en-GB')}, ${overview.newestFirst}`} below={title}>
      <div onKeyDown={onRowKeys} role="presentation">
        {shown.map((group) => (
          <Report key={group.id} group={group} byId={byId} />
        ))}
      </div>
      {older > 0 && (
        <p style={{ padding: '6px 12px' }} data-after={older}>
          <PressLink onPress={() => setLimit(limit + step)}>{results.olderReports(older)}</PressLink>
        </p>
      )}
    </Panel>
  );
}
