import {
  getDocument,
  GlobalWorkerOptions,
  VerbosityLevel,
  version,
  type PDFDocumentLoadingTask,
  type PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
// The build makes its address of it.
// oxlint-disable-next-line import/default
import workerSrc from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

GlobalWorkerOptions.workerSrc = workerSrc;
/** Where the build puts pdf.js's fonts, character maps and decoders (`vite.config.ts`). */
const parts = `${import.meta.env.BASE_URL}assets/pdfjs-${version}/`;

/**
 * Begins to read a PDF. Its worker and all that it fetches are ours; nothing in it is run: no script, no XFA form, and no
 * WebAssembly, which the page's policy forbids (its decoders have a twin in JavaScript).
 * @param bytes are copied: the worker takes its own away
 */
export function readPdf(bytes: Uint8Array): PDFDocumentLoadingTask {
  return getDocument({
    data: bytes.slice(),
    cMapUrl: `${parts}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${parts}standard_fonts/`,
    wasmUrl: `${parts}wasm/`,
    useWasm: false,
    useSystemFonts: false,
    enableXfa: false,
    stopAtErrors: false,
    // A page that would take the memory of the desk is drawn without that picture.
    maxImageSize: 64 * 1024 * 1024,
    canvasMaxAreaInBytes: 256 * 1024 * 1024,
    verbosity: VerbosityLevel.ERRORS,
  });
}

/** A page's words as its text layer holds them, so that both are found alike. */
export async function wordsOf(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
}
