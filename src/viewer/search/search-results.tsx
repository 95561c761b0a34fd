import { styled } from '@mui/material/styles';
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type ReactElement, type Ref } from 'react';
import type { ClinicalRecord, Group, SearchAnswer, SectionId } from '../../record/record.ts';
import { gapSentences } from '../model/sources.ts';
import { useViewer } from '../model/viewer.ts';
import { SourceShape } from '../parts/shape.tsx';
import { Measure, Named } from '../sections/lines.tsx';
import { search, sectionWords } from '../words.ts';

/** How many of a section stand there at first, and how many come with each "more". */
const [atFirst, atOnce] = [5, 200];

const List = styled('div')(({ theme }) => ({
  position: 'absolute',
  zIndex: 4,
  top: '100%',
  right: theme.spacing(4),
  width: `min(720px, calc(100% - ${theme.spacing(8)}))`,
  maxHeight: 'min(560px, calc(100vh - 220px))',
  overflowY: 'auto',
  backgroundColor: theme.vars.palette.background.paper,
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  borderRadius: theme.shape.borderRadius,
  '& .title': {
    ...theme.typography.caption,
    fontWeight: 700,
    color: theme.vars.palette.text.secondary,
    backgroundColor: theme.vars.palette.ohc.sunken,
    padding: theme.spacing(0.75, 3),
  },
  '& .said': { ...theme.typography.body2, padding: theme.spacing(2, 3) },
  '& [role="option"]': {
    ...theme.typography.body1,
    padding: theme.spacing(1, 3),
    minHeight: 28,
    cursor: 'pointer',
    borderTop: `1px solid ${theme.vars.palette.divider}`,
    overflowWrap: 'anywhere',
  },
  '& [role="option"]:hover': { backgroundColor: theme.vars.palette.ohc.selected },
  '& [aria-selected="true"]': {
    backgroundColor: theme.vars.palette.ohc.selected,
    boxShadow: `inset 3px 0 0 ${theme.vars.palette.primary.main}`,
  },
  '& .line': { display: 'flex', gap: theme.spacing(2), alignItems: 'baseline', flexWrap: 'wrap' },
  '& .end': { marginLeft: 'auto', display: 'inline-flex', gap: theme.spacing(2), alignItems: 'center' },
  '& .chip': { ...theme.typography.caption, display: 'inline-flex', gap: 4, alignItems: 'center', fontWeight: 700 },
  '& .second': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .more': { ...theme.typography.body2, color: theme.vars.palette.primary.main, textDecoration: 'underline' },
  [theme.breakpoints.down('md')]: { left: 0, right: 0, width: 'auto' },
}));

/** One thing that ↑ and ↓ stop at: a row, the rest of a section, or the section narrowed to these words. */
type Stop =
  | { readonly kind: 'row'; readonly group: Group; readonly why: string | undefined }
  | { readonly kind: 'more'; readonly section: SectionId; readonly count: number }
  | { readonly kind: 'narrow'; readonly count: number };

type Part = { readonly section: SectionId | undefined; readonly title: string; readonly stops: readonly Stop[] };

/** What the keys of the field do in the list below it. */
export type ResultsKeys = { readonly move: (by: number) => void; readonly choose: () => void };

function groupsById(record: ClinicalRecord): ReadonlyMap<string, Group> {
  const all = new Map<string, Group>();
  for (const section of Object.values(record.sections))
    for (const group of section.groups) for (const member of group.members) all.set(member.id, group);
  return all;
}

function Found({ group, why }: { readonly group: Group; readonly why: string | undefined }): ReactElement {
  const { record } = useViewer();
  const { row } = group;
  return (
    <>
      <div className="line" style={row.struckThrough ? { textDecoration: 'line-through' } : {}}>
        <Named title={row.title} />
        {row.value !== undefined && <Measure value={row.value} />}
        <span className="end second">
          {row.dateText}
          {row.chips.map((chip) => {
            const source = record.sources.find((one) => one.source.id === chip.sourceId);
            return (
              <span key={`${chip.sourceId} ${chip.label}`} className="chip">
                {source !== undefined && <SourceShape setting={source.source.setting} />}
                <bdi>{chip.label}</bdi>
              </span>
            );
          })}
        </span>
      </div>
      {(row.detail ?? row.status ?? why) !== undefined && (
        <div className="second">
          <bdi>{[row.status, row.detail].filter((part) => part !== undefined).join(', ')}</bdi>
          {why !== undefined && (
            <div>
              {search.by} <bdi>{why}</bdi>
            </div>
          )}
        </div>
      )}
    </>
  );
}

