import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Agent } from 'undici';
import { discard } from './body.ts';
import { passesInMs } from './retry.ts';
import { SourceError } from './source-error.ts';
import { transportFault } from './transport-fault.ts';

/** A document as a source sends it: under way, unpacked, not held anywhere. Who does not read it to its end destroys it. */
export type SourceStream = {
  readonly status: number;
  readonly contentType: string | undefined;
  /** Its length in bytes, where the source says so before it sends it. */
  readonly size: number | undefined;
  /** What the source calls this state of it: its ETag and when it was last changed; undefined where it says neither. */
  readonly state: string | undefined;
  readonly body: Readable;
};

/** Who reads a stream hears of its fault; one that nobody reads to its end has nobody to tell. */
const unheard = (): void => undefined;

/** A packed stream, unpacked as it is read. */
function unpacked(body: Readable): Readable {
  const plain = createGunzip().on('error', unheard);
  pipeline(body, plain).catch(unheard);
  return plain;
}

/**
 * Begins to read a document. Nothing bounds its length or its pace but the signal and the reader.
 * @throws {SourceError} for everything but a 2xx or a 4xx that is not 429; of a 4xx nothing is read
 */
export async function openStream(
  agent: Agent,
  request: {
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  },
): Promise<SourceStream> {
  const { signal } = request;
  try {
    signal.throwIfAborted();
    const url = new URL(request.url);
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'GET',
      headers: {
        accept: '*/*;q=0.9, application/fhir+json;q=0.1',
        'accept-encoding': 'identity',
        ...request.headers,
      },
      signal,
    });
    const { statusCode: status, body } = response;
    const said = (name: string): string | undefined => {
      const value = response.headers[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    if (status >= 300) discard(response);
    if (status >= 300 && (status < 400 || status >= 500 || status === 429))
      throw new SourceError('status', status < 400 ? 'a redirect' : `status ${status}`, {
        status,
        passesInMs: passesInMs(status, said('retry-after'), Date.now()),
      });
    const encoding = (said('content-encoding') ?? 'identity').toLowerCase();
    if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip') {
      discard(response);
      throw new SourceError('not-fhir', 'a content encoding that was not asked for');
    }
    const length = said('content-length');
    const [etag, modified] = [said('etag'), said('last-modified')];
    return {
      status,
      contentType: said('content-type'),
      size: encoding === 'identity' && length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
      state: etag === undefined && modified === undefined ? undefined : JSON.stringify([etag, modified, length]),
      body: encoding === 'identity' ? body.on('error', unheard) : unpacked(body),
    };
  } catch (error) {
    throw transportFault(error, signal);
  }
}
