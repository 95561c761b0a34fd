import { styled } from '@mui/material/styles';
import { useId, useMemo, useState, type ReactElement } from 'react';
import type { Column, Grid } from '../../../record/cumulative-grid.ts';
import type { Group, SectionId } from '../../../record/record.ts';
import { staysOf } from '../../../record/trend.ts';
import { useViewer } from '../../model/viewer.ts';
import { Panel } from '../../parts/panel.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { Segments } from '../../parts/segments.tsx';
import { results } from '../../words.ts';
import { SectionView, Stack } from '../section-view.tsx';
import { CumulativeGrid, GridLegend } from './grid.tsx';
import {
  drawableColumns,
  drawableVitals,
  firstChosen,
  liveVitals,
  panelGrid,
  setsIn,
  sortedResults,
  vitalsGrid,
  type PanelId,
} from './panels.ts';
import { Reports } from './reports.tsx';
import { ResultList, resultRow } from './result-list.tsx';
import { Tabs } from './tabs.tsx';
import { Trends } from './trends.tsx';

/** More tests than these are read as a list: a grid of them would be empty cells. */
const mostColumns = 16;

/** The panels, and at their right what they are shown as. */
const Bar = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap-reverse',
  alignItems: 'flex-end',
  gap: theme.spacing(2, 4),
  '& [role="tablist"]': { flex: '1 1 320px', minWidth: 0 },
}));

const Tabbed = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'minmax(0, 1fr)',
  gap: theme.spacing(3),
}));

/** A grid and the trends of the tests chosen in it. */
function GridAndTrend(props: {
  readonly section: SectionId;
  readonly title: string;
  readonly grid: Grid;
  readonly groups: readonly Group[];
  /** Every test that can be drawn, of other panels too. */
  readonly drawable: readonly Column[];
}): ReactElement {
  const { record, now } = useViewer();
  const { section, title, grid, groups, drawable } = props;
  const [picked, setPicked] = useState<readonly string[]>();
  const chosen = picked ?? firstChosen(grid.columns);
  const stays = useMemo(
    () => staysOf(record.sections.encounters.groups, now),
    [record.sections.encounters.groups, now],
  );
  const choose = (test: string): void =>
    setPicked(chosen.includes(test) ? [test, ...chosen.filter((one) => one !== test)] : [test, ...chosen.slice(1)]);
  const asList = grid.columns.length > mostColumns;
  return (
    <>
      <Panel
        title={title}
        count={results.sets(grid.sets.length)}
        link={asList ? undefined : <GridLegend />}
        below={title}
      >
        {asList ? (
          <ResultList groups={groups} />
        ) : (
          <CumulativeGrid label={title} grid={grid} stays={stays} chosen={chosen[0]} choose={choose} />
        )}
      </Panel>
      <Trends columns={drawable} chosen={chosen} setChosen={setPicked} stays={stays} section={section} />
    </>
  );
}

function InError({ groups }: { readonly groups: readonly Group[] }): ReactElement | null {
  return groups.length === 0 ? null : (
    <Panel title={results.enteredInError} count={String(groups.length)} below={results.enteredInError}>
      <RowList groups={groups} render={resultRow} />
    </Panel>
  );
}

function PanelBody({
  id,
  groups,
  all,
}: {
  readonly id: PanelId;
  readonly groups: readonly Group[];
  readonly all: readonly Group[];
}): ReactElement {
  const title = results.panelTitles[id];
  // What is told in words is read as words, in full.
  if (id === 'radiology' || id === 'microbiology') return <Reports title={title} groups={groups} all={all} />;
  return (
    <GridAndTrend
      section="results"
      title={title}
      grid={panelGrid(groups)}
      groups={groups}
      drawable={drawableColumns(all)}
    />
  );
}

function ResultPanels({ groups }: { readonly groups: readonly Group[] }): ReactElement {
  const { record } = useViewer();
  const all = record.sections.results.groups;
  const panelId = useId();
  const sorted = sortedResults(groups);
  const [wanted, setWanted] = useState<PanelId>();
  const [view, setView] = useState<keyof typeof results.views>('grid');
  const counted = useMemo(
    () =>
      [...sorted.panels].map(([key, ones]) => ({
        key,
        title: results.panels[key],
        count: key === 'radiology' || key === 'microbiology' ? ones.length : setsIn(ones),
      })),
    [sorted],
  );
  const first = counted[0]?.key;
  const active = wanted !== undefined && sorted.panels.has(wanted) ? wanted : first;
  const reportsOnly = active === undefined;
  const shown = reportsOnly ? 'reports' : view;
  const radiology = sorted.panels.get('radiology') ?? [];
  const hasReports = sorted.reports.length + radiology.length > 0;
  return (
    <Tabbed>
      <Bar>
        {shown !== 'reports' && active !== undefined && (
          <Tabs label={results.panelList} tabs={counted} value={active} panelId={panelId} onChange={setWanted} />
        )}
        {hasReports && !reportsOnly && (
          <Segments label={results.view} options={results.views} value={shown} onChange={setView} />
        )}
      </Bar>
      {shown === 'reports' || active === undefined ? (
        <>
          {radiology.length > 0 && <Reports title={results.panelTitles.radiology} groups={radiology} all={all} />}
          {sorted.reports.length > 0 && <Reports title={results.views.reports} groups={sorted.reports} all={all} />}
        </>
      ) : (
        <Stack role="tabpanel" id={panelId} aria-labelledby={`${panelId}-${active}`}>
          <PanelBody key={active} id={active} groups={sorted.panels.get(active) ?? []} all={groups} />
        </Stack>
      )}
      <InError groups={sorted.inError} />
    </Tabbed>
  );
}

function VitalSigns({ groups }: { readonly groups: readonly Group[] }): ReactElement {
  const live = liveVitals(groups);
  return (
    <Tabbed>
      {live.length > 0 && (
        <GridAndTrend
          section="vital-signs"
          title={results.measurements}
          grid={vitalsGrid(live)}
          groups={live}
          drawable={drawableVitals(live)}
        />
      )}
      <InError groups={groups.filter((one) => one.row.struckThrough)} />
    </Tabbed>
  );
}

/** Results and vital signs: cumulative, newest first, with trends; reports whole beside them. */
export function Results({ id }: { readonly id: SectionId }): ReactElement {
  return (
    <SectionView
      id={id}
      parts={{
        whole: (groups) => (id === 'vital-signs' ? <VitalSigns groups={groups} /> : <ResultPanels groups={groups} />),
      }}
    />
  );
}
