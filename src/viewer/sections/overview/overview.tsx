import WarningIcon from '@mui/icons-material/Warning';
import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import { useCallback, useMemo, useRef, type ReactElement } from 'react';
import { dayOf, formatDate } from '../../../fhir/date.ts';
import type { Group, Section } from '../../../record/record.ts';
import { byChange } from '../../../record/medicine-change.ts';
import { filtered, isFiltering } from '../../model/filter.ts';
import { completenessOf, currentOf, pastIn } from '../../model/section-facts.ts';
import { useHeldRoom } from '../../model/held-room.ts';
import { allergyExtra } from '../../model/person.ts';
import { gapSentences } from '../../model/sources.ts';
import { useViewer } from '../../model/viewer.ts';
import { GapNote } from '../../parts/gap-note.tsx';
import { SubHead } from '../../parts/panel.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { onRowKeys } from '../../parts/list.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { overview, states } from '../../words.ts';
import { isOutOfRange } from '../lines.tsx';
import { AllWarnings, NeverShown, Stack } from '../section-view.tsx';
import { Held, oneLine, OverviewCard, subHead, twoLines } from './card.tsx';
import { alertRow, allergyRow, datedRow, medicineRow, personRow, problemRow, Results } from './rows.tsx';

const Columns = styled('div')(({ theme }) => ({
  display: 'grid',
  alignItems: 'start',
  gridTemplateColumns: 'minmax(0, 1fr)',
  gap: theme.spacing(3),
  '& > div': { display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: theme.spacing(3) },
  [theme.breakpoints.up('md')]: {
    gridTemplateColumns: 'repeat(2, minmax(0, 1fr))',
    gap: theme.spacing(2.5),
    '& > div': { gap: theme.spacing(2.5) },
  },
  [theme.breakpoints.up('lg')]: {
    gridTemplateColumns: '342px minmax(0, 1fr) 386px',
    gap: theme.spacing(3),
    '& > div': { gap: theme.spacing(3) },
  },
  [theme.breakpoints.up('xl')]: { gridTemplateColumns: 'repeat(4, minmax(0, 400px))' },
  '&[data-docked="true"]': { gridTemplateColumns: 'minmax(0, 1fr)' },
}));

const Danger = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 8,
  color: theme.vars.palette.ohc.status.danger.text,
}));

/** How many rows a card shows: by the room there is. */
type Room = { readonly problems: number; readonly medicines: number; readonly results: number; readonly rest: number };

type Pick = (groups: readonly Group[], now: number) => readonly Group[];

const asGiven: Pick = (groups) => groups;
const changedFirst: Pick = (groups, now) => {
  const { changed, others } = byChange(
    groups.filter((group) => group.subsection === 'current'),
    now,
  );
  return [...changed, ...others];
};
const withoutGoals: Pick = (groups) => groups.filter((group) => group.subsection !== 'goal');
const latestOutOfRange: Pick = (groups) =>
  groups.filter((group) => group.row.result?.latest !== false && isOutOfRange(group.row.value));
const soonestFirst: Pick = (groups) =>
  groups
    .filter((group) => group.subsection === 'to-come')
    .toSorted((a, b) => (a.row.date?.instant ?? Infinity) - (b.row.date?.instant ?? Infinity));
const untilNow: Pick = (groups, now) => groups.filter((group) => (group.row.date?.instant ?? 0) <= now);

/** What a card shows of a section, of what the filter lets through: worked out anew only where the section has changed. */
function usePicked(section: Section, pick: Pick): readonly Group[] {
  const { filter, now } = useViewer();
  return useMemo(() => pick(filtered(currentOf(section), filter, now), now), [section, filter, now, pick]);
}

