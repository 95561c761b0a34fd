import type { Root } from 'react-dom/client';
import type { LaunchView, RegionView } from '../fhir/region.ts';
import type { HostWindow } from '../launch/host-window.ts';
import type { Launched } from '../launch/launch.ts';
import { openDocuments } from '../launch/documents.ts';
import { lastLooked, reportLooks } from '../launch/looks.ts';
import { ownProfile } from '../launch/own-profile.ts';
import type { Session } from '../launch/session.ts';
import { fetchStyle } from '../launch/style-document.ts';
import { App, Themed, type AppProps } from './app.tsx';
import { guardRecord } from './guard.ts';
import { readStyle } from './host-style.ts';
import { liveSource } from './live-source.ts';
import type { Scheme } from './palette.ts';
import type { RecordSource } from './record-source.ts';
import { themeWith } from './theme.ts';

/** What the viewer knows of the region before any record. @throws where the server does not tell */
export async function fetchRegion(): Promise<RegionView> {
  const response = await fetch('/app/region.json', { credentials: 'omit' });
  if (!response.ok) throw new Error(`region.json: ${response.status}`);
  return (await response.json()) as RegionView;
}

const fetchNotices = async (): Promise<RegionView['notices']> => (await fetchRegion()).notices;

/** The region's organisations, and the host's own record beside them where it joins for this launch. */
function withHostSource(view: RegionView, launchView: LaunchView | undefined): RegionView {
  const { hostSource } = launchView ?? {};
  return hostSource === undefined ? view : { ...view, sources: [hostSource, ...view.sources] };
}

/** Shows the record of a launch that has succeeded, and guards it until it is closed. The organisations are asked at once. */
export async function openRecord(
  root: Root,
  opened: {
    readonly launched: Launched;
    readonly region: RegionView;
    readonly host: HostWindow;
    readonly scheme: Scheme;
    /** Where the page begins, and by which clock: for looking at it. */
    readonly begin?: Pick<AppProps, 'start' | 'clock'>;
  },
): Promise<RecordSource> {
  const { launched, region, host, scheme, begin } = opened;
  const { ownPath, patientId, view } = launched;
  const joined = withHostSource(region, view);
  const looks = reportLooks(launched.session, patientId);
  const session: Session = {
    ...launched.session,
    // What was looked at goes before the token is given back.
    end: () => {
      looks.leave();
      launched.session.end();
    },
  };
  const source = liveSource(session, patientId, joined, lastLooked(session, patientId));
  guardRecord({
    source,
    session,
    patientId,
    host,
    hostOrigins: view?.hostOrigins ?? [],
    idleLockMinutes: region.idleLockMinutes,
  });
  // The organisations are being asked meanwhile.
  const style = readStyle(await fetchStyle(launched.styleUrl));
  root.render(
    <Themed scheme={scheme} theme={themeWith(style)}>
      <App
        source={source}
        region={joined}
        launchView={view}
        scopes={launched.scopes}
        needPatientBanner={launched.needPatientBanner}
        look={looks.look}
        documents={openDocuments(session)}
        fetchNotices={fetchNotices}
        own={ownPath === undefined ? undefined : ownProfile(session, ownPath)}
        {...begin}
      />
    </Themed>,
  );
  return source;
}
