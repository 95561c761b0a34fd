import { styled } from '@mui/material/styles';
import { useState, type ReactElement, type ReactNode } from 'react';
import { settings, sourceStatuses } from '../../fhir/status.ts';
import type { Group, SectionId, Value } from '../../record/record.ts';
import { differs, fixtureNow, group, isNew, recordOf, sourceStates, value, type Statuses } from '../fixtures/groups.ts';
import { fixtureRegion } from '../fixtures/region.ts';
import { smith, smithGroups, smithRecord } from '../fixtures/smith.ts';
import { fixtureSource } from '../fixtures/source.ts';
import { noFilter } from '../model/filter.ts';
import { stateOf } from '../model/sources.ts';
import { ViewerProvider } from '../model/viewer-provider.tsx';
import type { Viewer } from '../model/viewer-state.ts';
import { statuses } from '../palette.ts';
import { SectionBoundary } from '../parts/error-boundary.tsx';
import { Facts } from '../parts/facts.tsx';
import { GapNote } from '../parts/gap-note.tsx';
import { Panel, SubHead } from '../parts/panel.tsx';
import { FilledButton, OutlinedButton } from '../parts/press.tsx';
import { PressLink } from '../parts/press-link.tsx';
import { Row } from '../parts/row.tsx';
import { RowList } from '../parts/row-list.tsx';
import { Segments } from '../parts/segments.tsx';
import { SourceShape } from '../parts/shape.tsx';
import { SourceChips } from '../parts/source-chip.tsx';
import { StatusTag } from '../parts/status-tag.tsx';
import { Measure, Named, plainSecond } from '../sections/lines.tsx';
import { Empty, Loading, NeverShown, SectionView } from '../sections/section-view.tsx';
import { settingWords, states } from '../words.ts';

const Sheet = styled('main')(({ theme }) => ({
  ...theme.typography.body1,
  height: '100%',
  overflowY: 'auto',
  padding: theme.spacing(6),
  '& h1': theme.typography.h4,
  '& .kind': { marginTop: theme.spacing(6) },
  '& .kind > h2': { ...theme.typography.h1, marginBottom: theme.spacing(3) },
  '& .these': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(3) },
  '& .stack': { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: theme.spacing(3) },
}));

