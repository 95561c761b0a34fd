import { styled } from '@mui/material/styles';
import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { dayOf, formatDate } from '../../../fhir/date.ts';
import type { Group } from '../../../record/record.ts';
import {
  clustersOf,
  eventsOf,
  lanes as allLanes,
  quartersOf,
  timelineSections,
  type Cluster,
  type Span,
  type TimelineEvent,
} from '../../../record/timeline.ts';
import { filtered, filterWords, noFilter } from '../../model/filter.ts';
import { outOfRole } from '../../model/role.ts';
import { completenessOf } from '../../model/section-facts.ts';
import { nobodyAnswered } from '../../model/settled-record.ts';
import { useSettled } from '../../model/settled.ts';
import { gapSentences } from '../../model/sources.ts';
import { useViewer } from '../../model/viewer.ts';
import { GapNote } from '../../parts/gap-note.tsx';
import type { Measured } from '../../parts/list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { OutlinedButton } from '../../parts/press.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { Row } from '../../parts/row.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { Segments } from '../../parts/segments.tsx';
import { SourceShape } from '../../parts/shape.tsx';
import { useWidth } from '../../parts/width.ts';
import { itemWords, overview, settingWords, states, timeline } from '../../words.ts';
import { Named, joined } from '../lines.tsx';
import { AllWarnings, Empty, Loading, Stack } from '../section-view.tsx';
import { ChosenEvent } from './chosen-event.tsx';
import { Density } from './density.tsx';
import { gapPx } from './lane-layout.ts';
import { Lanes } from './lanes.tsx';
import { eventFor, type LaneEvents } from './navigation.ts';
import { centredOn, isInView, moved, wholeOf, windowOf, zoomed, type LengthId } from './view-window.ts';

const Bar = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  gap: theme.spacing(2, 3),
  '& .end': { marginLeft: 'auto', display: 'flex', gap: theme.spacing(2) },
}));

const Strip = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: '176px minmax(0, 1fr)',
  alignItems: 'center',
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  borderBottom: `1px solid ${theme.vars.palette.divider}`,
  padding: theme.spacing(2, 0),
  '& .label': { ...theme.typography.body2, padding: theme.spacing(0, 3) },
  '& .label span': { ...theme.typography.caption, display: 'block', color: theme.vars.palette.text.secondary },
  [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
}));

const Keys = styled('div')(({ theme }) => ({
  ...theme.typography.body2,
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: theme.spacing(1, 4),
  padding: theme.spacing(1.5, 3),
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  color: theme.vars.palette.text.secondary,
  '& kbd': {
    ...theme.typography.caption,
    marginRight: 3,
    padding: theme.spacing(0.25, 1.5),
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    borderRadius: 3,
  },
}));

const Kinds = styled('span')({
  display: 'inline-flex',
  flexWrap: 'wrap',
  gap: '2px 14px',
  marginLeft: 12,
  '& span': { display: 'inline-flex', alignItems: 'center', gap: 6 },
});

function row(group: Group, measured?: Measured): ReactElement {
  return (
    <Row
      key={group.id}
      group={group}
      allTags
      measured={measured}
      first={<Named title={group.row.title} />}
      second={joined(group.row.dateText, itemWords[group.section], group.row.status, group.row.detail)}
    />
  );
}

