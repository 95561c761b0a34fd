import { styled } from '@mui/material/styles';
import type { ReactElement } from 'react';

const Frame = styled('div')(({ theme }) => ({
  padding: theme.spacing(3),
  '& .title': theme.typography.h2,
  '& dl': {
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    gap: theme.spacing(1, 3),
    marginTop: theme.spacing(2),
  },
  '& dt': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& dd': { ...theme.typography.body1, whiteSpace: 'pre-line' },
}));

/** A small panel of named facts; what is absent has no line. */
export function Facts(props: {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string | undefined])[];
}): ReactElement {
  return (
    <Frame>
      <p className="title">
        <bdi>{props.title}</bdi>
      </p>
      <dl>
        {props.facts.map(([label, value]) =>
          value === undefined ? null : (
            <div key={label} style={{ display: 'contents' }}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ),
        )}
      </dl>
    </Frame>
  );
}
