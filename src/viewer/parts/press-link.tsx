import Link from '@mui/material/Link';
import type { ReactElement, ReactNode } from 'react';

/** Words that do something: blue, underlined, a button underneath. */
export function PressLink({ onPress, children }: { readonly onPress: () => void; readonly children: ReactNode }): ReactElement {
  return (
    <Link component="button" type="button" variant="inherit" onClick={onPress} sx={{ verticalAlign: 'baseline', minHeight: 24 }}>
      {children}
    </Link>
  );
}
