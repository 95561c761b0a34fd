import type { HostWindow } from '../launch/host-window.ts';
import type { Session } from '../launch/session.ts';
import { followStanding } from '../launch/standing-stream.ts';
import { lockWhenIdle } from './idle-lock.ts';
import type { RecordSource } from './record-source.ts';

/** How soon it is asked again whether the record may be shown, where nothing was heard and where nobody sees the page. */
const againMs = 5_000;
/** A stream that ended sooner than this was cut: it is not opened again at once, lest that go on without end. */
const shortMs = 1_000;

/** What is guarded. */
export type Guarded = {
  readonly source: RecordSource;
  readonly session: Pick<Session, 'fetch'>;
  readonly patientId: string;
  readonly host: HostWindow;
  readonly hostOrigins: readonly string[];
  readonly idleLockMinutes: number;
};

/**
 * Closes the record when it may no longer stand on the screen: nobody uses it, the host opens another person, the session
 * ends elsewhere (a sign-out at the host) or the page is left, so that going back brings up nobody (H1); the person
 * objects, wherever that is raised (H9).
 */
export function guardRecord({ source, session, patientId, host, hostOrigins, idleLockMinutes }: Guarded): void {
  const unlock = lockWhenIdle(idleLockMinutes * 60_000, () => source.end('locked'));
  host.heed(hostOrigins, () => source.end('patient-changed'));
  const leave = (): void => source.end('session-ended');
  window.addEventListener('pagehide', leave);
  const unheed = heedStanding(source, session, patientId);
  const settle = (): void => {
    if (!source.ended()) return;
    unlock();
    host.stop();
    unheed();
    window.removeEventListener('pagehide', leave);
    stop();
  };
  const stop = source.subscribe(settle);
  // It may have ended while it was set up: the host was heard before.
  settle();
}

/**
 * Heeds the server's word on the record until told otherwise: from one stream after the other while the page is seen.
 * While it is not, now and then: a browser opens few connections to one server, and unseen pages must not use them up.
 */
function heedStanding(source: RecordSource, session: Pick<Session, 'fetch'>, patientId: string): () => void {
  let isOver = false;
  let turn = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const heed = async (): Promise<void> => {
    turn = new AbortController();
    const mine = turn;
    const stays = document.visibilityState !== 'hidden';
    const begun = Date.now();
    const said = await followStanding(session, patientId, { signal: mine.signal, stays });
    if (isOver || mine !== turn) return;
    if (said === 'refused' || said === 'session-ended') {
      source.end(said);
      return;
    }
    const atOnce = stays && said === 'stood' && Date.now() - begun > shortMs;
    timer = setTimeout(() => void heed(), atOnce ? 0 : againMs);
  };
  const anew = (): void => {
    clearTimeout(timer);
    turn.abort();
    void heed();
  };
  document.addEventListener('visibilitychange', anew);
  void heed();

  return () => {
    isOver = true;
    clearTimeout(timer);
    turn.abort();
    document.removeEventListener('visibilitychange', anew);
  };
}
