import fc from 'fast-check';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOutcome, outcome } from '../fhir/outcome.ts';
import { ohc } from '../fhir/systems.ts';
import { linesOf, streamRecord, type StreamEnd } from './record-stream.ts';
import { openSession } from './session.ts';

async function* chunks(...parts: readonly string[]): AsyncGenerator<string> {
  yield* parts;
}

function record(code: string): string {
  return JSON.stringify(
    outcome({
      id: 'record',
      severity: 'information',
      issue: 'informational',
      system: ohc.sourceStatus,
      code,
      text: code,
    }),
  );
}

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

const base = 'https://record.example/fhir';
const session = openSession({
  state: { serverUrl: base, tokenResponse: { access_token: 'token' } },
  refreshIfNeeded: async () => undefined,
});

function ndjson(parts: readonly string[], broken = false): Response {
  const encoder = new TextEncoder();
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = parts[at];
      at += 1;
      if (part !== undefined) controller.enqueue(encoder.encode(part));
      else if (broken) {
        // Later than the chunk, as a network breaks: an error at once would take the chunk with it.
        await new Promise((done) => setTimeout(done, 20));
        controller.error(new TypeError('network'));
      } else controller.close();
    },
  });
  return new Response(body);
}

async function run(answer: () => Promise<Response>): Promise<{ end: StreamEnd; lines: string[] }> {
  const lines: string[] = [];
  server.use(
    http.get(`${base}/Patient/p/$everything`, async ({ request }) => {
      expect(request.headers.get('authorization')).toBe('Bearer token');
      expect(request.headers.get('accept')).toBe('application/fhir+ndjson');
      return answer();
    }),
  );
  const end = await streamRecord(session, 'p', {
    signal: new AbortController().signal,
    at: () => 7,
    onLines: (some) => lines.push(...some),
  });
  return { end, lines };
}

describe('lines of a stream', () => {
  it('are whole however it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '"', '{'), minLength: 1 })),
        fc.array(fc.nat(40)),
        async (lines, cuts) => {
          const whole = lines.map((line) => `${line}\n`).join('');
          const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).toSorted((a, b) => a - b), whole.length];
          const parts = places.slice(1).map((to, index) => whole.slice(places[index], to));
          const got: string[] = [];
          for await (const some of linesOf(chunks(...parts))) got.push(...some);
          expect(got).toEqual(lines);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the stream of a record', () => {
  it('closes with its last line', async () => {
    const { end, lines } = await run(async () =>
      ndjson(['{"resourceType":"Patient"}\n{"resource', `Type":"Flag"}\n${record('partial')}\n`]),
    );
    expect(end).toEqual({ kind: 'closed' });
    expect(lines).toHaveLength(3);
  });

  it('is cut where the closing line never came, or the network broke', async () => {
    expect((await run(async () => ndjson(['{"resourceType":"Patient"}\n']))).end).toEqual({ kind: 'cut', at: 7 });
    expect((await run(async () => ndjson(['{"resourceType":"Patient"}\n'], true))).end).toEqual({ kind: 'cut', at: 7 });
  });

  it('stops at a refusal under way and hands nothing of that chunk on', async () => {
    const { end, lines } = await run(async () => ndjson([`{"resourceType":"Flag"}\n${record('refused')}\n`]));
    expect(end).toEqual({ kind: 'refused' });
    expect(lines).toEqual([]);
  });

  it('tells refused, undecided, ended and unreachable apart', async () => {
    const answer =
      (status: number, code: string): (() => Promise<Response>) =>
      async () =>
        new Response(JSON.stringify(errorOutcome('forbidden', code, 'words')), { status });
    expect((await run(answer(403, 'refused'))).end).toEqual({ kind: 'refused' });
    expect((await run(answer(503, 'undecided'))).end).toEqual({ kind: 'undecided', text: 'words' });
    expect((await run(answer(500, 'exception'))).end).toEqual({ kind: 'unreachable' });
    expect((await run(answer(401, 'token-invalid'))).end).toEqual({ kind: 'session-ended' });
    expect((await run(async () => HttpResponse.error())).end).toEqual({ kind: 'unreachable' });
  });
});
