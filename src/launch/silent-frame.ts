import { LaunchFailure } from './failure.ts';

/** What the authorization server sent back to the callback page. */
export type CallbackAnswer = URLSearchParams;

/**
 * Sends a hidden frame of our own origin to the authorize URL and waits for the callback page in it to post back its
 * query. A message counts only from that frame's window and from our own origin.
 * @throws LaunchFailure `unreachable` where nothing came within `timeoutMs` (the server showed an error page instead)
 */
export async function askInFrame(authorizeUrl: string, timeoutMs: number): Promise<CallbackAnswer> {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Sign-in';
  frame.tabIndex = -1;
  let stop = (): void => undefined;
  try {
    return await new Promise<CallbackAnswer>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new LaunchFailure('unreachable', `no answer to authorize within ${timeoutMs} ms`));
      }, timeoutMs);
      const listen = (event: MessageEvent<unknown>): void => {
        if (event.source !== frame.contentWindow || event.origin !== window.location.origin) return;
        if (typeof event.data === 'string') resolve(new URLSearchParams(event.data));
      };
      window.addEventListener('message', listen);
      stop = () => {
        clearTimeout(timer);
        window.removeEventListener('message', listen);
      };
      frame.src = authorizeUrl;
      document.body.append(frame);
    });
  } finally {
    stop();
    frame.remove();
  }
}
