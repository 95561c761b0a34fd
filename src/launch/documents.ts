import { LaunchFailure } from './failure.ts';
import type { Session } from './session.ts';

/**
 * A document as the server gave it, or why it did not: `gone` may not be shown here, or is no more; `too-large` to be
 * opened; `later` cannot be given now; `ended` is the session; `failed` anything else.
 */
export type DocumentAnswer =
  | { readonly kind: 'given'; readonly bytes: Uint8Array<ArrayBuffer>; readonly contentType: string | undefined }
  | { readonly kind: 'gone' | 'too-large' | 'later' | 'ended' | 'failed' };

/** How much of a document has come: bytes, and of how many where that is known. */
export type Progress = { readonly bytes: number; readonly of: number | undefined };

/** Opens documents of the record. Nothing of them is kept. */
export type Documents = {
  /**
   * @param path `Binary/[id]`, as an attachment of the record names it
   * @throws AbortError where the signal was aborted
   */
  readonly open: (
    path: string,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
  ) => Promise<DocumentAnswer>;
};

/** A document's address as the facade makes it: nothing else is asked for. */
export const documentPath = /^Binary\/[A-Za-z0-9\-.]{1,64}$/;

/** What a document is not larger than, whatever is said of it: the most that a deployment can let be opened is below. */
const mostBytes = 200 * 1024 * 1024;

function whyNot(status: number): DocumentAnswer {
  if (status === 413) return { kind: 'too-large' };
  if (status === 429 || status === 502 || status === 503 || status === 504) return { kind: 'later' };
  return { kind: status === 403 || status === 404 || status === 410 ? 'gone' : 'failed' };
}

async function bytesOf(response: Response, onProgress: (progress: Progress) => void): Promise<DocumentAnswer> {
  const said = Number(response.headers.get('content-length') ?? Number.NaN);
  // A coded body is longer than what came of it: then its length says nothing.
  const of = Number.isFinite(said) && !response.headers.has('content-encoding') ? said : undefined;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > mostBytes) return { kind: 'too-large' };
    onProgress({ bytes, of });
  }
  // A connection that broke off gives less than it said: half a letter is never shown as the whole.
  if (of !== undefined && bytes < of) return { kind: 'failed' };
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return { kind: 'given', bytes: whole, contentType: response.headers.get('content-type') ?? undefined };
}

/** The documents that this session may open. */
export function openDocuments(session: Pick<Session, 'fetch'>): Documents {
  return {
    async open(path, { signal, onProgress }) {
      if (!documentPath.test(path)) return { kind: 'gone' };
      try {
        const response = await session.fetch(path, { signal });
        return response.ok ? await bytesOf(response, onProgress) : whyNot(response.status);
      } catch (error) {
        if (signal.aborted) throw error;
        return { kind: error instanceof LaunchFailure && error.code === 'session-ended' ? 'ended' : 'failed' };
      }
    },
  };
}
