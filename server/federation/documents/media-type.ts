/** What a document's first bytes say that it is. `text` is text of no known shape, `unknown` anything else. */
export type Sniffed =
  | 'application/pdf'
  | 'application/rtf'
  | 'text/html'
  | 'image/svg+xml'
  | 'application/xml'
  | 'image/png'
  | 'image/jpeg'
  | 'image/gif'
  | 'image/webp'
  | 'image/bmp'
  | 'image/tiff'
  | 'application/dicom'
  | 'application/zip'
  | 'application/x-ole-storage'
  | 'text'
  | 'unknown';

/** How many of the first bytes {@link sniff} looks at. */
export const sniffedBytes = 4096;

const magic: readonly (readonly [bytes: string, at: number, type: Sniffed])[] = [
  ['\x89PNG\r\n\x1a\n', 0, 'image/png'],
  ['\xff\xd8\xff', 0, 'image/jpeg'],
  ['GIF87a', 0, 'image/gif'],
  ['GIF89a', 0, 'image/gif'],
  ['WEBP', 8, 'image/webp'],
  ['BM', 0, 'image/bmp'],
  ['II*\x00', 0, 'image/tiff'],
  ['MM\x00*', 0, 'image/tiff'],
  ['DICM', 128, 'application/dicom'],
  ['PK\x03\x04', 0, 'application/zip'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 0, 'application/x-ole-storage'],
];

/** True where the bytes may be text: no control character that text has not, once an UTF-16 mark is heeded. */
function isText(head: Buffer): boolean {
  if (head.length >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)))
    return true;
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b);
}

/** The start of a text without its mark, in any of the encodings in which markup is written. */
function opening(head: Buffer): string {
  const text =
    head[0] === 0xff && head[1] === 0xfe
      ? head.toString('utf16le')
      : head[0] === 0xfe && head[1] === 0xff
        ? Buffer.from(head.subarray(0, head.length - (head.length % 2)))
            .swap16()
            .toString('utf16le')
        : head.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  return text.replace(/^\ufeff/, '').trimStart();
}

/** A text's kind of markup. What a browser would read as HTML counts as HTML. */
function markupOf(text: string): Sniffed {
  const past = text.replace(/^(?:<\?[^>]*>\s*|<!--[^]*?-->\s*|<!doctype[^>]*>\s*)+/i, '');
  if (/^<svg[\s>]/i.test(past) || /^(?:<[^>]*>\s*)*<!doctype svg/i.test(text)) return 'image/svg+xml';
  if (/^<!doctype html/i.test(text) || /xmlns\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml/i.test(past.slice(0, 512)))
    return 'text/html';
  if (/^<(?:html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|span|meta)[\s>/]/i.test(past))
    return 'text/html';
  return /^<(?:\?xml|[a-z_][\w.:-]*[\s>/])/i.test(text) ? 'application/xml' : 'text';
}

/** What a document is by its first bytes, whatever is said of it. `head` is its start, {@link sniffedBytes} are enough. */
export function sniff(head: Buffer): Sniffed {
  const start = head.subarray(0, sniffedBytes);
  const latin = start.toString('latin1');
  // Readers of PDF look for its mark within the first kilobyte.
  if (latin.slice(0, 1029).includes('%PDF-')) return 'application/pdf';
  const known = magic.find(([bytes, at]) => latin.startsWith(bytes, at));
  if (known !== undefined && (known[2] !== 'image/bmp' || !isText(start))) return known[2];
  if (start.length === 0) return 'text';
  if (!isText(start)) return 'unknown';
  const text = opening(start);
  return text.startsWith('{\\rtf') ? 'application/rtf' : markupOf(text);
}

const readable: ReadonlySet<Sniffed> = new Set([
  'application/pdf',
  'application/rtf',
  'text/html',
  'image/svg+xml',
  'application/xml',
  'text',
]);

/** True for what has words that a program can read. */
export function isReadable(type: Sniffed): boolean {
  return readable.has(type);
}

/** A media type in small letters, without its parameters. */
export function essenceOf(contentType: string | undefined): string | undefined {
  const essence = contentType?.split(';')[0]?.trim().toLowerCase();
  return essence !== undefined && /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/.test(essence) ? essence : undefined;
}

/** The character set that a media type names. */
export function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
}
