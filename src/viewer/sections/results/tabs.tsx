import ButtonBase from '@mui/material/ButtonBase';
import { styled } from '@mui/material/styles';
import { useRef, type KeyboardEvent, type ReactElement } from 'react';

const List = styled('div')(({ theme }) => ({
  display: 'flex',
  overflowX: 'auto',
  borderBottom: `1px solid ${theme.vars.palette.divider}`,
}));

const Tab = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.body1,
  flex: 'none',
  gap: theme.spacing(1),
  minHeight: 34,
  padding: theme.spacing(0, 3),
  borderBottom: '3px solid transparent',
  whiteSpace: 'nowrap',
  '& .count': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '&[aria-selected="true"]': { fontWeight: 700, borderBottomColor: theme.vars.palette.primary.main },
  '&:focus-visible': { outlineOffset: -4, boxShadow: 'inset 0 0 0 2px var(--ohc-ring, #212B32)' },
}));

/** Panels of one section: one tab stop, arrows move and choose. Each names the panel that it controls by `panelId`. */
export function Tabs<K extends string>(props: {
  readonly label: string;
  readonly tabs: readonly { readonly key: K; readonly title: string; readonly count: number }[];
  readonly value: K;
  readonly panelId: string;
  readonly onChange: (key: K) => void;
}): ReactElement {
  const { label, tabs, value, panelId, onChange } = props;
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((one) => one.key === value);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (tab === undefined || to === undefined) return;
    event.preventDefault();
    onChange(tab.key);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[to]?.focus();
  };
  return (
    <List ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <Tab
          key={tab.key}
          role="tab"
          id={`${panelId}-${tab.key}`}
          aria-selected={tab.key === value}
          aria-controls={panelId}
          tabIndex={tab.key === value ? 0 : -1}
          onClick={() => onChange(tab.key)}
        >
          {tab.title} <span className="count">{tab.count.toLocaleString('en-GB')}</span>
        </Tab>
      ))}
    </List>
  );
}
