import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answer, condition, house, nhsNumber, session } from '../disclosure/house.testing.ts';
import type { House } from '../disclosure/house.ts';
import type { Ended } from '../privacy/objection-watch.ts';
import { openFacade } from './facade.testing.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A facade, and what tells its watchers. */
async function watched(options: Parameters<typeof house>[0] = {}) {
  const tells = new Map<(why: Ended) => void, string>();
  const at: House = {
    ...house(options),
    register: {
      hides: house(options).register.hides,
      watch: (watchedNumber, tell) => {
        tells.set(tell, watchedNumber);
        return () => void tells.delete(tell);
      },
    },
  };
  const sessions = { good: session, nobody: { ...session, context: { ...session.context, patient: undefined } } };
  const closing = new AbortController();
  const facade = await openFacade(at, sessions as never, { closing: closing.signal });
  open.push(facade);
  return {
    ...facade,
    closing,
    watchers: () => [...tells.values()],
    end: (why: Ended) => {
      for (const tell of [...tells.keys()]) tell(why);
    },
  };
}

/** Opens the stream, and reads its first event. */
async function follow(facade: Awaited<ReturnType<typeof watched>>) {
  const response = await fetch(`${facade.base}/Patient/p/$standing`, { headers: { authorization: 'Bearer good' } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async (): Promise<string> => (await reader?.read())?.value ?? 'end';
  return { response, first: await next(), next };
}

describe('whether a record may still be shown', () => {
  it('is told at once: it stands, and then that it is refused, in the words of every refusal', async () => {
    const facade = await watched();
    const { response, first, next } = await follow(facade);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(first).toBe('event: standing\ndata: {}\n\n');
    expect(facade.watchers()).toEqual([nhsNumber]);
    facade.end('objection');
    const refusal = await next();
    expect(refusal).toMatch(/^event: refused\ndata: \{.*"code":"refused".*\}\n\n$/);
    expect(refusal).not.toContain(nhsNumber);
    expect(await next()).toBe('end');
  });

  it('is no longer told where objections cannot be heard of: it is asked anew', async () => {
    const facade = await watched();
    const { next } = await follow(facade);
    facade.end('undecided');
    expect(await next()).toBe('end');
  });

  it('is told no longer than the server runs', async () => {
    const facade = await watched();
    const { next } = await follow(facade);
    facade.closing.abort();
    expect(await next()).toBe('end');
  });

  it('is watched no longer than somebody follows', async () => {
    const facade = await watched();
    const leaving = new AbortController();
    await fetch(`${facade.base}/Patient/p/$standing`, {
      headers: { authorization: 'Bearer good' },
      signal: leaving.signal,
    });
    expect(facade.watchers()).toEqual([nhsNumber]);
    leaving.abort();
    await vi.waitFor(() => expect(facade.watchers()).toEqual([]));
  });

  it('is refused like the record, and undecided like the record', async () => {
    const refusing = await watched({ objected: true });
    const [standing, record] = [await refusing.ask('Patient/p/$standing'), await refusing.ask('Patient/p/$everything')];
    expect([standing.status, record.status]).toEqual([403, 403]);
    expect(standing.text).toBe(record.text);
    expect(refusing.watchers()).toEqual([]);
    const unread = await watched({ objected: new Error('down') });
    expect(await unread.ask('Patient/p/$standing')).toMatchObject({ status: 503 });
    expect(unread.watchers()).toEqual([]);
  });

  it('is told to HEAD by its status alone', async () => {
    const facade = await watched();
    expect(await facade.ask('Patient/p/$standing', { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    await vi.waitFor(() => expect(facade.watchers()).toEqual([]));
  });

  it('is told of the person of the launch alone', async () => {
    const facade = await watched();
    expect(await facade.ask('Patient/other/$standing')).toMatchObject({ status: 404 });
    expect(await facade.ask('Patient/p/$standing', { method: 'POST' })).toMatchObject({ status: 405 });
  });
});

describe('a reader who is slow', () => {
  const large = answer('gp', {
    practiceConsent: 'answered',
    resources: Array.from({ length: 400 }, (_, n) => ({
      ...condition(`c${n}`, '195967001'),
      note: [{ text: 'x'.repeat(50_000) }],
    })),
  });

  it.each(['application/fhir+json', 'application/fhir+ndjson'])(
    'of %s is cut off: what has not been taken half a second later is not given any more',
    async (accept) => {
      const facade = await watched({ answers: [large] });
      const { port } = new URL(facade.base);
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(
        `GET /fhir/Patient/p/$everything HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\naccept: ${accept}\r\n\r\n`,
      );
      // The first bytes are there; nothing more is read.
      await once(socket, 'readable');
      facade.end('objection');
      await new Promise((done) => setTimeout(done, 700));
      let bytes = 0;
      socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
      await once(socket, 'close');
      expect(bytes).toBeLessThan(20_000_000);
    },
  );
});