/** The lanes, the strip above them, and the one event that is told in full. */
function LanesView({
  groups,
  showTable,
}: {
  readonly groups: readonly Group[];
  readonly showTable: () => void;
}): ReactElement {
  const { record, now, openGroup } = useViewer();
  const [track, width] = useWidth<HTMLDivElement>(964);
  const frame = useRef<HTMLDivElement>(null);
  const toFocus = useRef(false);
  const events = useMemo(() => eventsOf(groups, record), [groups, record]);
  const quarters = useMemo(() => quartersOf(events, now), [events, now]);
  const lanes = useMemo<LaneEvents>(() => {
    const byLane = Map.groupBy(events, (one) => one.lane);
    return allLanes
      .map((lane) => ({ lane, events: byLane.get(lane) ?? [] }))
      .filter((one) => one.lane !== 'other' || one.events.length > 0);
  }, [events]);
  const whole = wholeOf(quarters, now);
  const [length, setLength] = useState<LengthId | undefined>('quarter');
  const [own, setOwn] = useState<Span>();
  const span = own ?? windowOf(length ?? 'quarter', whole, now);
  const [chosenId, setChosenId] = useState<string>();
  const [several, setSeveral] = useState<readonly Group[]>([]);
  const inView = events.filter((one) => isInView(one, span));
  const chosen = events.find((one) => one.group.id === chosenId);
  // One tab stop: what was chosen, else the latest in view that has happened.
  const stop =
    chosen !== undefined && isInView(chosen, span)
      ? chosen
      : (inView.filter((one) => one.from <= now).at(-1) ?? inView[0]);
  const look = (next: Span): void => {
    setOwn(next);
    setLength(undefined);
  };
  const choose = (event: TimelineEvent): void => {
    setChosenId(event.group.id);
    setSeveral([]);
  };
  const open = ({ first, events: within }: Cluster): void => {
    if (within.length === 1) openGroup(first.group.members[0]?.id ?? first.group.id);
    else setSeveral(within.map((one) => one.group));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || stop === undefined) return;
    if (event.key === '+' || event.key === '=' || event.key === '-' || event.key === '−') {
      event.preventDefault();
      const next = zoomed(span, event.key === '+' || event.key === '=' ? 0.5 : 2, whole);
      toFocus.current = true;
      look(centredOn(next, stop.from));
      setChosenId(stop.group.id);
      return;
    }
    const laneEvents = lanes.find((one) => one.lane === stop.lane)?.events ?? [];
    const cluster = clustersOf(laneEvents, span, width, gapPx).find((one) => one.events.includes(stop));
    const to = eventFor(event.key, stop, lanes, cluster?.events ?? [stop]);
    if (to === undefined) return;
    event.preventDefault();
    toFocus.current = true;
    choose(to);
    if (to.from < span.from || to.from > span.to) look(centredOn(span, to.from));
  };
  useLayoutEffect(() => {
    if (!toFocus.current) return;
    toFocus.current = false;
    frame.current?.querySelector<HTMLElement>('.event[tabindex="0"]')?.focus();
  });
  const { gaps } = completenessOf(record, 'timeline');
  const earlier = events.filter((one) => !isInView(one, span) && one.from < span.from).length;
  const later = events.length - inView.length - earlier;
  const undated = groups.length - events.length;
  const said = [timeline.outside(earlier, later), undated > 0 ? timeline.undated(undated) : ''].filter(
    (one) => one !== '',
  );
  const settings = [...new Set(inView.map((one) => one.setting))];
  return (
    <>
      <Bar>
        <Segments
          label={timeline.spanLabel}
          options={timeline.spans}
          value={length}
          onChange={(key) => {
            setOwn(undefined);
            setLength(key);
          }}
        />
        <OutlinedButton style={{ paddingInline: 10 }} onClick={showTable}>
          {timeline.asTable}
        </OutlinedButton>
      </Bar>
      <Panel
        title={timeline.period(formatDate(dayOf(span.from)), formatDate(dayOf(span.to)))}
        count={
          <Kinds>
            {said.length > 0 && <span>{said.join('; ')}</span>}
            {settings.map((setting) => (
              <span key={setting}>
                <SourceShape setting={setting} />
                {settingWords[setting]}
              </span>
            ))}
          </Kinds>
        }
        link={
          <Bar>
            <OutlinedButton style={{ paddingInline: 10 }} onClick={() => look(moved(span, -0.75))}>
              {timeline.earlier}
            </OutlinedButton>
            <OutlinedButton
              style={{ paddingInline: 10 }}
              onClick={() => look({ from: now - (span.to - span.from) * 0.8, to: now + (span.to - span.from) * 0.2 })}
            >
              {timeline.today}
            </OutlinedButton>
            <OutlinedButton style={{ paddingInline: 10 }} onClick={() => look(moved(span, 0.75))}>
              {timeline.later}
            </OutlinedButton>
          </Bar>
        }
      >
        <Strip>
          <div className="label">
            <strong>{timeline.allEvents}</strong>
            <span>{timeline.bar}</span>
          </div>
          <div ref={track} style={{ minWidth: 0 }}>
            <Density quarters={quarters} whole={whole} span={span} setSpan={look} width={width} />
          </div>
        </Strip>
        <Lanes
          ref={frame}
          lanes={lanes}
          sources={record.sources}
          span={span}
          now={now}
          width={width}
          chosen={chosen?.group.id}
          tabStop={stop?.group.id}
          choose={choose}
          open={open}
          onKeyDown={onKeyDown}
        />
        <Keys>
          {timeline.keys.map(([keys, does]) => (
            <span key={does}>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}{' '}
              {does}
            </span>
          ))}
          {gaps.length > 0 && (
            <span>{(gaps.length === 1 ? timeline.notKnown : timeline.notKnownMany)(gapSentences(gaps))}</span>
          )}
        </Keys>
      </Panel>
      {several.length > 0 ? (
        <Panel title={timeline.several(several.length)} below={timeline.events}>
          <RowList groups={several.toReversed()} render={row} />
        </Panel>
      ) : (
        stop !== undefined && <ChosenEvent event={stop} />
      )}
    </>
  );
}

