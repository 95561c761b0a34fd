import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import { lazy, memo, Suspense, useEffect, useState, type ReactElement } from 'react';
import { formatTime } from '../../fhir/date.ts';
import { DetailDrawer } from '../drawer/detail-drawer.tsx';
import { KeptContext } from '../model/kept.ts';
import { nobodyAnswered } from '../model/settled-record.ts';
import { countSources } from '../model/sources.ts';
import { useViewer } from '../model/viewer.ts';
import { PrintSheet } from '../print/print-sheet.tsx';
import { usePrinting } from '../print/printing.ts';
import { SectionBoundary } from '../parts/error-boundary.tsx';
import { GapNote } from '../parts/gap-note.tsx';
import { PressLink } from '../parts/press-link.tsx';
import { ScrollArea } from '../parts/scroll-area.tsx';
import { Loading } from '../sections/section-view.tsx';
import { sections } from '../sections/table.tsx';
import { help as helpWords, sectionWords, skip, states } from '../words.ts';
import { Banner } from './banner.tsx';
import { ConcernsNote } from './concerns.tsx';
import { useCopying } from './copying.ts';
import { ContentBar } from './content-bar.tsx';
import { Rail } from './rail.tsx';
import { SourceStrip } from './source-strip.tsx';

const Page = styled('div')({ height: '100%', display: 'flex', flexDirection: 'column', minHeight: 0 });
const Below = styled('div')({ flex: 1, minHeight: 0, display: 'flex', position: 'relative' });
const Main = styled('main')({ flex: 1, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' });
const RoleNote = styled('p')(({ theme }) => ({ ...theme.typography.body2, color: theme.vars.palette.text.secondary }));
const Notes = styled('div')(({ theme }) => ({ padding: theme.spacing(0, 4, 3), '&:empty': { display: 'none' } }));
const Skip = styled('nav')(({ theme }) => ({
  '& a': {
    position: 'absolute',
    left: -9999,
    zIndex: 20,
    padding: theme.spacing(2, 3),
    color: theme.vars.palette.primary.main,
    backgroundColor: theme.vars.palette.background.paper,
  },
  '& a:focus': { left: 8, top: 8 },
}));

const HelpPanel = lazy(async () => ({ default: (await import('../help/help-panel.tsx')).HelpPanel }));

/** At a first use, one quiet line that offers the tour, and Ctrl+/ anywhere for the list of keys. */
function HelpOffer(): ReactElement | null {
  const { help } = useViewer();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== '/') return;
      event.preventDefault();
      help.show('keys');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [help]);
  if (!help.offered) return null;
  return (
    <RoleNote>
      {helpWords.first} <PressLink onPress={() => help.show('tour')}>{helpWords.tour}</PressLink>{' '}
      <PressLink onPress={help.close}>{helpWords.notNow}</PressLink>
    </RoleNote>
  );
}

/** States of the whole page that stand above every section: offline, and a stream that broke off. */
function PageNotes(): ReactElement {
  const { connection, offline, record, section, tryAgain, askedAt, launchView } = useViewer();
  const declared = launchView?.declaredRole;
  const { all, answered } = countSources(record);
  const arrived = Math.max(askedAt, ...record.sources.map((one) => one.answeredAt ?? 0));
  return (
    <Notes>
      <ConcernsNote />
      {launchView !== undefined && declared !== undefined && (
        <RoleNote>{states.declaredRole(launchView.role.title, launchView.organisation.name, declared.title)}</RoleNote>
      )}
      {offline && <GapNote>{states.offline(formatTime(arrived))}</GapNote>}
      {connection.kind === 'cut' && (
        <GapNote>
          {states.cut(formatTime(connection.at), answered, all)}{' '}
          <PressLink onPress={tryAgain}>{states.askOthers}</PressLink>
        </GapNote>
      )}
      {section === 'overview' && nobodyAnswered(record, connection) && (
        <GapNote>
          {states.nobodyAnswered} <PressLink onPress={tryAgain}>{states.tryAgain}</PressLink>
        </GapNote>
      )}
      <HelpOffer />
    </Notes>
  );
}

/** The page: banner, strip, then rail, content and drawer. Only content and drawer scroll. Drawn anew as the viewer's state is. */
export const Frame = memo(function Frame(): ReactElement {
  const { section, open, look, record, help } = useViewer();
  useCopying();
  const { printed, print } = usePrinting();
  const [kept] = useState(() => new Map<string, unknown>());
  const disclosed = record.patient !== undefined;
  useEffect(() => {
    if (disclosed) look('section', [section]);
  }, [disclosed, look, section]);
  const md = useMediaQuery((theme) => theme.breakpoints.up('md'));
  const lg = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const docked = lg && open !== undefined;
  const view = sections[section];
  return (
    <KeptContext value={kept}>
      <Page data-print={printed === undefined ? undefined : 'screen'}>
        <Skip aria-label="Skip">
          <a href="#section">{skip.main}</a>
          <a href="#sections">{skip.sections}</a>
          <a href="#organisations">{skip.organisations}</a>
        </Skip>
        <Banner />
        <SourceStrip />
        <Below>
          {md && <Rail />}
          <Main id="section" tabIndex={-1} aria-label={sectionWords[section].title}>
            <ContentBar compact={docked} onPrint={print} />
            <PageNotes />
            {help.open !== undefined && (
              <SectionBoundary key={help.open} words={helpWords.gone}>
                <Suspense fallback={<RoleNote role="status">{helpWords.wait}</RoleNote>}>
                  <HelpPanel topic={help.open} />
                </Suspense>
              </SectionBoundary>
            )}
            <ScrollArea key={section} name={section} items={sectionWords[section].items}>
              <SectionBoundary key={section}>
                <Suspense fallback={<Loading section={section} asking={0} />}>{view({ docked })}</Suspense>
              </SectionBoundary>
            </ScrollArea>
          </Main>
          <DetailDrawer docked={lg} />
        </Below>
      </Page>
      {printed !== undefined && <PrintSheet printed={printed} />}
    </KeptContext>
  );
});
