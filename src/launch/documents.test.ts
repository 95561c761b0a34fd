import { describe, expect, it, vi } from 'vitest';
import { openDocuments } from './documents.ts';
import { LaunchFailure } from './failure.ts';

const open = (answer: () => Response | Promise<Response>) => {
  const fetch = vi.fn<(path: string, init?: RequestInit) => Promise<Response>>(async () => answer());
  return { documents: openDocuments({ fetch }), fetch };
};
const asked = { signal: new AbortController().signal, onProgress: () => undefined };

describe('a document', () => {
  it('comes whole, as what the server says that it is, and tells how far it has come', async () => {
    const { documents, fetch } = open(
      () => new Response('%PDF-1.7', { headers: { 'content-type': 'application/pdf', 'content-length': '8' } }),
    );
    const onProgress = vi.fn<(progress: object) => void>();
    const answer = await documents.open('Binary/b-1', { ...asked, onProgress });
    expect(answer).toEqual({
      kind: 'given',
      bytes: new TextEncoder().encode('%PDF-1.7'),
      contentType: 'application/pdf',
    });
    expect(onProgress).toHaveBeenLastCalledWith({ bytes: 8, of: 8 });
    expect(fetch).toHaveBeenCalledWith('Binary/b-1', expect.objectContaining({ signal: asked.signal }));
  });

  it('that broke off half-way is not shown as the whole', async () => {
    const { documents } = open(() => new Response('%PDF', { headers: { 'content-length': '8000' } }));
    expect(await documents.open('Binary/b', asked)).toEqual({ kind: 'failed' });
  });

  it.each([
    [403, 'gone'],
    [404, 'gone'],
    [413, 'too-large'],
    [429, 'later'],
    [503, 'later'],
    [500, 'failed'],
  ])('%i: %s', async (status, kind) => {
    const { documents } = open(() => new Response('', { status }));
    expect(await documents.open('Binary/b', asked)).toEqual({ kind });
  });

  it('ends with the session, and fails with the network', async () => {
    const ended = open(() => Promise.reject(new LaunchFailure('session-ended', '401')));
    expect(await ended.documents.open('Binary/b', asked)).toEqual({ kind: 'ended' });
    const broken = open(() => Promise.reject(new TypeError('network')));
    expect(await broken.documents.open('Binary/b', asked)).toEqual({ kind: 'failed' });
  });

  it('that was closed while it was loading is given up', async () => {
    const closing = new AbortController();
    const { documents } = open(() => {
      closing.abort();
      return Promise.reject(new DOMException('closed', 'AbortError'));
    });
    await expect(documents.open('Binary/b', { ...asked, signal: closing.signal })).rejects.toThrow('closed');
  });

  it.each(['https://elsewhere.example/b', 'Patient/p', 'Binary/../Patient/p', '//elsewhere/Binary/b'])(
    'at %s is never asked for',
    async (path) => {
      const { documents, fetch } = open(() => new Response(''));
      expect(await documents.open(path, asked)).toEqual({ kind: 'gone' });
      expect(fetch).not.toHaveBeenCalled();
    },
  );
});