/** Everything with a date, in lanes over time or as a table, newest first. */
export function Timeline(): ReactElement {
  const { record, filter, setFilter, now, tryAgain, connection, scopes } = useViewer();
  const [asTable, setAsTable] = useState(false);
  const { groups, waiting, show } = useSettled(record.sections.timeline.groups, 'timeline');
  const without = outOfRole(timelineSections, scopes);
  const shown = useMemo(() => filtered(groups, filter, now), [groups, filter, now]);
  const hidden = groups.length - shown.length;
  const { gaps, asking } = completenessOf(record, 'timeline');
  const nobody = nobodyAnswered(record, connection);
  const loading = shown.length === 0 && asking.length > 0 && connection.kind === 'open';
  return (
    <Stack>
      {without.length > 0 && <p>{states.roleWithout(without)}</p>}
      {nobody && (
        <GapNote>
          {states.nobodyAnswered} <PressLink onPress={tryAgain}>{states.tryAgain}</PressLink>
        </GapNote>
      )}
      {groups.length > 0 && gaps.length > 0 && (
        <GapNote>
          <strong>{gapSentences(gaps)}</strong> {states.missingHere('timeline')}{' '}
          <PressLink onPress={tryAgain}>{states.tryAgain}</PressLink>
        </GapNote>
      )}
      <AllWarnings />
      {waiting.map(({ label, count }) => (
        <p key={label} role="status">
          {states.arrived(count, label)} <PressLink onPress={show}>{states.show}</PressLink>
        </p>
      ))}
      {hidden > 0 && (
        <p role="status">
          {states.hidden(hidden, filterWords(filter, record))}{' '}
          <PressLink onPress={() => setFilter(noFilter)}>Remove filter</PressLink>
        </p>
      )}
      {groups.length === 0 && !nobody && !loading && <Empty id="timeline" />}
      {loading && <Loading section="timeline" asking={asking.length} />}
      {shown.length > 0 &&
        (asTable ? (
          <>
            <Bar>
              <OutlinedButton style={{ paddingInline: 10 }} onClick={() => setAsTable(false)}>
                {timeline.asLanes}
              </OutlinedButton>
            </Bar>
            <Panel title={timeline.events} count={`${shown.length.toLocaleString('en-GB')}, ${overview.newestFirst}`}>
              <RowList groups={shown} render={row} />
            </Panel>
          </>
        ) : (
          <LanesView groups={shown} showTable={() => setAsTable(true)} />
        ))}
    </Stack>
  );
}
