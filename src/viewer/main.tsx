import { createRoot, type Root } from 'react-dom/client';
import { isObject, text } from '../fhir/json.ts';
import { asLaunchFailure } from '../launch/failure.ts';
import { listenToHost } from '../launch/host-window.ts';
import { launch } from '../launch/launch.ts';
import { Themed } from './app.tsx';
import { LaunchFailedPage, OpeningPage } from './frame/whole-page.tsx';
import { fetchRegion, openRecord } from './opened-record.tsx';
import { loadPrintedParts } from './print/print-sheet.tsx';
import { preloadSections } from './sections/table.tsx';
import { preferredScheme } from './theme.ts';
import { ownSystem } from './words.ts';

const scheme = preferredScheme((query) => window.matchMedia(query).matches);
document.documentElement.dataset['scheme'] = scheme;

/** The host's name outlives a reload in the history entry, which is no storage and holds nothing of a person. */
function hostOfHistory(): string {
  const state: unknown = window.history.state;
  return (isObject(state) ? text(state['hostName']) : undefined) ?? ownSystem;
}

function cleanUrl(hostName: string | undefined): void {
  window.history.replaceState(hostName === undefined ? window.history.state : { hostName }, '', '/app/launch');
}

// Once for each document, at module level: a code can be redeemed once, and React may run effects twice.
async function start(root: Root): Promise<void> {
  const host = listenToHost();
  const url = new URL(window.location.href);
  cleanUrl(undefined);
  try {
    const [launched, region] = await Promise.all([launch(url), fetchRegion()]);
    cleanUrl(launched.view?.hostName);
    await openRecord(root, { launched, region, host, scheme });
    // Their failure is no failure of the launch: they are asked for again when they are opened.
    setTimeout(() => void Promise.all([preloadSections(), loadPrintedParts()]).catch(() => undefined), 500);
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