/** The record on one screen: what matters first, nothing cut without a word. */
export function Overview({ docked }: { readonly docked: boolean }): ReactElement {
  const { record, region, filter, now, tryAgain, connection } = useViewer();
  const lg = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const md = useMediaQuery((theme) => theme.breakpoints.up('md'));
  const xl = useMediaQuery((theme) => theme.breakpoints.up('xl'));
  const room: Room = lg
    ? { problems: 7, medicines: 8, results: 6, rest: 3 }
    : md
      ? { problems: 5, medicines: 5, results: 6, rest: 3 }
      : { problems: 5, medicines: 4, results: 5, rest: 3 };
  const columns = useRef<HTMLDivElement>(null);
  const held = useHeldRoom(connection.kind === 'open' && completenessOf(record, 'overview').asking.length > 0, columns);
  const { sections } = record;
  const alerts = usePicked(sections.alerts, asGiven);
  const allergies = usePicked(sections.allergies, asGiven);
  const problems = usePicked(sections.problems, asGiven);
  const medicines = usePicked(sections.medicines, changedFirst);
  const plans = usePicked(sections['care-plans'], withoutGoals);
  const results = usePicked(sections.results, latestOutOfRange);
  const toCome = usePicked(sections.appointments, soonestFirst);
  const contacts = usePicked(sections.encounters, untilNow);
  const people = usePicked(sections.people, asGiven);
  const title = record.banner.allergies;
  const today = dayOf(now);
  const moreResults = currentOf(sections.results).length - Math.min(results.length, room.results);
  const medicine = useCallback((group: Group) => medicineRow(group, now), [now]);
  const { gaps } = completenessOf(record, 'overview');

  const cards: Readonly<Record<string, ReactElement>> = {
    alerts: (
      <OverviewCard
        key="alerts"
        id="alerts"
        title={overview.alerts}
        below="alerts"
        groups={alerts}
        limit={room.rest + 2}
        room={room.rest * oneLine}
      >
        {(shown) => <RowList groups={shown} render={alertRow} />}
      </OverviewCard>
    ),
    allergies: (
      <OverviewCard
        key="allergies"
        id="allergies"
        below="allergies"
        title={
          title.kind === 'known' ? (
            <Danger>
              <WarningIcon style={{ fontSize: 18 }} aria-hidden />
              {title.text}
            </Danger>
          ) : (
            title.text
          )
        }
        groups={allergies}
        limit={8}
        room={3 * twoLines}
        count={[allergies.length > 0 ? String(allergies.length) : '', allergyExtra(title) ?? '']
          .filter((part) => part !== '')
          .join(', ')}
      >
        {(shown) => <RowList groups={shown} render={allergyRow} />}
      </OverviewCard>
    ),
    problems: (
      <OverviewCard
        key="problems"
        id="problems"
        title={overview.problems}
        below="problems"
        groups={problems}
        limit={room.problems}
        room={room.problems * oneLine}
        link={overview.morePast(Math.max(0, problems.length - room.problems), pastIn(sections.problems)) || undefined}
      >
        {(shown) => <RowList groups={shown} render={problemRow} />}
      </OverviewCard>
    ),
    medicines: (
      <OverviewCard
        key="medicines"
        id="medicines"
        title={overview.medicines}
        below="medicines"
        groups={medicines}
        limit={room.medicines}
        room={room.medicines * twoLines}
        link={
          overview.morePast(Math.max(0, medicines.length - room.medicines), pastIn(sections.medicines)) || undefined
        }
      >
        {(shown) => <RowList groups={shown} render={medicine} />}
      </OverviewCard>
    ),
    plans: (
      <OverviewCard
        key="plans"
        id="care-plans"
        title={overview.carePlans}
        below="care plans"
        groups={plans}
        limit={room.rest}
        room={room.rest * oneLine}
        {...(plans.length > 0
          ? {
              count: `${overview.of(Math.min(room.rest, plans.length), plans.length)}, ${overview.newestFirst}`,
            }
          : {})}
      >
        {(shown) => <RowList groups={shown} render={datedRow} />}
      </OverviewCard>
    ),
    results: (
      <OverviewCard
        key="results"
        id="results"
        title={overview.results}
        below="results"
        groups={results}
        limit={room.results}
        room={room.results * (oneLine + subHead)}
        count={overview.latestOfEach}
        link={moreResults > 0 ? overview.more(moreResults) : undefined}
      >
        {(shown) => <Results groups={shown} />}
      </OverviewCard>
    ),
    contacts: (
      <OverviewCard
        key="contacts"
        id="encounters"
        also="appointments"
        title={overview.contacts}
        below="contacts"
        count={overview.newestFirst}
        groups={[...toCome, ...contacts]}
        limit={2 + room.rest}
        room={(2 + room.rest) * oneLine + 2 * subHead}
      >
        {() => (
          <div role="presentation" onKeyDown={onRowKeys}>
            {toCome.length > 0 && (
              <>
                <SubHead>{overview.toCome}</SubHead>
                <RowList groups={toCome.slice(0, 2).toReversed()} render={datedRow} />
              </>
            )}
            {(contacts.length > 0 || toCome.length === 0) && (
              <>
                <SubHead>{overview.beforeToday(formatDate(today))}</SubHead>
                <RowList groups={contacts.slice(0, room.rest)} render={datedRow} />
              </>
            )}
          </div>
        )}
      </OverviewCard>
    ),
    people: (
      <OverviewCard
        key="people"
        id="people"
        title={overview.people}
        below="people"
        groups={people}
        limit={room.rest}
        room={room.rest * oneLine}
      >
        {(shown) => <RowList groups={shown} render={personRow} />}
      </OverviewCard>
    ),
  };
  const layout: readonly (readonly string[])[] =
    docked || !md
      ? [['allergies', 'alerts', 'medicines', 'results', 'contacts', 'problems', 'plans', 'people']]
      : xl
        ? [['alerts', 'allergies', 'people'], ['problems', 'plans'], ['medicines'], ['results', 'contacts']]
        : lg
          ? [
              ['alerts', 'allergies', 'problems'],
              ['medicines', 'plans'],
              ['results', 'contacts', 'people'],
            ]
          : [
              ['allergies', 'alerts', 'problems', 'plans'],
              ['medicines', 'results', 'contacts', 'people'],
            ];
  return (
    <Stack>
      {!lg && gaps.length > 0 && !md && (
        <GapNote>
          <strong>{gapSentences(gaps)}</strong> {gaps.length > 1 ? states.missingOverviewMany : states.missingOverview}{' '}
          <PressLink onPress={tryAgain}>{states.tryAgain}</PressLink>
        </GapNote>
      )}
      <AllWarnings />
      {isFiltering(filter) && <p role="status">The cards show what the filter lets through.</p>}
      <Columns ref={columns} data-docked={docked}>
        <Held value={held}>
          {layout.map((column) => (
            <div key={column[0]}>{column.map((name) => cards[name])}</div>
          ))}
        </Held>
      </Columns>
      <NeverShown text={region.neverShown} />
    </Stack>
  );
}
