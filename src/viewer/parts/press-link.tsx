import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import { LinkButton } from './press.tsx';

/** Words in a sentence that do something. */
export function PressLink({
  onPress,
  children,
}: {
  readonly onPress: () => void;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <LinkButton type="button" onClick={onPress}>
      {children}
    </LinkButton>
  );
}

const BlueLink = styled('a')(({ theme }) => ({ color: theme.vars.palette.primary.main, textUnderlineOffset: 2 }));

/** A way to a page of our own in a window of its own: the record stays open. */
export function PageLink({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactElement {
  return (
    <BlueLink href={href} target="_blank" rel="noreferrer">
      {children}
    </BlueLink>
  );
}
