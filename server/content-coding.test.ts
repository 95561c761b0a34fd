import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';
import express, { type RequestHandler } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { codingFor, codings, openBody, sendBody, type Coding } from './content-coding.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Asks a server whose every answer is this handler's. */
async function ask(handler: RequestHandler, headers: Record<string, string>, method = 'GET'): Promise<IncomingMessage> {
  const server = createServer(express().disable('etag').use(handler));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return new Promise((done, fail) => {
    request({ host: '127.0.0.1', port, method, headers }, done).on('error', fail).end();
  });
}

const decoder: Readonly<Record<Coding | 'identity', (from: IncomingMessage) => Readable>> = {
  zstd: (from) => from.pipe(createZstdDecompress()),
  br: (from) => from.pipe(createBrotliDecompress()),
  gzip: (from) => from.pipe(createGunzip()),
  identity: (from) => from,
};

describe('the coding of a body', () => {
  it.each<[string | undefined, Coding | undefined]>([
    [undefined, undefined],
    ['', undefined],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['deflate, compress', undefined],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['*', 'zstd'],
    ['zstd;q=0, *', 'br'],
    ['zstd;q=0.5, br;q=0.8, gzip;q=0.8', 'br'],
    ['gzip;q=1.0, br;q=0.999', 'gzip'],
    ['zstd;q=0, br;q=0, gzip;q=0', undefined],
    ['gzip;q=0.5, identity', undefined],
    ['gzip;q=0.5, identity;q=0.2', 'gzip'],
    ['identity;q=0', undefined],
    ['gzip;q=2, br;q=x', undefined],
    ['gzip ; q = 0.3', 'gzip'],
  ])('for %j is %j', (header, expected) => {
    expect(codingFor(header, codings)).toBe(expected);
  });

  it.each([...codings, 'identity'] as const)(
    '%s: each piece can be read before the next one is there',
    async (coding) => {
      let goOn = (): void => undefined;
      const read = new Promise<void>((done) => {
        goOn = done;
      });
      const response = await ask(
        async (_request, answer) => {
          const body = openBody(answer);
          await body.write('first\n');
          await read;
          await body.write('second\n');
          body.end();
        },
        { 'accept-encoding': coding },
      );
      expect(response.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
      expect(response.headers.vary).toContain('Accept-Encoding');
      let text = '';
      for await (const piece of decoder[coding](response)) {
        text += String(piece);
        // Were it held back, the second would never be written and this would never end.
        if (text === 'first\n') goOn();
      }
      expect(text).toBe('first\nsecond\n');
    },
  );

  it('waits for a reader that is slow, and not for one that has gone', async () => {
    const large = Array.from({ length: 3000 }, () => Math.random().toString(36).repeat(40)).join('\n');
    let written = 0;
    let ended: (() => void) | undefined;
    const over = new Promise<void>((done) => {
      ended = done;
    });
    const response = await ask(
      async (_request, answer) => {
        const body = openBody(answer);
        for (; written < 200 && !answer.destroyed; written += 1) await body.write(large);
        ended?.();
      },
      { 'accept-encoding': 'gzip' },
    );
    response.pause();
    // Until nothing more goes into what lies between: on a busy machine that takes a while.
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((done) => setTimeout(done, 300));
    }
    expect(before).toBeLessThan(200);
    response.destroy();
    await over;
    expect(written).toBeLessThanOrEqual(before + 1);
  });
});

describe('a whole body', () => {
  it('is coded where it is large, and sent as it is where it is small', async () => {
    const large = 'a record '.repeat(1000);
    const coded = await ask((_request, answer) => sendBody(answer, large), { 'accept-encoding': 'br' });
    const chunks: Buffer[] = [];
    for await (const chunk of coded) chunks.push(chunk as Buffer);
    expect(coded.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(Buffer.concat(chunks)).toString()).toBe(large);
    const small = await ask((_request, answer) => sendBody(answer, 'small'), { 'accept-encoding': 'br' });
    expect(small.headers['content-encoding']).toBeUndefined();
    expect(small.headers['content-length']).toBe('5');
    expect(small.headers.vary).toBe('Accept-Encoding');
  });

  it.each(['small', 'a record '.repeat(1000)])('has the same headers for HEAD (%#)', async (body) => {
    const told = async (method: string) => {
      const { headers, statusCode } = await ask(
        (_request, answer) => sendBody(answer, body),
        { 'accept-encoding': 'gzip' },
        method,
      );
      const { date: _date, 'transfer-encoding': _framing, ...rest } = headers;
      return { statusCode, ...rest };
    };
    expect(await told('HEAD')).toEqual(await told('GET'));
  });
});
