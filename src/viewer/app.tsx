import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider, useColorScheme, type Theme } from '@mui/material/styles';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactElement,
} from 'react';
import type { LaunchView, RegionView } from '../fhir/region.ts';
import { sayDone } from '../launch/host-window.ts';
import type { Documents } from '../launch/documents.ts';
import type { Looks } from '../launch/looks.ts';
import type { OwnProfile } from '../launch/own-profile.ts';
import type { ClinicalRecord, GroupDetail, SearchAnswer, SearchHit, SectionId } from '../record/record.ts';
import { Frame } from './frame/frame.tsx';
import { EndedPage, OpeningPage, RefusedPage, UndecidedPage } from './frame/whole-page.tsx';
import { noFilter, type Filter } from './model/filter.ts';
import { useHelp } from './model/help.ts';
import { useRecordState } from './model/record-state.ts';
import { failedOf, settledRecord } from './model/settled-record.ts';
import { concernsOf, isVeiled, veil } from './model/safeguarded.ts';
import { ViewerProvider } from './model/viewer-provider.tsx';
import type { Viewer } from './model/viewer-state.ts';
import type { Scheme } from './palette.ts';
import type { RecordSource } from './record-source.ts';
import './parts/rows.css';
import { theme as ownTheme } from './theme.ts';
import { ownSystem } from './words.ts';

/** What the app is given once the launch has succeeded. */
export type AppProps = {
  readonly source: RecordSource;
  readonly region: RegionView;
  readonly launchView: LaunchView | undefined;
  readonly scopes: readonly string[];
  readonly needPatientBanner: boolean;
  readonly own?: OwnProfile | undefined;
  /** Reports what the user looks at; absent: nobody to tell. */
  readonly look?: Looks['look'];
  /** Opens documents; absent: there is nowhere to get them from. */
  readonly documents?: Documents;
  readonly start?: { readonly section?: SectionId; readonly open?: string; readonly filter?: Filter };
  /** What the region wants known by now; absent: what it wanted when the record was opened. @throws where it does not tell */
  readonly fetchNotices?: () => Promise<RegionView['notices']>;
  /** A clock that stands still, for stories and tests. */
  readonly clock?: () => number;
};

const unheard: Looks['look'] = () => undefined;
const nowhere: Documents = { open: async () => ({ kind: 'failed' }) };

function useOffline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('online', listener);
      window.addEventListener('offline', listener);
      return () => {
        window.removeEventListener('online', listener);
        window.removeEventListener('offline', listener);
      };
    },
    () => !navigator.onLine,
  );
}

/** The clock, by the minute: the strip says how old the record is. */
function useNow(clock: () => number): readonly [now: number, refresh: () => void] {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), 60_000);
    return () => clearInterval(timer);
  }, [clock]);
  const refresh = useCallback(() => setNow(clock()), [clock]);
  return [now, refresh];
}

/** The region, with its notices as they were when the organisations were last asked. Those that stand outlive a failed fetch. */
function useNotices(
  region: RegionView,
  fetchNotices: AppProps['fetchNotices'],
): readonly [region: RegionView, renew: () => void] {
  const [notices, setNotices] = useState(region.notices);
  const renew = useCallback(() => {
    fetchNotices?.().then(setNotices, () => undefined);
  }, [fetchNotices]);
  const now = useMemo(() => ({ ...region, notices }), [region, notices]);
  return [now, renew];
}

/** What a link of an item is called, as the record may say it. */
function veiledLinks(detail: GroupDetail | undefined, record: ClinicalRecord): GroupDetail | undefined {
  if (detail === undefined) return undefined;
  const linked = detail.linked.map((link) => {
    const group = record.sections[link.section].groups.find((one) => one.id === link.groupId);
    return group?.row.safeguarding === true ? { ...link, title: group.row.title } : link;
  });
  return { ...detail, linked };
}

/** What a row was found by is not told of a concern whose details nobody asked for. */
function veiledHits(
  answer: SearchAnswer | undefined,
  record: ClinicalRecord,
  revealed: ReadonlySet<string>,
): SearchAnswer | undefined {
  if (answer === undefined) return undefined;
  const veiled = new Set(
    concernsOf(record)
      .filter((group) => isVeiled(group, revealed))
      .flatMap((group) => group.members.map((member) => member.id)),
  );
  const plain = ({ id, why }: SearchHit): SearchHit => (why === undefined || veiled.has(id) ? { id } : { id, why });
  return { ...answer, sections: answer.sections.map((one) => ({ ...one, hits: one.hits.map(plain) })) };
}

