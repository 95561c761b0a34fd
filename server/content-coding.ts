import { once } from 'node:events';
import { pipeline, type Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';
import type { Response } from 'express';
import { weightsOf } from './accept.ts';

/** The content codings that this server can give a body (RFC 9110 §8.4.1), those that cost it least first. */
export const codings = ['zstd', 'br', 'gzip'] as const;
export type Coding = (typeof codings)[number];

/** Below this many bytes a body is sent as it is: coding it would cost more than it saves. */
const smallestCoded = 1024;

/**
 * The coding for a body by the reader's `Accept-Encoding`: of those that it weighs highest the first of `offered`.
 * Undefined: the body goes as it is, which is also the answer to a header that leaves nothing (RFC 9110 §12.5.3).
 */
export function codingFor<Offered extends Coding>(
  acceptEncoding: string | undefined,
  offered: readonly Offered[],
): Offered | undefined {
  const weights = weightsOf(acceptEncoding);
  const weightOf = (coding: Coding): number =>
    weights.get(coding) ?? (coding === 'gzip' ? weights.get('x-gzip') : undefined) ?? weights.get('*') ?? 0;
  const asItIs = weights.get('identity') ?? 0;
  return offered.reduce<Offered | undefined>((best, coding) => {
    const weight = weightOf(coding);
    return weight > 0 && weight >= asItIs && (best === undefined || weight > weightOf(best)) ? coding : best;
  }, undefined);
}

type Compressor = Transform & { readonly flush: (kind: number, done?: () => void) => void };

/** How a coding is made, and what makes it give out all that it has been given. The levels are docs/performance.md's. */
const makers: Readonly<Record<Coding, { readonly make: () => Compressor; readonly flushKind: number }>> = {
  zstd: {
    make: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 2 } }),
    flushKind: constants.ZSTD_e_flush,
  },
  br: {
    make: () =>
      createBrotliCompress({
        params: { [constants.BROTLI_PARAM_QUALITY]: 2, [constants.BROTLI_PARAM_LGWIN]: 19 },
      }),
    flushKind: constants.BROTLI_OPERATION_FLUSH,
  },
  gzip: { make: () => createGzip({ level: 3 }), flushKind: constants.Z_SYNC_FLUSH },
};

/** A body that is written piece by piece, in the coding that its reader wants. */
export type StreamedBody = {
  /**
   * Writes a piece and lets all of it go, so that the reader can decode it before the next is there. Resolves when the
   * reader can take more, or has gone.
   */
  readonly write: (piece: string) => Promise<void>;
  readonly end: () => void;
};

/**
 * Sends the status and the headers that stand on an answer, and opens its body. Nothing of a body in a coding can be told
 * from how it is coded: no secret of ours stands in one beside what somebody else may choose (docs/facade.md).
 */
export function openBody(response: Response): StreamedBody {
  const coding = codingFor(response.req.get('accept-encoding'), codings);
  response.vary('Accept-Encoding');
  if (coding !== undefined) response.set('Content-Encoding', coding);
  // From here on the answer is under way: what goes wrong later cuts it, and is not written into it.
  response.flushHeaders();
  if (coding === undefined || response.req.method === 'HEAD')
    return { write: (piece) => room(response.write(piece), response, response), end: () => void response.end() };
  const { make, flushKind } = makers[coding];
  const compressor = make();
  // A reader that goes ends both; whoever writes hears of it by the answer's `close`.
  pipeline(compressor, response, () => undefined);
  return {
    write: (piece) => {
      const more = compressor.write(piece);
      compressor.flush(flushKind);
      return room(more, compressor, response);
    },
    end: () => void compressor.end(),
  };
}

async function room(more: boolean, writer: NodeJS.WritableStream, response: Response): Promise<void> {
  if (more || response.destroyed) return;
  const over = new AbortController();
  const { signal } = over;
  try {
    await Promise.race([once(writer, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    over.abort();
  }
}

/** Sends a whole body, in the coding that its reader wants where it is large enough to gain by it. */
export function sendBody(response: Response, body: string): void {
  const bytes = Buffer.byteLength(body);
  if (bytes >= smallestCoded && codingFor(response.req.get('accept-encoding'), codings) !== undefined) {
    const coded = openBody(response);
    void coded.write(body);
    coded.end();
    return;
  }
  // Said here, since an answer to HEAD has no body that Node could count.
  response.vary('Accept-Encoding').set('Content-Length', String(bytes)).end(body);
}
