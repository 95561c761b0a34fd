import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenToHost, sayDone, type HostWindow } from './host-window.ts';

const epr = 'https://epr.example';
const changed = { type: 'one-health-and-care.patient-changed' };

/** A window within another, and what it posts to that. */
function framed() {
  const posted: { readonly data: unknown; readonly target: string }[] = [];
  const parent = { postMessage: (data: unknown, target: string) => void posted.push({ data, target }) };
  const own = new EventTarget() as unknown as Window;
  Object.defineProperty(own, 'parent', { value: parent });
  const say = (data: unknown, more: { origin?: string; source?: unknown } = {}): void => {
    const event = new MessageEvent('message', { data, origin: more.origin ?? epr });
    Object.defineProperty(event, 'source', { value: 'source' in more ? more.source : parent });
    own.dispatchEvent(event);
  };
  return { own, posted, say };
}

describe('the host’s window', () => {
  let at: ReturnType<typeof framed>;
  let host: HostWindow;
  let close: ReturnType<typeof vi.fn<() => void>>;
  beforeEach(() => {
    vi.useFakeTimers();
    at = framed();
    host = listenToHost(at.own);
    close = vi.fn<() => void>();
  });
  afterEach(() => vi.useRealTimers());

  it('closes the record when another person is opened there, once, and says when it is gone', () => {
    host.heed([epr], close);
    at.say(changed);
    expect(close).toHaveBeenCalledTimes(1);
    expect(at.posted).toEqual([]);
    vi.runAllTimers();
    expect(at.posted).toEqual([{ data: { type: 'one-health-and-care.closed' }, target: epr }]);
    at.say(changed);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it.each<[string, unknown, { origin?: string; source?: unknown }]>([
    ['another origin', changed, { origin: 'https://evil.example' }],
    ['a look-alike', changed, { origin: 'https://epr.example.evil.example' }],
    ['a sandbox without an origin', changed, { origin: 'null' }],
    ['another window of the host', changed, { source: {} }],
    ['no window', changed, { source: null }],
    ['another message', { type: 'one-health-and-care.closed' }, {}],
    ['a bare text', 'one-health-and-care.patient-changed', {}],
    ['nothing', null, {}],
  ])('is not closed by %s', (_name, data, more) => {
    host.heed([epr], close);
    at.say(data, more);
    vi.runAllTimers();
    expect(close).not.toHaveBeenCalled();
    expect(at.posted).toEqual([]);
  });

  it('is heard already while the launch is under way, and heeded by what the launch says of the host', () => {
    at.say(changed, { origin: 'https://evil.example' });
    host.heed([epr], close);
    expect(close).not.toHaveBeenCalled();
    const other = framed();
    const early = listenToHost(other.own);
    other.say(changed);
    early.heed([epr], close);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('is heard no more once it need not be', () => {
    host.heed([epr], close);
    host.stop();
    at.say(changed);
    expect(close).not.toHaveBeenCalled();
  });

  it('does not exist for a page in a tab of its own', () => {
    const own = new EventTarget() as unknown as Window;
    Object.defineProperty(own, 'parent', { value: own });
    const alone = listenToHost(own);
    alone.heed([epr], close);
    const event = new MessageEvent('message', { data: changed, origin: epr });
    Object.defineProperty(event, 'source', { value: own });
    own.dispatchEvent(event);
    expect(close).not.toHaveBeenCalled();
  });

  it('is told that the user is done, and nobody else is', () => {
    sayDone({ origin: epr, handle: 'h-1' }, at.own);
    expect(at.posted).toEqual([
      {
        data: {
          messagingHandle: 'h-1',
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          messageType: 'ui.done',
          payload: {},
        },
        target: epr,
      },
    ]);
  });
});
