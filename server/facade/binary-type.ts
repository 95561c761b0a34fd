import { charsetOf, essenceOf, isReadable, type Sniffed } from '../federation/documents/media-type.ts';

/** How a document is sent: as what, and whether a browser may show it in place. */
export type Served = { readonly type: string; readonly inline: boolean };

/** Names for one and the same type. */
const aliases: Readonly<Record<string, string>> = {
  'text/rtf': 'application/rtf',
  'application/x-rtf': 'application/rtf',
  'text/richtext': 'application/rtf',
  'application/x-pdf': 'application/pdf',
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/tif': 'image/tiff',
  'image/x-ms-bmp': 'image/bmp',
  'text/xml': 'application/xml',
  'application/xhtml+xml': 'text/html',
  'application/hl7-v3+xml': 'application/xml',
  'application/hl7-sda+xml': 'application/xml',
  'application/hl7-cda+xml': 'application/xml',
};

/** What a browser shows by itself, without a script of the document's. */
const shownInPlace: ReadonlySet<string> = new Set([
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/bmp',
  'text/plain',
]);

const packed =
  /^application\/(?:vnd\.(?:openxmlformats-officedocument|oasis\.opendocument|ms-[a-z]+)[\w.+-]*|zip|epub\+zip)$/;
const old = /^application\/(?:msword|vnd\.ms-[\w.+-]+|vnd\.visio)$/;
/** Kinds of plain text with a name of their own. */
const plain = /^(?:text\/(?:csv|markdown|plain)|application\/(?:[\w.-]+\+)?json)$/;
/** Character sets that a browser knows by this name. */
const charsets = /^(?:utf-8|utf-16(?:le|be)?|us-ascii|iso-8859-\d{1,2}|windows-125\d)$/;
const anything: Served = { type: 'application/octet-stream', inline: false };

/**
 * As what a document is sent, by what it is said to be and what its first bytes say that it is. Where the two do not go
 * together it is bytes to be saved, and nothing that a browser would open. HTML, SVG and XML are never shown in place.
 */
export function servedAs(declared: string | undefined, sniffed: Sniffed): Served {
  const essence = essenceOf(declared);
  const said =
    essence === undefined || essence === 'application/octet-stream' ? undefined : (aliases[essence] ?? essence);
  if (sniffed === 'unknown') return anything;
  if (sniffed === 'application/zip' || sniffed === 'application/x-ole-storage') {
    const office = sniffed === 'application/zip' ? packed : old;
    return said !== undefined && office.test(said) ? { type: said, inline: false } : anything;
  }
  // What is said to be plain text is shown as such, tags and all.
  if (isText(sniffed) && said === 'text/plain') return text('text/plain', declared);
  if (sniffed === 'text') {
    if (said === undefined || plain.test(said)) return text('text/plain', declared);
    return said === 'text/html' || said === 'application/xml' ? text(said, declared) : anything;
  }
  if (isText(sniffed)) {
    const markup = said ?? sniffed;
    const goesTogether =
      markup === sniffed || markup === 'application/xml' || (markup === 'text/html' && sniffed !== 'image/svg+xml');
    return goesTogether ? text(markup, declared) : anything;
  }
  return said === undefined || said === sniffed ? { type: sniffed, inline: shownInPlace.has(sniffed) } : anything;
}

function isText(sniffed: Sniffed): boolean {
  return isReadable(sniffed) && sniffed !== 'application/pdf' && sniffed !== 'application/rtf';
}

/** Text with the character set that is named for it; else it is read as UTF-8. */
function text(type: string, declared: string | undefined): Served {
  const charset = charsetOf(declared) ?? '';
  return { type: `${type}; charset=${charsets.test(charset) ? charset : 'utf-8'}`, inline: shownInPlace.has(type) };
}

const extensions: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/rtf': 'rtf',
  'text/plain': 'txt',
  'text/html': 'html',
  'application/xml': 'xml',
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/bmp': 'bmp',
  'image/tiff': 'tiff',
  'application/dicom': 'dcm',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
};

/** A file's name for a type. It says nothing of the person or of what the document is called. */
export function fileNameOf(type: string): string {
  const extension = extensions[essenceOf(type) ?? ''];
  return extension === undefined ? 'document' : `document.${extension}`;
}
