import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode, Ref } from 'react';

const Area = styled('div')(({ theme }) => ({
  flex: 1,
  minHeight: 0,
  overflow: 'auto',
  padding: theme.spacing(3, 4),
  backgroundColor: theme.vars.palette.background.default,
  '&:focus-visible': { outlineOffset: -4, boxShadow: 'inset 0 0 0 6px var(--ohc-ring, #212B32)' },
}));

/** The part of the reader that scrolls. It can be reached by keyboard, and is called what the document is called. */
export function Paper({
  ref,
  name,
  children,
}: {
  readonly ref?: Ref<HTMLDivElement>;
  readonly name: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <Area ref={ref} role="group" aria-label={name} tabIndex={0} data-paper="">
      {children}
    </Area>
  );
}
