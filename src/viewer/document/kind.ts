/** What a document is shown as. `word` and the rest are not shown in place, but can be saved. */
export type DocumentKind =
  'pdf' | 'html' | 'rtf' | 'tiff' | 'image' | 'text' | 'xml' | 'word' | 'spreadsheet' | 'dicom' | 'other';

const magic: readonly (readonly [bytes: string, at: number, kind: DocumentKind])[] = [
  ['\x89PNG\r\n\x1a\n', 0, 'image'],
  ['\xff\xd8\xff', 0, 'image'],
  ['GIF87a', 0, 'image'],
  ['GIF89a', 0, 'image'],
  ['WEBP', 8, 'image'],
  ['II*\x00', 0, 'tiff'],
  ['MM\x00*', 0, 'tiff'],
  ['DICM', 128, 'dicom'],
  ['{\\rtf', 0, 'rtf'],
];

const types: readonly (readonly [type: RegExp, kind: DocumentKind])[] = [
  [/^application\/(?:x-)?pdf$/, 'pdf'],
  [/^(?:text\/html|application\/xhtml\+xml)$/, 'html'],
  [/^(?:application|text)\/(?:x-)?(?:rtf|richtext)$/, 'rtf'],
  [/^image\/tiff?$/, 'tiff'],
  [/^image\/(?:png|x-png|jpe?g|pjpeg|gif|webp|bmp|x-ms-bmp|svg\+xml)$/, 'image'],
  [/^application\/(?:msword|vnd\.openxmlformats-officedocument\.wordprocessingml\.document)$/, 'word'],
  [/^application\/(?:vnd\.ms-excel|vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet)$/, 'spreadsheet'],
  [/^application\/dicom$/, 'dicom'],
  [/^(?:text\/(?:plain|csv|markdown)|application\/(?:[\w.-]+\+)?json)$/, 'text'],
  [/^(?:text\/xml|application\/(?:[\w.-]+\+)?xml)$/, 'xml'],
];

/** What is said of a document's kind, before it was opened. */
export function kindOfType(contentType: string | undefined): DocumentKind {
  const essence = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return types.find(([type]) => type.test(essence))?.[1] ?? 'other';
}

/** Kinds that any text may be said to be: bytes do not tell them apart. */
const textual: ReadonlySet<DocumentKind> = new Set(['html', 'text', 'xml']);

/** True where no byte is one that a text never holds. */
function isText(head: string): boolean {
  if (head.startsWith('\xff\xfe') || head.startsWith('\xfe\xff')) return true;
  return [...head].every((one) => one >= ' ' || (one >= '\t' && one <= '\r') || one === '\x1b');
}

/**
 * What a document is shown as: by its first bytes where they tell, since what is said of it may be wrong; of texts by what
 * is said. What is said to be one thing and is by its bytes none of those shown here is only saved.
 */
export function kindOf(bytes: Uint8Array, contentType: string | undefined): DocumentKind {
  const head = String.fromCharCode(...bytes.subarray(0, 1100));
  const said = kindOfType(contentType);
  if (head.slice(0, 1029).includes('%PDF-')) return 'pdf';
  const known = magic.find(([start, at]) => head.startsWith(start, at));
  if (known !== undefined) return known[2];
  if (head.startsWith('BM') && said === 'image') return said;
  if (head.startsWith('PK\x03\x04') || head.startsWith('\xd0\xcf\x11\xe0'))
    return said === 'word' || said === 'spreadsheet' ? said : 'other';
  if (!isText(head)) return 'other';
  if (said === 'image') return /^\s*<(?:\?xml|!--|!doctype svg|svg)/i.test(head) ? 'image' : 'text';
  if (textual.has(said)) return said;
  return /^\s*<\?xml/i.test(head) ? 'xml' : 'text';
}

/**
 * A text in the encoding that its mark or media type names; else as UTF-8 where it is that; else in the one that its own
 * heading names, or the one that old systems write.
 */
export function textOf(bytes: Uint8Array, contentType: string | undefined): string {
  const decode = (label: string, fatal = false): string | undefined => {
    try {
      return new TextDecoder(label, { fatal }).decode(bytes);
    } catch {
      return undefined;
    }
  };
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined;
  if (mark !== undefined) return decode(mark) ?? '';
  const named = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
  if (named !== undefined && !/^utf-?8$/i.test(named)) {
    const text = decode(named);
    if (text !== undefined) return text;
  }
  const head = String.fromCharCode(...bytes.subarray(0, 1024));
  const own = /(?:charset|encoding)\s*=\s*["']?([\w.:-]+)/i.exec(head)?.[1];
  return (
    decode('utf-8', true) ??
    decode(own === undefined || /^utf-?8$/i.test(own) ? 'windows-1252' : own) ??
    decode('windows-1252') ??
    ''
  );
}

/** Base64 as bytes; undefined where it is none. */
export function bytesOfBase64(data: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(data.replaceAll(/\s/g, '')), (one) => one.charCodeAt(0));
  } catch {
    return undefined;
  }
}

const extensions: Readonly<Record<DocumentKind, string>> = {
  pdf: '.pdf',
  html: '.html',
  rtf: '.rtf',
  tiff: '.tiff',
  image: '',
  text: '.txt',
  xml: '.xml',
  word: '.doc',
  spreadsheet: '.xls',
  dicom: '.dcm',
  other: '',
};

const imageExtension = /^image\/(png|jpeg|gif|webp|bmp|svg)/;

/** A file's name for a document that is saved. It says nothing of the person or of what the document is called. */
export function fileNameOf(kind: DocumentKind, contentType: string | undefined): string {
  const image = kind === 'image' ? imageExtension.exec(contentType ?? '')?.[1] : undefined;
  const packed = /openxmlformats/.test(contentType ?? '') ? 'x' : '';
  return `document${image === undefined ? `${extensions[kind]}${extensions[kind] === '' ? '' : packed}` : `.${image}`}`;
}
