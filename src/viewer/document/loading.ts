import { useEffect, useState } from 'react';
import type { DocumentAnswer, Documents, Progress } from '../../launch/documents.ts';
import type { Attachment } from '../../record/record.ts';
import { bytesOfBase64 } from './kind.ts';

/** A document on its way, or as it came. */
export type Loading = { readonly kind: 'loading'; readonly progress: Progress } | DocumentAnswer;

const begun: Loading = { kind: 'loading', progress: { bytes: 0, of: undefined } };

/** A document that came within the record itself. */
function withinRecord({ data, text, contentType }: Attachment): DocumentAnswer | undefined {
  if (text !== undefined) return { kind: 'given', bytes: new TextEncoder().encode(text), contentType };
  if (data === undefined) return undefined;
  const bytes = bytesOfBase64(data);
  return bytes === undefined ? { kind: 'failed' } : { kind: 'given', bytes, contentType };
}

/**
 * The bytes of an attachment: asked for when it is opened, given up when it is closed, and kept nowhere else.
 */
export function useLoading(attachment: Attachment, open: Documents['open']): Loading {
  const [loading, setLoading] = useState<Loading>(begun);
  useEffect(() => {
    const closing = new AbortController();
    const load = async (): Promise<void> => {
      setLoading(begun);
      const within = withinRecord(attachment);
      const answer =
        within ??
        (await open(attachment.url ?? '', {
          signal: closing.signal,
          onProgress: (progress) => {
            if (!closing.signal.aborted) setLoading({ kind: 'loading', progress });
          },
        }));
      if (!closing.signal.aborted) setLoading(answer);
    };
    load().catch(() => {
      if (!closing.signal.aborted) setLoading({ kind: 'failed' });
    });
    return () => closing.abort();
  }, [attachment, open]);
  return loading;
}
