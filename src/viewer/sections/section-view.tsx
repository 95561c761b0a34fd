import { styled } from '@mui/material/styles';
import { Fragment, useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { formatDate } from '../../fhir/date.ts';
import { sectionIds, type Group, type SectionId } from '../../record/record.ts';
import { filtered, filterWords, noFilter } from '../model/filter.ts';
import { roleShare } from '../model/role.ts';
import { completenessOf } from '../model/section-facts.ts';
import { gapSentences } from '../model/sources.ts';
import { useKept } from '../model/kept.ts';
import { ordered, type Order } from '../model/order.ts';
import { useSettled } from '../model/settled.ts';
import { nobodyAnswered } from '../model/settled-record.ts';
import { warnedOf } from '../model/warned.ts';
import { useViewer } from '../model/viewer.ts';
import { GapNote } from '../parts/gap-note.tsx';
import { Panel } from '../parts/panel.tsx';
import { PressLink } from '../parts/press-link.tsx';
import { Row } from '../parts/row.tsx';
import { type Measured } from '../parts/list.tsx';
import { RowList } from '../parts/row-list.tsx';
import { itemsBySubsection } from '../model/subsections.ts';
import { listed, sectionWords, states } from '../words.ts';
import { Measure, Named, plainSecond } from './lines.tsx';
import { ListTools } from './list-tools.tsx';

export const Stack = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'minmax(0, 1fr)',
  gap: theme.spacing(3),
}));

const Bones = styled('div')(({ theme }) => ({
  display: 'grid',
  gap: theme.spacing(2),
  padding: theme.spacing(3),
  '& span': { height: 18, borderRadius: 3, backgroundColor: theme.vars.palette.divider },
}));

/** The organisations that are still asked, in words, once the wait is worth saying. */
function Waiting({ asking }: { readonly asking: number }): ReactElement | null {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 2000);
    return () => clearTimeout(timer);
  }, []);
  return late ? <p role="status">{states.stillWaiting(asking)}</p> : null;
}

/** Three still bones, named for those who cannot see them. */
export function Loading({ section, asking }: { readonly section: SectionId; readonly asking: number }): ReactElement {
  return (
    <>
      <Bones role="status" aria-busy aria-label={states.loading(section)}>
        <span style={{ width: '60%' }} />
        <span style={{ width: '80%' }} />
        <span style={{ width: '45%' }} />
      </Bones>
      <Waiting asking={asking} />
    </>
  );
}

/** Who is missing from this section, and what that may mean. */
function Gap({ id }: { readonly id: SectionId }): ReactElement | null {
  const { record, tryAgain } = useViewer();
  const { gaps } = completenessOf(record, id);
  if (gaps.length === 0) return null;
  return (
    <GapNote>
      <strong>{gapSentences(gaps)}</strong> {states.missingHere(id)}{' '}
      <PressLink onPress={tryAgain}>{states.tryAgain}</PressLink>
    </GapNote>
  );
}

/** An empty section: whether it is known to be so. Never "None". */
export function Empty({ id }: { readonly id: SectionId }): ReactElement {
  const { record, tryAgain, connection } = useViewer();
  const { asking, gaps, answered } = completenessOf(record, id);
  if (asking.length > 0 && connection.kind === 'open') return <Loading section={id} asking={asking.length} />;
  if (gaps.length + asking.length === 0)
    return (
      <p>
        {states.emptyAnswered(id, answered.length)} <MayHoldMore id={id} />
      </p>
    );
  const sentences =
    gaps.length > 0
      ? gapSentences(gaps).replace(/\.$/, '')
      : `${listed(asking.map((one) => one.source.label))} has not answered`;
  return (
    <GapNote>
      {states.nothingSoFar} {sentences}, {states.mayBeMissing(id)}{' '}
      <PressLink onPress={tryAgain}>{states.tryAgain}</PressLink>
    </GapNote>
  );
}

/** Beside "gave none to show": who says that its own list may not be complete. */
export function MayHoldMore({ id }: { readonly id: SectionId }): ReactElement | null {
  const { record } = useViewer();
  const labels = [...new Set(warnedOf(record, [id]).map(({ warning }) => warning.label))];
  return labels.length === 0 ? null : <strong>{states.mayHoldMore(labels)}</strong>;
}

/** What practices say may be missing, each sentence once, with the sections that it is about: above what sums them up. */
export function AllWarnings(): ReactElement {
  const { record, scopes } = useViewer();
  const shown = sectionIds.filter((id) => roleShare(id, scopes) !== 'none');
  return (
    <>
      {warnedOf(record, shown).map(({ warning, sections }) => (
        <GapNote key={`${warning.sourceId} ${warning.text}`} quiet>
          <strong>{warning.label}:</strong> <bdi>{warning.text}</bdi> (
          {listed(sections.map((id) => sectionWords[id].title))})
        </GapNote>
      ))}
    </>
  );
}

