import UTIF from 'utif2';

/** What the worker answers: the pages of a scan as they are read, then that it is done; or that it cannot be read. */
export type FromTiffWorker =
  | {
      readonly kind: 'page';
      readonly of: number;
      readonly width: number;
      readonly height: number;
      readonly rgba: ArrayBuffer;
    }
  | { readonly kind: 'done'; readonly pages: number }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'broken' };

/** A4 in colour at 600 dots an inch has 35 million. */
const mostPixels = 60_000_000;

function read(bytes: ArrayBuffer, tell: (message: FromTiffWorker, transfer?: Transferable[]) => void): void {
  // A directory without an image (a thumbnail's, or of properties) has no width.
  const pages = UTIF.decode(bytes).filter((one) => Array.isArray(one['t256']) && Array.isArray(one['t257']));
  let shown = 0;
  for (const page of pages) {
    const [width, height] = [
      Number((page['t256'] as readonly unknown[])[0]),
      Number((page['t257'] as readonly unknown[])[0]),
    ];
    if (!(width > 0) || !(height > 0)) continue;
    if (width * height > mostPixels) {
      tell({ kind: 'too-large' });
      return;
    }
    UTIF.decodeImage(bytes, page);
    const rgba = new Uint8Array(UTIF.toRGBA8(page)).buffer;
    if (rgba.byteLength !== width * height * 4) continue;
    shown += 1;
    tell({ kind: 'page', of: pages.length, width, height, rgba }, [rgba]);
  }
  // A page that could not be read is not left out in silence.
  tell(shown < pages.length || shown === 0 ? { kind: 'broken' } : { kind: 'done', pages: shown });
}

// A thread of its own: a scan may take seconds to unpack, and is ended with the reader.
self.addEventListener('message', (event: MessageEvent<ArrayBuffer>) => {
  const tell = (message: FromTiffWorker, transfer: Transferable[] = []): void =>
    self.postMessage(message, { transfer });
  try {
    read(event.data, tell);
  } catch {
    tell({ kind: 'broken' });
  }
});
