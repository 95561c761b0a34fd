import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { budgetSchema } from '../config/schema.ts';
import { Allowance } from './allowance.ts';
import { createHttp, type Http } from './http.ts';
import { SourceError } from './source-error.ts';
import { standIn, type Answering } from './stand-in.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

async function asking(
  answer: Answering,
  options: Parameters<typeof createHttp>[0] & { readonly budget?: object; readonly deadlineMs?: number } = {},
): Promise<() => ReturnType<Http['request']>> {
  const { budget = {}, deadlineMs = 1_000, ...rest } = options;
  const server = await standIn(answer);
  const http = createHttp(rest);
  open.push(server, http);
  return () =>
    http.request({
      address: server.url,
      method: 'GET',
      url: server.url,
      signal: AbortSignal.timeout(deadlineMs),
      allowance: new Allowance(budgetSchema.parse(budget), deadlineMs),
    });
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
      (_request, response) => void response.writeHead(200, json).end(JSON.stringify('x'.repeat(1_100_000))),
    ],
    [
      'a gzip bomb',
      (_request, response) =>
        void response
          .writeHead(200, { ...json, 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(50_000_000, 32))),
    ],
    [
      'an endless body',
      (_request, response) => {
        response.writeHead(200, json);
        const timer = setInterval(() => response.write('x'.repeat(50_000)), 1);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s ends where it passes the limit', async (_name, answer) => {
    expect(await kindOf((await asking(answer, { budget: { bytes: 1_048_576 } }))())).toBe('too-large');
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

describe('the one retry', () => {
  const retryAfter = (status: number, value?: string): { asked: () => number; answer: Answering } => {
    let times = 0;
    return {
      asked: () => times,
      answer: (_request, response) => {
        times += 1;
        if (times > 1) return { a: 1 };
        response.writeHead(status, { ...json, ...(value === undefined ? {} : { 'retry-after': value }) }).end('{}');
        return undefined;
      },
    };
  };

  test.each([
    [502, undefined],
    [503, undefined],
    [503, '0'],
    [504, undefined],
    [429, '0'],
    [429, 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('follows a %i with Retry-After %s, once', async (status, value) => {
    const source = retryAfter(status, value);
    expect(await (await asking(source.answer))()).toEqual({ status: 200, body: { a: 1 } });
    expect(source.asked()).toBe(2);
  });

  test.each([
    [500, undefined],
    [501, '0'],
    [429, '30'],
    [503, '30'],
    [503, 'Thu, 01 Jan 2099 00:00:00 GMT'],
  ])('does not follow a %i with Retry-After %s: it would be the same, or too late', async (status, value) => {
    const source = retryAfter(status, value);
    expect(await kindOf((await asking(source.answer))())).toBe('status');
    expect(source.asked()).toBe(1);
  });

  test('is none where it fails twice', async () => {
    let times = 0;
    const ask = await asking(() => {
      times += 1;
      return [503, {}];
    });
    expect(await kindOf(ask())).toBe('status');
    expect(times).toBe(2);
  });
});

describe('the bulkhead of an address', () => {
  test('so many at once, so many in line, and who comes then is turned away at once', async () => {
    let atOnce = 0;
    const ask = await asking(
      () => {
        atOnce += 1;
        return undefined;
      },
      { connections: 2, waiting: 1, deadlineMs: 300 },
    );
    const kinds = await Promise.all([ask(), ask(), ask(), ask(), ask()].map(kindOf));
    expect(kinds).toEqual(['timeout', 'timeout', 'timeout', 'busy', 'busy']);
    expect(atOnce).toBe(2);
    expect(await kindOf(ask())).toBe('timeout');
  });
});
