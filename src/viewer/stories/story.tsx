import { setupWorker } from 'msw/browser';
import type { Root } from 'react-dom/client';
import type { HostWindow } from '../../launch/host-window.ts';
import type { Launched } from '../../launch/launch.ts';
import { openSession } from '../../launch/session.ts';
import type { SectionId } from '../../record/record.ts';
import { Themed } from '../app.tsx';
import { LaunchFailedPage, OpeningPage } from '../frame/whole-page.tsx';
import { fetchRegion, openRecord } from '../opened-record.tsx';
import type { Scheme } from '../palette.ts';
import type { RecordSource } from '../record-source.ts';
import { ownSystem } from '../words.ts';
import { answersOf } from './answers.ts';
import type { Released, ReleasedRecord } from './released.ts';
import { clinician, hostName, type Happening, type PageState } from './states.ts';

/** A host that says nothing, or that opens another person once the record stands. */
function hostOf(state: PageState, shown: Promise<void>): HostWindow {
  return {
    heed: (_origins, onPatientChanged) => {
      if (state.happens === 'person-changed') void shown.then(onPatientChanged);
    },
    stop: () => undefined,
  };
}

/** Resolves when the asking is over. */
function settled(source: RecordSource): Promise<void> {
  return new Promise((done) => {
    const check = (): void => {
      const state = source.state();
      if (state.kind === 'opening' || (state.kind === 'shown' && state.connection.kind === 'open')) return;
      stop();
      done();
    };
    const stop = source.subscribe(check);
    queueMicrotask(check);
  });
}

function launchedOf(record: ReleasedRecord, state: PageState): Launched {
  return {
    session: openSession({
      state: { serverUrl: `${window.location.origin}/fhir`, tokenResponse: { access_token: 'story' } },
      refreshIfNeeded: async () => undefined,
    }),
    patientId: record.patientId,
    scopes: record.scopes,
    view: {
      hostName,
      hostOrigins: [window.location.origin],
      userName: record.userName,
      role: record.role,
      organisation: { ods: 'RJE', name: 'University Hospitals of North Midlands' },
      own: { said: [], bodies: ['GMC'] },
      ...(state.firstTime === true ? { firstTime: true } : {}),
    },
    needPatientBanner: state.needPatientBanner ?? true,
    userName: record.userName,
    ownPath: 'Practitioner/own',
    styleUrl: undefined,
  };
}

/** A browser that says that it is offline. */
function goOffline(): void {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => false });
  window.dispatchEvent(new Event('offline'));
}

function happen(happening: Happening | undefined, source: RecordSource): void {
  switch (happening) {
    case 'offline':
      goOffline();
      return;
    case 'session-ended':
    case 'locked':
    case 'closed':
      source.end(happening);
      return;
    // The host says the one, the server the other.
    case 'person-changed':
    case 'objection':
    case undefined:
  }
}

/** Presses the row whose name begins so, once it is there. */
function pressRow(name: string): void {
  const press = (): boolean => {
    const row = [...document.querySelectorAll<HTMLElement>('main [data-row]')].find((one) =>
      one.textContent?.startsWith(name),
    );
    row?.click();
    return row !== undefined;
  };
  if (press()) return;
  const watch = new MutationObserver(() => {
    if (press()) watch.disconnect();
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

/**
 * Shows one state of the page: the viewer as it is, worker and guard included, with what a server would answer. Resolves
 * when what the state tells of has happened; while sources are still asked in it, it never does.
 */
export async function showStory(
  root: Root,
  story: {
    readonly released: Released;
    readonly state: PageState;
    readonly section: SectionId | undefined;
    readonly scheme: Scheme;
  },
): Promise<void> {
  const { released, state, scheme } = story;
  if (state.failure !== undefined) {
    const page =
      state.failure === 'opening' ? <OpeningPage /> : <LaunchFailedPage code={state.failure} host={ownSystem} />;
    root.render(<Themed scheme={scheme}>{page}</Themed>);
    return;
  }
  const record = released.record(state.person, state.role ?? clinician);
  const worker = setupWorker(...answersOf(released, state, record));
  await worker.start({
    serviceWorker: { url: '/app/mockServiceWorker.js' },
    onUnhandledRequest: 'bypass',
    quiet: true,
  });
  let isShown: () => void = () => undefined;
  const shown = new Promise<void>((done) => {
    isShown = done;
  });
  const section = story.section ?? state.section;
  const lateMs = (state.minutesOld ?? 0) * 60_000;
  const source = await openRecord(root, {
    launched: launchedOf(record, state),
    region: await fetchRegion(),
    host: hostOf(state, shown),
    scheme,
    begin: {
      start: {
        ...(section === undefined ? {} : { section }),
        ...(state.filter === undefined ? {} : { filter: state.filter }),
      },
      clock: () => Date.now() + lateMs,
    },
  });
  await settled(source);
  isShown();
  happen(state.happens, source);
  if (state.row !== undefined) pressRow(state.row);
}
