import CloseIcon from '@mui/icons-material/Close';
import ExpandLessIcon from '@mui/icons-material/ExpandLess';
import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import { styled } from '@mui/material/styles';
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { resourcesOf } from '../../record/member.ts';
import type { Group, GroupDetail } from '../../record/record.ts';
import { Attachments, openable, type Opened } from '../document/attachments.tsx';
import { answeredTime } from '../model/sources.ts';
import { isVeiled } from '../model/safeguarded.ts';
import { useViewer } from '../model/viewer.ts';
import { SectionBoundary } from '../parts/error-boundary.tsx';
import { FilledButton, MarkButton } from '../parts/press.tsx';
import { PressLink } from '../parts/press-link.tsx';
import { DiffersIcon } from '../parts/shape.tsx';
import { SourceChip } from '../parts/source-chip.tsx';
import { codeFont } from '../theme.ts';
import { copy, documents, drawer, itemWords, listed, safeguarding, whyShown } from '../words.ts';
import { compare } from './comparison.ts';

const ErrorReport = lazy(async () => ({ default: (await import('./error-report.tsx')).ErrorReport }));
const Reader = lazy(async () => ({ default: (await import('../document/reader.tsx')).Reader }));

const Panel = styled('div')(({ theme }) => ({
  position: 'absolute',
  inset: 0,
  zIndex: 5,
  display: 'flex',
  flexDirection: 'column',
  backgroundColor: theme.vars.palette.background.paper,
  animation: 'ohc-slide 120ms ease-out',
  '@keyframes ohc-slide': { from: { transform: 'translateX(40px)', opacity: 0 } },
  '@media (prefers-reduced-motion: reduce)': { animation: 'none' },
  [theme.breakpoints.up('md')]: {
    left: 'auto',
    width: 560,
    borderLeft: `1px solid ${theme.vars.palette.ohc.control}`,
    boxShadow: '-4px 0 12px rgb(0 0 0 / 12%)',
  },
  [theme.breakpoints.up('lg')]: { position: 'relative', inset: 'auto', flex: 'none', width: 660 },
  [theme.breakpoints.up('xl')]: { width: 720 },
  '& .head': {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 58,
    padding: theme.spacing(2, 2, 2, 5),
    borderBottom: `1px solid ${theme.vars.palette.divider}`,
  },
  '& .head > div': { flex: 1, minWidth: 0 },
  '& h2': theme.typography.h1,
  '& .sub': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .body': { flex: 1, overflow: 'auto', padding: theme.spacing(2.5, 5, 4) },
  '& .foot': {
    display: 'flex',
    justifyContent: 'flex-end',
    gap: theme.spacing(3),
    padding: theme.spacing(2, 5),
    minHeight: 44,
    alignItems: 'center',
    borderTop: `1px solid ${theme.vars.palette.divider}`,
  },
  '& h3': { ...theme.typography.h3, marginTop: theme.spacing(3), marginBottom: theme.spacing(1) },
  '& pre': {
    fontFamily: codeFont,
    fontSize: '0.75rem',
    lineHeight: 1.4,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    margin: 0,
    padding: theme.spacing(2),
    backgroundColor: theme.vars.palette.ohc.sunken,
    border: `1px solid ${theme.vars.palette.divider}`,
  },
}));

const Conflict = styled('div')(({ theme }) => {
  const { text, ground, border } = theme.vars.palette.ohc.status.conflict;
  return {
    ...theme.typography.body1,
    display: 'flex',
    gap: theme.spacing(3),
    padding: theme.spacing(2, 3.5),
    marginBottom: theme.spacing(3),
    backgroundColor: ground,
    border: `1px solid ${border}`,
    borderLeftWidth: 4,
    borderRadius: theme.shape.borderRadius,
    '& svg': { color: text, width: 17, height: 17, flex: 'none', marginTop: 2 },
  };
});

