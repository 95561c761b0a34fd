/// <reference lib="webworker" />
import { createSession, type ToRecord } from './session.ts';

// The web worker's entry: what the page sends goes to the session, what the session says goes to the page.
const session = createSession((message) => postMessage(message), {
  elapsed: () => performance.now(),
  wait: (work, ms) => void setTimeout(work, ms),
});
addEventListener('message', (event: MessageEvent<ToRecord>) => session(event.data));
