import { object, text } from '../fhir/json.ts';
import type { LaunchView } from '../fhir/region.ts';

/** What a host posts into the frame when it opens another person (docs/inside-the-epr.md). */
const patientChanged = 'one-health-and-care.patient-changed';
/** What the viewer answers once nothing of the first person is left. */
const closed = 'one-health-and-care.closed';

/** The window of the host that frames the viewer. */
export type HostWindow = {
  /**
   * Heeds the host from here on, and what it said before this was known: the origins that may speak stand in the token
   * response. `onPatientChanged` is called once.
   */
  readonly heed: (origins: readonly string[], onPatientChanged: () => void) => void;
  /** Hears nothing more. */
  readonly stop: () => void;
};

/**
 * Listens to the window around the viewer, from the first moment on: a host may open another person while the launch is
 * still under way. Only the parent itself is heard, and only from an origin of its entry.
 */
export function listenToHost(own: Window = window): HostWindow {
  const early: string[] = [];
  let heeded: { readonly origins: readonly string[]; readonly close: () => void } | undefined;

  const told = (origin: string): void => {
    if (heeded === undefined) {
      early.push(origin);
      return;
    }
    if (!heeded.origins.includes(origin)) return;
    const { close } = heeded;
    stop();
    close();
    // Behind the page's next drawing: what is said to be gone is gone.
    setTimeout(() => own.parent.postMessage({ type: closed }, origin), 0);
  };
  const listen = (event: MessageEvent<unknown>): void => {
    if (own.parent === own || event.source !== own.parent) return;
    if (text(object(event.data)?.['type']) === patientChanged) told(event.origin);
  };
  const stop = (): void => own.removeEventListener('message', listen);
  own.addEventListener('message', listen);
  return {
    heed: (origins, close) => {
      heeded = { origins, close };
      for (const origin of early.splice(0)) told(origin);
    },
    stop,
  };
}

/** Tells the host that the user is done (SMART Web Messaging, `ui.done`): it may take the frame away. */
export function sayDone({ origin, handle }: NonNullable<LaunchView['messaging']>, own: Window = window): void {
  if (own.parent === own) return;
  const message = { messagingHandle: handle, messageId: crypto.randomUUID(), messageType: 'ui.done', payload: {} };
  own.parent.postMessage(message, origin);
}
