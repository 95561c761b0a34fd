import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { createBreakers, type Breakers } from './breaker.ts';
import type { ClientTls } from '../config/client-certificate.ts';
import { abandoned, SourceError } from './source-error.ts';

/** One request to a source. `address` is the base URL that stands for it: it has a pool and a breaker of its own. */
export type SourceRequest = {
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The certificate to show. A new one makes new connections; what is under way on the old ends there. */
  readonly tls?: ClientTls;
  /** Ends the request; its reason tells a deadline (a `TimeoutError`) from a caller who went away. */
  readonly signal: AbortSignal;
};

/** What came back: 2xx or 4xx with the JSON in it. `body` is undefined where a 4xx brought no JSON. */
export type SourceResponse = { readonly status: number; readonly body: unknown };

export type Http = {
  /** @throws {SourceError} for everything but a 2xx with JSON or a 4xx */
  readonly request: (request: SourceRequest) => Promise<SourceResponse>;
  readonly close: () => Promise<void>;
};

const jsonType = /^application\/(?:[a-z0-9.-]*\+)?json(?:\+fhir)?\s*(?:;|$)/i;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** How a failed request is told apart: its time was up, whoever asked is gone, or the connection failed. */
function transportFault(error: unknown, signal: AbortSignal): SourceError {
  if (error instanceof SourceError) return error;
  if (signal.aborted) return abandoned(signal);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return new SourceError('timeout', `no answer in time (${code})`, { cause: error });
  return new SourceError('connection', `connection failed (${code})`, { cause: error });
}

/** The whole body, unpacked, as long as it stays under `maxBytes`: a gzip bomb ends where it passes the limit. */
async function readBody(response: Dispatcher.ResponseData, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new SourceError('too-large', `more than ${maxBytes} bytes`));
      else {
        chunks.push(chunk);
        done();
      }
    },
  });
  const encoding = String(response.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') await pipeline(response.body, sink, { signal });
  else if (encoding === 'gzip' || encoding === 'x-gzip')
    await pipeline(response.body, createGunzip(), sink, { signal });
  else throw new SourceError('not-fhir', 'a content encoding that was not asked for');
  return Buffer.concat(chunks, bytes);
}

/** JSON without members named `__proto__`, which would reach into prototypes when copied (rarely there, so rarely paid for). */
function parseJson(buffer: Buffer): unknown {
  const text = utf8.decode(buffer);
  if (!text.includes('__proto__') && !/\\u00(?:5[fF]|70|72|6[fF]|74)/.test(text)) return JSON.parse(text) as unknown;
  return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as unknown;
}

function contentOf(response: Dispatcher.ResponseData, buffer: Buffer): unknown {
  if (!jsonType.test(String(response.headers['content-type'] ?? '')))
    throw new SourceError('not-fhir', 'the content type is not JSON', { status: response.statusCode });
  try {
    return parseJson(buffer);
  } catch {
    // Not the cause: a JSON error quotes the text, which is a patient's.
    throw new SourceError('not-fhir', 'the body is not JSON', { status: response.statusCode });
  }
}

/**
 * Pooled HTTP to the sources. It follows no redirect, takes JSON alone and no more than `maxBytes`, and keeps a pool and
 * a breaker for each address, so that what a hanging source holds never holds up another on the same host.
 */
export function createHttp(
  options: { readonly maxBytes?: number; readonly connections?: number; readonly breakers?: Breakers } = {},
): Http {
  const { maxBytes = 64 * 1024 * 1024, connections = 32 } = options;
  const breakers = options.breakers ?? createBreakers({ afterFailures: 5, probeAfterMs: 30_000 });
  const pools = new Map<string, { readonly agent: Agent; readonly tls: ClientTls | undefined }>();
  const poolOf = ({ address, tls }: SourceRequest): Agent => {
    const known = pools.get(address);
    if (known !== undefined && known.tls === tls) return known.agent;
    void known?.agent.close();
    // The deadline of the request is the one clock: it covers headers and body, whatever their pace.
    const made = new Agent({
      connections,
      pipelining: 1,
      connect: { timeout: 5_000, ...tls },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    pools.set(address, { agent: made, tls });
    return made;
  };

  const once = async (request: SourceRequest): Promise<SourceResponse> => {
    const { signal } = request;
    try {
      signal.throwIfAborted();
      const response = await poolOf(request).request({
        origin: new URL(request.url).origin,
        path: new URL(request.url).pathname + new URL(request.url).search,
        method: request.method,
        headers: { accept: 'application/fhir+json', 'accept-encoding': 'gzip', ...request.headers },
        body: request.body ?? null,
        signal,
      });
      const status = response.statusCode;
      if (status >= 300 && status < 400) {
        await response.body.dump({ limit: 16_384, signal });
        throw new SourceError('status', 'a redirect', { status });
      }
      const buffer = await readBody(response, status >= 400 ? Math.min(maxBytes, 1_048_576) : maxBytes, signal);
      if (status < 300) return { status, body: contentOf(response, buffer) };
      let body: unknown;
      try {
        body = contentOf(response, buffer);
      } catch {
        body = undefined;
      }
      if (status >= 500) throw new SourceError('status', `status ${status}`, { status, body });
      return { status, body };
    } catch (error) {
      throw transportFault(error, signal);
    }
  };

  return {
    request: (request) =>
      breakers.guard(request.address, async () => {
        try {
          return await once(request);
        } catch (error) {
          // A kept-alive connection that the other side had closed: every request here only reads, so once more.
          const broke =
            error instanceof SourceError &&
            error.kind === 'connection' &&
            /UND_ERR_SOCKET|ECONNRESET|EPIPE/.test(error.message);
          if (!broke) throw error;
          await wait(20 + Math.random() * 80);
          return once(request);
        }
      }),
    close: async () => {
      await Promise.all([...pools.values()].map(({ agent }) => agent.destroy()));
      pools.clear();
    },
  };
}
