import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import type { LaunchFailureCode } from '../../launch/failure.ts';
import { FilledButton } from '../parts/press.tsx';
import { GapNote } from '../parts/gap-note.tsx';
import type { Ending } from '../model/connection.ts';
import { endedPage, launchFailure, pages, product, states } from '../words.ts';

const Page = styled('div')(({ theme }) => ({
  minHeight: '100%',
  backgroundColor: theme.vars.palette.background.paper,
  fontSize: '1rem',
  lineHeight: 1.5,
  '& header': {
    ...theme.typography.h6,
    padding: theme.spacing(2, 6),
    backgroundColor: theme.vars.palette.ohc.banner,
    borderBottom: `2px solid ${theme.vars.palette.primary.main}`,
  },
  '& main': {
    padding: theme.spacing(5, 6),
    maxWidth: 860,
    display: 'grid',
    gap: theme.spacing(3),
    justifyItems: 'start',
  },
  '& ol': { paddingLeft: theme.spacing(6), marginTop: theme.spacing(1) },
  '& h1': theme.typography.h4,
  '& a': { color: theme.vars.palette.primary.main },
  '& a.plain': { color: 'inherit', textDecoration: 'none', fontWeight: 700 },
  '& h2': { fontSize: '1rem', lineHeight: 1.5, fontWeight: 700 },
  '& .note': { width: '100%', maxWidth: 640 },
  '& .note strong': { fontSize: '1rem' },
  '& .quiet': { ...theme.typography.body1, color: theme.vars.palette.text.secondary },
}));

/** A page of its own, without a banner: the project's name, a title, and what to do. */
export function WholePage({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <Page>
      <header>{product}</header>
      <main>
        <h1>{title}</h1>
        {children}
      </main>
    </Page>
  );
}

/** The refused record: the same for every cause; no name, no number, no time. */
export function RefusedPage({
  contacts,
}: {
  readonly contacts: { readonly pals: string; readonly email: string } | undefined;
}): ReactElement {
  const { refused } = pages;
  return (
    <WholePage title={refused.title}>
      <p>{refused.reasons}</p>
      <div className="note">
        <GapNote quiet>
          <strong>{refused.note}</strong>
        </GapNote>
      </div>
      <div>
        <h2>{refused.heading}</h2>
        <ol>
          {refused.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </div>
      {contacts !== undefined && (
        <p>
          {refused.mistake}{' '}
          <a className="plain" href={`tel:${contacts.pals.replaceAll(' ', '')}`}>
            {contacts.pals}
          </a>{' '}
          {refused.orEmail} <a href={`mailto:${contacts.email}`}>{contacts.email}</a>.
        </p>
      )}
      <p className="quiet">{refused.audit}</p>
    </WholePage>
  );
}

/** Whether the record may be shown could not be checked: no refusal, and worth another try. */
export function UndecidedPage({ onTryAgain }: { readonly onTryAgain: () => void }): ReactElement {
  return (
    <WholePage title={pages.undecidedTitle}>
      <p>{pages.undecided}</p>
      <FilledButton onClick={onTryAgain}>{states.tryAgain}</FilledButton>
    </WholePage>
  );
}

/** A launch that failed, or a session that ended: in plain words, with one thing to do. */
export function LaunchFailedPage({
  code,
  host,
}: {
  readonly code: LaunchFailureCode;
  readonly host: string;
}): ReactElement {
  const { title, text } = launchFailure(code, host);
  return (
    <WholePage title={title}>
      <p role="alert">{text}</p>
    </WholePage>
  );
}

/** A record that was closed for good, and not because it may not be shown: why, and the one thing to do. Nothing of the person stays. */
export function EndedPage({
  why,
  host,
  idleLockMinutes,
}: {
  readonly why: Exclude<Ending, 'refused'>;
  readonly host: string;
  readonly idleLockMinutes: number;
}): ReactElement {
  const { title, text } = endedPage(why, host, idleLockMinutes);
  return (
    <WholePage title={title}>
      <p role="alert">{text}</p>
    </WholePage>
  );
}

/** While the way in is walked. */
export function OpeningPage(): ReactElement {
  return (
    <Page aria-busy>
      <header>{product}</header>
      <main>
        <div role="status">
          <h1>{pages.opening}</h1>
        </div>
      </main>
    </Page>
  );
}
