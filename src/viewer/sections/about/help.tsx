import { styled } from '@mui/material/styles';
import { useState, type MouseEvent, type ReactElement } from 'react';
import { useViewer } from '../../model/viewer.ts';
import { Panel } from '../../parts/panel.tsx';
import { OutlinedButton } from '../../parts/press.tsx';
import { help as words } from '../../words.ts';

const Body = styled('div')(({ theme }) => ({
  padding: theme.spacing(1, 3, 3),
  '& .ways': { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(3), alignItems: 'center', marginBottom: 8 },
  '& .ways button': { paddingInline: theme.spacing(3) },
  '& a': { color: theme.vars.palette.primary.main },
  '& .ways a': { display: 'inline-flex', alignItems: 'center', minHeight: 24 },
  '& iframe': {
    display: 'block',
    width: '100%',
    height: '70vh',
    marginTop: theme.spacing(2),
    border: `1px solid ${theme.vars.palette.ohc.control}`,
  },
}));

const guide = '/guide/index.html';
const onePage = '/guide/one-page.html';

/** The tour, the keys, the user guide, and whom to ask. */
export function HelpPanel(): ReactElement {
  const { help, region } = useViewer();
  const [inPlace, setInPlace] = useState<string>();
  const { pals, email } = region.contacts;
  /** A host's frame may forbid new windows: then the guide opens here, and the record stays where it is. */
  const open = (event: MouseEvent<HTMLAnchorElement>, address: string): void => {
    event.preventDefault();
    const opened = window.open(address, '_blank');
    if (opened === null) setInPlace(address);
    else opened.opener = null;
  };
  return (
    <Panel title={words.title}>
      <Body>
        <div className="ways">
          <OutlinedButton onClick={() => help.show('tour')}>{words.tour}</OutlinedButton>
          <OutlinedButton onClick={() => help.show('keys')}>{words.keys}</OutlinedButton>
          <a href={guide} target="_blank" rel="noreferrer" onClick={(event) => open(event, guide)}>
            {words.guide}
          </a>
          <a href={onePage} target="_blank" rel="noreferrer" onClick={(event) => open(event, onePage)}>
            {words.onePage}
          </a>
        </div>
        <p>
          <strong>{words.ask}</strong> {words.askAboutItem} {words.askAboutRecord}{' '}
          <a href={`tel:${pals.replaceAll(' ', '')}`}>{pals}</a> {words.orEmail} <a href={`mailto:${email}`}>{email}</a>
          .
        </p>
        {inPlace !== undefined && (
          <>
            <iframe src={inPlace} title={words.guide} sandbox="allow-same-origin allow-popups" />
            <p>
              <OutlinedButton onClick={() => setInPlace(undefined)}>{words.closeGuide}</OutlinedButton>
            </p>
          </>
        )}
      </Body>
    </Panel>
  );
}
