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
