import { styled } from '@mui/material/styles';
import type { ReactElement } from 'react';
import { sectionIds } from '../../record/record.ts';
import { schemes } from '../palette.ts';
import { sectionWords } from '../words.ts';
import { pageStateIds, pageStates } from './states.ts';

const Page = styled('main')(({ theme }) => ({
  ...theme.typography.body1,
  padding: theme.spacing(6),
  '& h1': theme.typography.h4,
  '& h2': { ...theme.typography.h1, marginTop: theme.spacing(6) },
  '& a': { color: theme.vars.palette.primary.main, display: 'inline-block', minHeight: 24, paddingRight: 12 },
}));

/** A link to a story in each scheme. */
function Links({ query }: { readonly query: string }): ReactElement {
  return (
    <>
      {schemes.map((scheme) => (
        <a key={scheme} href={`?${query}&scheme=${scheme}`}>
          {scheme}
        </a>
      ))}
    </>
  );
}

/** What the page of stories has: every state, every section, every person. */
export function Contents({ names }: { readonly names: readonly string[] }): ReactElement {
  return (
    <Page>
      <h1>The viewer without a server</h1>
      <p>
        Invented people. <a href="?parts">All parts on one sheet</a>
      </p>
      <h2>States of the page</h2>
      <ul>
        {pageStateIds.map((id) => (
          <li key={id}>
            {pageStates[id].title}: <Links query={`state=${id}`} />
          </li>
        ))}
      </ul>
      <h2>Sections</h2>
      <ul>
        {sectionIds.map((id) => (
          <li key={id}>
            {sectionWords[id].title}: <Links query={`state=whole&section=${id}`} />
          </li>
        ))}
      </ul>
      <h2>People</h2>
      <ul>
        {names.map((name) => {
          const [person = '', role = ''] = name.split(' ');
          return (
            <li key={name}>
              {name}: <Links query={`person=${person}&role=${role}`} />
            </li>
          );
        })}
      </ul>
    </Page>
  );
}
