import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { disclose, type Release } from './disclose.ts';
import { answer, found, house, request } from './house.testing.ts';
import type { House } from './house.ts';
import { openDocument } from './open.ts';
import { refused } from './refusal.ts';
import { checkStanding, whileStanding } from './standing.ts';

const never = new Promise<never>(() => undefined);
const isRefused = { code: 'record-refused', detail: 'objection' };

/** Reads what is disclosed until it ends; the objection takes effect when `objecting` says so. */
async function read(at: House, objecting: (release: Release | undefined) => boolean) {
  const look = new AbortController();
  const object = (): void => look.abort(refused('objection'));
  const released: string[] = [];
  if (objecting(undefined)) setImmediate(object);
  const reading = (async () => {
    for await (const release of disclose(at, request({ signal: look.signal }))) {
      released.push(release.kind);
      if (objecting(release)) setImmediate(object);
    }
  })();
  await expect(reading).rejects.toMatchObject(isRefused);
  return released;
}

describe('an objection ends at once', () => {
  it('a gate that waits for the demographics service', async () => {
    const at = house({});
    const waiting = { ...at, federation: { ...at.federation, demographics: () => never } };
    expect(await read(waiting, () => true)).toEqual([]);
    expect(at.audited).toMatchObject([{ outcome: 'refused', reason: 'objection' }]);
  });

  it('a gathering that waits for a source, which is given up', async () => {
    const at = house({});
    let isGivenUp = false;
    const waiting: House = {
      ...at,
      federation: {
        ...at.federation,
        demographics: async () => found,
        async *gather(...[, , , signal]) {
          signal.addEventListener('abort', () => (isGivenUp = true));
          yield answer('gp', { practiceConsent: 'answered' });
          await never;
        },
      },
    };
    expect(await read(waiting, (release) => release?.kind === 'source')).toEqual(['patient', 'source']);
    expect(isGivenUp).toBe(true);
    expect(at.audited.at(-1)).toMatchObject({
      outcome: 'refused',
      reason: 'objection',
      detail: { sources: ['gp complete 1'] },
    });
  });

  it('a document that waits for its source', async () => {
    const letter = { resourceType: 'DocumentReference', id: 'l', content: [{ attachment: { url: 'Binary/scan' } }] };
    const scan = {
      id: 'scan',
      holders: ['DocumentReference/l'],
      place: { kind: 'address', url: 'http://127.0.0.1:9/scan' },
      verdict: { kind: 'read', categories: [] },
      key: 'k',
    } as const;
    const look = new AbortController();
    const at = house({
      answers: [answer('gp', { practiceConsent: 'answered', resources: [letter], documents: [scan] })],
      open: () => {
        setImmediate(() => look.abort(refused('objection')));
        return never;
      },
    });
    const { what: _what, ...asked } = request({ signal: look.signal });
    await expect(openDocument(at, asked, 'scan')).rejects.toMatchObject(isRefused);
  });

  it('what is asked when it has taken effect already: no source is asked', async () => {
    const at = house({ answers: [answer('gp', { practiceConsent: 'answered' })] });
    const signal = AbortSignal.abort(refused('objection'));
    await expect(disclose(at, request({ signal })).next()).rejects.toMatchObject(isRefused);
    expect(at.asked).toEqual([]);
  });

  it('and not what merely lost its reader', () => {
    expect(() => checkStanding(AbortSignal.abort('gone'))).not.toThrow();
  });

  it('and not what lost its reader while it waited', async () => {
    const look = new AbortController();
    const waiting = whileStanding(look.signal, new Promise((done) => setImmediate(() => done('of the person'))));
    look.abort('gone');
    await expect(waiting).resolves.toBe('of the person');
  });

  it('and leaves nobody listening once it is over', async () => {
    const { signal } = new AbortController();
    await whileStanding(signal, Promise.resolve());
    await whileStanding(signal, Promise.reject(new Error('broken'))).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('what had come a moment before', async () => {
    const look = new AbortController();
    const waiting = whileStanding(look.signal, Promise.resolve('of the person'));
    queueMicrotask(() => look.abort(refused('objection')));
    await expect(waiting).rejects.toMatchObject(isRefused);
  });
});
