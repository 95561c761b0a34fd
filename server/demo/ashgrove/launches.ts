import { randomBytes } from 'node:crypto';

/** What is open in Ashgrove when a user launches an app from it. */
export type AshgroveLaunch = {
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string;
  /** By which the app and the page that frames it talk (SMART Web Messaging). */
  readonly messagingHandle: string;
};

/** Launches that wait to be claimed: the handle is opaque, works once and for a minute. */
export type AshgroveLaunches = {
  readonly begin: (launch: AshgroveLaunch) => string;
  readonly take: (handle: string) => AshgroveLaunch | undefined;
};

const lifeMs = 60_000;

export function ashgroveLaunches(now: () => number): AshgroveLaunches {
  const waiting = new Map<string, { readonly launch: AshgroveLaunch; readonly until: number }>();
  return {
    begin: (launch) => {
      for (const [handle, { until }] of waiting) if (until < now()) waiting.delete(handle);
      const handle = randomBytes(24).toString('base64url');
      waiting.set(handle, { launch, until: now() + lifeMs });
      return handle;
    },
    take: (handle) => {
      const one = waiting.get(handle);
      waiting.delete(handle);
      return one === undefined || one.until < now() ? undefined : one.launch;
    },
  };
}