function Kind({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="kind">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What the parts read of the viewer; the buttons lead nowhere. */
function viewerOf(statusOf: Statuses = {}, groups: readonly Group[] = smithGroups): Viewer {
  const record = groups === smithGroups ? smithRecord() : recordOf(groups, { statuses: statusOf, patient: smith });
  const nowhere = (): void => undefined;
  return {
    record,
    region: fixtureRegion,
    launchView: undefined,
    scopes: ['patient/*.rs'],
    needPatientBanner: true,
    own: undefined,
    look: nowhere,
    documents: { open: async () => ({ kind: 'failed' }) },
    read: new Map(),
    markRead: nowhere,
    unveiled: record,
    revealed: new Set(),
    reveal: nowhere,
    help: { open: undefined, offered: false, show: nowhere, close: nowhere },
    connection: { kind: Object.values(statusOf).includes('asking') ? 'open' : 'closed' },
    offline: false,
    askedAt: fixtureNow,
    now: fixtureNow,
    refreshNow: nowhere,
    section: 'overview',
    filter: noFilter,
    open: undefined,
    goTo: nowhere,
    openGroup: nowhere,
    setFilter: nowhere,
    askAgain: nowhere,
    tryAgain: nowhere,
    close: nowhere,
    detail: fixtureSource(record).detail,
    search: fixtureSource(record).search,
  };
}

const everyone = (status: 'asking' | 'timeout'): Statuses =>
  Object.fromEntries(fixtureRegion.sources.map(({ id }) => [id, status]));

/** A section's states, each as it stands where its organisations are so. */
const sectionStates: readonly (readonly [title: string, section: SectionId, Statuses, readonly Group[]])[] = [
  ['Empty, all answered', 'procedures', {}, []],
  ['Empty, not all answered', 'procedures', { wmshcr: 'timeout' }, []],
  ['No organisation answered', 'procedures', everyone('timeout'), []],
  ['Loading', 'procedures', everyone('asking'), []],
  [
    'Partial',
    'procedures',
    { wmshcr: 'timeout', uhdb: 'partial' },
    [group('procedures', 'past', 'Echocardiogram', ['uhnm'], { on: '2026-09-22' })],
  ],
];

const flags: readonly NonNullable<Value['flag']>[] = [
  'high',
  'low',
  'critical-high',
  'critical-low',
  'critical',
  'abnormal',
];

const rows: readonly Group[] = [
  group('problems', 'active', 'Heart failure with reduced EF', ['uhnm'], { on: '2026-09-22' }),
  group('problems', 'active', 'Type 2 diabetes', ['gp', 'uhnm', 'uhdb', 'mpft'], { on: '2009', tags: [isNew] }),
  group('allergies', 'active', 'Penicillins', ['gp', 'uhnm'], {
    status: 'Active',
    detail: 'Anaphylaxis',
    tags: [{ kind: 'critical', words: 'Critical' }, differs(), isNew],
  }),
  group('allergies', 'past', 'Trimethoprim', ['gp'], { struckThrough: true, detail: 'Entered in error, 11-Mar-2011' }),
  group('documents', 'current', 'A very long title of a letter '.repeat(6), ['wmshcr'], {
    detail: 'Its words wrap, and none of them is cut.',
    tags: [{ kind: 'stale', words: 'as of 17-Nov-2026' }],
  }),
  group('procedures', 'past', '\u202e<script>alert(1)</script>', ['gp'], { on: '2026-01-01' }),
];

function Throws(): ReactElement {
  throw new Error('a story of a section that cannot be shown');
}

/** The parts of which the page is made, each in all its states, on one sheet. */
export function Parts(): ReactElement {
  const [chosen, setChosen] = useState<'year' | 'all'>('year');
  const chips = fixtureRegion.sources.map((source) => ({
    sourceId: source.id,
    label: source.label,
    organisation: { ods: source.ods, name: source.name },
  }));
  return (
    <Sheet>
      <h1>Parts</h1>
      <ViewerProvider viewer={viewerOf()}>
        <Kind title="Shapes of organisations">
          <div className="these">
            {settings.map((setting) => (
              <span key={setting}>
                <SourceShape setting={setting} /> {settingWords[setting]}
              </span>
            ))}
          </div>
        </Kind>
        <Kind title="Source labels">
          <div className="these">
            {chips.map((chip) => (
              <SourceChips key={chip.sourceId} chips={[chip]} tabbable />
            ))}
            <SourceChips chips={chips} tabbable />
          </div>
        </Kind>
        <Kind title="Status tags">
          <div className="these">
            {statuses.map((status) => (
              <StatusTag key={status} status={status} words={status} />
            ))}
          </div>
        </Kind>
        <Kind title="How a source ended">
          <ul>
            {sourceStatuses.map((status) => (
              <li key={status}>
                {sourceStates({ gp: status })
                  .filter((one) => one.source.id === 'gp')
                  .map(stateOf)}
              </li>
            ))}
          </ul>
        </Kind>
        <Kind title="Notes">
          <div className="stack">
            <GapNote>
              <strong>WMShCR has not answered.</strong> {states.missingHere('allergies')}{' '}
              <PressLink onPress={() => undefined}>{states.tryAgain}</PressLink>
            </GapNote>
            <GapNote quiet>{states.noEscalation}</GapNote>
            <NeverShown text={fixtureRegion.neverShown} />
          </div>
        </Kind>
        <Kind title="Buttons">
          <div className="these">
            <FilledButton>Try again</FilledButton>
            <OutlinedButton>Organisation</OutlinedButton>
            <Segments label="Time shown" options={{ year: '1 year', all: 'All' }} value={chosen} onChange={setChosen} />
          </div>
        </Kind>
        <Kind title="Values">
          <div className="these">
            <Measure value={value('4.6', 'mmol/L')} />
            {flags.map((flag) => (
              <Measure key={flag} value={value('168', 'µmol/L', flag)} />
            ))}
          </div>
        </Kind>
        <Kind title="Facts">
          <Facts
            title="University Hospitals of North Midlands"
            facts={[
              ['ODS code', 'RJE'],
              ['State', 'Answered today 09:41'],
              ['Absent', undefined],
            ]}
          />
        </Kind>
        <Kind title="Rows">
          <Panel title="Rows of two lines" count={rows.length}>
            <SubHead>To come</SubHead>
            <RowList
              groups={rows}
              render={(one) => (
                <Row
                  key={one.id}
                  group={one}
                  allTags
                  first={<Named title={one.row.title} />}
                  second={plainSecond(one)}
                />
              )}
            />
          </Panel>
          <Panel
            title="Rows of one line"
            count="8 of 14"
            link={<PressLink onPress={() => undefined}>6 more</PressLink>}
          >
            <RowList
              groups={rows.slice(0, 3)}
              render={(one) => <Row key={one.id} group={one} inline first={<Named title={one.row.title} />} />}
            />
          </Panel>
        </Kind>
        <Kind title="A section that could not be shown">
          <SectionBoundary>
            <Throws />
          </SectionBoundary>
        </Kind>
        <Kind title="Bones">
          <Loading section="medicines" asking={3} />
        </Kind>
      </ViewerProvider>
      {sectionStates.map(([title, section, statusOf, groups]) => (
        <ViewerProvider key={title} viewer={viewerOf(statusOf, groups)}>
          <Kind title={`Section: ${title}`}>
            <SectionView id={section} />
          </Kind>
        </ViewerProvider>
      ))}
      <ViewerProvider viewer={viewerOf({}, [])}>
        <Kind title="Nothing to show">
          <Empty id="mental-health" />
        </Kind>
      </ViewerProvider>
    </Sheet>
  );
}