/** Practice's warnings, word for word, at the head. */
function Warnings({ id }: { readonly id: SectionId }): ReactElement {
  const { record } = useViewer();
  return (
    <>
      {record.sections[id].warnings.map((warning) => (
        <GapNote key={`${warning.sourceId} ${warning.text}`} quiet>
          <strong>{warning.label}:</strong> <bdi>{warning.text}</bdi>
          {warning.date !== undefined && <> ({formatDate(warning.date)})</>}
        </GapNote>
      ))}
    </>
  );
}

function defaultRow(group: Group, measured?: Measured): ReactElement {
  const { row } = group;
  return (
    <Row
      key={group.id}
      group={group}
      allTags
      measured={measured}
      first={
        <>
          <Named title={row.title} />
          {row.person?.role !== undefined && <bdi>, {row.person.role}</bdi>}
          {row.value !== undefined && (
            <>
              {' '}
              <Measure value={row.value} />
            </>
          )}
        </>
      }
      second={plainSecond(group)}
    />
  );
}

/** What a section may have of its own; without any, its rows stand in cards by subsection. */
export type SectionParts = {
  readonly row?: (group: Group, measured?: Measured) => ReactElement;
  /** The body of one card, where it is no list of rows. */
  readonly body?: (groups: readonly Group[], subsection: string) => ReactNode;
  /** The title of a card, where it is not plain words. */
  readonly title?: (subsection: string, words: string) => ReactNode;
  /** The whole of the section's items, where it does not stand in cards by subsection. Called with at least one. */
  readonly whole?: (groups: readonly Group[]) => ReactNode;
  /** A line at the head of the section. */
  readonly head?: (groups: readonly Group[]) => ReactNode;
};

/** A section: warnings, its rows in cards, who is missing, and every state in between. */
export function SectionView({
  id,
  parts = {},
}: {
  readonly id: SectionId;
  readonly parts?: SectionParts;
}): ReactElement {
  const { record, region, filter, setFilter, now, scopes, connection, tryAgain } = useViewer();
  const { groups, waiting, show } = useSettled(record.sections[id].groups, id);
  const [by, setBy] = useKept<Order>(`${id} order`, 'given');
  const share = roleShare(id, scopes);
  if (share === 'none') return <p>{states.role(id)}</p>;
  const shown = filtered(groups, filter, now);
  const hidden = groups.length - shown.length;
  const { asking } = completenessOf(record, id);
  const nobody = nobodyAnswered(record, connection);
  const row = parts.row ?? defaultRow;
  return (
    <Stack>
      {share === 'part' && <p>{states.rolePart(id)}</p>}
      <Warnings id={id} />
      {nobody && (
        <GapNote>
          {states.nobodyAnswered} <PressLink onPress={tryAgain}>{states.tryAgain}</PressLink>
        </GapNote>
      )}
      {groups.length > 0 && <Gap id={id} />}
      {waiting.map(({ label, count }) => (
        <p key={label} role="status">
          {states.arrived(count, label)} <PressLink onPress={show}>{states.show}</PressLink>
        </p>
      ))}
      {parts.head?.(groups)}
      {parts.whole === undefined && <ListTools id={id} groups={groups} shown={shown.length} by={by} onOrder={setBy} />}
      {hidden > 0 && (
        <p role="status">
          {states.hidden(hidden, filterWords(filter, record))}{' '}
          <PressLink onPress={() => setFilter(noFilter)}>Remove filter</PressLink>
        </p>
      )}
      {parts.whole !== undefined
        ? shown.length > 0 && parts.whole(shown)
        : itemsBySubsection(id, ordered(shown, by)).map(({ subsection, title, items }) => (
            <Panel
              key={subsection}
              title={parts.title?.(subsection, title) ?? title}
              count={items.length.toLocaleString('en-GB')}
            >
              {parts.body?.(items, subsection) ?? <RowList groups={items} render={row} />}
            </Panel>
          ))}
      {groups.length === 0 && !nobody && <Empty id={id} />}
      {groups.length > 0 && asking.length > 0 && connection.kind === 'open' && (
        <Fragment key={asking.length}>
          <Waiting asking={asking.length} />
        </Fragment>
      )}
      {constantAt.has(id) && <NeverShown text={region.neverShown} />}
    </Stack>
  );
}

const constantAt = new Set<SectionId>(['allergies', 'medicines', 'results', 'documents']);

const Quiet = styled('p')(({ theme }) => ({
  ...theme.typography.body2,
  color: theme.vars.palette.text.secondary,
  paddingBlock: 4,
}));

/** The constant sentence about what is never shown, the same for everyone. */
export function NeverShown({ text }: { readonly text: string }): ReactElement {
  return <Quiet>{text}</Quiet>;
}
