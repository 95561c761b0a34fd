import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { isObject, objects, text } from '../../../src/fhir/json.ts';
import type { DocumentText } from './document-text.ts';

/** No letter is longer; what is, is not read to its end and so not decided. */
const maxPages = 2_000;
/** Bytes that one PDF may be unpacked to, all its streams together. */
const maxUnpackedBytes = 128 * 1024 * 1024;
const countedFrom = 64 * 1024;

const folder = (name: string): string => new URL(`./${name}/`, import.meta.resolve('pdfjs-dist/package.json')).pathname;
const cMapUrl = folder('cmaps');
const standardFontDataUrl = folder('standard_fonts');

class Unpacked extends RangeError {}

let budget = Infinity;
let spent = false;

/**
 * Bounds what streams are unpacked to (a bomb in Flate): memory of that kind lies outside what a worker thread's limits
 * count. pdf.js unpacks into arrays of bytes that it makes larger step by step; with no DecompressionStream to be had it
 * does so for every stream. For a worker thread of its own: it changes that thread's globals.
 */
export function boundUnpacking(): void {
  const plain = Uint8Array;
  globalThis.Uint8Array = new Proxy(plain, {
    construct(target, given: readonly unknown[], asked) {
      const [length] = given;
      if (typeof length === 'number' && length > countedFrom) {
        budget -= length;
        if (budget < 0) {
          spent = true;
          throw new Unpacked('unpacked to more than is read');
        }
      }
      return Reflect.construct(target, given, asked) as Uint8Array;
    },
  });
  Reflect.deleteProperty(globalThis, 'DecompressionStream');
}

/** The words of an outline, to any depth that it has. */
function outlineWords(outline: unknown): readonly string[] {
  const out: string[] = [];
  const left = [...objects(outline)];
  for (let one = left.pop(); one !== undefined && out.length < 10_000; one = left.pop()) {
    const title = text(one['title']);
    if (title !== undefined) out.push(title);
    left.push(...objects(one['items']));
  }
  return out;
}

/** The words that stand on a page's notes and in its form's fields. */
function annotationWords(annotation: unknown): readonly string[] {
  if (!isObject(annotation)) return [];
  const said = (value: unknown): readonly string[] => {
    if (typeof value === 'string') return [value];
    if (Array.isArray(value)) return value.flatMap(said);
    return isObject(value) ? said(value['str']) : [];
  };
  const members = ['contentsObj', 'titleObj', 'fieldValue', 'alternativeText', 'fieldName', 'textContent', 'url'];
  return members.flatMap((member) => said(annotation[member]));
}

/**
 * The words of a PDF: its pages', its notes', fields', outline's and properties'. Without any it is a scan, and unreadable
 * like one that needs a password. Nothing in it is run or fetched.
 */
export async function pdfText(bytes: Uint8Array): Promise<DocumentText> {
  budget = maxUnpackedBytes;
  spent = false;
  const loading = getDocument({
    data: bytes,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    stopAtErrors: false,
    disableAutoFetch: true,
    maxImageSize: 1,
    cMapUrl,
    cMapPacked: true,
    standardFontDataUrl,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    const pdf = await loading.promise;
    const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
    // A title of its own says something also where the pages are pictures.
    const beside = [
      ...Object.values(info).filter((value) => typeof value === 'string'),
      ...outlineWords(await pdf.getOutline().catch(() => undefined)),
    ].join('\n');
    const out: string[] = [beside, '\n'];
    let words = 0;
    for (let number = 1; number <= Math.min(pdf.numPages, maxPages); number += 1) {
      const page = await pdf.getPage(number);
      const content = await page.getTextContent({ includeMarkedContent: false });
      for (const item of content.items) {
        if (!('str' in item)) continue;
        words += item.str.trim().length;
        out.push(item.hasEOL ? `${item.str}\n` : item.str);
      }
      out.push('\n');
      for (const annotation of await page.getAnnotations()) {
        const said = annotationWords(annotation);
        words += said.length;
        out.push(...said.map((one) => `\n${one}`));
      }
      out.push('\n');
      page.cleanup();
    }
    if (spent || pdf.numPages > maxPages) return { kind: 'beyond', text: out.join('') };
    return words === 0 ? { kind: 'unreadable', text: beside } : { kind: 'text', text: out.join('') };
  } catch {
    // It needs a password, or it is no whole PDF: whoever opens it sees as little.
    return spent ? { kind: 'beyond', text: '' } : { kind: 'unreadable', text: '' };
  } finally {
    await loading.destroy();
  }
}