/** What a search has found, by section, below the field that asks. Nothing is left out: the rest is one press away. */
export function SearchResults(props: {
  readonly id: string;
  readonly answer: SearchAnswer;
  readonly keys: Ref<ResultsKeys>;
  readonly active: string | undefined;
  readonly onActive: (id: string | undefined) => void;
  readonly onClose: () => void;
}): ReactElement {
  const { id, answer, active, onActive, onClose } = props;
  const { record, section: here, goTo, openGroup, filter, setFilter } = useViewer();
  const [shownOf, setShownOf] = useState<Readonly<Partial<Record<SectionId, number>>>>({});
  const list = useRef<HTMLDivElement>(null);
  const byId = useMemo(() => groupsById(record), [record]);
  const parts = answer.sections.map(({ section, hits }): Part => {
    const shown = shownOf[section] ?? atFirst;
    const rows = hits.slice(0, shown).flatMap((hit): readonly Stop[] => {
      const group = byId.get(hit.id);
      return group === undefined ? [] : [{ kind: 'row', group, why: hit.why }];
    });
    const rest = hits.length - shown;
    return {
      section,
      title: `${sectionWords[section].title} ${hits.length.toLocaleString('en-GB')}`,
      stops: rest > 0 ? [...rows, { kind: 'more', section, count: rest }] : rows,
    };
  });
  const ofHere = answer.sections.find((one) => one.section === here)?.hits.length ?? 0;
  const all: readonly Part[] =
    ofHere === 0
      ? parts
      : [{ section: undefined, title: search.here, stops: [{ kind: 'narrow', count: ofHere }] }, ...parts];
  const stops = all.flatMap((part) => part.stops);
  const idOf = (stop: Stop): string => `${id}-${stops.indexOf(stop)}`;
  const choose = (stop: Stop): void => {
    if (stop.kind === 'more') {
      setShownOf({ ...shownOf, [stop.section]: (shownOf[stop.section] ?? atFirst) + atOnce });
      return;
    }
    onClose();
    if (stop.kind === 'narrow') setFilter({ ...filter, text: answer.query });
    else {
      goTo(stop.group.section);
      openGroup(stop.group.members[0]?.id ?? stop.group.id);
    }
  };
  const at = stops.findIndex((stop) => idOf(stop) === active);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
  useImperativeHandle(props.keys, () => ({
    move: (by) => {
      const to = stops[Math.min(stops.length - 1, Math.max(0, at + by))];
      if (to === undefined) return;
      onActive(idOf(to));
    },
    choose: () => {
      const stop = stops[at < 0 && stops[0]?.kind === 'narrow' ? 1 : Math.max(0, at)];
      if (stop !== undefined) choose(stop);
    },
  }));
  if (answer.total === 0) {
    const missing = gapSentences(record.sources);
    return (
      <List>
        <p className="said">
          {search.found(0, 0)} {missing}
        </p>
      </List>
    );
  }
  return (
    <List
      ref={list}
      id={id}
      role="listbox"
      aria-label={search.results}
      // The field keeps focus: a press in here does not take it.
      onMouseDown={(event) => event.preventDefault()}
    >
      {all.map((part) => (
        <div key={part.section ?? 'here'} role="group" aria-label={part.title}>
          <div className="title" aria-hidden>
            {part.title}
          </div>
          {part.stops.map((stop) => (
            // The keys of a listbox are the field's.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={idOf(stop)}
              id={idOf(stop)}
              role="option"
              aria-selected={idOf(stop) === active}
              className={stop.kind === 'row' ? undefined : 'more'}
              onClick={() => choose(stop)}
            >
              {stop.kind === 'row' && <Found group={stop.group} why={stop.why} />}
              {stop.kind === 'more' && search.more(stop.count, sectionWords[stop.section].items)}
              {stop.kind === 'narrow' && search.narrow(stop.count, sectionWords[here].title)}
            </div>
          ))}
        </div>
      ))}
    </List>
  );
}