/** The viewer of one record. Nothing of it is kept when the page goes. */
export function App(props: AppProps): ReactElement {
  const { source, launchView, scopes, needPatientBanner, own, start } = props;
  const { look = unheard, documents = nowhere, clock = Date.now } = props;
  const [region, renewNotices] = useNotices(props.region, props.fetchNotices);
  const state = useRecordState(source);
  const [section, setSection] = useState<SectionId>(start?.section ?? 'overview');
  const [open, setOpen] = useState(start?.open);
  const [filter, setFilter] = useState(start?.filter ?? noFilter);
  const [read, setRead] = useState<ReadonlyMap<string, number>>(new Map());
  const markRead = useCallback(
    (ids: readonly string[]) => setRead((before) => new Map([...before, ...ids.map((id) => [id, clock()] as const)])),
    [clock],
  );
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set());
  const reveal = useCallback((ids: readonly string[]) => setRevealed((before) => new Set([...before, ...ids])), []);
  const offline = useOffline();
  const [now, refreshNow] = useNow(clock);
  const help = useHelp(launchView?.firstTime === true);
  const unveiled = useMemo(
    () => (state.kind === 'shown' ? settledRecord(state.record, state.connection) : undefined),
    [state],
  );
  const record = useMemo(() => (unveiled === undefined ? undefined : veil(unveiled, revealed)), [unveiled, revealed]);
  const viewer = useMemo<Viewer | undefined>(
    () =>
      state.kind !== 'shown' || record === undefined || unveiled === undefined
        ? undefined
        : {
            record,
            unveiled,
            revealed,
            reveal,
            connection: state.connection,
            askedAt: state.askedAt,
            region,
            launchView,
            scopes,
            needPatientBanner,
            own,
            look,
            documents,
            read,
            markRead,
            offline,
            now,
            refreshNow,
            section,
            filter,
            open,
            help,
            goTo: (to) => {
              setSection(to);
              setOpen(undefined);
            },
            openGroup: setOpen,
            setFilter,
            askAgain: () => {
              source.askAgain();
              renewNotices();
            },
            tryAgain: () => {
              source.askAgain(failedOf(unveiled));
              renewNotices();
            },
            close: () => {
              source.end('closed');
              if (launchView?.messaging !== undefined) sayDone(launchView.messaging);
            },
            detail: async (id) => veiledLinks(await source.detail(id), record),
            search: async (query) => veiledHits(await source.search(query), unveiled, revealed),
          },
    [
      state,
      record,
      unveiled,
      revealed,
      reveal,
      region,
      launchView,
      scopes,
      needPatientBanner,
      own,
      look,
      documents,
      read,
      markRead,
      offline,
      now,
      refreshNow,
      section,
      filter,
      open,
      help,
      source,
      renewNotices,
    ],
  );
  if (viewer !== undefined)
    return (
      <ViewerProvider viewer={viewer}>
        <Frame />
      </ViewerProvider>
    );
  if (state.kind === 'opening' || state.kind === 'shown') return <OpeningPage />;
  if (state.kind === 'refused') return <RefusedPage contacts={region.contacts} />;
  if (state.kind === 'undecided') return <UndecidedPage onTryAgain={() => source.askAgain()} />;
  return (
    <EndedPage why={state.kind} host={launchView?.hostName ?? ownSystem} idleLockMinutes={region.idleLockMinutes} />
  );
}

/** Sets the scheme: the system's, until someone chooses another in About this record. */
function FollowScheme({ scheme }: { readonly scheme: Scheme }): null {
  const { setMode, setColorScheme } = useColorScheme();
  useLayoutEffect(() => {
    setMode(scheme === 'light' ? 'light' : 'dark');
    setColorScheme(scheme === 'contrast' ? { light: 'contrast', dark: 'contrast' } : { light: 'light', dark: 'dark' });
  }, [scheme, setMode, setColorScheme]);
  return null;
}

/** The theme around any page of the viewer. No storage: a frame of another site may not have any. */
export function Themed({
  scheme,
  theme = ownTheme,
  children,
}: {
  readonly scheme: Scheme;
  /** Within a host with a look of its own: see `themeWith`. */
  readonly theme?: Theme;
  readonly children: ReactElement;
}): ReactElement {
  return (
    <ThemeProvider theme={theme} storageManager={null} defaultMode={scheme === 'light' ? 'light' : 'dark'} noSsr>
      <CssBaseline />
      <FollowScheme scheme={scheme} />
      {children}
    </ThemeProvider>
  );
}
