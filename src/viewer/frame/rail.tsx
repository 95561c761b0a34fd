import ButtonBase from '@mui/material/ButtonBase';
import { styled } from '@mui/material/styles';
import type { KeyboardEvent, ReactElement } from 'react';
import { isUncounted } from '../model/counted.ts';
import { completenessOf, currentOf, newIn } from '../model/section-facts.ts';
import { roleShare } from '../model/role.ts';
import { useViewer } from '../model/viewer.ts';
import { DotIcon } from '../parts/shape.tsx';
import { sectionIds, type SectionId } from '../../record/record.ts';
import { bar, railGroups, sectionWords, states } from '../words.ts';

const Nav = styled('nav')(({ theme }) => ({
  flex: 'none',
  width: 176,
  overflowY: 'auto',
  paddingBlock: theme.spacing(1.5),
  backgroundColor: theme.vars.palette.background.paper,
  borderRight: `1px solid ${theme.vars.palette.divider}`,
  '& ul': { margin: 0, padding: 0, listStyle: 'none' },
  '& ul + ul, & h2 + ul': { margin: 0 },
  '& .rule': { height: 1, margin: theme.spacing(1, 3), backgroundColor: theme.vars.palette.divider },
  '& h2': { display: 'none' },
  [theme.breakpoints.up('lg')]: {
    width: 200,
    paddingBlock: theme.spacing(2),
    '& .rule': { display: 'none' },
    '& h2': {
      ...theme.typography.caption,
      display: 'block',
      fontWeight: 700,
      color: theme.vars.palette.text.secondary,
      padding: theme.spacing(2, 4, 1),
    },
    '& .last': { marginTop: theme.spacing(2) },
  },
  [theme.breakpoints.up('xl')]: { width: 224 },
}));

const Entry = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.body1,
  display: 'flex',
  width: '100%',
  textAlign: 'left',
  minHeight: 28,
  padding: theme.spacing(0, 2.5, 0, 3.5),
  gap: theme.spacing(1.5),
  lineHeight: 1.15,
  '& .name': { flex: 1, minWidth: 0 },
  '& .count': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .new': {
    ...theme.typography.caption,
    fontWeight: 700,
    display: 'inline-flex',
    alignItems: 'center',
    gap: 2,
    whiteSpace: 'nowrap',
    color: theme.vars.palette.ohc.status.fresh.text,
  },
  '&:hover': { backgroundColor: theme.vars.palette.ohc.sunken },
  '&[aria-current="page"]': {
    fontWeight: 700,
    backgroundColor: theme.vars.palette.ohc.selected,
    boxShadow: `inset 3px 0 0 ${theme.vars.palette.primary.main}`,
    '& .count': { color: theme.vars.palette.text.primary, fontWeight: 700 },
  },
  '&:focus-visible': { outlineOffset: -2, boxShadow: 'inset 0 0 0 4px var(--ohc-ring, #212B32)' },
  [theme.breakpoints.up('lg')]: { minHeight: 30, padding: theme.spacing(0, 3, 0, 4) },
  [theme.breakpoints.up('xl')]: { minHeight: 32 },
}));

function useCounts(id: SectionId): { readonly count: string | undefined; readonly fresh: number } {
  const { record, scopes } = useViewer();
  // Out of role is not none: no number stands there (H2).
  if (isUncounted(id) || roleShare(id, scopes) === 'none') return { count: undefined, fresh: 0 };
  const groups = currentOf(record.sections[id]);
  const all = record.sections[id].groups;
  if (all.length === 0) return { count: completenessOf(record, id).whole ? '0' : states.zeroSoFar, fresh: 0 };
  return { count: groups.length.toLocaleString('en-GB'), fresh: newIn(all) };
}

function RailEntry({ id }: { readonly id: SectionId }): ReactElement {
  const { section, goTo } = useViewer();
  const { count, fresh } = useCounts(id);
  const here = section === id;
  return (
    <li>
      <Entry data-rail="" {...(here ? { 'aria-current': 'page' as const } : {})} onClick={() => goTo(id)}>
        <span className="name">{sectionWords[id].title}</span>
        {fresh > 0 && (
          <span className="new">
            <DotIcon style={{ width: 9, height: 9 }} />
            {bar.newSince(fresh)}
          </span>
        )}
        {count !== undefined && <span className="count">{count}</span>}
      </Entry>
    </li>
  );
}

function onKeys(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-rail]')];
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const to = entries[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  to.focus();
}

/** The sections of the record, with how much each holds. */
export function Rail(): ReactElement {
  return (
    <Nav aria-label="Sections" id="sections" tabIndex={-1} onKeyDown={onKeys}>
      {railGroups.map((group, index) => (
        <div key={group.sections[0]} className={index === railGroups.length - 1 ? 'last' : undefined}>
          {index > 0 && <div className="rule" />}
          {group.title !== undefined && <h2>{group.title}</h2>}
          <ul>
            {group.sections.map((id) => (
              <RailEntry key={id} id={id} />
            ))}
          </ul>
        </div>
      ))}
    </Nav>
  );
}

const Select = styled('select')(({ theme }) => ({
  flex: 1,
  minWidth: 0,
  height: 40,
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  borderRadius: theme.shape.borderRadius,
  backgroundColor: theme.vars.palette.background.paper,
  ...theme.typography.body1,
  color: theme.vars.palette.text.primary,
  padding: theme.spacing(0, 3),
  fontWeight: 700,
  '& option': { backgroundColor: theme.vars.palette.background.paper, color: theme.vars.palette.text.primary },
}));

/** The rail where there is no room for one: a native select. */
export function SectionSelect(): ReactElement {
  const { section, goTo } = useViewer();
  return (
    <Select
      id="sections"
      value={section}
      aria-label="Section"
      onChange={(event) => {
        const to = sectionIds.find((id) => id === event.target.value);
        if (to !== undefined) goTo(to);
      }}
    >
      {railGroups
        .flatMap((group) => group.sections)
        .map((id) => (
          <option key={id} value={id}>
            {sectionWords[id].title}
          </option>
        ))}
    </Select>
  );
}
