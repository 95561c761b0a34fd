import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtAssets } from './built-assets.ts';

const script = 'export const one = 1;\n';
const server = createServer();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assets-'));
  await writeFile(join(folder, 'viewer.js'), script);
  await writeFile(join(folder, 'viewer.js.br'), brotliCompressSync(script));
  await writeFile(join(folder, 'viewer.js.gz'), gzipSync(script));
  await writeFile(join(folder, 'small.js'), script);
  server.on('request', express().use('/assets', builtAssets(folder)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function ask(path: string, acceptEncoding: string): Promise<IncomingMessage> {
  // A server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, path, headers: { 'accept-encoding': acceptEncoding } }, (answer) => {
      answer.resume();
      done(answer);
    }).on('error', fail);
  });
}

describe('a script of the viewer', () => {
  it.each([
    ['gzip, deflate, br, zstd', '/assets/viewer.js', 'br', brotliCompressSync(script).length],
    ['gzip', '/assets/viewer.js?v=1', 'gzip', gzipSync(script).length],
    ['identity', '/assets/viewer.js', undefined, script.length],
    ['br', '/assets/small.js', undefined, script.length],
  ])('for %s: %s goes as %s', async (accepted, path, coding, bytes) => {
    const { statusCode, headers } = await ask(path, accepted);
    expect(statusCode).toBe(200);
    expect(headers['content-encoding']).toBe(coding);
    expect(headers['content-length']).toBe(String(bytes));
    expect(headers['content-type']).toMatch(/^text\/javascript/);
    expect(headers.vary).toContain('Accept-Encoding');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('that is not there is not there in a coding either', async () => {
    expect((await ask('/assets/none.js', 'br')).statusCode).toBe(404);
    expect((await ask('/assets/..%2f..%2fpackage.json', 'br')).statusCode).toBe(404);
  });
});
