import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createBreakers } from './breaker.ts';
import { createHttp, type Http } from './http.ts';
import { SourceError } from './source-error.ts';
import { standIn, type Answering } from './stand-in.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function asking(
  answer: Answering,
  options: Parameters<typeof createHttp>[0] = {},
): Promise<() => ReturnType<Http['request']>> {
  const server = await standIn(answer);
  const http = createHttp(options);
  open.push(server, http);
  return () =>
    http.request({ address: server.url, method: 'GET', url: server.url, signal: AbortSignal.timeout(1_000) });
}

const kindOf = async (asked: Promise<unknown>): Promise<string> => {
  try {
    await asked;
    return 'answered';
  } catch (error) {
    return error instanceof SourceError ? error.kind : String(error);
  }
};

const json = { 'content-type': 'application/fhir+json; charset=utf-8' };

describe('what is taken from a source', () => {
  test('JSON, packed or not', async () => {
    const plain = await asking(() => ({ a: 1 }));
    expect(await plain()).toEqual({ status: 200, body: { a: 1 } });
    const packed = await asking((_request, response) => {
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
      return undefined;
    });
    expect(await packed()).toEqual({ status: 200, body: { a: 1 } });
  });

  test.each<[string, Answering]>([
    [
      'more than the limit',
      (_request, response) => void response.writeHead(200, json).end(JSON.stringify('x'.repeat(5_000))),
    ],
    [
      'a gzip bomb',
      (_request, response) =>
        void response
          .writeHead(200, { ...json, 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(1_000_000, 32))),
    ],
    [
      'an endless body',
      (_request, response) => {
        response.writeHead(200, json);
        const timer = setInterval(() => response.write('x'.repeat(500)), 1);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s ends where it passes the limit', async (_name, answer) => {
    expect(await kindOf((await asking(answer, { maxBytes: 2_000 }))())).toBe('too-large');
  });

  test('a status of 4xx is an answer, 5xx and redirects are faults that keep what came with them', async () => {
    expect(await (await asking(() => [404, { no: 1 }]))()).toEqual({ status: 404, body: { no: 1 } });
    await expect((await asking(() => [503, { why: 1 }]))()).rejects.toMatchObject({
      kind: 'status',
      status: 503,
      body: { why: 1 },
    });
    const redirect = await asking(
      (_request, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect(await kindOf(redirect())).toBe('status');
  });

  test('a connection that had been closed is tried once more', async () => {
    let times = 0;
    const ask = await asking((_request, response) => {
      times += 1;
      if (times > 1) return { a: 1 };
      response.socket?.resetAndDestroy();
      return undefined;
    });
    expect(await ask()).toMatchObject({ status: 200 });
    expect(times).toBe(2);
  });
});

describe('the breaker of an address', () => {
  test('opens after failures in a row, lets one probe through, and closes when that succeeds', async () => {
    let healthy = false;
    let times = 0;
    const ask = await asking(
      () => {
        times += 1;
        return healthy ? { a: 1 } : [500, {}];
      },
      { breakers: createBreakers({ afterFailures: 5, probeAfterMs: 500 }) },
    );
    for (let i = 0; i < 5; i += 1) expect(await kindOf(ask())).toBe('status');
    expect(await kindOf(ask())).toBe('circuit-open');
    expect(times).toBe(5);
    healthy = true;
    await new Promise((done) => setTimeout(done, 600));
    expect(await kindOf(ask())).toBe('answered');
    expect(await kindOf(ask())).toBe('answered');
  });

  test('a success between failures keeps it closed', async () => {
    let times = 0;
    const ask = await asking(() => {
      times += 1;
      return times % 5 === 0 ? { a: 1 } : [500, {}];
    });
    for (let i = 0; i < 14; i += 1) expect(await kindOf(ask())).not.toBe('circuit-open');
  });
});
