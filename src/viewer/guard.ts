import { LaunchFailure } from '../launch/failure.ts';
import type { HostWindow } from '../launch/host-window.ts';
import type { Session } from '../launch/session.ts';
import { lockWhenIdle } from './idle-lock.ts';
import type { RecordSource } from './record-source.ts';

/** How often a viewer that is open asks whether its session still stands. */
const askEveryMs = 60_000;

/** What is guarded. */
export type Guarded = {
  readonly source: RecordSource;
  readonly session: Pick<Session, 'fetch'>;
  readonly host: HostWindow;
  readonly hostOrigins: readonly string[];
  readonly idleLockMinutes: number;
  /** A path that any session may read, the user's own Practitioner; absent: the session is not asked after. */
  readonly ownPath: string | undefined;
};

/**
 * Closes the record when it may no longer stand on the screen (H1): nobody uses it, the host opens another person, the
 * session ends elsewhere (a sign-out at the host), or the page is left, so that going back brings up nobody.
 */
export function guardRecord({ source, session, host, hostOrigins, idleLockMinutes, ownPath }: Guarded): void {
  const unlock = lockWhenIdle(idleLockMinutes * 60_000, () => source.end('locked'));
  host.heed(hostOrigins, () => source.end('patient-changed'));
  const leave = (): void => source.end('session-ended');
  window.addEventListener('pagehide', leave);

  const ask = async (): Promise<void> => {
    if (ownPath === undefined) return;
    try {
      await session.fetch(ownPath);
    } catch (error) {
      // Anything else is the network's: the strip says that the page is offline.
      if (error instanceof LaunchFailure && error.code === 'session-ended') source.end('session-ended');
    }
  };
  const timer = setInterval(() => void ask(), askEveryMs);
  const settle = (): void => {
    if (!source.ended()) return;
    unlock();
    host.stop();
    clearInterval(timer);
    window.removeEventListener('pagehide', leave);
    stop();
  };
  const stop = source.subscribe(settle);
  // It may have ended while it was set up: the host was heard before.
  settle();
}
