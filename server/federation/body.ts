import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Allowance } from './allowance.ts';
import { BundleReader } from './bundle-reader.ts';
import { parseJson } from './json-text.ts';
import { SourceError } from './source-error.ts';
import { transportFault } from './transport-fault.ts';

const jsonType = /^application\/(?:[a-z0-9.-]*\+)?json(?:\+fhir)?\s*(?:;|$)/i;
/** Up to here a body is read at once: that is the cheapest, and holds the event loop for some milliseconds at most. */
const atOnceBytes = 1024 * 1024;
/** What one asking may have read at once in all: small bodies can be made to swell, too. */
const atOnceInAllBytes = 4 * 1024 * 1024;
/** What came with an error status is read no further than this. */
const maxErrorBytes = 1024 * 1024;

/** `cut`: what kept the rest of a Bundle away; the entries that came whole stand in `body`. */
export type Body = { readonly body: unknown; readonly cut?: SourceError };

/** @throws {SourceError} `not-fhir` where it is not JSON that can be unpacked; nothing of it is read then */
function checkHeaders({ headers, statusCode }: Dispatcher.ResponseData): { readonly packed: boolean } {
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  const packed = encoding === 'gzip' || encoding === 'x-gzip';
  if (!packed && encoding !== 'identity')
    throw new SourceError('not-fhir', 'a content encoding that was not asked for', { status: statusCode });
  if (!jsonType.test(String(headers['content-type'] ?? '')))
    throw new SourceError('not-fhir', 'the content type is not JSON', { status: statusCode });
  return { packed };
}

/** Takes chunks as they are unpacked: a small body to be read at once, a large one as it comes. */
class Intake {
  readonly #allowance: Allowance;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #reader: BundleReader | undefined;

  constructor(allowance: Allowance, maxBytes: number) {
    this.#allowance = allowance;
    this.#maxBytes = maxBytes;
  }

  async take(chunk: Buffer): Promise<void> {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) throw new SourceError('too-large', `more than ${this.#maxBytes} bytes`);
    this.#allowance.takeBytes(chunk.length);
    if (this.#reader !== undefined) this.#reader.push(chunk);
    else {
      this.#chunks.push(chunk);
      if (this.#bytes <= atOnceBytes && this.#allowance.spent <= atOnceInAllBytes) return;
      this.#slices();
    }
    // Others have their turn between slices, also where a fast source fills the socket without a pause.
    await turn();
  }

  /** The JSON of a body that has ended; undefined where it is none. */
  whole(): unknown {
    if (this.#reader !== undefined) {
      const { body, whole } = this.#reader.end();
      return whole ? body : undefined;
    }
    try {
      return parseJson(Buffer.concat(this.#chunks, this.#bytes));
    } catch {
      return undefined;
    }
  }

  /** A Bundle of the entries that came whole, of a body that broke; undefined where none did. */
  part(): unknown {
    return this.#slices().end().body;
  }

  #slices(): BundleReader {
    if (this.#reader !== undefined) return this.#reader;
    this.#reader = new BundleReader(this.#allowance);
    for (const chunk of this.#chunks.splice(0)) this.#reader.push(chunk);
    return this.#reader;
  }
}

/**
 * The JSON of a response, unpacked as it comes, never more than is left of the allowance: a bomb ends where it passes
 * that. Where a Bundle breaks off or breaks, what came whole is handed on with the fault that cut it.
 * @throws {SourceError} where nothing can be read
 */
export async function readBody(
  response: Dispatcher.ResponseData,
  allowance: Allowance,
  signal: AbortSignal,
): Promise<Body> {
  const { statusCode: status } = response;
  const intake = new Intake(allowance, status >= 400 ? maxErrorBytes : Infinity);
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) await intake.take(chunk);
  };
  try {
    const { packed } = checkHeaders(response);
    if (packed) await pipeline(response.body, createGunzip({ chunkSize: 64 * 1024 }), take, { signal });
    else await pipeline(response.body, take, { signal });
    const body = intake.whole();
    if (body !== undefined) return { body };
    // Not the parser's own error: it quotes the text, which is a patient's.
    throw new SourceError('not-fhir', 'the body is not JSON', { status });
  } catch (error) {
    discard(response);
    const cut = transportFault(error, signal);
    if (cut.kind === 'aborted' || status >= 300) throw cut;
    const body = partOf(intake);
    if (body === undefined) throw cut;
    return { body, cut };
  }
}

function partOf(intake: Intake): unknown {
  try {
    return intake.part();
  } catch (error) {
    // What had been read once may pass the allowance when it is read in slices.
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

/** Lets go of a body that nobody reads, and of its connection. */
export function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined).destroy();
}
