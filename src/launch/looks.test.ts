import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Look } from '../fhir/look.ts';
import { LaunchFailure } from './failure.ts';
import { lastLooked, reportLooks } from './looks.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const looksIn = (init: RequestInit = {}): readonly Look[] =>
  (JSON.parse(typeof init.body === 'string' ? init.body : '{}') as { readonly looks: readonly Look[] }).looks;

/** A server that answers as told, and what it was sent. */
function open(answer: () => Response | Promise<Response> = () => new Response(null, { status: 204 })) {
  const sent: (readonly Look[])[] = [];
  const left: (readonly Look[])[] = [];
  const fetch = vi.fn<(path: string, init?: RequestInit) => Promise<Response>>(async (_path, init) => {
    sent.push(looksIn(init));
    return answer();
  });
  const looks = reportLooks(
    {
      fetch,
      leave: (_path, init) => left.push(looksIn(init)),
    },
    'p 1',
    () => Date.UTC(2026, 10, 20, 9, 41),
  );
  const kinds = (reports: readonly (readonly Look[])[]): readonly string[] =>
    reports.map((one) => one.map((look) => look.sections.join('+')).join(' '));
  return { looks, fetch, sent: () => kinds(sent), left: () => kinds(left), raw: sent };
}

describe('what is looked at', () => {
  it('is reported at once, where, at what and when', async () => {
    const { looks, fetch, raw } = open();
    looks.look('item', ['allergies'], ['AllergyIntolerance/a1']);
    await vi.advanceTimersByTimeAsync(0);
    expect(raw).toEqual([
      [{ kind: 'item', sections: ['allergies'], items: ['AllergyIntolerance/a1'], at: '2026-11-20T09:41:00.000Z' }],
    ]);
    expect(fetch.mock.calls[0]).toMatchObject(['Patient/p%201/$looked', { method: 'POST', keepalive: true }]);
  });

  it('goes together where a report is under way', async () => {
    const first = Promise.withResolvers<Response>();
    const answers = [first.promise];
    const { looks, sent } = open(() => answers.shift() ?? new Response(null, { status: 204 }));
    for (const section of ['overview', 'allergies', 'people'] as const) looks.look('section', [section]);
    first.resolve(new Response(null, { status: 204 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).toEqual(['overview', 'allergies people']);
  });

  it.each<[string, () => Response]>([
    ['too many', () => new Response('', { status: 429 })],
    ['a server in trouble', () => new Response('', { status: 500 })],
    [
      'no network',
      () => {
        throw new TypeError('network');
      },
    ],
  ])('is sent again after %s', async (_name, trouble) => {
    const answers = [trouble];
    const { looks, sent } = open(() => (answers.shift() ?? (() => new Response(null, { status: 204 })))());
    looks.look('section', ['people']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent()).toEqual(['people', 'people']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent()).toHaveLength(2);
  });

  it('is not sent for ever where it can never be taken, or the session has ended', async () => {
    for (const answer of [
      () => new Response('', { status: 400 }),
      () => Promise.reject(new LaunchFailure('session-ended', '401')),
    ]) {
      const { looks, sent } = open(answer);
      looks.look('section', ['people']);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(sent()).toHaveLength(1);
    }
  });

  it('goes with the page that is left, what is on its way apart', async () => {
    const { looks, sent, left } = open(() => new Promise<Response>(() => undefined));
    looks.look('section', ['overview']);
    looks.look('section', ['people']);
    looks.leave();
    looks.look('section', ['alerts']);
    looks.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent()).toEqual(['overview']);
    expect(left()).toEqual(['people']);
  });

  it('is never more in one report than a page that is left may send', async () => {
    const { looks, raw } = open();
    const items = Array.from({ length: 400 }, (_, at) => `Observation/${'x'.repeat(60)}${at}`);
    looks.look('print', ['results'], items);
    await vi.advanceTimersByTimeAsync(0);
    expect(raw.flat().flatMap((look) => look.items)).toEqual(items);
    for (const one of raw) expect(JSON.stringify(one).length).toBeLessThan(60_000);
    for (const one of raw.flat()) expect(one.items.length).toBeLessThanOrEqual(50);
  });
});

describe('when the user last looked', () => {
  const answering = (body: string, status = 200) => ({ fetch: async () => new Response(body, { status }) });
  it.each([
    ['a time', '{"lastLooked":"2026-11-07T10:00:00.000Z"}', 200, Date.UTC(2026, 10, 7, 10)],
    ['never', '{}', 200, undefined],
    ['no time', '{"lastLooked":"soon"}', 200, undefined],
    ['no JSON', 'hello', 200, undefined],
    ['a fault', '{}', 500, undefined],
  ])('%s', async (_name, body, status, expected) => {
    expect(await lastLooked(answering(body, status), 'p')).toBe(expected);
  });
});
