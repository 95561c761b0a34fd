import { styled } from '@mui/material/styles';
import { useId, type ReactElement, type ReactNode } from 'react';

const Head = styled('div')(({ theme }) => ({
  display: 'flex',
  alignItems: 'center',
  gap: theme.spacing(2),
  minHeight: 31,
  padding: theme.spacing(1, 3),
  [theme.breakpoints.down('md')]: { flexWrap: 'wrap' },
  '& .count': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .link': { ...theme.typography.body2, marginLeft: 'auto', textAlign: 'right' },
}));

const Card = styled('section')(({ theme }) => ({
  overflow: 'hidden',
  backgroundColor: theme.vars.palette.background.paper,
  border: `1px solid ${theme.vars.palette.divider}`,
  borderRadius: theme.shape.borderRadius,
  '& h2': { ...theme.typography.h2, display: 'flex', alignItems: 'center', gap: 8 },
}));

/** The sub-header of a card: a date, or "To come". */
export const SubHead = styled('div')(({ theme }) => ({
  ...theme.typography.caption,
  fontWeight: 700,
  color: theme.vars.palette.text.secondary,
  backgroundColor: theme.vars.palette.ohc.sunken,
  borderTop: `1px solid ${theme.vars.palette.divider}`,
  padding: theme.spacing(0.75, 3),
  minHeight: 22,
  display: 'flex',
  alignItems: 'center',
  gap: theme.spacing(2),
}));

/** A card: title, how many of how many, and a link that says what is behind it. `below` names it in the bar at the foot. */
export function Panel(props: {
  readonly title: ReactNode;
  readonly count?: ReactNode;
  readonly link?: ReactNode;
  readonly below?: string;
  /** The least height that it takes, px. */
  readonly room?: number | undefined;
  readonly children: ReactNode;
}): ReactElement {
  const id = useId();
  return (
    <Card
      aria-labelledby={id}
      data-below={props.below}
      style={props.room === undefined ? {} : { minHeight: props.room }}
    >
      <Head>
        <h2 id={id}>{props.title}</h2>
        {props.count !== undefined && <span className="count">{props.count}</span>}
        {props.link !== undefined && <span className="link">{props.link}</span>}
      </Head>
      {props.children}
    </Card>
  );
}