const Compared = styled('table')(({ theme }) => ({
  ...theme.typography.body1,
  borderCollapse: 'collapse',
  minWidth: '100%',
  '& th, & td': {
    textAlign: 'left',
    verticalAlign: 'top',
    padding: theme.spacing(0.75, 2),
    minWidth: 130,
    overflowWrap: 'anywhere',
    whiteSpace: 'pre-line',
  },
  '& tbody tr > *, & thead tr:last-of-type > *': { borderBottom: `1px solid ${theme.vars.palette.divider}` },
  '& thead tr:last-of-type > *': { borderBottomColor: theme.vars.palette.ohc.control },
  '& tbody th': {
    ...theme.typography.body2,
    color: theme.vars.palette.text.secondary,
    position: 'sticky',
    left: 0,
    width: 112,
    minWidth: 100,
    paddingLeft: 0,
    backgroundColor: theme.vars.palette.background.paper,
  },
  '& tr[data-differs="true"] th': { fontWeight: 700, color: theme.vars.palette.text.primary },
  '& tr[data-differs="true"] th svg': {
    color: theme.vars.palette.ohc.status.conflict.text,
    width: 10,
    height: 10,
    marginRight: 6,
  },
  '& tr[data-differs="true"] td': { fontWeight: 700, backgroundColor: theme.vars.palette.ohc.status.conflict.ground },
  '& .absent': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .name': { ...theme.typography.body2, fontWeight: 700, display: 'block', marginTop: 4 },
  '& [data-shown="true"]': { borderInline: `2px solid ${theme.vars.palette.text.primary}` },
  '& tbody tr:last-of-type [data-shown="true"]': { borderBottom: `2px solid ${theme.vars.palette.text.primary}` },
  '& .shown': {
    ...theme.typography.caption,
    fontWeight: 700,
    padding: theme.spacing(0.25, 2),
    color: theme.vars.palette.background.paper,
    backgroundColor: theme.vars.palette.text.primary,
    border: `2px solid ${theme.vars.palette.text.primary}`,
  },
}));

const Linked = styled('ul')(({ theme }) => ({
  listStyle: 'none',
  padding: 0,
  '& li': {
    display: 'grid',
    gridTemplateColumns: '90px 1fr auto',
    gap: theme.spacing(1),
    alignItems: 'center',
    minHeight: 25,
    borderBottom: `1px solid ${theme.vars.palette.divider}`,
  },
}));

