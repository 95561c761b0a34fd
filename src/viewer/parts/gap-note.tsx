import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import { hatching } from '../theme.ts';
import { UnknownIcon } from './shape.tsx';

const Note = styled('div')(({ theme }) => ({
  ...theme.typography.body2,
  position: 'relative',
  display: 'flex',
  alignItems: 'center',
  gap: theme.spacing(2.5),
  minHeight: 34,
  padding: theme.spacing(1.5, 3, 1.5, 6),
  backgroundColor: theme.vars.palette.background.paper,
  border: `1px dashed ${theme.vars.palette.ohc.status.unknown.border}`,
  borderRadius: theme.shape.borderRadius,
  '&::before': {
    content: '""',
    position: 'absolute',
    inset: '0 auto 0 0',
    width: 12,
    ...hatching(theme.vars.palette.background.paper, theme.vars.palette.text.primary),
  },
  '& svg': { flex: 'none', width: 15, height: 15 },
}));

/** Something is not known: hatched, dashed, crossed, and in words. Announced politely, never as an alarm. */
export function GapNote({
  children,
  quiet = false,
}: {
  readonly children: ReactNode;
  readonly quiet?: boolean;
}): ReactElement {
  return (
    <Note {...(quiet ? {} : { role: 'status' })}>
      <UnknownIcon />
      <div>{children}</div>
    </Note>
  );
}
