import { createRoot, type Root } from 'react-dom/client';
import type { LaunchView, RegionView } from '../fhir/region.ts';
import { isObject, text } from '../fhir/json.ts';
import { asLaunchFailure } from '../launch/failure.ts';
import { fetchStyle } from '../launch/style-document.ts';
import { listenToHost } from '../launch/host-window.ts';
import { openDocuments } from '../launch/documents.ts';
import { lastLooked, reportLooks } from '../launch/looks.ts';
import { ownProfile } from '../launch/own-profile.ts';
import { launch } from '../launch/launch.ts';
import type { Session } from '../launch/session.ts';
import { App, Themed } from './app.tsx';
import { LaunchFailedPage, OpeningPage } from './frame/whole-page.tsx';
import { guardRecord } from './guard.ts';
import { readStyle } from './host-style.ts';
import { liveSource } from './live-source.ts';
import { loadPrintedGrid } from './print/print-sheet.tsx';
import { preloadSections } from './sections/table.tsx';
import { preferredScheme, themeWith } from './theme.ts';
import { ownSystem } from './words.ts';

const scheme = preferredScheme((query) => window.matchMedia(query).matches);
document.documentElement.dataset['scheme'] = scheme;

async function region(): Promise<RegionView> {
  const response = await fetch('/app/region.json', { credentials: 'omit' });
  if (!response.ok) throw new Error(`region.json: ${response.status}`);
  return (await response.json()) as RegionView;
}

/** The host's name outlives a reload in the history entry, which is no storage and holds nothing of a person. */
function hostOfHistory(): string {
  const state: unknown = window.history.state;
  return (isObject(state) ? text(state['hostName']) : undefined) ?? ownSystem;
}

function cleanUrl(hostName: string | undefined): void {
  window.history.replaceState(hostName === undefined ? window.history.state : { hostName }, '', '/app/launch');
}

/** The region's organisations, and the host's own record beside them where it joins for this launch. */
function withHostSource(view: RegionView, launchView: LaunchView | undefined): RegionView {
  const { hostSource } = launchView ?? {};
  return hostSource === undefined ? view : { ...view, sources: [hostSource, ...view.sources] };
}

// Once for each document, at module level: a code can be redeemed once, and React may run effects twice.
async function start(root: Root): Promise<void> {
  const host = listenToHost();
  const url = new URL(window.location.href);
  cleanUrl(undefined);
  try {
    const [launched, view] = await Promise.all([launch(url), region()]);
    cleanUrl(launched.view?.hostName);
    const joined = withHostSource(view, launched.view);
    const { ownPath } = launched;
    const looks = reportLooks(launched.session, launched.patientId);
    const session: Session = {
      ...launched.session,
      // What was looked at goes before the token is given back.
      end: () => {
        looks.leave();
        launched.session.end();
      },
    };
    const source = liveSource(session, launched.patientId, joined, lastLooked(session, launched.patientId));
    guardRecord({
      source,
      session,
      patientId: launched.patientId,
      host,
      hostOrigins: launched.view?.hostOrigins ?? [],
      idleLockMinutes: view.idleLockMinutes,
    });
    // The organisations are being asked meanwhile.
    const style = readStyle(await fetchStyle(launched.styleUrl));
    root.render(
      <Themed scheme={scheme} theme={themeWith(style)}>
        <App
          source={source}
          region={joined}
          launchView={launched.view}
          scopes={launched.scopes}
          needPatientBanner={launched.needPatientBanner}
          look={looks.look}
          documents={openDocuments(session)}
          own={ownPath === undefined ? undefined : ownProfile(session, ownPath)}
        />
      </Themed>,
    );
    // Their failure is no failure of the launch: they are asked for again when they are opened.
    setTimeout(() => void Promise.all([preloadSections(), loadPrintedGrid()]).catch(() => undefined), 500);
  } catch (error) {
    host.stop();
    const failure = asLaunchFailure(error);
    root.render(
      <Themed scheme={scheme}>
        <LaunchFailedPage code={failure.code} host={hostOfHistory()} />
      </Themed>,
    );
  }
}

const element = document.getElementById('root');
if (element !== null) {
  const root = createRoot(element);
  root.render(
    <Themed scheme={scheme}>
      <OpeningPage />
    </Themed>,
  );
  void start(root);
}