function Comparison({ detail }: { readonly detail: GroupDetail }): ReactElement {
  const { record } = useViewer();
  const { members, group } = detail;
  const several = members.length > 1;
  const state = (sourceId: string): string => {
    const one = record.sources.find((source) => source.source.id === sourceId);
    return one === undefined || one.answeredAt === undefined ? drawer.notRecorded : `Today ${answeredTime(one)}`;
  };
  return (
    <Compared>
      <thead>
        {several && (
          <tr>
            <td />
            {members.map((member, index) =>
              index === 0 ? (
                <th key={member.id} className="shown">
                  {drawer.shown}
                </th>
              ) : (
                <td key={member.id} />
              ),
            )}
          </tr>
        )}
        <tr>
          <td />
          {members.map((member, index) => (
            <th key={member.id} scope="col" data-shown={several && index === 0}>
              <SourceChip chip={member.chip} tabbable />
              <bdi className="name">
                {member.chip.organisation.name ??
                  record.sources.find((one) => one.source.id === member.chip.sourceId)?.source.name}
              </bdi>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {compare(members, group.conflicts).map((field) => (
          <tr key={field.label} data-differs={field.differs}>
            <th scope="row">
              {field.differs && <DiffersIcon />}
              {field.label}
            </th>
            {field.values.map((value, index) => (
              <td key={members[index]?.id} data-shown={several && index === 0}>
                {value === undefined ? <span className="absent">{drawer.notRecorded}</span> : <bdi>{value}</bdi>}
              </td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">{drawer.answered}</th>
          {members.map((member, index) => (
            <td key={member.id} data-shown={several && index === 0}>
              {state(member.chip.sourceId)}
            </td>
          ))}
        </tr>
      </tbody>
    </Compared>
  );
}

function Codes({ detail }: { readonly detail: GroupDetail }): ReactElement {
  return (
    <>
      {detail.members.map((member) => (
        <section key={member.id}>
          <h3>
            {drawer.codes}: {member.chip.label}
          </h3>
          <Compared>
            <tbody>
              {member.codes.map((code) => (
                <tr key={`${code.system} ${code.code} ${code.display}`}>
                  <td>
                    <bdi>{code.display}</bdi>
                  </td>
                  <td style={{ fontFamily: codeFont }}>{code.code}</td>
                  <td style={{ fontFamily: codeFont }}>{code.system}</td>
                </tr>
              ))}
            </tbody>
          </Compared>
        </section>
      ))}
    </>
  );
}

/** What stands in the place of the comparison, where it is asked for. */
type Extra = 'report' | 'codes' | 'raw';

function Body({
  detail,
  extra,
  onRead,
}: {
  readonly detail: GroupDetail;
  readonly extra: Extra | undefined;
  readonly onRead: (file: Opened) => void;
}): ReactElement {
  const { openGroup, goTo } = useViewer();
  const { group, members, linked } = detail;
  const shown = group.row.chips[0];
  if (extra === 'report')
    return (
      <Suspense>
        <ErrorReport detail={detail} />
      </Suspense>
    );
  if (extra === 'codes') return <Codes detail={detail} />;
  if (extra === 'raw')
    return (
      <>
        {members.map((member) => (
          <section key={member.id}>
            <h3>
              {drawer.raw}: {member.chip.label}
            </h3>
            <pre>{JSON.stringify(member.raw, undefined, 2)}</pre>
          </section>
        ))}
      </>
    );
  return (
    <>
      {group.conflicts.length > 0 && (
        <Conflict>
          <DiffersIcon />
          <div>
            <strong>{drawer.differ(listed(group.conflicts.map((one) => one.field.toLocaleLowerCase('en-GB'))))}</strong>
            <br />
            {shown !== undefined && `${drawer.shows(shown.label, whyShown(group.section))} `}
            {drawer.overwritten}
          </div>
        </Conflict>
      )}
      <Attachments files={openable(detail)} onOpen={onRead} />
      <Comparison detail={detail} />
      {linked.length > 0 && (
        <>
          <h3>{drawer.linked}</h3>
          <Linked>
            {linked.map((one) => (
              <li key={one.groupId}>
                <span>{one.dateText}</span>
                <span>
                  <PressLink
                    onPress={() => {
                      goTo(one.section);
                      openGroup(one.groupId);
                    }}
                  >
                    <bdi>{one.title}</bdi>
                  </PressLink>
                </span>
                <SourceChip chip={one.chip} tabbable />
              </li>
            ))}
          </Linked>
        </>
      )}
    </>
  );
}

/** Before the details of a safeguarding concern: who asks for them is told what that means, and the asking is a look of its own. */
function Gate({ group }: { readonly group: Group }): ReactElement {
  const { look, reveal } = useViewer();
  return (
    <div style={{ display: 'grid', gap: 12, justifyItems: 'start' }}>
      <p>
        <strong>{safeguarding.gate}</strong>
      </p>
      <p>{safeguarding.recorded}</p>
      <FilledButton
        onClick={() => {
          look('safeguarding', [group.section], resourcesOf(group));
          reveal(group.members.map((member) => member.id));
        }}
      >
        {safeguarding.show}
      </FilledButton>
    </div>
  );
}

/** Copies the item whose details are open: the page's own copying adds whose it is. */
function copyItem(): void {
  document.getSelection()?.removeAllRanges();
  // The clipboard's own interface is closed to a frame of another site; this is not, where someone has pressed a button.
  // oxlint-disable-next-line typescript/no-deprecated
  document.execCommand('copy');
}

/** The pivot: whatever is linked with this, in every section, and the results of its reports. */
function OnlyThis({ detail }: { readonly detail: GroupDetail }): ReactElement {
  const { record, filter, setFilter, openGroup, goTo } = useViewer();
  const press = (): void => {
    const all = Object.values(record.sections).flatMap((section) => section.groups);
    const linked = new Set(detail.linked.map((one) => one.groupId));
    for (const group of all) if (linked.has(group.id)) for (const id of group.row.result?.results ?? []) linked.add(id);
    const within = [detail.group, ...all.filter((group) => linked.has(group.id))];
    const ids = new Set([...linked, ...within.flatMap((group) => group.members.map((member) => member.id))]);
    openGroup(undefined);
    setFilter({ ...filter, around: { title: detail.group.row.title, ids } });
    goTo('overview');
  };
  return <PressLink onPress={press}>{drawer.onlyThis}</PressLink>;
}

/** The ids of the rows in the list beside the drawer, in their order, each once: a tree may show one under two branches. */
function neighbours(): readonly string[] {
  return [...new Set(rowIds())];
}

function rowIds(): readonly string[] {
  return [...document.querySelectorAll('main [data-row]')].map((row) => row.getAttribute('data-id') ?? '');
}

/** Asks for the details of a group, again whenever the record has grown (`detail` is then another function). */
function useDetail(open: string): GroupDetail | 'gone' | undefined {
  const { detail: ask } = useViewer();
  const [detail, setDetail] = useState<GroupDetail | 'gone'>();
  useEffect(() => {
    let current = true;
    const find = async (): Promise<void> => {
      const found = await ask(open).catch(() => undefined);
      if (current) setDetail(found ?? 'gone');
    };
    void find();
    return () => {
      current = false;
    };
  }, [open, ask]);
  return detail;
}

/** Reports once that the records of a group are shown in full. */
function useLooked(group: Group | undefined): void {
  const { look } = useViewer();
  const told = useRef(false);
  useEffect(() => {
    if (group === undefined || told.current) return;
    told.current = true;
    look('item', [group.section], resourcesOf(group));
  }, [group, look]);
}

type Moves = {
  readonly position: number;
  readonly of: number;
  readonly move: (by: number) => void;
  readonly close: () => void;
};

/** The document of an item that is open, and how it is opened and closed: each opening is a look of its own. */
function useReading(group: Group | undefined): {
  readonly file: Opened | undefined;
  readonly read: (file: Opened) => void;
  readonly close: () => void;
} {
  const { look, markRead } = useViewer();
  const [file, setFile] = useState<Opened>();
  return {
    file,
    read: (chosen) => {
      setFile(chosen);
      if (group === undefined) return;
      look('document', [group.section], chosen.items);
      markRead(group.members.map((member) => member.id));
    },
    close: () => setFile(undefined),
  };
}

/** The drawer of one group. Its title takes focus when it opens. */
function OpenDrawer({ open, position, of, move, close }: Moves & { readonly open: string }): ReactElement {
  const detail = useDetail(open);
  const [extra, setExtra] = useState<Extra>();
  const found = detail === 'gone' ? undefined : detail;
  const { revealed } = useViewer();
  const gate = found !== undefined && isVeiled(found.group, revealed) ? found.group : undefined;
  const shown = gate === undefined ? found : undefined;
  useLooked(shown?.group);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const group = shown?.group;
  const reading = useReading(group);
  const sources = new Set(group?.members.map((member) => member.chip.sourceId)).size;
  const what = group === undefined ? '' : itemWords[group.section];
  return (
    <>
      <div className="head">
        <div>
          <h2 ref={title} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
            <bdi>{gate === undefined ? (group?.row.title ?? drawer.label) : safeguarding.title}</bdi>
          </h2>
          {group !== undefined && (
            <div className="sub">
              {sources === 1 && group.members.length > 1
                ? drawer.records(what, group.members.length)
                : drawer.recordedBy(what, sources)}
            </div>
          )}
        </div>
        {position > 0 && <span className="sub">{drawer.position(position, of)}</span>}
        <MarkButton aria-label={drawer.previous} disabled={position <= 1} onClick={() => move(-1)}>
          <ExpandLessIcon />
        </MarkButton>
        <MarkButton aria-label={drawer.next} disabled={position === 0 || position >= of} onClick={() => move(1)}>
          <ExpandMoreIcon />
        </MarkButton>
        <MarkButton aria-label={drawer.close} onClick={close}>
          <CloseIcon />
        </MarkButton>
      </div>
      {group !== undefined && reading.file !== undefined ? (
        <SectionBoundary words={drawer.gone}>
          <Suspense fallback={<p role="status">{documents.drawing}</p>}>
            <Reader
              attachment={reading.file.attachment}
              group={group}
              chip={reading.file.chip}
              name={reading.file.name}
              onClose={() => {
                reading.close();
                title.current?.focus();
              }}
            />
          </Suspense>
        </SectionBoundary>
      ) : (
        <>
          {/* A part that scrolls can be reached by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <div className="body" tabIndex={0} role="group" aria-label={drawer.fields}>
            <SectionBoundary words={drawer.gone}>
              {gate !== undefined ? (
                <Gate group={gate} />
              ) : shown === undefined ? (
                <p role="status">{detail === 'gone' ? drawer.gone : drawer.loading}</p>
              ) : (
                <Body detail={shown} extra={extra} onRead={reading.read} />
              )}
            </SectionBoundary>
          </div>
          <div className="foot">
            {extra !== undefined && <PressLink onPress={() => setExtra(undefined)}>{drawer.fields}</PressLink>}
            {shown !== undefined && shown.linked.length > 0 && <OnlyThis detail={shown} />}
            {shown !== undefined && <PressLink onPress={copyItem}>{copy.button}</PressLink>}
            {shown !== undefined && extra !== 'report' && (
              <PressLink onPress={() => setExtra('report')}>{drawer.report}</PressLink>
            )}
            {gate === undefined && extra !== 'codes' && (
              <PressLink onPress={() => setExtra('codes')}>{drawer.codes}</PressLink>
            )}
            {gate === undefined && extra !== 'raw' && (
              <PressLink onPress={() => setExtra('raw')}>{drawer.raw}</PressLink>
            )}
          </div>
        </>
      )}
    </>
  );
}

function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`[data-row][data-id="${CSS.escape(id)}"]`)?.focus();
}

/** One fact in full: what each organisation recorded, side by side. Esc closes it and gives focus back to its row. */
export function DetailDrawer({ docked }: { readonly docked: boolean }): ReactElement | null {
  const { open, openGroup } = useViewer();
  if (open === undefined) return null;
  const order = neighbours();
  const at = order.indexOf(open);
  const close = (): void => {
    openGroup(undefined);
    // Not from whoever has gone on meanwhile, to the search say.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) focusRow(open);
    });
  };
  const move = (by: number): void => {
    const to = order[at + by];
    if (to !== undefined) openGroup(to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
    if (event.altKey && event.key === 'ArrowUp') move(-1);
    if (event.altKey && event.key === 'ArrowDown') move(1);
  };
  return (
    // The keys work wherever focus stands within the drawer.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <Panel data-drawer="" role={docked ? 'complementary' : 'dialog'} aria-label={drawer.label} onKeyDown={onKeyDown}>
      <OpenDrawer key={open} open={open} position={at + 1} of={order.length} move={move} close={close} />
    </Panel>
  );
}
