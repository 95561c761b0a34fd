import ButtonBase from '@mui/material/ButtonBase';
import { styled } from '@mui/material/styles';
import type { ReactElement } from 'react';

const Group = styled('div')(({ theme }) => ({
  display: 'inline-flex',
  flexWrap: 'wrap',
  flex: 'none',
  maxWidth: '100%',
  border: `1px solid ${theme.vars.palette.ohc.control}`,
  borderRadius: theme.shape.borderRadius,
  backgroundColor: theme.vars.palette.background.paper,
}));

const Segment = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.body1,
  minHeight: 26,
  padding: theme.spacing(0, 2.25),
  borderBottom: '3px solid transparent',
  '& + &': { borderLeft: `1px solid ${theme.vars.palette.ohc.control}` },
  '&[aria-pressed="true"]': {
    fontWeight: 700,
    backgroundColor: theme.vars.palette.ohc.selected,
    borderBottomColor: theme.vars.palette.primary.main,
  },
  '&:hover': { backgroundColor: theme.vars.palette.ohc.selected },
  [theme.breakpoints.down('sm')]: { minHeight: 38 },
}));

/** A row of choices of which one is taken, as a group of buttons that says which. */
export function Segments<K extends string>(props: {
  readonly label: string;
  readonly options: Readonly<Record<K, string>>;
  readonly value: K | undefined;
  readonly onChange: (value: K) => void;
}): ReactElement {
  return (
    <Group role="group" aria-label={props.label}>
      {(Object.keys(props.options) as K[]).map((key) => (
        <Segment key={key} aria-pressed={props.value === key} onClick={() => props.onChange(key)}>
          {props.options[key]}
        </Segment>
      ))}
    </Group>
  );
}
